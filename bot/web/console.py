"""The agents' console: the queue, a conversation with its whole dossier, and what can be done with it."""

from datetime import date

from aiohttp import web

from bot.conversation.handoff import NotYours
from bot.domain.dossier import Dossier
from bot.domain.messages import Exchange
from bot.domain.plans import add_months
from bot.ports import Agent
from bot.show import show
from bot.web.sessions import check, sign_in, sign_out, signed_in
from bot.web.site import page, site, sorry

routes = web.RouteTableDef()


@routes.get("/console/sign-in")
async def ask(request: web.Request) -> web.Response:
    """The sign-in form."""
    return page(request, "console/sign_in.html", wrong=False)


@routes.post("/console/sign-in")
async def enter(request: web.Request) -> web.Response:
    """Check the password; after five wrong ones, five minutes of rest."""
    form = await request.post()
    agent = await check(request, str(form.get("email", "")), str(form.get("password", "")))
    if agent is None:
        return page(request, "console/sign_in.html", status=403, wrong=True)
    response = web.HTTPSeeOther("/console")
    sign_in(request, response, agent)
    raise response


@routes.post("/console/sign-out")
async def leave(request: web.Request) -> web.Response:
    """End the session."""
    response = web.HTTPSeeOther("/")
    sign_out(response)
    raise response


@routes.get("/console")
async def queue(request: web.Request) -> web.Response:
    """Conversations that await or have a person, the most urgent first."""
    agent = await signed_in(request)
    rows = await site(request).store.queue()
    template = "console/queue_rows.html" if request.headers.get("HX-Request") else "console/queue.html"
    return page(request, template, agent=agent, rows=rows, now=site(request).clock.now())


@routes.post("/console/find")
async def find(request: web.Request) -> web.Response:
    """Open any customer's dossier by reference or invoice number."""
    await signed_in(request)
    reference = str((await request.post()).get("reference", "")).strip()
    store = site(request).store
    found = await store.customer_id(reference) or await store.customer_by_invoice(reference)
    if found is None:
        return sorry(
            request,
            404,
            "No such customer",
            f"Nothing is known under {reference!r}: check the reference or the invoice number.",
        )
    raise web.HTTPSeeOther(f"/console/{found}")


@routes.get("/console/{customer_id}")
async def conversation(request: web.Request) -> web.Response:
    """One conversation with its dossier."""
    agent = await signed_in(request)
    return await _conversation(request, agent)


@routes.get("/console/{customer_id}/log")
async def log(request: web.Request) -> web.Response:
    """The exchanges alone, for refreshing."""
    agent = await signed_in(request)
    dossier = await _dossier(request)
    return page(request, "console/log.html", agent=agent, dossier=dossier)


@routes.post("/console/{customer_id}/{act:take|say|approve|give_back|close|lift|dispute|done}")
async def act(request: web.Request) -> web.Response:
    """One act of an agent; what cannot be done is explained on the same page."""
    agent = await signed_in(request)
    services, customer_id = site(request), request.match_info["customer_id"]
    form = {key: str(value) for key, value in (await request.post()).items()}
    desk = services.desk
    queued: tuple[Exchange, ...] = ()
    try:
        match request.match_info["act"]:
            case "take":
                await desk.take(customer_id, agent)
            case "say":
                queued = (await desk.say(customer_id, agent, form.get("text", "")),)
            case "approve":
                queued = await desk.approve(
                    customer_id, agent, int(form.get("count", "0")), date.fromisoformat(form.get("first_on", ""))
                )
            case "give_back":
                queued = await desk.give_back(customer_id, agent, form.get("summary", ""))
            case "close":
                await desk.close(customer_id, agent, form.get("outcome", ""))
            case "done":
                await desk.finish(customer_id, agent, form.get("errand", ""), form.get("outcome", ""))
            case "lift":
                await desk.lift_hold(customer_id, agent, form.get("hold", ""))
            case _:
                await desk.close_dispute(customer_id, agent, form.get("dispute", ""), form.get("outcome", ""))
    except (NotYours, ValueError) as problem:
        return await _conversation(request, agent, str(problem), 409)
    except LookupError:
        raise web.HTTPNotFound from None
    for exchange in queued:
        await services.delivery.deliver(exchange)
    raise web.HTTPSeeOther(f"/console/{customer_id}")


async def _conversation(request: web.Request, agent: Agent, problem: str = "", status: int = 200) -> web.Response:
    services = site(request)
    dossier = await _dossier(request)
    now = services.clock.now()
    request_ = dossier.handoff()
    return page(
        request, "console/conversation.html", status=status, agent=agent, dossier=dossier, problem=problem,
        view=show(dossier, services.strategies, now), handoff=request_, errands=dossier.errands(), now=now,
        proposal=dict(request_.proposal) if request_ else {}, next_month=add_months(now.date(), 1),
        mine=dossier.conversation.agent_id == agent.id and dossier.conversation.status == "with_agent",
    )  # fmt: skip


async def _dossier(request: web.Request) -> Dossier:
    dossier = await site(request).store.dossier(request.match_info["customer_id"], exchanges=300)
    if dossier is None:
        raise web.HTTPNotFound
    return dossier
