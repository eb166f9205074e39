"""A payment notice becomes ledger facts, and the customer gets a receipt."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.conversation.turn import Contact, Turns
from bot.domain.accounts import Allocation, Payment, PaymentLink
from bot.domain.allocation import left_of, of_reference
from bot.domain.case import Case
from bot.domain.ledger.reading import unrecorded
from bot.domain.messages import Exchange
from bot.domain.methods import FAILED, PLAN, SUCCEEDED, ChargeAttempt, PaymentMethod
from bot.domain.money import Money
from bot.i18n import N_
from bot.ports import Keeping, PaymentNotice, PaymentProvider, ProviderDown, Stale, Store, new_id

log = logging.getLogger(__name__)

TRIES = 5
AT_ONCE = 500
# Money given back or taken back on a payment that was booked before.
MOVED = {"payment_refunded": "refund", "payment_reversed": "reversal", "payment_reinstated": "reinstatement"}
# A later notice may overtake the one of the payment itself: so long it waits, then a person must look.
OVERTAKING = timedelta(days=3)
# What tells of money by the customer's name: a bank statement, an agent's hand.
BY_NAME = ("bank", "hand")
ANSWER_WITHIN = timedelta(hours=24)
GIVE_BACK_WITHIN = timedelta(hours=24)
LOOK_WITHIN = timedelta(hours=24)
# Why a notice cannot be booked, as the console tells it to a person.
NO_LINK = N_("It names no payment page of ours.")
NO_CHARGE = N_("It names no charge of ours.")
NO_CUSTOMER = N_("It names no customer of ours.")
NO_PAYMENT = N_("It names no payment that we have booked.")
NOT_THAT_LINK = N_("Its sum or currency does not fit the payment page.")
NOT_THAT_CHARGE = N_("Its sum or currency does not fit the charge.")
NOT_OWED = N_("Nothing is owed in its currency.")
NO_SUM = N_("It brings no sum in the currency of the payment.")
MORE_THAN_LEFT = N_("More is taken back than is left of the payment.")
# So long nothing further is asked after the customer was told that an agreed charge failed.
MEND_WITHIN = timedelta(days=3)
TOLD_ON = ("email", "sms", "telegram", "whatsapp")


class Payments:
    """Settles notices, each exactly once however often and in whatever order they come."""

    def __init__(self, store: Store, turns: Turns, provider: PaymentProvider) -> None:
        self._store = store
        self._turns = turns
        self.provider = provider

    async def settle_pending(self) -> list[Exchange]:
        """Settle what waits, so many at once that customers who write are answered between; the receipts queued.

        A notice that has overtaken its payment waits and keeps none behind it.
        """
        receipts: list[Exchange] = []
        settled, after = 0, None
        while settled < AT_ONCE and (page := await self._store.pending_notices(after=after)):
            for notice in page:
                try:
                    receipts += await self.settle(notice)
                    settled += 1
                except Stale:
                    # The customer is writing at this very moment; the notice waits for the next pass.
                    continue
                except ProviderDown:
                    log.error("notice %s/%s waits: the provider is down", notice.provider, notice.event_id)
            after = page[-1]
        return receipts

    async def settle(self, notice: PaymentNotice) -> tuple[Exchange, ...]:
        """Book one notice; what cannot be booked safely is quarantined for a person and nothing is lost."""
        for _ in range(TRIES):
            try:
                return await self._settle(notice)
            except Stale:
                continue
        raise Stale(notice.link_id)

    async def _settle(self, notice: PaymentNotice) -> tuple[Exchange, ...]:
        if notice.kind in MOVED:
            await self._afterwards(notice)
            return ()
        if notice.detail.get("attempt"):
            return await self._settle_charge(notice)
        if notice.provider in BY_NAME:
            return await self._settle_named(notice)
        customer_id = await self._store.customer_by_link(notice.link_id)
        dossier = await self._store.dossier(customer_id) if customer_id else None
        link = next((item for item in dossier.links if item.id == notice.link_id), None) if dossier else None
        if dossier is None or link is None:
            await self._set_aside(notice, NO_LINK)
            return ()
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        if notice.kind == "payment_succeeded" and (notice.amount_minor <= 0 or notice.currency != link.currency):
            await self._quarantine(work, notice, NOT_THAT_LINK)
            return ()
        if notice.kind == "payment_succeeded":
            if any(payment.reference == _reference(notice) for payment in dossier.payments):
                # The provider tells one payment in several events: it is booked already.
                await self._store.close_notice(notice, "settled", None)
                return ()
            self._book(work, notice)
            await self._keep_method(work, notice, link)
            intent = "contact_payment_received"
        else:
            work.note("payment_failed", str(notice.detail.get("decline_code", "declined")), link_id=link.id)
            intent = "contact_payment_failed"
        return await self._tell(work, notice, intent)

    async def _tell(self, work: Case, notice: PaymentNotice, intent: str) -> tuple[Exchange, ...]:
        """Settle the notice with a receipt to the customer."""
        sum_ = Money(notice.currency, notice.amount_minor)
        contact = Contact(intent, work.channel, None, "receipt", values={"amount": sum_.json()})
        queued, events = await self._turns.play(work, contact)
        # A receipt is owed whoever holds the conversation: it is the house's word, not the bot's.
        queued = tuple(replace(row, author="system") for row in queued)
        changes = work.changes(work.conversation.version, queued, events=events)
        await self._store.close_notice(notice, "settled", changes)
        return queued

    async def _settle_charge(self, notice: PaymentNotice) -> tuple[Exchange, ...]:
        """What became of a charge of ours. A failure is told only where the customer had named the day."""
        attempt_id = str(notice.detail["attempt"])
        customer_id = await self._store.customer_by_charge(attempt_id)
        dossier = await self._store.dossier(customer_id) if customer_id else None
        attempt = next((item for item in dossier.charges if item.id == attempt_id), None) if dossier else None
        if dossier is None or attempt is None:
            await self._set_aside(notice, NO_CHARGE)
            return ()
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        if (notice.amount_minor, notice.currency) != (attempt.amount_minor, attempt.currency):
            await self._quarantine(work, notice, NOT_THAT_CHARGE)
            return ()
        paid = notice.kind == "payment_succeeded"
        told = any(payment.reference == _reference(notice) for payment in dossier.payments)
        if attempt.state == SUCCEEDED or told or (attempt.state == FAILED and not paid):
            await self._store.close_notice(notice, "settled", None)
            return ()
        code, advice = notice.detail.get("code"), notice.detail.get("advice")
        work.save(replace(attempt, state=SUCCEEDED if paid else FAILED, code=code, advice=advice, ended_at=notice.at))
        if paid:
            self._book(work, notice)
            return await self._tell(work, notice, "contact_payment_received")
        work.note("charge_failed", f"{code or 'declined'}: {notice.amount_minor} {notice.currency} were not taken",
                  attempt=attempt.id, about=attempt.about, code=code, advice=advice)  # fmt: skip
        queued, events = await self._agreed_charge_failed(work, attempt, code) if attempt.agreed else ((), ())
        await self._store.close_notice(
            notice, "settled", work.changes(dossier.conversation.version, queued, events=events)
        )
        return queued

    async def _agreed_charge_failed(
        self, work: Case, attempt: ChargeAttempt, code: str | None
    ) -> tuple[tuple[Exchange, ...], tuple[dict[str, Any], ...]]:
        """Whoever expects the charge must hear that it failed; it asks for money, so the governor binds it."""
        point = next((p for p in work.dossier.contact_points if p.open and p.proved and p.channel in TOLD_ON), None)
        method = next((item for item in work.dossier.methods if item.id == attempt.method_id), None)
        if point is None:
            return (), ()
        values = {
            "amount": Money(attempt.currency, attempt.amount_minor).json(), "code": code or "declined",
            "card": method.label if method else "", "deadline": (work.today + MEND_WITHIN).isoformat(),
        }  # fmt: skip
        content = {"about": f"charge_failed:{attempt.id}", "wait_days": MEND_WITHIN.days}
        work.channel = point.channel
        contact = Contact("contact_agreed_charge_failed", point.channel, point.address, "reminder", values=values,
                          content=content)  # fmt: skip
        return await self._turns.play(work, contact)

    async def _settle_named(self, notice: PaymentNotice) -> tuple[Exchange, ...]:
        """Money that came without a link of ours, for the customer and the invoices that were named."""
        customer_id = notice.detail.get("customer")
        dossier = await self._store.dossier(str(customer_id)) if customer_id else None
        if dossier is None or notice.kind != "payment_succeeded" or notice.amount_minor <= 0:
            await self._set_aside(notice, NO_CUSTOMER)
            return ()
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        if not any(invoice.currency == notice.currency for invoice in dossier.invoices):
            await self._quarantine(work, notice, NOT_OWED)
            return ()
        mine = {invoice.id for invoice in dossier.invoices}
        if notice.provider == "hand":
            told = notice.detail
            words = f"{told.get('by')} took {notice.amount_minor} {notice.currency} in {told.get('kind')}"
            work.note("by_hand", f"{words}: {told.get('proof')}", agent=told.get("agent"))
        self._book(work, notice, tuple(one for one in notice.detail.get("named", ()) if one in mine))
        return await self._tell(work, notice, "contact_payment_received")

    async def _quarantine(self, work: Case, notice: PaymentNotice, why: str) -> None:
        """What does not fit the customer's record is not booked: an agent finds it in their queue."""
        work.note("quarantine", why, notice=notice.event_id, amount_minor=notice.amount_minor,
                  currency=notice.currency)  # fmt: skip
        asked = next((item for item in work.dossier.errands() if item.reason == "unfit_payment"), None)
        told = {"amount": {"minor": notice.amount_minor, "currency": notice.currency}, "why": why,
                "reference": _reference(notice)}  # fmt: skip
        before = list(asked.proposal.get("notices", ())) if asked else []
        sum_ = Money(notice.currency, notice.amount_minor)
        work.errand("unfit_payment", f"{sum_.major} {sum_.currency} ({told['reference']}): {why}", LOOK_WITHIN,
                    {"notices": [*before, told]})  # fmt: skip
        detail = {**notice.detail, "customer": work.customer.id, "reason": why}
        changes = work.changes(work.conversation.version)
        await self._store.close_notice(replace(notice, detail=detail), "quarantined", changes)

    async def _set_aside(self, notice: PaymentNotice, why: str) -> None:
        """What names nobody stands in the console's list of payments without a customer."""
        log.error("notice %s/%s is quarantined: %s", notice.provider, notice.event_id, why)
        detail = {**notice.detail, "customer": None, "reason": notice.detail.get("reason") or why}
        await self._store.close_notice(replace(notice, detail=detail), "quarantined", None)

    async def _afterwards(self, notice: PaymentNotice) -> None:
        """Money of a booked payment was given back, taken back or returned to us: invoices open or close again."""
        reference = _reference(notice)
        customer_id = await self._store.customer_by_payment(reference)
        dossier = await self._store.dossier(customer_id) if customer_id else None
        payment = next((item for item in dossier.payments if item.reference == reference), None) if dossier else None
        if dossier is None or payment is None:
            if self._turns.clock.now() - _received(notice) > OVERTAKING:
                await self._set_aside(notice, NO_PAYMENT)
            return
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        sign = 1 if notice.kind == "payment_reinstated" else -1
        moved = replace(
            payment, id=new_id(), amount_minor=sign * notice.amount_minor, paid_at=notice.at,
            reference=of_reference(reference, notice.event_id), kind=MOVED[notice.kind],
        )  # fmt: skip
        flaw = _flaw(notice, payment, left_of(payment, dossier.payments))
        if flaw is not None:
            await self._quarantine(work, notice, flaw)
            return
        work.save(moved)
        record_allocations(work)
        work.note(notice.kind, f"{notice.amount_minor} {notice.currency} of an earlier payment", payment_id=payment.id,
                  reason=notice.detail.get("reason"))  # fmt: skip
        if notice.detail.get("reason") == "chargeback" and sign < 0:
            # Who calls the bank contests the claim: nothing is asked for until a person has looked.
            work.dispute("chargeback")
            work.hold("dispute", "a chargeback at the customer's bank")
            work.hand_off(
                "dispute_invoice",
                f"The bank took back {Money(moved.currency, notice.amount_minor).major} {moved.currency}.",
                ANSWER_WITHIN,
            )
        await self._store.close_notice(notice, "settled", work.changes(dossier.conversation.version))

    async def _keep_method(self, work: Case, notice: PaymentNotice, link: PaymentLink) -> None:
        """Keep the method that was paid with for the rest of the plan, if the customer's consent is on record."""
        told = notice.detail.get("method")
        if notice.detail.get("save") and isinstance(self.provider, Keeping):
            told = await self.provider.kept_method(str(notice.detail.get("payment", "")))
        if not isinstance(told, Mapping) or link.plan_id is None:
            return
        rows = [row for row in await self._store.log(work.customer.id) if row.content.get("link_id") == link.id]
        given = next((row for row in reversed(rows) if row.purpose == "consent"), None)
        if given is None:
            log.error("notice %s/%s brings a method without a consent; not kept", notice.provider, notice.event_id)
            return
        expires = told.get("expires_on")
        method = PaymentMethod(
            new_id(), work.customer.id, notice.provider, str(told["reference"]), str(told.get("network", "other")),
            str(told.get("label", "")), notice.at,
            {"covers": PLAN, "plan_id": link.plan_id, "consent": given.id, "text": given.text,
             "language": given.content.get("language"), "at": given.at.isoformat()},
            date.fromisoformat(expires) if expires else None,
        )  # fmt: skip
        work.save(method)
        work.note("method_kept", f"{method.label} is kept for the plan", method=method.id, plan_id=link.plan_id)

    def _book(self, work: Case, notice: PaymentNotice, named: tuple[str, ...] = ()) -> None:
        payment = Payment(
            id=new_id(), customer_id=work.customer.id, currency=notice.currency, amount_minor=notice.amount_minor,
            paid_at=notice.at, provider=notice.provider, reference=_reference(notice),
            link_id=notice.link_id or None,
        )  # fmt: skip
        link = next((item for item in work.dossier.links if item.id == notice.link_id), None)
        before = work.dossier.books.credit(payment.currency)
        # Who pays the page of one invoice has chosen what the money settles.
        chosen = (link.invoice_id, *named) if link is not None and link.invoice_id is not None else named
        work.save(payment)
        shares = record_allocations(work, payment, chosen)
        for hold in work.dossier.holds_in_force(work.now):
            if hold.kind == "payment_pending":
                work.save(replace(hold, ended_at=work.now))
        work.note(
            "payment", f"received {notice.amount_minor} {notice.currency}", payment_id=payment.id,
            allocated=[{"invoice_id": share.invoice_id, "minor": share.amount_minor} for share in shares],
            credit_minor=work.dossier.books.credit(payment.currency),
        )  # fmt: skip
        over = Money(payment.currency, work.dossier.books.credit(payment.currency) - before)
        if over.minor > 0:
            work.errand("overpaid", f"{over.major} {over.currency} more than was open came in: pay it back.",
                        GIVE_BACK_WITHIN)  # fmt: skip


def record_allocations(work: Case, payment: Payment | None = None, named: tuple[str, ...] = ()) -> list[Allocation]:
    """Put on record what the ledger says that payments settle now; returns what is new. `named`: the payer's choice."""
    told, books = work.dossier.allocations, work.dossier.books
    if payment is not None and named:
        choice = [Allocation("", work.customer.id, payment.id, invoice_id, 1) for invoice_id in named]
        books = replace(work.dossier, allocations=(*told, *choice)).books
    found = unrecorded(books, told, work.customer.id, new_id)
    for row in found:
        work.save(row)
    return found


def _flaw(notice: PaymentNotice, payment: Payment, left: int) -> str | None:
    """Why money cannot move back or forth on a payment, if so."""
    if notice.amount_minor <= 0 or notice.currency != payment.currency:
        return NO_SUM
    if notice.kind != "payment_reinstated" and notice.amount_minor > left:
        return MORE_THAN_LEFT
    return None


def given_to(notice: PaymentNotice, customer_id: str) -> PaymentNotice | None:
    """A transfer that named nobody, as it is settled for this customer; None where it is no transfer of money in."""
    if notice.provider != "bank" or notice.kind != "payment_succeeded":
        return None
    return replace(notice, detail={**notice.detail, "customer": customer_id, "reason": ""})


def _received(notice: PaymentNotice) -> datetime:
    """When we heard of it: an event may be told late, and then its payment is still under way too."""
    told = notice.detail.get("received_at")
    return datetime.fromisoformat(told) if isinstance(told, str) else notice.at


def _reference(notice: PaymentNotice) -> str:
    """What names a payment for ever: the provider's id of it, or of its only event."""
    return f"{notice.provider}:{notice.detail.get('payment') or notice.event_id}"
