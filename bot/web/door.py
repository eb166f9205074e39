"""The door page: where everything is, and in the demo, keys to try it."""

from datetime import datetime

from aiohttp import web

from bot.domain.dossier import Dossier
from bot.domain.messages import OUT
from bot.i18n import N_
from bot.ports import new_id
from bot.web.demo_book import made_up, open_to_all
from bot.web.sessions import DEMO_AGENTS, sign_in
from bot.web.site import form, page, site, sorry, spoken

routes = web.RouteTableDef()
REAL = N_("This book holds real customers: the demo's sign-ins are closed.")
REMEDY = N_(
    "Add an agent with a password of their own: relance add-agent EMAIL --name NAME. Then sign in at /console. "
    "To look at the demo again, start it on a book of its own."
)


@routes.get("/")
async def door(request: web.Request) -> web.Response:
    """Tell a newcomer where everything is."""
    services = site(request)
    counts = await services.store.counts()
    dossiers = await made_up(services, exchanges=1)
    named = {person.ref: person for person in services.people}
    people = [
        (dossier, named[dossier.customer.ref], services.tokens.chat(dossier.customer.id, new_id()))
        for dossier in dossiers
    ]
    # The demo's one-click sign-ins open the whole book: with real customers in it they are gone.
    real = services.demo and not await open_to_all(services)
    return page(request, "door.html", language=spoken(request), people=people, counts=counts, agents=DEMO_AGENTS,
                real=real, today=services.clock.now().date(), command=services.command)  # fmt: skip


@routes.post("/demo/sign-in")
async def demo_sign_in(request: web.Request) -> web.Response:
    """One click into the console; exists in demo mode only, and while nobody but made-up customers is in the book."""
    services = site(request)
    if services.demo and not await open_to_all(services):
        return sorry(request, 403, REAL, REMEDY, spoken(request))
    email = (await form(request)).get("email", "")
    agent = await services.store.agent(email) if services.demo and email in DEMO_AGENTS else None
    if agent is None:
        raise web.HTTPNotFound
    response = web.HTTPSeeOther("/console")
    sign_in(request, response, agent)
    raise response


@routes.get("/demo/phone")
async def phone(request: web.Request) -> web.Response:
    """What customers received by SMS, e-mail and letter; exists in demo mode only."""
    services = site(request)
    if not services.demo:
        raise web.HTTPNotFound
    dossiers = await made_up(services, exchanges=60)
    rows = [
        (dossier.customer, row)
        for dossier in dossiers
        for row in dossier.exchanges
        if row.direction == OUT and row.channel != "webchat" and row.state in ("sent", "delivered")
    ]
    rows.sort(key=lambda pair: pair[1].at, reverse=True)
    now = services.clock.now()
    waits = sorted(
        ((at, dossier.customer) for dossier in dossiers if (at := postponed(dossier, now))), key=lambda wait: wait[0]
    )
    # Whoever comes at night or on a Sunday sees at least what would be sent.
    wanted = "ahead" in request.query or not rows
    ahead = [(dossier.customer, row) for dossier in dossiers for row in await services.ahead(dossier)] if wanted else []
    ahead.sort(key=lambda pair: pair[1].at)
    return page(request, "phone.html", language=spoken(request), rows=rows[:100], waits=waits, ahead=ahead,
                wanted_ahead=wanted, command=services.command)  # fmt: skip


def postponed(dossier: Dossier, now: datetime) -> datetime | None:
    """When the next message that waits for its hour may leave, as the governor said; None when nothing waits."""
    said = [row.not_before for row in dossier.exchanges if row.state == "queued" and row.not_before]
    said += [
        datetime.fromisoformat(str(row.content["not_before"]))
        for row in dossier.exchanges
        if row.purpose == "verdict" and "about" in row.content and row.content.get("not_before")
    ]
    return min((at for at in said if at > now), default=None)


@routes.post("/demo/tick")
async def tick(request: web.Request) -> web.Response:
    """Ask the worker to look now; exists in demo mode only."""
    services = site(request)
    if not services.demo:
        raise web.HTTPNotFound
    services.wake()
    raise web.HTTPSeeOther("/demo/phone")
