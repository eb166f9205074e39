"""Where providers call: each call is proved by its channel, stored, and only then acknowledged."""

import logging

from aiohttp import web

from bot.ports import Callback, Called, Forged, Malformed
from bot.web.site import site

log = logging.getLogger(__name__)
routes = web.RouteTableDef()


@routes.route("*", "/hooks/{channel}")
async def hook(request: web.Request) -> web.Response:
    """Messages and delivery reports of one channel."""
    services = site(request)
    channel = services.channels.get(request.match_info["channel"])
    if not isinstance(channel, Called) or request.method not in ("GET", "POST"):
        return web.json_response({"error": "no such channel is configured for callbacks"}, status=404)
    query = f"?{request.query_string}" if request.query_string else ""
    callback = Callback(
        request.method, f"{services.public_url}{request.path}{query}", request.headers, request.query,
        await request.read(),
    )  # fmt: skip
    try:
        arrivals = channel.read(callback)
    except Forged as error:
        log.warning("%s: a callback from %s was refused: %s", channel.name, request.remote, error)
        return web.json_response({"error": str(error)}, status=403)
    except Malformed as error:
        log.warning("%s: a callback could not be read: %s", channel.name, error)
        return web.json_response({"error": str(error)}, status=400)
    await services.keep(arrivals)
    body, kind = channel.thanks
    return web.Response(text=body, content_type=kind)
