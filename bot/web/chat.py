"""The customer's chat page."""

from collections.abc import Sequence

from aiohttp import web

from bot.domain.dossier import Dossier
from bot.domain.messages import IN, OUT, Exchange
from bot.i18n import N_
from bot.intake import take_in
from bot.ports import new_id
from bot.web.site import page, site, sorry, spoken
from payment_links.tokens import BadToken, ChatTicket, ExpiredToken

routes = web.RouteTableDef()
SHOWN = 200


@routes.get("/chat")
async def start(request: web.Request) -> web.Response:
    """Ask for the reference that stands on every message of ours."""
    return page(request, "chat_start.html", language=spoken(request), wrong=False)


@routes.post("/chat")
async def open_chat(request: web.Request) -> web.Response:
    """Open the chat of a reference or invoice number; whose it is must still be proved inside."""
    form = await request.post()
    reference = str(form.get("reference", "")).strip()
    store = site(request).store
    found = None
    if reference:
        found = await store.customer_id(reference) or await store.customer_by_invoice(reference)
    if found is None:
        return page(request, "chat_start.html", status=404, language=spoken(request), wrong=True)
    raise web.HTTPSeeOther(f"/chat/{site(request).tokens.chat(found, new_id())}")


@routes.get("/chat/{token}")
async def show(request: web.Request) -> web.Response:
    """The conversation so far."""
    ticket, dossier = await _dossier(request)
    rows = visible(dossier.exchanges, ticket)
    return page(
        request, "chat.html", language=dossier.conversation.language, rows=rows, token=request.match_info["token"],
        after=rows[-1].seq if rows else 0, status_=dossier.conversation.status,
    )  # fmt: skip


@routes.get("/chat/{token}/log")
async def log(request: web.Request) -> web.Response:
    """What is new since a place in the log; 204 when nothing is."""
    ticket, dossier = await _dossier(request)
    after = int(request.query.get("after", "0")) if request.query.get("after", "0").isdigit() else 0
    rows = [row for row in visible(dossier.exchanges, ticket) if row.seq > after]
    if not rows:
        return web.Response(status=204)
    return page(
        request, "chat_rows.html", language=dossier.conversation.language, rows=rows, after=rows[-1].seq,
        token=request.match_info["token"], status_=dossier.conversation.status,
    )  # fmt: skip


@routes.post("/chat/{token}")
async def say(request: web.Request) -> web.Response:
    """Keep the customer's message, then answer it."""
    ticket, _ = await _dossier(request)
    form = await request.post()
    text, payload = str(form.get("text", "")).strip(), str(form.get("payload", "")) or None
    if text or payload:
        services = site(request)
        # A repeated post of the same form (double click, lost answer) carries the same id and is kept once.
        message_id = str(form.get("id") or new_id())[:64]
        await take_in(
            services.store, services.clock, ticket.customer_id, "webchat", text or str(payload), message_id,
            payload=payload, address=ticket.visit,
        )  # fmt: skip
        services.wake()
        await services.answer(ticket.customer_id)
    if request.headers.get("HX-Request"):
        return web.Response(status=204, headers={"HX-Trigger": "refresh"})
    raise web.HTTPSeeOther(request.path)


def visible(exchanges: Sequence[Exchange], ticket: ChatTicket) -> list[Exchange]:
    """What was said in this visit. Another visit, proved or not, may have named what this one must not show."""
    rows = [
        row
        for row in exchanges
        if row.channel == "webchat"
        and row.address == ticket.visit
        and (row.direction == IN or (row.direction == OUT and row.state != "withheld"))
    ]
    return rows[-SHOWN:]


async def _dossier(request: web.Request) -> tuple[ChatTicket, Dossier]:
    language = spoken(request)
    try:
        ticket = site(request).tokens.ticket(request.match_info["token"])
    except ExpiredToken:
        raise _refuse(
            request, 410, N_("This chat link has expired."), N_("Open the chat again with your reference."), language
        ) from None
    except BadToken:
        raise _refuse(
            request,
            404,
            N_("This chat link is not valid."),
            N_("Open the link from our message again, or start with your reference."),
            language,
        ) from None
    dossier = await site(request).store.dossier(ticket.customer_id, exchanges=SHOWN)
    if dossier is None:
        raise _refuse(
            request,
            404,
            N_("This chat link is not valid."),
            N_("Open the link from our message again, or start with your reference."),
            language,
        )
    return ticket, dossier


def _refuse(request: web.Request, status: int, title: str, text: str, language: str) -> web.HTTPException:
    made = sorry(request, status, title, text, language)
    kind = web.HTTPGone if status == 410 else web.HTTPNotFound
    return kind(text=made.text, content_type="text/html")
