"""Payments that name nobody: an agent gives a transfer to its customer, or files what was settled elsewhere."""

from dataclasses import replace

from aiohttp import web

from bot.domain.redaction import redact
from bot.payments import given_to
from bot.ports import Agent, PaymentNotice
from bot.web.sessions import signed_in
from bot.web.site import Site, customer_named, form, page, site, spoken

routes = web.RouteTableDef()


async def nobodys(services: Site) -> list[PaymentNotice]:
    """What waits in quarantine without a customer; what fits a customer badly is an errand on their record."""
    return [notice for notice in await services.store.quarantined() if not notice.detail.get("customer")]


@routes.get("/console/payments")
async def waiting(request: web.Request) -> web.Response:
    """Payments that found no customer, the oldest first."""
    return await _unfit(request, await signed_in(request))


@routes.post("/console/payments/{provider}/{act:assign|file}")
async def act(request: web.Request) -> web.Response:
    """Give a transfer to a customer, so that it is booked, or say what became of a payment."""
    agent, services, fields = await signed_in(request), site(request), await form(request)
    named = request.match_info["provider"], fields.get("event", "")
    notice = next((one for one in await nobodys(services) if (one.provider, one.event_id) == named), None)
    if notice is None:
        return await _unfit(request, agent, status=409)
    if request.match_info["act"] == "file":
        words = redact(fields.get("outcome", "").strip()[:500]).text
        told = {"filed": words, "filed_by": agent.name, "filed_at": services.clock.now().isoformat()}
        await services.store.file_notice(replace(notice, detail={**notice.detail, **told}))
        raise web.HTTPSeeOther("/console/payments")
    reference = fields.get("reference", "")[:80]
    customer_id = await customer_named(request, reference)
    given = given_to(notice, customer_id) if customer_id else None
    if given is None:
        return await _unfit(request, agent, reference, 404)
    await services.store.reopen(replace(given, detail={**given.detail, "given_by": agent.name}))
    services.wake()
    raise web.HTTPSeeOther(f"/console/{customer_id}")


async def _unfit(request: web.Request, agent: Agent, unknown: str = "", status: int = 200) -> web.Response:
    return page(
        request, "console/payments.html", status=status, language=spoken(request), agent=agent, unknown=unknown,
        found=[(notice, given_to(notice, "") is not None) for notice in await nobodys(site(request))],
        zone=site(request).zone,
    )  # fmt: skip
