"""For machines that watch: alive, ready, and numbers."""

from aiohttp import web

from bot.web.site import site

routes = web.RouteTableDef()


@routes.get("/healthz")
async def healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """The database answers too, and messages are understood without delay."""
    try:
        await site(request).store.counts()
    except Exception:
        return web.json_response({"status": "no database"}, status=503)
    if not site(request).ready():
        return web.json_response({"status": "warming up"}, status=503)
    return web.json_response({"status": "ready"})


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Sizes of the book and of what waits, in Prometheus' text format."""
    lines = []
    for name, value in (await site(request).store.counts()).items():
        lines += [f"# TYPE relance_{name} gauge", f"relance_{name} {value}"]
    return web.Response(text="\n".join(lines) + "\n", content_type="text/plain", charset="utf-8")
