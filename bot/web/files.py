"""What a customer sent along, for agents to look at."""

import asyncio

from aiohttp import web

from bot.domain.attachments import kind_of
from bot.web.sessions import signed_in
from bot.web.site import security_policy, site

routes = web.RouteTableDef()


@routes.get("/console/{customer_id}/files/{digest}")
async def show(request: web.Request) -> web.Response:
    """One file of this customer's record, unchanged since it came; nothing inside it may run."""
    await signed_in(request)
    customer_id, digest = request.match_info["customer_id"], request.match_info["digest"]
    told = [
        file
        for row in await site(request).store.log(customer_id)
        for file in row.content.get("attachments", ())
        if file.get("sha256") == digest
    ]
    body = await asyncio.to_thread(site(request).files.read, digest) if told else None
    if body is None:
        raise web.HTTPNotFound
    shown = {
        "Content-Disposition": f'inline; filename="{str(told[0]["name"]).encode("ascii", "replace").decode()}"',
        "Content-Security-Policy": f"{security_policy()}; sandbox",
    }
    return web.Response(body=body, content_type=kind_of(body) or "application/octet-stream", headers=shown)
