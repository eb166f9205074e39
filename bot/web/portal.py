"""The payment page behind our signed links."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from aiohttp import web

from bot.domain.accounts import PaymentLink
from bot.domain.dossier import Dossier
from bot.domain.money import Money, from_major
from bot.i18n import N_
from bot.ports import new_id
from bot.web.site import page, site, sorry, spoken
from payment_links.tokens import BadToken

routes = web.RouteTableDef()


@dataclass(frozen=True)
class Bill:
    """A payment link with what it is for."""

    dossier: Dossier
    link: PaymentLink
    state: str

    @property
    def language(self) -> str:
        """The customer's language."""
        return self.dossier.conversation.language

    @property
    def most(self) -> int:
        """What may be paid at most: what is open."""
        return self.dossier.balance().minor

    @property
    def asked(self) -> int:
        """What the page proposes: what the link still waits for, never more than what is still open."""
        return min(self.link.amount_minor - self.link.received(self.dossier.payments), self.most)


@routes.get("/pay/{token}")
async def show(request: web.Request) -> web.Response:
    """The invoice and the choice between all and a part."""
    bill = await _bill(request)
    return _page(request, bill)


@routes.post("/pay/{token}")
async def choose(request: web.Request) -> web.Response:
    """Check the chosen sum and go to the provider."""
    bill = await _bill(request)
    form = await request.post()
    if form.get("choice") == "part":
        try:
            amount = _read(str(form.get("amount", "")), bill.link.currency)
        except ValueError:
            return _page(request, bill, wrong=N_("Please write an amount such as 25.00."))
        if amount.minor > bill.most:
            return _page(request, bill, wrong=N_("This is more than what is outstanding."))
        if amount.minor < 100:
            return _page(request, bill, wrong=N_("The smallest payment is 1.00."))
        minor = amount.minor
    elif form.get("choice") == "balance":
        minor = bill.most
    else:
        minor = bill.asked
    url = await site(request).provider.checkout_url(bill.link, bill.dossier, minor)
    raise web.HTTPSeeOther(url)


@routes.get("/pay/{token}/card")
async def card(request: web.Request) -> web.Response:
    """The sandbox provider's page: choose how the pretended card behaves."""
    bill = await _bill(request)
    return page(request, "pay_card.html", language=bill.language, bill=bill, minor=_asked(request, bill),
                token=request.match_info["token"])  # fmt: skip


@routes.post("/pay/{token}/card")
async def settle(request: web.Request) -> web.Response:
    """What the sandbox provider would post to a webhook takes that same way."""
    bill = await _bill(request)
    form = await request.post()
    services = site(request)
    accepted = form.get("outcome") == "accept"
    event_id = str(form.get("id") or new_id())[:64]
    notice = services.provider.notice(bill.link, _asked(request, bill), accepted, event_id, services.clock.now())
    await services.store.add_notice(notice)
    services.wake()
    raise web.HTTPSeeOther(f"/pay/{request.match_info['token']}/{'done' if accepted else 'refused'}")


@routes.get("/pay/{token}/done")
async def done(request: web.Request) -> web.Response:
    """Thanks, and the way back to the conversation."""
    bill = await _bill(request, even_paid=True)
    return page(request, "pay_done.html", language=bill.language, bill=bill, chat=_chat(request, bill))


@routes.get("/pay/{token}/refused")
async def refused(request: web.Request) -> web.Response:
    """The card was refused: say so kindly and offer other ways."""
    bill = await _bill(request)
    return page(request, "pay_refused.html", language=bill.language, bill=bill, chat=_chat(request, bill),
                token=request.match_info["token"])  # fmt: skip


def _page(request: web.Request, bill: Bill, wrong: str | None = None) -> web.Response:
    return page(
        request, "pay.html", status=422 if wrong else 200, language=bill.language, bill=bill, wrong=wrong,
        token=request.match_info["token"], chat=_chat(request, bill),
    )  # fmt: skip


def _chat(request: web.Request, bill: Bill) -> str:
    return f"/chat/{site(request).tokens.chat(bill.dossier.customer.id, new_id())}"


def _asked(request: web.Request, bill: Bill) -> int:
    text = request.query.get("amount", "")
    minor = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else bill.asked
    return max(1, min(minor, bill.most))


def _read(text: str, currency: str) -> Money:
    """An amount as people type it: 25, 25.5, 25,50."""
    plain = text.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "").strip("€$£").replace(",", ".")
    try:
        Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    return from_major(plain, currency)


async def _bill(request: web.Request, even_paid: bool = False) -> Bill:
    services, language = site(request), spoken(request)
    try:
        link_id = services.tokens.link_id(request.match_info["token"])
    except BadToken:
        raise _gone(
            request,
            404,
            N_("This payment link is not valid."),
            N_("Please open the link from our message again."),
            language,
        ) from None
    customer_id = await services.store.customer_by_link(link_id)
    dossier = await services.store.dossier(customer_id) if customer_id else None
    link = next((item for item in dossier.links if item.id == link_id), None) if dossier else None
    if dossier is None or link is None:
        raise _gone(
            request,
            404,
            N_("This payment link is not valid."),
            N_("Please open the link from our message again."),
            language,
        )
    language = dossier.conversation.language
    state = link.state(dossier.payments, services.clock.now())
    bill = Bill(dossier, link, state)
    if even_paid:
        return bill
    if state == "paid" or bill.most <= 0:
        raise _gone(request, 410, N_("This has been paid. Thank you!"), N_("There is nothing more to do."), language)
    if state != "open":
        raise _gone(
            request,
            410,
            N_("This payment link has expired."),
            N_("Ask for a new one in the chat: it takes one message."),
            language,
        )
    stopping = {"surendettement_fr", "bankruptcy", "breathing_space_gb", "mental_health_crisis_gb", "deceased"}
    # Where the law forbids or suspends payment, the link must not take money (C. conso L722-5; 11 USC 362).
    if any(hold.kind in stopping for hold in dossier.holds_in_force(services.clock.now())):
        raise _gone(
            request,
            409,
            N_("Payment is suspended for the moment."),
            N_("A colleague is looking after your account and will write to you."),
            language,
        )
    return bill


def _gone(request: web.Request, status: int, title: str, text: str, language: str) -> web.HTTPException:
    made = sorry(request, status, title, text, language)
    kind = {404: web.HTTPNotFound, 409: web.HTTPConflict}.get(status, web.HTTPGone)
    return kind(text=made.text, content_type="text/html")
