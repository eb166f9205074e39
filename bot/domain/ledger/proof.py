"""A second look at the books: what must hold of every customer's ledger, counted anew from the records."""

from collections.abc import Iterator

from bot.domain.dossier import Dossier
from bot.domain.ledger.facts import FEES, INTEREST
from bot.domain.ledger.reading import unrecorded


def faults(dossier: Dossier) -> Iterator[str]:
    """What does not add up, in words; nothing when all is well."""
    books = dossier.books
    for entry in books.entries:
        if sum(minor for _, minor in entry.postings):
            yield f"entry {entry.fact_id} does not balance"
    for item in books.quarantined:
        yield f"{item.fact.id} is not booked: {item.reason}"
    currencies = {i.currency for i in dossier.invoices} | {p.currency for p in dossier.payments}
    for currency in sorted(currencies):
        mine = [i for i in dossier.invoices if i.currency == currency]
        open_ = sum(dossier.open_minor[i.id] for i in mine)
        if books.balance("receivable", currency) != open_:
            yield f"{currency}: receivables are {books.balance('receivable', currency)}, open invoices {open_}"
        came = sum(p.amount_minor for p in dossier.payments if p.currency == currency)
        if books.balance("cash", currency) + books.balance("refund", currency) != came:
            yield f"{currency}: cash less refunds is not what came in and stayed ({came})"
        if -books.balance("credit", currency) != books.credit(currency):
            yield f"{currency}: the customer's credit is not what is left of their payments"
        owed = sum(i.amount_minor for i in mine) + sum(
            a.amount_minor for a in dossier.adjustments if a.currency == currency and a.kind == "charge"
        )
        let_go = sum(a.amount_minor for a in dossier.adjustments if a.currency == currency and a.kind == "credit_note")
        written_off = books.balance("write_off", currency)
        if owed - let_go - written_off - came != open_ - books.credit(currency):
            yield f"{currency}: claims less what came in, was let go and written off are not what is open"
    for invoice in dossier.invoices:
        if dossier.open_minor[invoice.id] < 0:
            yield f"invoice {invoice.number} is open by less than nothing"
    for row in unrecorded(books, dossier.allocations, dossier.customer.id, lambda: ""):
        yield f"payment {row.payment_id}: {row.amount_minor} for invoice {row.invoice_id} are not recorded"


def totals(dossier: Dossier) -> dict[str, dict[str, int]]:
    """The balance of each account in each currency, credits as positive sums where they are income or debts."""
    found: dict[str, dict[str, int]] = {}
    for entry in dossier.books.entries:
        accounts = found.setdefault(entry.currency, {})
        for name, minor in entry.postings:
            accounts[name] = accounts.get(name, 0) + minor
    return {
        currency: {name: _signed(name, minor) for name, minor in sorted(a.items())} for currency, a in found.items()
    }


def _signed(name: str, minor: int) -> int:
    return -minor if name in ("sales", "credit", INTEREST, FEES) else minor
