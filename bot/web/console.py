"""The agents' console: the queue, a conversation with its whole dossier, and what can be done with it."""

from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.conversation.handoff import NOT_THAT_SUM, NotYours, addressee, part_offered
from bot.domain.conversation import WITH_AGENT
from bot.domain.dossier import Dossier
from bot.domain.messages import IN, Exchange
from bot.domain.plans import add_months
from bot.domain.proof import known, proved_when_written
from bot.domain.redaction import redact
from bot.i18n import N_
from bot.ports import Agent
from bot.show import show
from bot.web.amounts import read_amount
from bot.web.sessions import check, sign_in, sign_out, signed_in
from bot.web.site import customer_named, form, page, site, spoken
from bot.web.unfit import nobodys

routes = web.RouteTableDef()
NO_TERMS = N_("Write a number of instalments and the day of the first one.")


@routes.get("/console/sign-in")
async def ask(request: web.Request) -> web.Response:
    """The sign-in form."""
    return page(request, "console/sign_in.html", language=spoken(request), wrong=False, email="")


@routes.post("/console/sign-in")
async def enter(request: web.Request) -> web.Response:
    """Check the password; after five wrong ones, five minutes of rest."""
    fields = await form(request)
    email = fields.get("email", "")[:200]
    agent = await check(request, email, fields.get("password", "")[:500])
    if agent is None:
        return page(
            request, "console/sign_in.html", status=403, language=spoken(request), wrong=True, email=email
        )  # fmt: skip
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
    return page(
        request, template, language=spoken(request), agent=agent, rows=rows, now=site(request).clock.now(),
        zone=site(request).zone, nobodys=len(await nobodys(site(request))),
    )  # fmt: skip


@routes.post("/console/find")
async def find(request: web.Request) -> web.Response:
    """Open any customer's dossier by reference or invoice number."""
    agent = await signed_in(request)
    reference = (await form(request)).get("reference", "").strip()[:80]
    found = await customer_named(request, reference)
    if found is None:
        return _unknown(request, agent, reference)
    raise web.HTTPSeeOther(f"/console/{found}")


@routes.get("/console/{customer_id}")
async def conversation(request: web.Request) -> web.Response:
    """One conversation with its dossier; a reference in the address leads to it too."""
    agent = await signed_in(request)
    named = request.match_info["customer_id"]
    if await site(request).store.dossier(named, exchanges=1) is None:
        found = await customer_named(request, named[:80])
        if found is None:
            return _unknown(request, agent, named[:80])
        raise web.HTTPSeeOther(f"/console/{found}")
    return await _conversation(request, agent)


@routes.get("/console/{customer_id}/log")
async def log(request: web.Request) -> web.Response:
    """The exchanges alone, for refreshing."""
    await signed_in(request)
    dossier = await _dossier(request)
    return page(request, "console/log.html", language=spoken(request), **_log(dossier))


@routes.post("/console/{customer_id}/{act:take|say|approve|give_back|close|lift|dispute|done}")
async def act(request: web.Request) -> web.Response:
    """One act of an agent; what cannot be done is explained on the same page."""
    agent = await signed_in(request)
    customer_id = request.match_info["customer_id"]
    fields, masked = {}, list[str]()
    for name, value in (await form(request)).items():
        safe = redact(value)
        fields[name] = safe.text
        masked += safe.found
    try:
        queued = await _do(request, agent, fields)
    except (NotYours, ValueError) as problem:
        return await _conversation(request, agent, str(problem), 409, fields)
    except LookupError:
        return _unknown(request, agent, customer_id)
    for exchange in queued:
        await site(request).delivery.deliver(exchange)
    told = f"?masked={quote(','.join(dict.fromkeys(masked)))}" if masked else ""
    raise web.HTTPSeeOther(f"/console/{customer_id}{told}")


async def _do(request: web.Request, agent: Agent, fields: dict[str, str]) -> tuple[Exchange, ...]:
    """Let the desk do what the form asks; returns what is to be delivered."""
    desk, customer_id = site(request).desk, request.match_info["customer_id"]
    match request.match_info["act"]:
        case "take":
            await desk.take(customer_id, agent)
        case "say":
            confirmed = fields.get("confirmed") == "yes"
            return (await desk.say(customer_id, agent, fields.get("text", ""), confirmed),)
        case "approve":
            terms = _terms(fields, (await _dossier(request)).currency)
            return await desk.approve(customer_id, agent, *terms)
        case "give_back":
            return await desk.give_back(customer_id, agent, fields.get("summary", ""))
        case "close":
            await desk.close(customer_id, agent, fields.get("outcome", ""))
        case "done":
            await desk.finish(customer_id, agent, fields.get("errand", ""), fields.get("outcome", ""))
        case "lift":
            await desk.lift_hold(customer_id, agent, fields.get("hold", ""))
        case _:
            return await desk.close_dispute(
                customer_id, agent, fields.get("dispute", ""), fields.get("outcome", ""), fields.get("reason", ""),
                await _cancelled(request, fields.get("amount", "").strip()),
            )  # fmt: skip
    return ()


async def _cancelled(request: web.Request, written: str) -> int | None:
    """The sum that an agent cancels, in minor units; None where none is written."""
    if not written:
        return None
    try:
        return read_amount(written, (await _dossier(request)).currency).minor
    except ValueError:
        raise ValueError(NOT_THAT_SUM) from None


def _terms(fields: dict[str, str], currency: str) -> tuple[int, date, int | None]:
    """The plan that an agent wrote; without a field for it, the part is what the customer offered."""
    try:
        count, first_on = int(fields.get("count", "")), date.fromisoformat(fields.get("first_on", ""))
        written = fields["part"].strip() if "part" in fields else None
        return count, first_on, read_amount(written, currency).minor if written else None if written is None else 0
    except ValueError:
        raise ValueError(NO_TERMS) from None


async def _conversation(
    request: web.Request, agent: Agent, problem: str = "", status: int = 200, written: dict[str, str] | None = None
) -> web.Response:
    services = site(request)
    dossier = await _dossier(request)
    now = services.clock.now()
    waiting, talk = dossier.handoff(), dossier.conversation
    mine = talk.status == WITH_AGENT and talk.agent_id == agent.id
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    masked = [kind for kind in request.query.get("masked", "").split(",") if kind in ("card", "security_code", "iban")]
    to = addressee(dossier)
    return page(
        request, "console/conversation.html", status=status, stranger=to is not None and not known(dossier, to),
        language=spoken(request), agent=agent, problem=problem,
        view=show(dossier, services.strategies, now, services.governor), handoff=waiting, now=now,
        errands=dossier.errands(), written=written or {},
        proposal=dict(waiting.proposal) if waiting else {}, part=part_offered(dossier, today),
        next_month=add_months(now.date(), 1), mine=mine, desk_zone=services.zone,
        holder=None if mine or talk.status != WITH_AGENT else _holder(dossier), masked=masked,
        **_log(dossier),
    )  # fmt: skip


def _log(dossier: Dossier) -> dict[str, Any]:
    """The rows of the log, and the governor's verdicts by the message that they judge."""
    verdicts: dict[str, list[Exchange]] = {}
    for row in dossier.exchanges:
        if row.purpose == "verdict" and row.content.get("exchange"):
            verdicts.setdefault(str(row.content.get("exchange")), []).append(row)
    # A verdict on a contact that was only planned has no message to stand beside: it is a row of its own.
    rows = [row for row in dossier.exchanges if row.purpose != "verdict" or not row.content.get("exchange")]
    unproved = {row.id for row in rows if row.direction == IN and not proved_when_written(dossier, row)}
    return {"dossier": dossier, "rows": rows, "verdicts": verdicts, "unproved": unproved}


def _holder(dossier: Dossier) -> str:
    """The name of the agent who has the conversation, as the log tells it."""
    for row in reversed(dossier.exchanges):
        if row.purpose == "taken" and row.content.get("agent") == dossier.conversation.agent_id:
            return row.text.removesuffix(" took the conversation")
    return ""


def _unknown(request: web.Request, agent: Agent, reference: str) -> web.Response:
    return page(
        request, "console/unknown.html", status=404, language=spoken(request), agent=agent, reference=reference
    )  # fmt: skip


async def _dossier(request: web.Request) -> Dossier:
    dossier = await site(request).store.dossier(request.match_info["customer_id"], exchanges=300)
    if dossier is None:
        raise web.HTTPNotFound
    return dossier
