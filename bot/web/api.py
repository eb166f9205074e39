"""The HTTP API for integrators: the machine interfaces over JSON."""

import hmac
import json
from typing import Any

from aiohttp import web

from bot.intake import take_in
from bot.ports import new_id
from bot.show import show
from bot.web.site import site

routes = web.RouteTableDef()


@routes.get("/api/v1/openapi.json")
async def openapi(request: web.Request) -> web.Response:
    """What this API offers."""
    return web.json_response(OPENAPI)


@routes.get("/api/v1/customers/{ref}")
async def customer(request: web.Request) -> web.Response:
    """A customer's dossier, as `relance show REF --json`."""
    _allowed(request)
    services = site(request)
    customer_id = await services.store.customer_id(request.match_info["ref"])
    dossier = await services.store.dossier(customer_id) if customer_id else None
    if dossier is None:
        return _problem(404, "no customer has this reference")
    return web.json_response(show(dossier, services.strategies, services.clock.now()))


@routes.post("/api/v1/customers/{ref}/messages")
async def message(request: web.Request) -> web.Response:
    """One message of a customer from a channel of your own; answers with the replies."""
    _allowed(request)
    services = site(request)
    customer_id = await services.store.customer_id(request.match_info["ref"])
    if customer_id is None:
        return _problem(404, "no customer has this reference")
    try:
        item = json.loads(await request.text())
        text, payload = item.get("text"), item.get("payload")
        if not isinstance(text, str) and not isinstance(payload, str):
            raise ValueError
    except (ValueError, AttributeError):
        return _problem(422, 'send {"text": "..."} or {"payload": "/intent{...}"} as JSON')
    await take_in(
        services.store, services.clock, customer_id, "webchat", text if isinstance(text, str) else str(payload),
        str(item.get("id") or new_id())[:64], payload=payload if isinstance(payload, str) else None,
    )  # fmt: skip
    answers = await services.answer(customer_id)
    replies = [
        {"text": r.text, "buttons": list(r.content.get("buttons", ())), "response": r.response}
        for answer in answers
        for r in answer.replies
    ]
    return web.json_response({"replies": replies})


def _allowed(request: web.Request) -> None:
    """Integrators show the installation's secret as a bearer token."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not hmac.compare_digest(shown.encode(), site(request).secret.encode()):
        raise web.HTTPUnauthorized(
            text=json.dumps({"error": "send the header Authorization: Bearer <RELANCE_SECRET>"}),
            content_type="application/json",
        )


def _problem(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)


def _operation(summary: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "security": [{"bearer": []}],
        "parameters": [{"name": "ref", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "done"}, "401": {"description": "no or wrong token"},
                      "404": {"description": "unknown reference"}},
    }  # fmt: skip
    if body:
        operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return operation


OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Relance", "version": "1"},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/api/v1/customers/{ref}": {"get": _operation("A customer's whole dossier")},
        "/api/v1/customers/{ref}/messages": {
            "post": _operation(
                "One message of a customer, with the replies",
                {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string"},
                        "payload": {"type": "string"},
                        "id": {"type": "string", "description": "your id of the message; a repetition is kept once"},
                    },
                },
            )
        },
    },
}
