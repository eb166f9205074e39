"""The console's page of a case and its agency: the file, giving it away, taking it back. For admins."""

import asyncio

from aiohttp import web

from bot.conversation.handoff import NotYours
from bot.domain.referral import given, results
from bot.ports import Agent
from bot.web.sessions import signed_in
from bot.web.site import form, page, site, spoken

routes = web.RouteTableDef()


@routes.get("/console/{customer_id}/agency")
async def look(request: web.Request) -> web.Response:
    """What stands against giving the case away, who has it, and what the agency would be sent."""
    return await _page(request, await _admin(request))


@routes.get("/console/{customer_id}/agency/file.{kind:json|pdf}")
async def file(request: web.Request) -> web.Response:
    """The file of the case as it stands now."""
    await _admin(request)
    dossier = await site(request).store.dossier(request.match_info["customer_id"], exchanges=0)
    if dossier is None:
        raise web.HTTPNotFound
    held = given(dossier, site(request).clock.now())
    made = await site(request).referrals.file(dossier.customer.id, held.reason if held else "")
    kind = request.match_info["kind"]
    shown = {"Content-Disposition": f'attachment; filename="case.{kind}"', "Cache-Control": "no-store"}
    body = made.json if kind == "json" else made.pdf
    return web.Response(body=body, content_type=f"application/{kind}", headers=shown)


@routes.get("/console/{customer_id}/agency/sent/{digest}")
async def sent(request: web.Request) -> web.Response:
    """What was given to an agency, unchanged."""
    await _admin(request)
    rows = results(await site(request).store.log(request.match_info["customer_id"]))
    digest = request.match_info["digest"]
    named = [one["name"] for row in rows for one in row.content.get("files", ()) if one["sha256"] == digest]
    body = await asyncio.to_thread(site(request).files.read, digest) if named else None
    if body is None:
        raise web.HTTPNotFound
    kind = "pdf" if named[0].endswith("pdf") else "json"
    shown = {"Content-Disposition": f'attachment; filename="case.{kind}"'}
    return web.Response(body=body, content_type=f"application/{kind}", headers=shown)


@routes.post("/console/{customer_id}/agency/{act:give|recall}")
async def act(request: web.Request) -> web.Response:
    """Give the case away, or take it back; what cannot be done is explained on the same page."""
    admin = await _admin(request)
    fields, customer_id = await form(request), request.match_info["customer_id"]
    try:
        if request.match_info["act"] == "give":
            await site(request).referrals.give(customer_id, fields.get("agency", ""), admin)
        else:
            await site(request).referrals.take_back(customer_id, fields.get("why", ""), admin)
    except (ValueError, NotYours) as problem:
        return await _page(request, admin, str(problem), 409)
    except LookupError:
        raise web.HTTPNotFound from None
    raise web.HTTPSeeOther(f"/console/{customer_id}/agency")


async def _admin(request: web.Request) -> Agent:
    agent = await signed_in(request)
    if agent.role != "admin":
        raise web.HTTPForbidden
    return agent


async def _page(request: web.Request, admin: Agent, problem: str = "", status: int = 200) -> web.Response:
    customer_id = request.match_info["customer_id"]
    dossier = await site(request).store.dossier(customer_id, exchanges=0)
    if dossier is None:
        raise web.HTTPNotFound
    made = await site(request).referrals.file(customer_id)
    log = await site(request).store.log(customer_id)
    return page(
        request, "console/agency.html", status=status, language=spoken(request), agent=admin, dossier=dossier,
        problem=problem, against=made.objections, given=given(dossier, site(request).clock.now()),
        results=results(log), told=made.document,
    )  # fmt: skip
