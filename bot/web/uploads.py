"""Photos and documents that customers send along in the web chat; judged and kept like those of other channels."""

from datetime import timedelta
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from bot.attachments import keep_body
from bot.domain.attachments import MOST_BYTES, MOST_FILES
from bot.domain.messages import IN
from bot.i18n import N_
from bot.intake import LONGEST, take_in
from bot.ports import new_id
from bot.web.chat import opened
from bot.web.site import site, sorry, spoken

routes = web.RouteTableDef()
LARGEST_POST = MOST_FILES * MOST_BYTES + 1024 * 1024
# Anybody who knows a reference may open a chat: what they can fill our disk with is bounded.
MOST_A_DAY = 20
_PIECE = 256 * 1024


@routes.post("/chat/{token}/files")
async def send(request: web.Request) -> web.Response:
    """Keep the files, then the message that they came with, then answer it."""
    ticket, dossier = await opened(request)
    services = site(request)
    if (request.content_length or 0) > LARGEST_POST:
        title, text = N_("The files are too large."), N_("Photos or PDF documents, up to 10 MB each, five at a time")
        return sorry(request, 413, title, text, dossier.conversation.language)
    since = services.clock.now() - timedelta(days=1)
    today = sum(
        "sha256" in file
        for row in dossier.exchanges
        if row.direction == IN and row.channel == "webchat" and row.at > since
        for file in row.content.get("attachments", ())
    )
    try:
        fields, files = await _read(request, min(MOST_FILES, max(MOST_A_DAY - today, 0)))
    except ValueError:
        title = N_("This form arrived damaged.")
        return sorry(request, 400, title, N_("Nothing was sent. Please go back and try once more."), spoken(request))
    text = fields.get("text", "").strip()
    if files or text:
        words = text or ", ".join(str(file["name"]) for file in files)
        await take_in(
            services.store, services.clock, ticket.customer_id, "webchat", words, (fields.get("id") or new_id())[:64],
            address=ticket.visit, metadata={"attachments": files} | ({} if text else {"wordless": True}),
        )  # fmt: skip
        services.wake()
        await services.answer(ticket.customer_id)
    if request.headers.get("HX-Request"):
        return web.Response(status=204, headers={"HX-Trigger": "refresh"})
    raise web.HTTPSeeOther(request.path.removesuffix("/files"))


async def _read(request: web.Request, room: int) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The fields of the form, and what goes on record of its files, kept one by one as they come.

    Beyond `room` files nothing is kept. Raises ValueError for a broken form.
    """
    fields: dict[str, str] = {}
    found: list[dict[str, Any]] = []
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, MultipartReader):
                raise ValueError("a form within a form")
            name = part.filename
            if name is None:
                fields[part.name or ""] = (await _body(part, 4 * LONGEST)).decode("utf-8", "replace")
            elif name:
                kept = len([file for file in found if "sha256" in file])
                if kept < room:
                    body: bytes | None = await _body(part, MOST_BYTES)
                else:
                    body = None
                    await _drain(part)
                found.append(await keep_body(name, body, site(request).files))
    except (web.HTTPException, OSError):
        raise
    except Exception as error:
        # A broken body fails wherever the parser stumbles first, with whatever error that place raises.
        raise ValueError("no form") from error
    return fields, found


async def _body(part: BodyPartReader, most: int) -> bytes:
    """The content of a part; one byte more than `most` tells that it was longer, and the rest is let pass."""
    body = bytearray()
    while piece := await part.read_chunk(_PIECE):
        if len(body) <= most:
            body += piece
    return bytes(body[: most + 1])


async def _drain(part: BodyPartReader) -> None:
    while await part.read_chunk(_PIECE):
        pass
