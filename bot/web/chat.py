"""The customer's chat page."""

from collections.abc import Sequence

from aiohttp import web

from bot.conversation import replies
from bot.conversation.dialogue import Reply
from bot.conversation.responses import choose
from bot.domain.dossier import Dossier
from bot.domain.messages import IN, OUT, Exchange
from bot.i18n import N_
from bot.intake import take_in
from bot.ports import new_id
from bot.web.site import customer_named, form, page, site, sorry, spoken
from payment_links.tokens import BadToken, ChatTicket, ExpiredToken

routes = web.RouteTableDef()
SHOWN = 200
# The visit of this browser: the payment page leads back into the conversation that it came from.
COOKIE = "relance_chat"


@routes.get("/chat")
async def start(request: web.Request) -> web.Response:
    """Ask for the reference that stands on every message of ours."""
    return page(request, "chat_start.html", language=spoken(request), wrong=False, reference="")


@routes.post("/chat")
async def open_chat(request: web.Request) -> web.Response:
    """Open the chat of a reference or invoice number; whose it is must still be proved inside."""
    reference = (await form(request)).get("reference", "")[:80]
    found = await customer_named(request, reference)
    if found is None:
        return page(request, "chat_start.html", status=404, language=spoken(request), wrong=True, reference=reference)
    raise web.HTTPSeeOther(f"/chat/{site(request).tokens.chat(found, new_id())}")


@routes.get("/chat/{token}")
async def show(request: web.Request) -> web.Response:
    """The conversation so far."""
    ticket, dossier = await opened(request)
    rows = visible(dossier.exchanges, ticket)
    response = page(
        request, "chat.html", language=dossier.conversation.language, rows=rows, token=request.match_info["token"],
        after=rows[-1].seq if rows else 0, status_=dossier.conversation.status, answered=_answered(rows),
        greeting=_greeting(request, dossier),
    )  # fmt: skip
    response.set_cookie(
        COOKIE, request.match_info["token"], httponly=True, samesite="Lax", secure=request.secure or site(request).https
    )
    return response


@routes.get("/chat/{token}/log")
async def log(request: web.Request) -> web.Response:
    """What is new since a place in the log; 204 when nothing is."""
    ticket, dossier = await opened(request)
    after = _number(request.query.get("after", ""))
    status = dossier.conversation.status
    every = visible(dossier.exchanges, ticket)
    rows = [row for row in every if row.seq > after]
    if not rows and request.query.get("status") == status:
        return web.Response(status=204)
    return page(
        request, "chat_rows.html", language=dossier.conversation.language, rows=rows,
        after=rows[-1].seq if rows else after, token=request.match_info["token"], status_=status,
        answered=_answered(every),
    )  # fmt: skip


@routes.post("/chat/{token}")
async def say(request: web.Request) -> web.Response:
    """Keep the customer's message, then answer it."""
    ticket, _ = await opened(request)
    fields = await form(request)
    text, payload = fields.get("text", "").strip(), fields.get("payload") or None
    if text or payload:
        services = site(request)
        # A repeated post of the same form (double click, lost answer) carries the same id and is kept once.
        message_id = (fields.get("id") or new_id())[:64]
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


def known_visit(request: web.Request, customer_id: str) -> str:
    """The chat of this browser with this customer, or a new visit."""
    tokens, token = site(request).tokens, request.cookies.get(COOKIE, "")
    try:
        if tokens.ticket(token).customer_id == customer_id:
            return f"/chat/{token}"
    except BadToken:
        pass
    return f"/chat/{tokens.chat(customer_id, new_id())}"


def _greeting(request: web.Request, dossier: Dossier) -> replies.Rendered | None:
    """What the assistant offers before a word is said, as the script greets; part of the page, not of the talk."""
    services, name = site(request), "utter_greet"
    wording = choose(services.desk.turns.script, name, {}, "webchat")
    if wording is None:
        return None
    said = Reply(name, wording.text, buttons=list(wording.buttons))
    known = {"creditor_name": services.creditor["name"]}
    try:
        return replies.render(said, known, dossier.conversation.language, "webchat", services.catalogues)
    except KeyError:
        # The script greets with facts that only an identified customer may see: then nothing is said ahead.
        return None


def _answered(rows: Sequence[Exchange]) -> int:
    """The place of the customer's latest message: choices above it are spent."""
    return max((row.seq for row in rows if row.direction == IN), default=0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


async def opened(request: web.Request) -> tuple[ChatTicket, Dossier]:
    """The visit and the customer of a chat link; raises the page that says why it does not open."""
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
