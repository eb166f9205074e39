"""The web application: routes, safe headers, and errors that a person can read."""

import logging
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.i18n import N_
from bot.web import api, chat, console, door, health, portal
from bot.web.sessions import ATTEMPTS_KEY, Attempts
from bot.web.site import HERE, PAGES, SITE, Site, environment, sorry, spoken

log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}


def make_app(site: Site) -> web.Application:
    """All pages and interfaces over the given services."""
    app = web.Application(middlewares=[safe], client_max_size=LARGEST_BODY)
    app[SITE] = site
    app[PAGES] = environment(site)
    app[ATTEMPTS_KEY] = Attempts()
    for module in (door, chat, portal, console, api, health):
        app.add_routes(module.routes)
    app.router.add_static("/static", HERE / "static", append_version=False)
    return app


@web.middleware
async def safe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse posts from other sites, add safe headers, and turn faults into pages."""
    try:
        if request.method == "POST" and _foreign(request):
            response: web.StreamResponse = sorry(
                request,
                403,
                N_("This form came from another site."),
                N_("Open the page here and try again."),
                spoken(request),
            )
        else:
            response = await handler(request)
    except web.HTTPException as error:
        if error.status in (404, 405) and error.content_type == "text/plain":
            response = sorry(
                request,
                error.status,
                N_("This page does not exist."),
                N_("Check the address, or start from the home page."),
                spoken(request),
            )
        elif error.status == 413:
            response = sorry(request, 413, N_("This is too long."), N_("Send a shorter message."), spoken(request))
        else:
            error.headers.update(HEADERS)
            raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        response = sorry(
            request,
            500,
            N_("Something went wrong on our side."),
            N_("Nothing is lost. Please try again in a moment."),
            spoken(request),
        )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _foreign(request: web.Request) -> bool:
    """Whether a browser says that a page of another site sent this post."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    return bool(origin) and origin != "null" and urlsplit(str(origin)).netloc != request.host
