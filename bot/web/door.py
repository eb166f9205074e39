"""The door page: where everything is, and in the demo, keys to try it."""

from aiohttp import web

from bot.domain.messages import OUT
from bot.ports import new_id
from bot.web.sessions import sign_in
from bot.web.site import page, site

routes = web.RouteTableDef()
DEMO_AGENTS = ("agent@demo.example", "admin@demo.example")


@routes.get("/")
async def door(request: web.Request) -> web.Response:
    """Tell a newcomer where everything is."""
    services = site(request)
    people = []
    if services.demo:
        for customer_id in await services.store.customers(limit=40):
            dossier = await services.store.dossier(customer_id, exchanges=1)
            if dossier is not None:
                people.append((dossier, services.tokens.chat(customer_id, new_id())))
    return page(request, "door.html", people=people, counts=await services.store.counts(), agents=DEMO_AGENTS,
                today=services.clock.now().date())  # fmt: skip


@routes.post("/demo/sign-in")
async def demo_sign_in(request: web.Request) -> web.Response:
    """One click into the console; exists in demo mode only."""
    services = site(request)
    email = str((await request.post()).get("email", ""))
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
    rows = []
    for customer_id in await services.store.customers(limit=200):
        dossier = await services.store.dossier(customer_id, exchanges=60)
        if dossier is not None:
            rows += [
                (dossier.customer, row)
                for row in dossier.exchanges
                if row.direction == OUT and row.channel != "webchat" and row.state in ("sent", "delivered")
            ]
    rows.sort(key=lambda pair: pair[1].at, reverse=True)
    return page(request, "phone.html", rows=rows[:100])


@routes.post("/demo/tick")
async def tick(request: web.Request) -> web.Response:
    """Ask the worker to look now; exists in demo mode only."""
    services = site(request)
    if not services.demo:
        raise web.HTTPNotFound
    services.wake()
    raise web.HTTPSeeOther("/demo/phone")
