"""The console's letters: what is to be printed and posted, as PDF files one by one or all together."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.conversation.post_room import SetAside
from bot.domain.messages import Exchange
from bot.ports import Agent
from bot.web.sessions import signed_in
from bot.web.site import form, page, site, spoken

routes = web.RouteTableDef()


@routes.get("/console/letters")
async def waiting(request: web.Request) -> web.Response:
    """Letters that wait, the oldest first."""
    return await _letters(request, await signed_in(request))


@routes.get("/console/letters/all.pdf")
async def every(request: web.Request) -> web.Response:
    """All letters that may be posted, in one file to print."""
    await signed_in(request)
    fit = [letter for _, letter, why in await site(request).post_room.waiting() if not why]
    if not fit:
        raise web.HTTPNotFound
    return await pdf(request, fit, f"letters-{site(request).clock.now():%Y-%m-%d}.pdf")


@routes.get("/console/letters/{letter}.pdf")
async def one(request: web.Request) -> web.Response:
    """One letter as it was written, whatever became of it."""
    await signed_in(request)
    letter = await site(request).store.exchange(request.match_info["letter"])
    if letter is None or "sheet" not in letter.content:
        raise web.HTTPNotFound
    return await pdf(request, [letter], f"{letter.at:%Y-%m-%d}-{letter.id[-8:]}.pdf")


@routes.post("/console/letters/{letter}/{act:posted|set_aside}")
async def act(request: web.Request) -> web.Response:
    """Say that a letter is in the post, or that it will not be."""
    agent, room = await signed_in(request), site(request).post_room
    letter, fields = request.match_info["letter"], await form(request)
    try:
        if request.match_info["act"] == "posted":
            await room.posted(letter, agent)
        else:
            await room.set_aside(letter, agent, fields.get("reason", ""))
    except SetAside as why:
        return await _letters(request, agent, str(why), 409)
    except LookupError:
        return await _letters(request, agent, "", 409)
    raise web.HTTPSeeOther("/console/letters")


async def pdf(request: web.Request, letters: Sequence[Exchange], name: str) -> web.Response:
    """The file itself; browsers show it or keep it under this name."""
    body = await asyncio.to_thread(site(request).print_letters, letters)
    shown = {"Content-Disposition": f'inline; filename="{name}"'}
    return web.Response(body=body, content_type="application/pdf", headers=shown)


async def _letters(request: web.Request, agent: Agent, problem: str = "", status: int = 200) -> web.Response:
    found = await site(request).post_room.waiting()
    return page(
        request, "console/letters.html", status=status, language=spoken(request), agent=agent, found=found,
        problem=problem, zone=site(request).zone, fit=sum(not why for _, _, why in found),
    )  # fmt: skip
