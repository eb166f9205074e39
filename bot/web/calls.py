"""The console's calls: whom to telephone, what to say, and what came of it."""

from datetime import date

from aiohttp import web

from bot.conversation.calls import NotNow
from bot.domain.redaction import redact
from bot.ports import Agent
from bot.web.amounts import read_amount
from bot.web.sessions import signed_in
from bot.web.site import form, page, site, spoken

routes = web.RouteTableDef()


@routes.get("/console/calls")
async def waiting(request: web.Request) -> web.Response:
    """Calls that are due."""
    return await _calls(request, await signed_in(request))


@routes.post("/console/calls/{call}/{act:ended|drop}")
async def act(request: web.Request) -> web.Response:
    """Keep what came of a call."""
    agent, calls, call = await signed_in(request), site(request).calls, request.match_info["call"]
    fields = {name: redact(value).text for name, value in (await form(request)).items()}
    try:
        if request.match_info["act"] == "drop":
            await calls.drop(call, agent, fields.get("words", ""))
        else:
            promised = _day(fields.get("due_on", "")), await _sum(request, call, fields.get("sum", ""))
            await calls.ended(call, agent, fields.get("outcome", ""), fields.get("words", ""), *promised)
    except NotNow as why:
        return await _calls(request, agent, str(why), 409)
    except LookupError:
        return await _calls(request, agent, "", 409)
    raise web.HTTPSeeOther("/console/calls")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _sum(request: web.Request, call: str, text: str) -> int | None:
    exchange = await site(request).store.exchange(call)
    dossier = await site(request).store.dossier(exchange.conversation_id) if exchange else None
    try:
        return read_amount(text, dossier.currency).minor if dossier else None
    except ValueError:
        return None


async def _calls(request: web.Request, agent: Agent, problem: str = "", status: int = 200) -> web.Response:
    now = site(request).clock.now()
    return page(
        request, "console/calls.html", status=status, language=spoken(request), agent=agent, problem=problem,
        found=await site(request).calls.waiting(), now=now,
    )  # fmt: skip
