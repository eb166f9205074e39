"""Customers, how they are reached, what they owe and what they paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Customer:
    """A person or business that owes invoices.

    `identity` holds the facts that prove who is writing (birth_date, postal_code, ...).
    `preferences`: channel, not_before / not_after ("18:00", local), language; they bind like a rule.
    `trust` is the manual trust level: good, normal or bad. Not `located`: the file does not tell which of several
    time zones is theirs; `time_zone` is then good for dates only.
    """

    id: str
    ref: str
    name: str
    type: str
    language: str
    time_zone: str
    jurisdiction: str
    identity: Mapping[str, str] = field(default_factory=dict)
    preferences: Mapping[str, Any] = field(default_factory=dict)
    trust: str = "normal"
    located: bool = True


# An address that gave itself as a customer's and has not proved it yet: answered, never written to unasked.
UNPROVED = "unproved"
# ... and of one where somebody said that they are not the customer.
DISOWNED = "disowned"


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One address of a customer on one channel, with the consent it carries."""

    id: str
    customer_id: str
    channel: str
    address: str
    consent: bool
    consent_source: str = "import"
    opted_out_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether a message may be addressed here at all."""
        return self.opted_out_at is None and self.closed_at is None

    @property
    def proved(self) -> bool:
        """Whether this address is known to be the customer's, so that the debt may be named there."""
        return self.consent_source not in (UNPROVED, DISOWNED)

    @property
    def disowned(self) -> bool:
        """Whether somebody said here that they are not the customer: only a person may go on from there."""
        return self.consent_source == DISOWNED


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice."""

    text: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """A claim on a customer; what is open is read from the ledger, never stored."""

    id: str
    customer_id: str
    number: str
    currency: str
    amount_minor: int
    issued_on: date
    due_on: date
    description: str = ""
    lines: tuple[InvoiceLine, ...] = ()
    subscription_ref: str | None = None
    subscription_plan: str | None = None
    failure_code: str | None = None
    failure_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received. `reference` is unique: the provider's id of the fact.

    Money of an earlier payment that was given back (`kind` refund) or taken back (reversal) is negative, what came
    again (reinstatement) positive; their references begin with that of the payment.
    """

    id: str
    customer_id: str
    currency: str
    amount_minor: int
    paid_at: datetime
    provider: str
    reference: str
    link_id: str | None = None
    kind: str = "payment"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What changes a claim without money: interest or fees added (charge), let go (credit_note), given up (write_off).

    `part` is principal, interest or fees; `reason` and `source` say why and by which rule or whose word.
    """

    id: str
    customer_id: str
    invoice_id: str
    kind: str
    part: str
    currency: str
    amount_minor: int
    at: datetime
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that settles an invoice. An unallocated rest is the customer's credit."""

    id: str
    customer_id: str
    payment_id: str
    invoice_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """A signed, expiring page where the customer pays; paid when its whole sum has been received through it.

    `purpose` is balance, part, promise, installment, or `invoice:<id>` for the invoice that the customer chose to pay.
    """

    id: str
    customer_id: str
    currency: str
    amount_minor: int
    purpose: str
    created_at: datetime
    expires_at: datetime
    plan_id: str | None = None
    voided_at: datetime | None = None

    @property
    def invoice_id(self) -> str | None:
        """The invoice that the customer singled out: what comes in through this link settles it first."""
        kind, _, invoice_id = self.purpose.partition(":")
        return invoice_id if kind == "invoice" else None

    def received(self, payments: Iterable[Payment]) -> int:
        """What came in through this link, in minor units."""
        return sum(payment.amount_minor for payment in payments if payment.link_id == self.id)

    def state(self, payments: Iterable[Payment], now: datetime) -> str:
        """One of open, paid, void, expired."""
        if self.received(payments) >= self.amount_minor:
            return "paid"
        if self.voided_at is not None:
            return "void"
        return "expired" if now >= self.expires_at else "open"


@dataclass(frozen=True, slots=True)
class Dispute:
    """An objection to a claim; while it is open the disputed sum is not asked for."""

    id: str
    customer_id: str
    invoice_id: str | None
    reason: str
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason to leave the customer alone. Kinds are the ids of the compliance facts (dispute, vulnerability, ...)."""

    id: str
    customer_id: str
    kind: str
    since: datetime
    until: datetime | None = None
    reason: str = ""
    ended_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether the hold binds at this instant; without an end it binds until somebody lifts it."""
        return self.ended_at is None and (self.until is None or now < self.until)
