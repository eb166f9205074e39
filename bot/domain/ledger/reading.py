"""A customer's records told as ledger facts, and what the record of allocations still lacks."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time

from bot.domain.accounts import Adjustment, Allocation, Dispute, Invoice, Payment
from bot.domain.ledger.books import Books
from bot.domain.ledger.facts import (
    Charge,
    CreditNote,
    Disputed,
    Fact,
    InvoiceIssued,
    PaymentReceived,
    Refund,
    Reversal,
    WriteOff,
)


def facts_of(
    invoices: Sequence[Invoice], payments: Sequence[Payment], allocations: Sequence[Allocation],
    adjustments: Sequence[Adjustment], disputes: Sequence[Dispute],
) -> list[Fact]:  # fmt: skip
    """Everything that happened to the customer's money.

    What a payment was allocated to when it was booked counts as the customer's choice, so that a receipt stays true
    whatever comes in later.
    """
    currencies = {invoice.id: invoice.currency for invoice in invoices}
    found: list[Fact] = [
        InvoiceIssued(i.id, datetime.combine(i.issued_on, time(), UTC), i.currency, i.amount_minor, i.due_on)
        for i in invoices
    ]
    named: dict[str, dict[str, None]] = {}
    for row in allocations:
        if row.amount_minor > 0:
            named.setdefault(row.payment_id, {})[row.invoice_id] = None
    here: dict[str, int] = {}
    for payment in sorted(payments, key=lambda item: item.paid_at):
        found += _payment(payment, payments, named, here)
    found += [_adjustment(item) for item in adjustments]
    for dispute in disputes:
        about = [dispute.invoice_id] if dispute.invoice_id else list(currencies)
        found += [
            Disputed(f"{dispute.id}:{one}", dispute.opened_at, currencies[one], one, dispute.closed_at)
            for one in about
            if one in currencies
        ]
    return found


def _payment(
    payment: Payment, payments: Sequence[Payment], named: dict[str, dict[str, None]], here: dict[str, int]
) -> list[Fact]:
    """One movement of money; `here` is what is still here of each that came in."""
    parent = parent_of(payment, payments)
    if payment.amount_minor >= 0 or parent is None:
        here[payment.id] = payment.amount_minor
        chosen = tuple(named.get(payment.id, ())) or tuple(named.get(parent.id, ()) if parent else ())
        return [PaymentReceived(payment.id, payment.paid_at, payment.currency, payment.amount_minor, chosen)]
    # What came back to us of the payment is as good as the payment itself.
    sources = [parent, *(p for p in payments if p.id in here and p is not parent and parent_of(p, payments) == parent)]
    kind = Refund if payment.kind == "refund" else Reversal
    found: list[Fact] = []
    left = -payment.amount_minor
    for source in sources:
        last = source is sources[-1]
        part = left if last else min(left, here.get(source.id, 0))
        if part:
            here[source.id] = here.get(source.id, 0) - part
            left -= part
            name = payment.id if not found else f"{payment.id}:{len(found)}"
            found.append(kind(name, payment.paid_at, payment.currency, part, source.id))
    return found


def parent_of(payment: Payment, payments: Iterable[Payment]) -> Payment | None:
    """The payment that this one gives back, takes back or reinstates; None for money that came by itself."""
    found = [other for other in payments if payment.reference.startswith(f"{other.reference}:")]
    return max(found, key=lambda other: len(other.reference), default=None)


def _adjustment(item: Adjustment) -> Fact:
    if item.kind == "charge":
        return Charge(item.id, item.at, item.currency, item.amount_minor, item.invoice_id, item.part)
    if item.kind == "credit_note":
        return CreditNote(item.id, item.at, item.currency, item.amount_minor, item.invoice_id, item.part)
    return WriteOff(item.id, item.at, item.currency, item.amount_minor, item.invoice_id)


def unrecorded(
    books: Books, allocations: Iterable[Allocation], customer_id: str, new_id: Callable[[], str]
) -> list[Allocation]:
    """The allocations that the books know of and the record does not, so that together they agree."""
    left: Counter[tuple[str, str]] = Counter()
    for settlement in books.settlements():
        left[settlement.payment_id, settlement.invoice_id] += settlement.amount_minor
    for row in allocations:
        left[row.payment_id, row.invoice_id] -= row.amount_minor
    return [
        Allocation(new_id(), customer_id, payment_id, invoice_id, minor)
        for (payment_id, invoice_id), minor in left.items()
        if minor
    ]
