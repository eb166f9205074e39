"""Where the payment provider calls: the call is proved on its raw body, stored, and only then acknowledged."""

import logging
from dataclasses import replace

from aiohttp import web

from bot.ports import Forged, Malformed, Notifying
from bot.web.site import site

log = logging.getLogger(__name__)
routes = web.RouteTableDef()


@routes.post("/notices/{provider}")
async def receive(request: web.Request) -> web.Response:
    """One event; told twice it is kept once, and what means nothing to us is acknowledged."""
    services = site(request)
    provider = services.provider
    if provider.name != request.match_info["provider"] or not isinstance(provider, Notifying):
        return web.json_response({"error": "no such payment provider is configured"}, status=404)
    try:
        notice = provider.read_notice(await request.read(), request.headers)
    except (Forged, Malformed) as error:
        log.warning("%s: a call from %s was refused: %s", provider.name, request.remote, error)
        return web.json_response({"error": str(error)}, status=400)
    if notice is not None:
        told = {**notice.detail, "received_at": services.clock.now().isoformat()}
        notice = replace(notice, detail=told)
    new = notice is not None and await services.store.add_notice(notice)
    if new:
        services.wake()
    return web.json_response({"received": True, "new": new})
