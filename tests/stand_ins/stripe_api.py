"""A stand-in for Stripe's Checkout sessions: authentication, required fields and idempotency as documented."""

import hashlib
import hmac
import json
from typing import Any

from aiohttp import web

KEY, SECRET = "sk_test_123", "whsec_test"


class StripeApi:
    """https://docs.stripe.com/api/checkout/sessions/create and /api/idempotent_requests; `down` answers 503."""

    def __init__(self) -> None:
        self.sessions: list[dict[str, str]] = []
        self.keys: dict[str, tuple[dict[str, str], dict[str, Any]]] = {}
        self.down = False
        self.app = web.Application()
        self.app.router.add_post("/v1/checkout/sessions", self.create)

    async def create(self, request: web.Request) -> web.Response:
        if self.down:
            return _error(503, "api_error", "down")
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        form = {name: str(value) for name, value in (await request.post()).items()}
        for name in (
            "mode",
            "success_url",
            "line_items[0][price_data][unit_amount]",
            "line_items[0][price_data][currency]",
        ):
            if name not in form:
                return _error(400, "invalid_request_error", f"Missing required param: {name}.")
        key = request.headers.get("Idempotency-Key", "")
        if key in self.keys:
            before, answer = self.keys[key]
            return web.json_response(answer) if before == form else _error(400, "idempotency_error", "other parameters")
        self.sessions.append(form)
        number = len(self.sessions)
        answer = {
            "id": f"cs_test_{number}",
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/{number}",
        }
        self.keys[key] = (form, answer)
        return web.json_response(answer)


def _error(status: int, kind: str, message: str) -> web.Response:
    return web.json_response({"error": {"type": kind, "message": message}}, status=status)


def event(
    number: int, type_: str, at: int, live: bool = False, before: dict[str, Any] | None = None, **object_: Any
) -> bytes:
    data = {"object": object_, **({"previous_attributes": before} if before else {})}
    return json.dumps({"id": f"evt_{number}", "object": "event", "type": type_, "created": at, "livemode": live,
                       "data": data}).encode()  # fmt: skip


def signed(body: bytes, at: int, secret: str = SECRET) -> dict[str, str]:
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={mac}"}
