"""Where providers call: each call is proved by its channel, stored, and only then acknowledged."""

import logging

from aiohttp import web

from bot.ports import Callback, Called, Forged, Malformed
from bot.web.site import page, site, spoken
from payment_links.tokens import BadToken

log = logging.getLogger(__name__)
routes = web.RouteTableDef()


@routes.get("/unsubscribe/{token}")
async def ask(request: web.Request) -> web.Response:
    """Mail programs open links to look at them: only the button, or their one-click post, unsubscribes."""
    _told(request)
    return page(request, "unsubscribe.html", language=spoken(request), done=False)


@routes.post("/unsubscribe/{token}")
async def unsubscribe(request: web.Request) -> web.Response:
    """No more unasked messages on this channel (RFC 8058)."""
    await site(request).unsubscribe(*_told(request))
    return page(request, "unsubscribe.html", language=spoken(request), done=True)


def _told(request: web.Request) -> tuple[str, str]:
    try:
        return site(request).tokens.unsubscribed(request.match_info["token"])
    except BadToken:
        raise web.HTTPNotFound from None


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
