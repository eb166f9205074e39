"""The payment page behind our signed links."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.accounts import PaymentLink
from bot.domain.dossier import Dossier
from bot.domain.late_charges import added
from bot.domain.letters import copies_of
from bot.domain.support import in_language
from bot.i18n import N_
from bot.ports import ProviderDown, Stale, new_id
from bot.web.amounts import read_amount
from bot.web.chat import known_visit
from bot.web.plan_page import PlanView, agree, consent, plan_of
from bot.web.site import form, page, security_policy, site, sorry, spoken
from payment_links.sandbox import Sandbox
from payment_links.tokens import BadToken

routes = web.RouteTableDef()
# Below this, in minor units, a card costs more than it brings; a smaller claim may still be paid whole.
SMALLEST = 100
# How long the end page waits for a notice that is under way before it says so: looks, and seconds between them.
LOOKS, LOOK_EVERY = 20, 0.1
UNREADABLE = N_("We could not read this amount. Please write it like this: {example}.")
TOO_MUCH = N_("This is more than what is outstanding. You can pay at most {most}.")
TOO_LITTLE = N_("The smallest payment is {least}.")


@dataclass(frozen=True)
class Refusal:
    """Why a sum cannot be paid, and what was written, so that it can be mended."""

    text: str
    written: str


@dataclass(frozen=True)
class End:
    """How a payment ended."""

    received: bool
    at: datetime
    minor: int = 0


@dataclass(frozen=True)
class Bill:
    """A payment link with what it is for."""

    dossier: Dossier
    link: PaymentLink
    state: str
    today: date
    plan: PlanView | None = None

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

    @property
    def added(self) -> dict[str, int]:
        """What is open as invoiced, and of what was added."""
        return added(self.dossier)

    @property
    def overdue(self) -> int:
        """What is past its day, where that is neither all nor what the page proposes; else 0."""
        minor = self.dossier.arrears(self.today).minor
        return minor if self.least <= minor < self.most and minor != self.asked else 0

    @property
    def invoice(self) -> str | None:
        """The number of the invoice that this page is for, where the customer singled one out."""
        return next((item.number for item in self.dossier.invoices if item.id == self.link.invoice_id), None)

    @property
    def least(self) -> int:
        """What may be paid at least."""
        return min(SMALLEST, self.asked)

    def refuses(self, minor: int, written: str = "") -> Refusal | None:
        """Why this sum cannot be paid; None when it can."""
        if minor > self.most:
            return Refusal(TOO_MUCH, written)
        return Refusal(TOO_LITTLE, written) if minor < self.least else None


@routes.get("/pay/{token}")
async def show(request: web.Request) -> web.Response:
    """The invoice and the choice between all and a part."""
    return _page(request, await _bill(request))


@routes.post("/pay/{token}")
async def choose(request: web.Request) -> web.Response:
    """Check the chosen sum and go to the provider."""
    bill = await _bill(request)
    fields = await form(request)
    choice, written = fields.get("choice", "asked"), fields.get("amount", "")[:40]
    # Who writes a sum and leaves the choice as it came means the sum.
    if choice == "part" or (choice == "asked" and written.strip()):
        try:
            minor = read_amount(written, bill.link.currency).minor
        except ValueError:
            return _page(request, bill, Refusal(UNREADABLE, written))
        if refusal := bill.refuses(minor, written):
            return _page(request, bill, refusal)
    else:
        minor = {"balance": bill.most, "overdue": bill.overdue}.get(choice, 0) or bill.asked
    save = bool(fields.get("save")) and bill.plan is not None and bool(bill.plan.later)
    try:
        if save and bill.plan is not None:
            await agree(site(request), bill.dossier, bill.plan, bill.link.id)
        url = await site(request).provider.checkout_url(bill.link, bill.dossier, minor, save)
    except (ProviderDown, Stale):
        # The link stays as it is: the same button works as soon as the provider does.
        text = N_("Nothing is lost. Please try again in a moment.")
        return sorry(request, 503, N_("Something went wrong on our side."), text, bill.language)
    raise web.HTTPSeeOther(url)


@routes.get("/pay/{token}/invoices.pdf")
async def copies(request: web.Request) -> web.Response:
    """The open invoices to keep, as the book has them."""
    bill, services = await _bill(request), site(request)
    link = f"{services.public_url}/pay/{request.match_info['token']}"
    told = copies_of(bill.dossier, services.creditor, link)
    if told is None:
        raise web.HTTPNotFound
    body = await asyncio.to_thread(services.print_copies, told, bill.language, services.clock.now())
    shown = {"Content-Disposition": f'inline; filename="{told["reference"]}.pdf"'.encode("ascii", "replace").decode()}
    return web.Response(body=body, content_type="application/pdf", headers=shown)


@routes.get("/pay/{token}/card")
async def card(request: web.Request) -> web.Response:
    """The sandbox provider's page: choose how the pretended card behaves."""
    _sandbox(request)
    bill = await _bill(request)
    minor = _asked(request, bill)
    if refusal := bill.refuses(minor):
        return _page(request, bill, refusal)
    return page(request, "pay_card.html", language=bill.language, bill=bill, minor=minor, event=new_id(),
                save=request.query.get("save", ""), token=request.match_info["token"])  # fmt: skip


@routes.post("/pay/{token}/card")
async def settle(request: web.Request) -> web.Response:
    """What the sandbox provider would post to a webhook takes that same way."""
    sandbox = _sandbox(request)
    fields = await form(request)
    bill = await _bill(request)
    minor = _asked(request, bill)
    if refusal := bill.refuses(minor):
        return _page(request, bill, refusal)
    services = site(request)
    accepted = fields.get("outcome") == "accept"
    event_id = (fields.get("id") or new_id())[:64]
    save = bool(fields.get("save"))
    notice = sandbox.notice(bill.link, minor, accepted, event_id, services.clock.now(), save)
    await services.store.add_notice(notice)
    services.wake()
    raise web.HTTPSeeOther(f"/pay/{request.match_info['token']}/{'done' if accepted else 'refused'}")


@routes.get("/privacy")
async def privacy(request: web.Request) -> web.Response:
    """How personal data are used (GDPR, art. 13 and 14)."""
    return page(request, "privacy.html", language=spoken(request), owner=_owner(request))


@routes.get("/pay/{token}/{end:done|refused}")
async def ended(request: web.Request) -> web.Response:
    """How the payment ended by the ledger, whatever the address says; and the way back to the conversation."""
    bill = await _bill(request, even_paid=True)
    for _ in range(LOOKS):
        # The provider sends the browser back as fast as its notice: both are a moment under way.
        if not await _under_way(request, bill):
            break
        await asyncio.sleep(LOOK_EVERY)
    bill = await _bill(request, even_paid=True)
    pending = await _under_way(request, bill)
    end = None if pending else latest(bill)
    return page(
        request, "pay_end.html", language=bill.language, bill=bill, pending=pending, end=end,
        chat=known_visit(request, bill.dossier.customer.id), token=request.match_info["token"],
    )  # fmt: skip


def latest(bill: Bill) -> End | None:
    """The last thing that the ledger and the record tell of this link: money received, or a payment refused."""
    received = [
        End(True, payment.paid_at, payment.amount_minor)
        for payment in bill.dossier.payments
        if payment.link_id == bill.link.id
    ]
    refused = [
        End(False, row.at)
        for row in bill.dossier.exchanges
        if row.purpose == "payment_failed" and row.content.get("link_id") == bill.link.id
    ]
    return max([*received, *refused], key=lambda end: end.at, default=None)


async def _under_way(request: web.Request, bill: Bill) -> bool:
    notices = await site(request).store.pending_notices()
    return any(notice.link_id == bill.link.id for notice in notices)


def _sandbox(request: web.Request) -> Sandbox:
    """The provider that moves no money; where a real one is configured, its page does not exist."""
    provider = site(request).provider
    if not isinstance(provider, Sandbox):
        raise web.HTTPNotFound
    return provider


def _page(request: web.Request, bill: Bill, refusal: Refusal | None = None) -> web.Response:
    shown = page(
        request, "pay.html", status=422 if refusal else 200, language=bill.language, bill=bill, refusal=refusal,
        token=request.match_info["token"], chat=known_visit(request, bill.dossier.customer.id),
        owner=_owner(request), advice=_advice(request, bill),
        consent=consent(site(request), bill.plan, bill.language) if bill.plan else "",
    )  # fmt: skip
    # Browsers hold a form to this policy even when its answer leads on to the provider.
    shown.headers["Content-Security-Policy"] = security_policy(site(request).provider.form_targets)
    return shown


def _owner(request: web.Request) -> dict[str, str]:
    """Whose claim it is: ours, or that of whom we collect for."""
    facts = site(request).creditor
    ours = facts.get("role", "creditor") == "creditor"
    name = facts.get("legal_name") or facts["name"]
    return {
        "name": str(name if ours else facts.get("owner") or name),
        "address": str((facts.get("address") if ours else facts.get("owner_address")) or ""),
    }


def _advice(request: web.Request, bill: Bill) -> str:
    """Where the customer finds free debt advice in their country."""
    country = site(request).support.country(bill.dossier.customer.jurisdiction)
    found = in_language(country.debt_advice, bill.language)
    return ", ".join(filter(None, (found[0].name, found[0].reach))) if found else ""


def _asked(request: web.Request, bill: Bill) -> int:
    text = request.query.get("amount")
    if text is None:
        return bill.asked
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


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
    today = services.clock.now().astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    bill = Bill(dossier, link, state, today, plan_of(dossier, link.plan_id, today))
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
