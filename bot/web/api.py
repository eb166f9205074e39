"""The HTTP API for integrators: the machine interfaces over JSON."""

import hmac
import json
from typing import Any

from aiohttp import web

from bot.domain.messages import OUT
from bot.intake import take_in
from bot.ports import new_id
from bot.show import show
from bot.web.site import Site, site

routes = web.RouteTableDef()
PREFIX = "/api/"
SHAPE = 'send an object {"text": "..."} or {"payload": "/intent{...}"}, with an "id" of your own'
ERROR = {"type": "object", "properties": {"error": {"type": "string"}}}


class ApiError(Exception):
    """A request that cannot be served: the status and what to do instead."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


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
    now = services.clock.now()
    return web.json_response(show(dossier, services.strategies, now, services.governor, services.rulebook()))


@routes.post("/api/v1/customers/{ref}/messages")
async def message(request: web.Request) -> web.Response:
    """One message of a customer from a channel of your own; answers with the replies."""
    _allowed(request)
    services = site(request)
    customer_id = await services.store.customer_id(request.match_info["ref"])
    if customer_id is None:
        return _problem(404, "no customer has this reference")
    item = await _object(request)
    text, payload = (_clean(item.get(name)) for name in ("text", "payload"))
    if text is None and payload is None:
        return _problem(400, SHAPE)
    # Ids are the integrator's own and need not differ between customers.
    message_id = f"{customer_id}:{_clean(str(item.get('id') or '')) or new_id()}"[:100]
    words = str(text if text is not None else payload)
    new = await take_in(services.store, services.clock, customer_id, "webchat", words, message_id, payload=payload)
    await services.answer(customer_id)
    replies = await _replies(services, customer_id, message_id)
    return web.json_response({"replies": replies, "repeated": not new})


def error(request: web.Request, status: int, said: str | None = None) -> web.Response:
    """A failure as machines read it."""
    words = {
        404: "there is no such interface; see /api/v1/openapi.json",
        405: f"{request.method} is not offered here; see /api/v1/openapi.json",
        413: "the body is too large; send at most 256 KiB",
        500: "something went wrong on our side; nothing is lost, send the same id again",
    }
    return _problem(status, said or words.get(status, "this request cannot be served"))


async def _replies(services: Site, customer_id: str, message_id: str) -> list[dict[str, Any]]:
    """What was said to one message, also when it was answered before or by another hand at this moment."""
    return [
        {"text": row.text, "buttons": list(row.content.get("buttons", ())), "response": row.response}
        for row in await services.store.replies(customer_id, "webchat", message_id)
        if row.direction == OUT
    ]


async def _object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body; what is none is answered with 400, or 415 when it does not even claim to be."""
    try:
        item = json.loads(await request.text())
    except (ValueError, LookupError, RecursionError):
        if request.content_type not in ("application/json", "application/octet-stream"):
            raise ApiError(415, f"send JSON with the header Content-Type: application/json; {SHAPE}") from None
        raise ApiError(400, f"the body is no JSON in UTF-8; {SHAPE}") from None
    if not isinstance(item, dict):
        raise ApiError(400, SHAPE)
    return item


def _clean(value: Any) -> str | None:
    """A text without lone surrogates, which JSON can write and nothing can keep; None for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None


def _allowed(request: web.Request) -> None:
    """Integrators show the installation's secret as a bearer token."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), site(request).secret.encode()):
        raise ApiError(401, "send the header Authorization: Bearer <RELANCE_SECRET>")


def _problem(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)


def _operation(summary: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "security": [{"bearer": []}],
        "parameters": [{"name": "ref", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "done"},
            **{
                status: {"description": text, "content": {"application/json": {"schema": ERROR}}}
                for status, text in {
                    "400": "no JSON object of this shape", "401": "no or wrong token", "404": "unknown reference",
                    "405": "another method is offered", "413": "too large", "415": "no JSON",
                }.items()
            },
        },
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
                        "id": {
                            "type": "string",
                            "description": "your id of the message; a repetition is answered once",
                        },
                    },
                },
            )
        },
    },
}
