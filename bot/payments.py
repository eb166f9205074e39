"""A payment notice becomes ledger facts, and the customer gets a receipt."""

import logging
from dataclasses import replace

from bot.conversation.turn import Contact, Turns
from bot.domain.accounts import Allocation, Payment
from bot.domain.allocation import allocate
from bot.domain.case import Case
from bot.domain.messages import Exchange
from bot.domain.money import Money
from bot.ports import PaymentNotice, Stale, Store, new_id

log = logging.getLogger(__name__)

TRIES = 5


class Payments:
    """Settles notices, each exactly once however often and in whatever order they come."""

    def __init__(self, store: Store, turns: Turns) -> None:
        self._store = store
        self._turns = turns

    async def settle_pending(self) -> list[Exchange]:
        """Settle every waiting notice; returns the receipts queued."""
        receipts: list[Exchange] = []
        for notice in await self._store.pending_notices():
            try:
                receipts += await self.settle(notice)
            except Stale:
                # The customer is writing at this very moment; the notice waits for the next pass.
                continue
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
        customer_id = await self._store.customer_by_link(notice.link_id)
        dossier = await self._store.dossier(customer_id) if customer_id else None
        link = next((item for item in dossier.links if item.id == notice.link_id), None) if dossier else None
        if dossier is None or link is None:
            log.error("notice %s/%s names no link of ours; quarantined", notice.provider, notice.event_id)
            await self._store.close_notice(notice, "quarantined", None)
            return ()
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        if notice.kind == "payment_succeeded" and (notice.amount_minor <= 0 or notice.currency != link.currency):
            work.note("quarantine", "a payment notice does not fit its link; a person must look",
                      notice=notice.event_id, amount_minor=notice.amount_minor, currency=notice.currency)  # fmt: skip
            await self._store.close_notice(notice, "quarantined", work.changes(dossier.conversation.version))
            return ()
        if notice.kind == "payment_succeeded":
            self._book(work, notice)
            intent = "contact_payment_received"
        else:
            work.note("payment_failed", str(notice.detail.get("decline_code", "declined")), link_id=link.id)
            intent = "contact_payment_failed"
        sum_ = Money(notice.currency, notice.amount_minor)
        contact = Contact(intent, work.channel, None, "receipt", values={"amount": sum_.json()})
        queued, events = await self._turns.play(work, contact)
        # A receipt is owed whoever holds the conversation: it is the house's word, not the bot's.
        queued = tuple(replace(row, author="system") for row in queued)
        changes = work.changes(dossier.conversation.version, queued, events=events)
        await self._store.close_notice(notice, "settled", changes)
        return queued

    def _book(self, work: Case, notice: PaymentNotice) -> None:
        payment = Payment(
            id=new_id(), customer_id=work.customer.id, currency=notice.currency, amount_minor=notice.amount_minor,
            paid_at=notice.at, provider=notice.provider, reference=f"{notice.provider}:{notice.event_id}",
            link_id=notice.link_id,
        )  # fmt: skip
        shares, rest = allocate(payment, work.dossier.invoices, work.dossier.open_minor)
        work.save(payment)
        for share in shares:
            work.save(Allocation(new_id(), work.customer.id, payment.id, share.invoice_id, share.amount_minor))
        for hold in work.dossier.holds_in_force(work.now):
            if hold.kind == "payment_pending":
                work.save(replace(hold, ended_at=work.now))
        work.note(
            "payment", f"received {notice.amount_minor} {notice.currency}", payment_id=payment.id,
            allocated=[{"invoice_id": share.invoice_id, "minor": share.amount_minor} for share in shares],
            credit_minor=rest,
        )  # fmt: skip
