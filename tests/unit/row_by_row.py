"""Books kept row by row, the other way to count: what the ledger says is held against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.accounts import Allocation, Invoice, Payment
from bot.domain.allocation import left_of


def open_minor(invoices: Sequence[Invoice], allocations: Sequence[Allocation]) -> dict[str, int]:
    """What is still open of each invoice, by invoice id, in minor units."""
    left = {invoice.id: invoice.amount_minor for invoice in invoices}
    for allocation in allocations:
        if allocation.invoice_id in left:
            left[allocation.invoice_id] -= allocation.amount_minor
    return left


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a payment for one invoice."""

    invoice_id: str
    amount_minor: int


def allocate(
    payment: Payment,
    invoices: Sequence[Invoice],
    open_: Mapping[str, int],
    named: Sequence[str] = (),
) -> tuple[list[Share], int]:
    """Spread a payment over open invoices of its currency; returns the shares and the unallocated rest.

    The customer's own choice (`named` invoice ids) comes first, then what fell due first
    (C. civ. 1342-10; BGB 366; the same order serves as house rule elsewhere).
    """
    rank = {invoice_id: place for place, invoice_id in enumerate(named)}
    mine = [i for i in invoices if i.currency == payment.currency and open_.get(i.id, 0) > 0]
    mine.sort(key=lambda i: (rank.get(i.id, len(rank)), i.due_on, i.issued_on, i.number))
    left, shares = payment.amount_minor, []
    for invoice in mine:
        part = min(left, open_[invoice.id])
        if part:
            shares.append(Share(invoice.id, part))
            left -= part
    return shares, left


def take_back(
    payment: Payment, amount_minor: int, payments: Sequence[Payment], allocations: Sequence[Allocation]
) -> list[Share]:
    """What opens again when money of a payment leaves: what it settled last, once its unspent rest is used up.

    The same rule as in `bot.domain.ledger`. Raises ValueError when more leaves than is here.
    """
    left = left_of(payment, payments)
    if not 0 < amount_minor <= left:
        raise ValueError(f"{amount_minor} of {left} cannot leave")
    settled: dict[str, int] = {}
    for row in allocations:
        if row.payment_id == payment.id:
            settled[row.invoice_id] = settled.get(row.invoice_id, 0) + row.amount_minor
    need, shares = amount_minor - (left - sum(settled.values())), []
    for invoice_id in reversed(settled):
        part = min(max(0, need), settled[invoice_id])
        if part:
            shares.append(Share(invoice_id, part))
            need -= part
    return shares
