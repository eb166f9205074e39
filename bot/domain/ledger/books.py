"""Facts become double entries; what is open, paid and kept is read from them and stored nowhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.ledger.facts import (
    FEES,
    INTEREST,
    ORDER,
    PARTS,
    PRINCIPAL,
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
from bot.domain.ledger.imputation import Claim, Imputation, impute

INCOME = {PRINCIPAL: "sales", INTEREST: "interest", FEES: "fees"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking: debits are positive, credits negative, and together they are nothing."""

    fact_id: str
    at: datetime
    currency: str
    postings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """The part of a payment that settles a part of an invoice, as things stand."""

    payment_id: str
    invoice_id: str
    part: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A fact that is not booked, and why: a person must look, nothing is dropped."""

    fact: Fact
    reason: str


@dataclass
class Books:
    """The ledger of one customer, read from facts. Accounts: receivable, cash, credit, sales, interest, fees,
    write_off, refund; each in each currency."""

    entries: list[Entry] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    _open: dict[str, Counter[str]] = field(default_factory=dict)
    _invoices: dict[str, InvoiceIssued] = field(default_factory=dict)
    _payments: dict[str, PaymentReceived] = field(default_factory=dict)
    _unspent: dict[str, int] = field(default_factory=dict)
    _settled: dict[str, list[Settlement]] = field(default_factory=lambda: defaultdict(list))
    _disputes: list[Disputed] = field(default_factory=list)

    def balance(self, account: str, currency: str) -> int:
        """The sum of an account's debits less its credits."""
        return sum(
            minor for entry in self.entries if entry.currency == currency
            for name, minor in entry.postings if name == account
        )  # fmt: skip

    def open_parts(self, invoice_id: str) -> Mapping[str, int]:
        """What is open of an invoice, part by part."""
        return {part: self._open[invoice_id][part] for part in PARTS} if invoice_id in self._open else {}

    def open_minor(self, invoice_id: str) -> int:
        """All that is open of an invoice."""
        return sum(self.open_parts(invoice_id).values())

    def credit(self, currency: str) -> int:
        """The customer's money that settles nothing yet."""
        return sum(left for key, left in self._unspent.items() if self._payments[key].currency == currency)

    def settlements(self) -> tuple[Settlement, ...]:
        """Which payment settles what, as things stand."""
        return tuple(row for rows in self._settled.values() for row in rows)


def post(facts: Iterable[Fact], order: Imputation) -> Books:
    """Book all facts. Their order of arrival and repetitions change nothing: they are taken by their own time."""
    books = Books()
    by_id: dict[str, Fact] = {}
    twice: dict[str, set[Fact]] = defaultdict(set)
    for fact in facts:
        if by_id.setdefault(fact.id, fact) != fact:
            twice[fact.id] |= {fact, by_id[fact.id]}
    for fact_id, versions in sorted(twice.items()):
        # Nobody knows which telling is true, and the first to arrive must not decide.
        del by_id[fact_id]
        books.quarantined += [Quarantined(fact, "told_in_two_ways") for fact in sorted(versions, key=repr)]
    for _, fact in sorted((_when(fact, by_id), fact) for fact in by_id.values()):
        reason = _flaw(fact, books, by_id)
        if reason is None:
            _BOOKING[type(fact)](books, fact, order)
        else:
            books.quarantined.append(Quarantined(fact, reason))
    return books


def _when(fact: Fact, by_id: Mapping[str, Fact]) -> tuple[datetime, int, str]:
    """The instant at which a fact counts: not before what it is about."""
    about = by_id.get(_about(fact) or "")
    kind = ORDER.index(type(fact))
    if about is not None and about.at >= fact.at:
        return (about.at, max(kind, ORDER.index(type(about))), fact.id)
    return (fact.at, kind, fact.id)


def _about(fact: Fact) -> str | None:
    return getattr(fact, "invoice_id", None) or getattr(fact, "payment_id", None)


def _flaw(fact: Fact, books: Books, by_id: Mapping[str, Fact]) -> str | None:
    """Why a fact cannot be booked, if so."""
    if fact.amount_minor <= 0 and not isinstance(fact, Disputed):
        return "no_sum"
    about = _about(fact)
    if about is None:
        return None
    known: Mapping[str, Any] = books._payments if isinstance(fact, Refund | Reversal) else books._invoices
    if about not in known:
        return "about_nothing_known"
    if known[about].currency != fact.currency:
        return "other_currency"
    if isinstance(fact, Refund | Reversal) and fact.amount_minor > _left_of(books, about):
        return "more_than_paid"
    if isinstance(fact, CreditNote) and fact.amount_minor > _creditable(books, fact):
        return "more_than_charged"
    if isinstance(fact, Charge) and fact.part not in (INTEREST, FEES):
        return "no_such_part"
    return None


def _left_of(books: Books, payment_id: str) -> int:
    return books._unspent[payment_id] + sum(row.amount_minor for row in books._settled[payment_id])


def _creditable(books: Books, note: CreditNote) -> int:
    """What is open or paid of a part: a credit note takes back no more than that."""
    paid = sum(
        row.amount_minor for row in books.settlements() if (row.invoice_id, row.part) == (note.invoice_id, note.part)
    )
    return books._open[note.invoice_id][note.part] + paid


def _enter(books: Books, fact: Fact, *postings: tuple[str, int]) -> None:
    kept = tuple((name, minor) for name, minor in postings if minor)
    if kept:
        books.entries.append(Entry(fact.id, fact.at, fact.currency, kept))


def _invoice(books: Books, fact: InvoiceIssued, order: Imputation) -> None:
    books._invoices[fact.id] = fact
    books._open[fact.id] = Counter({PRINCIPAL: fact.amount_minor})
    _enter(books, fact, ("receivable", fact.amount_minor), (INCOME[PRINCIPAL], -fact.amount_minor))
    _spend(books, fact, order)


def _charge(books: Books, fact: Charge, order: Imputation) -> None:
    books._open[fact.invoice_id][fact.part] += fact.amount_minor
    _enter(books, fact, ("receivable", fact.amount_minor), (INCOME[fact.part], -fact.amount_minor))
    _spend(books, fact, order)


def _payment(books: Books, fact: PaymentReceived, order: Imputation) -> None:
    books._payments[fact.id] = fact
    books._unspent[fact.id] = fact.amount_minor
    _enter(books, fact, ("cash", fact.amount_minor), ("credit", -fact.amount_minor))
    _spend(books, fact, order)


def _credit_note(books: Books, fact: CreditNote, order: Imputation) -> None:
    _enter(books, fact, (INCOME[fact.part], fact.amount_minor), ("receivable", -fact.amount_minor))
    open_ = books._open[fact.invoice_id]
    # What was paid already is the customer's money again.
    _release(books, fact, fact.amount_minor - open_[fact.part], invoice_id=fact.invoice_id, part=fact.part)
    open_[fact.part] -= fact.amount_minor
    _spend(books, fact, order)


def _write_off(books: Books, fact: WriteOff, order: Imputation) -> None:
    left = fact.amount_minor
    for part in order.within:
        taken = min(left, books._open[fact.invoice_id][part])
        books._open[fact.invoice_id][part] -= taken
        left -= taken
    gone = fact.amount_minor - left
    _enter(books, fact, ("write_off", gone), ("receivable", -gone))


def _refund(books: Books, fact: Refund, order: Imputation) -> None:
    _give_back(books, fact, order, "refund")


def _reversal(books: Books, fact: Reversal, order: Imputation) -> None:
    _give_back(books, fact, order, "cash")


def _dispute(books: Books, fact: Disputed, order: Imputation) -> None:
    books._disputes.append(fact)


def _give_back(books: Books, fact: Refund | Reversal, order: Imputation, account: str) -> None:
    """Money of a payment leaves: first what settled nothing, then what it settled last, which opens again."""
    _release(books, fact, fact.amount_minor - books._unspent[fact.payment_id], payment_id=fact.payment_id)
    books._unspent[fact.payment_id] -= fact.amount_minor
    _enter(books, fact, ("credit", fact.amount_minor), (account, -fact.amount_minor))
    _spend(books, fact, order)


def _release(
    books: Books, fact: Fact, amount: int, *, payment_id: str | None = None, invoice_id: str | None = None,
    part: str | None = None,
) -> None:  # fmt: skip
    """Undo settlements, the latest first, until `amount` is the customer's money again."""
    for key in reversed([payment_id] if payment_id else list(books._payments)):
        rows = books._settled[key]
        for place in range(len(rows) - 1, -1, -1):
            row = rows[place]
            if amount <= 0:
                return
            if invoice_id is not None and (row.invoice_id, row.part) != (invoice_id, part):
                continue
            taken = min(amount, row.amount_minor)
            left = Settlement(key, row.invoice_id, row.part, row.amount_minor - taken)
            rows[place : place + 1] = [left] if left.amount_minor else []
            books._open[row.invoice_id][row.part] += taken
            books._unspent[key] += taken
            amount -= taken
            _enter(books, fact, ("receivable", taken), ("credit", -taken))


def _spend(books: Books, fact: Fact, order: Imputation) -> None:
    """Let the customer's free money settle what is open, the oldest money first."""
    for key, payment in books._payments.items():
        if payment.currency != fact.currency or not books._unspent[key]:
            continue
        claims = [
            _claim(books, invoice, fact.at) for invoice in books._invoices.values() if invoice.currency == fact.currency
        ]
        shares, left = impute(books._unspent[key], claims, fact.at.date(), order, payment.named)
        for share in shares:
            books._open[share.claim_id][share.part] -= share.amount_minor
            books._settled[key].append(Settlement(key, share.claim_id, share.part, share.amount_minor))
        spent = books._unspent[key] - left
        books._unspent[key] = left
        _enter(books, fact, ("credit", spent), ("receivable", -spent))


def _claim(books: Books, invoice: InvoiceIssued, at: datetime) -> Claim:
    disputed = any(
        d.invoice_id == invoice.id and d.at <= at and (d.closed_at is None or at < d.closed_at) for d in books._disputes
    )
    return Claim(
        invoice.id, dict(books._open[invoice.id]), invoice.due_on, invoice.at.date(), invoice.onerous, disputed
    )


_BOOKING: dict[type, Any] = {
    InvoiceIssued: _invoice, Charge: _charge, PaymentReceived: _payment, CreditNote: _credit_note,
    WriteOff: _write_off, Refund: _refund, Reversal: _reversal, Disputed: _dispute,
}  # fmt: skip
