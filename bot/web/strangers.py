"""Messages of unknown senders: an agent says whose they are, or that they are nobody's."""

from aiohttp import web

from bot.domain.redaction import redact
from bot.ports import Agent, Stray
from bot.web.sessions import signed_in
from bot.web.site import customer_named, form, page, site, spoken

routes = web.RouteTableDef()
SHOWN = 200


@routes.get("/console/strangers")
async def waiting(request: web.Request) -> web.Response:
    """Messages that found no customer, the latest first."""
    return await _strangers(request, await signed_in(request))


@routes.post("/console/strangers/{stray}/{act:assign|dismiss}")
async def act(request: web.Request) -> web.Response:
    """Assign all messages of this sender to a customer, or dismiss this one."""
    agent, services, fields = await signed_in(request), site(request), await form(request)
    stray = next((s for s in await _open(request) if s.id == request.match_info["stray"]), None)
    if stray is None:
        return await _strangers(request, agent, status=409)
    if request.match_info["act"] == "dismiss":
        await services.store.close_stray(stray.id, redact(f"dismissed by {agent.name}").text)
        raise web.HTTPSeeOther("/console/strangers")
    reference = fields.get("reference", "")[:80]
    customer_id = await customer_named(request, reference)
    if customer_id is None:
        return await _strangers(request, agent, reference, 404)
    await services.assign(stray, customer_id, agent.name)
    raise web.HTTPSeeOther(f"/console/{customer_id}")


async def _open(request: web.Request) -> list[Stray]:
    return [stray for stray in await site(request).store.strays(SHOWN) if stray.outcome is None]


async def _strangers(request: web.Request, agent: Agent, unknown: str = "", status: int = 200) -> web.Response:
    return page(
        request, "console/strangers.html", status=status, language=spoken(request), agent=agent, unknown=unknown,
        found=await _open(request), zone=site(request).zone,
    )  # fmt: skip
