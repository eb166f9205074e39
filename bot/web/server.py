"""The web application: routes, safe headers, and errors that a person can read."""

import logging
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.i18n import N_
from bot.web import (
    api,
    calls,
    chat,
    console,
    door,
    files,
    health,
    hooks,
    letters,
    notices,
    plan_page,
    portal,
    strangers,
    unfit,
)
from bot.web.sessions import ATTEMPTS_KEY, Attempts
from bot.web.site import HERE, PAGES, SITE, Site, environment, security_policy, site, sorry, spoken

log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Links carry tokens: other sites must not learn them, our own forms must say where they come from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": security_policy(),
}


def make_app(services: Site) -> web.Application:
    """All pages and interfaces over the given services."""
    app = web.Application(middlewares=[safe], client_max_size=LARGEST_BODY)
    app[SITE] = services
    app[PAGES] = environment(services)
    app[ATTEMPTS_KEY] = Attempts()
    for module in (
        door,
        chat,
        portal,
        plan_page,
        letters,
        calls,
        strangers,
        unfit,
        files,
        console,
        api,
        health,
        hooks,
        notices,
    ):
        app.add_routes(module.routes)
    app.router.add_static("/static", HERE / "static", append_version=False)
    return app


@web.middleware
async def safe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse posts from other sites, add safe headers, and turn faults into pages."""
    machine = request.path.startswith(api.PREFIX)
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
    except api.ApiError as problem:
        response = api.error(request, problem.status, str(problem))
    except web.HTTPException as error:
        if machine and error.status >= 400:
            response = api.error(request, error.status)
        elif error.status in (404, 405) and error.content_type == "text/plain":
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
            _protect(request, error)
            raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        response = api.error(request, 500) if machine else _fault(request)
    _protect(request, response)
    return response


def _protect(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.path.startswith("/static/"):
        # What stands here is somebody's debt: no cache on the way or on a shared computer may keep it.
        response.headers.setdefault("Cache-Control", "no-store")
    if site(request).https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _fault(request: web.Request) -> web.Response:
    text = N_("Nothing is lost. Please try again in a moment.")
    return sorry(request, 500, N_("Something went wrong on our side."), text, spoken(request))


def _foreign(request: web.Request) -> bool:
    """Whether a browser says that a page of another site sent this post."""
    told, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if told is not None:
        # The browser's own word, which no page can forge, also holds behind a proxy that changes the host.
        return told not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc != request.host
