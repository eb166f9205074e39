"""What can happen to a debt. Each fact has an id of its own: told twice, it happened once."""

from dataclasses import dataclass
from datetime import date, datetime

PRINCIPAL, INTEREST, FEES = "principal", "interest", "fees"
PARTS = (PRINCIPAL, INTEREST, FEES)


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """A claim arises. `onerous` ranks debts that cost the customer more to leave open."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    due_on: date
    onerous: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """Interest or fees are added to an invoice; `part` is interest or fees."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    invoice_id: str
    part: str


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """Money came in; `named` are the invoices that the customer chose."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A part of an invoice is no longer owed: a credit note, or interest and fees that are let go."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    invoice_id: str
    part: str = PRINCIPAL


@dataclass(frozen=True, slots=True)
class WriteOff:
    """An invoice is no longer pursued; what is open of it leaves the receivables, at most `amount_minor`."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    invoice_id: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Money of a payment was given back to the customer."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    payment_id: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """Money of a payment was taken back: a chargeback, a direct debit returned by the bank."""

    id: str
    at: datetime
    currency: str
    amount_minor: int
    payment_id: str
    kind: str = "chargeback"


@dataclass(frozen=True, slots=True)
class Disputed:
    """The customer contests an invoice, until `closed_at`; no money moves."""

    id: str
    at: datetime
    currency: str
    invoice_id: str
    closed_at: datetime | None = None
    amount_minor: int = 0


Fact = InvoiceIssued | Charge | PaymentReceived | CreditNote | WriteOff | Refund | Reversal | Disputed
# Of facts of one instant, what makes a claim comes before what settles it, and that before what undoes it.
ORDER: tuple[type, ...] = (InvoiceIssued, Charge, Disputed, CreditNote, PaymentReceived, WriteOff, Refund, Reversal)
