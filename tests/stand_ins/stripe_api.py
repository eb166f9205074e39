"""A stand-in for the parts of Stripe that are used: authentication, required fields and idempotency as documented."""

import hashlib
import hmac
import json
from typing import Any

from aiohttp import web

KEY, SECRET = "sk_test_123", "whsec_test"
CARD = {"id": "pm_1", "object": "payment_method", "type": "card", "customer": "cus_1",
        "card": {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2028}}  # fmt: skip


class StripeApi:
    """docs.stripe.com/api: checkout/sessions/create, payment_intents/create and /retrieve, payment_methods/retrieve,
    events/list, invoices/list and /pay, idempotent_requests. `down` answers 503. `declines` is the decline code of the
    kept card, None where it pays. `cut`: the answer to a charge is lost after it was made.
    """

    def __init__(self) -> None:
        self.sessions: list[dict[str, str]] = []
        self.intents: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.invoices: list[dict[str, Any]] = []
        self.keys: dict[str, tuple[dict[str, str], int, dict[str, Any]]] = {}
        self.down = self.cut = False
        self.declines: str | None = None
        self.app = web.Application(middlewares=[self.guard])
        self.app.router.add_post("/v1/checkout/sessions", self.create)
        self.app.router.add_post("/v1/payment_intents", self.charge)
        self.app.router.add_get("/v1/payment_intents/{id}", self.intent)
        self.app.router.add_get("/v1/payment_methods/{id}", self.method)
        self.app.router.add_get("/v1/events", self.told)
        self.app.router.add_get("/v1/invoices", self.listed)
        self.app.router.add_post("/v1/invoices/{id}/pay", self.paid)

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.down:
            return _error(503, "api_error", "down")
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _once(self, request: web.Request, needed: tuple[str, ...], make: Any) -> web.Response:
        """A request under an idempotency key: the same again gives the same answer, whatever it was."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        for name in needed:
            if name not in form:
                return _error(400, "invalid_request_error", f"Missing required param: {name}.")
        key = request.headers.get("Idempotency-Key", "")
        if key in self.keys:
            before, status, answer = self.keys[key]
            if before != form:
                return _error(400, "idempotency_error", "other parameters")
            return web.json_response(answer, status=status)
        status, answer = make(form)
        self.keys[key] = (form, status, answer)
        return web.json_response(answer, status=status)

    async def create(self, request: web.Request) -> web.Response:
        def make(form: dict[str, str]) -> tuple[int, dict[str, Any]]:
            self.sessions.append(form)
            number = len(self.sessions)
            url = f"https://checkout.stripe.com/c/{number}"
            return 200, {"id": f"cs_test_{number}", "object": "checkout.session", "url": url}

        needed = (
            "mode",
            "success_url",
            "line_items[0][price_data][unit_amount]",
            "line_items[0][price_data][currency]",
        )
        return await self._once(request, needed, make)

    async def charge(self, request: web.Request) -> web.Response:
        def make(form: dict[str, str]) -> tuple[int, dict[str, Any]]:
            number = len(self.intents) + 1
            made: dict[str, Any] = {
                "id": f"pi_off_{number}", "object": "payment_intent", "amount": int(form["amount"]),
                "currency": form["currency"], "customer": form.get("customer"), "payment_method": form["payment_method"],
                "metadata": {"relance_charge": form.get("metadata[relance_charge]", "")},
            }  # fmt: skip
            if form.get("payment_method") != "pm_1" or form.get("customer") != "cus_1":
                return 400, {
                    "error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such"}
                }
            if self.declines is not None:
                made |= {"status": "requires_payment_method", "amount_received": 0}
                self.intents.append(made)
                code = "authentication_required" if self.declines == "authentication_required" else "card_declined"
                return 402, {"error": {"type": "card_error", "code": code, "decline_code": self.declines,
                                       "advice_code": "try_again_later", "message": "declined", "payment_intent": made}}  # fmt: skip
            made |= {"status": "succeeded", "amount_received": made["amount"]}
            self.intents.append(made)
            return 200, made

        answer = await self._once(request, ("amount", "currency", "payment_method", "confirm", "off_session"), make)
        return _error(503, "api_error", "lost") if self.cut else answer

    async def intent(self, request: web.Request) -> web.Response:
        number = request.match_info["id"]
        if number.startswith("pi_failed"):
            return web.json_response({"id": number, "object": "payment_intent", "status": "requires_payment_method",
                                      "created": 1795327200, "customer": "cus_1", "payment_method": None,
                                      "last_payment_error": {"code": "card_declined", "decline_code": "insufficient_funds"}})  # fmt: skip
        return web.json_response({"id": number, "object": "payment_intent", "status": "succeeded",
                                  "customer": "cus_1", "payment_method": CARD})  # fmt: skip

    async def method(self, request: web.Request) -> web.Response:
        return web.json_response(CARD | {"id": request.match_info["id"]})

    async def told(self, request: web.Request) -> web.Response:
        types = {value for name, value in request.query.items() if name.startswith("types[")}
        since = int(request.query.get("created[gte]", "0"))
        found = [event for event in reversed(self.events) if event["type"] in types and event["created"] >= since]
        return _page(found, request)

    async def listed(self, request: web.Request) -> web.Response:
        status = request.query.get("status")
        return _page([item for item in self.invoices if status in (None, item["status"])], request)

    async def paid(self, request: web.Request) -> web.Response:
        def make(form: dict[str, str]) -> tuple[int, dict[str, Any]]:
            invoice = next(item for item in self.invoices if item["id"] == request.match_info["id"])
            invoice["status"], invoice["paid_out_of_band"] = "paid", form["paid_out_of_band"]
            return 200, invoice

        return await self._once(request, ("paid_out_of_band",), make)


def _page(found: list[dict[str, Any]], request: web.Request) -> web.Response:
    after, limit = request.query.get("starting_after"), int(request.query.get("limit", "10"))
    start = next((n for n, item in enumerate(found, 1) if item["id"] == after), 0)
    page = found[start : start + limit]
    return web.json_response(
        {"object": "list", "data": page, "has_more": start + limit < len(found), "url": request.path}
    )


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
