"""The rules stated a second time, from the record alone: what the governor let through is not taken on trust.

Nothing here imports the governor. Hours and caps are the strictest that any customer of the book is owed by the
house: 8:00 to 20:00 on the customer's clock, not on Sundays, one unasked message a day and three in seven days.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.dossier import Dossier
from bot.domain.ledger.proof import faults
from bot.domain.messages import NOTE, OUT, Exchange, first_broken

UNASKED = ("pre_due", "reminder", "plan_offer", "final_notice", "suspension_notice", "card_expiry")
NEED_CONSENT = ("sms", "telegram", "whatsapp")


def violations(
    dossier: Dossier, log: Sequence[Exchange], told: Mapping[str, Sequence[datetime]] | None = None
) -> Iterator[str]:
    """What should not have happened to this customer, one rule's name for each time.

    `told`: when the carriers really took which message, where that is known; what our record says of it is then
    checked against it.
    """
    zone = ZoneInfo(dossier.customer.time_zone)
    heard = [(row, at.astimezone(zone)) for row in log if row.direction == OUT and (at := _heard(row, told))]
    unasked = [row for row, _ in heard if row.purpose in UNASKED]
    instants = [at for row, at in heard if row.purpose in UNASKED]
    yield from _carried(log, told or {})
    for at in instants:
        if not 8 <= at.hour < 20:
            yield "outside the hours"
        if at.weekday() == 6:
            yield "on a Sunday"
    yield from _too_many(instants)
    for row, at in zip(unasked, instants, strict=True):
        yield from _unwelcome(dossier, log, row, at)
    yield from _doubled(log)
    yield from _money(dossier)
    if first_broken(log, dossier.conversation.log_seq, dossier.conversation.log_hash) is not None:
        yield "the record is broken"


def _heard(row: Exchange, told: Mapping[str, Sequence[datetime]] | None) -> datetime | None:
    """When the customer heard a message, by the carrier where it is asked."""
    if told is None or row.channel == "webchat":
        return row.sent_at
    return told[row.id][0] if row.id in told else None


def _carried(log: Sequence[Exchange], told: Mapping[str, Sequence[datetime]]) -> Iterator[str]:
    for row in log:
        taken = len(told.get(row.id, ()))
        if taken > 1:
            yield "sent twice"
        if taken and row.state not in ("sent", "delivered") and not row.reached:
            yield "sent, but not on record"
        if row.state == "sending":
            yield "left in mid-send"


def _too_many(instants: Sequence[datetime]) -> Iterator[str]:
    days = [at.date() for at in instants]
    yield from ("two on one day" for day in set(days) if days.count(day) > 1)
    for at in instants:
        if sum(timedelta() <= at - other < timedelta(days=7) for other in instants) > 3:
            yield "four in seven days"


def _unwelcome(dossier: Dossier, log: Sequence[Exchange], row: Exchange, at: datetime) -> Iterator[str]:
    refused = False
    for note in log:
        told = note.direction == NOTE and note.purpose in ("opt_out", "opt_in") and note.seq < row.seq
        if told and note.content.get("channel") in (None, row.channel):
            refused = note.purpose == "opt_out"
    if refused:
        yield "after a refusal"
    for hold in dossier.holds:
        ended = min((end for end in (hold.ended_at, hold.until) if end is not None), default=None)
        if hold.kind != "payment_pending" and hold.since < at and (ended is None or at < ended):
            yield f"during a hold ({hold.kind})"
    for request in dossier.handoffs:
        if request.opened_at < at and (request.closed_at is None or at < request.closed_at):
            yield "while a person is awaited or speaks"
    points = [point for point in dossier.contact_points if point.channel == row.channel]
    if row.channel in NEED_CONSENT and not any(point.consent for point in points):
        yield "without consent"
    paid = sum(payment.amount_minor for payment in dossier.payments if payment.paid_at < at)
    if paid >= sum(invoice.amount_minor for invoice in dossier.invoices):
        yield "after all was paid"


def _doubled(log: Sequence[Exchange]) -> Iterator[str]:
    said = [(row.text, row.sent_at) for row in log if row.direction == OUT and row.sent_at and row.purpose in UNASKED]
    for (text, at), (other, later) in pairwise(said):
        if text == other and at and later and later - at < timedelta(days=1):
            yield "the same message twice"


def _money(dossier: Dossier) -> Iterator[str]:
    for payment in dossier.payments:
        spread = sum(share.amount_minor for share in dossier.allocations if share.payment_id == payment.id)
        if spread > payment.amount_minor:
            yield "more allocated than paid"
    for invoice in dossier.invoices:
        spread = sum(share.amount_minor for share in dossier.allocations if share.invoice_id == invoice.id)
        if spread > invoice.amount_minor:
            yield "an invoice paid twice"
    if next(faults(dossier), None) is not None:
        yield "the ledger does not add up"
    references = [payment.reference for payment in dossier.payments]
    if len(references) != len(set(references)):
        yield "a payment booked twice"
