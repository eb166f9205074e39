"""Domain records to rows and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Table

from bot.domain.accounts import (
    Adjustment,
    Allocation,
    ContactPoint,
    Customer,
    Dispute,
    Hold,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentLink,
)
from bot.domain.conversation import Conversation, Handoff
from bot.domain.messages import Exchange
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.domain.plans import Installment, InstallmentPlan
from bot.domain.promises import Promise
from bot.ports import PaymentNotice
from bot.storage import tables

R = TypeVar("R")

TABLES: Mapping[type, Table] = {
    Customer: tables.customers,
    ContactPoint: tables.contact_points,
    Invoice: tables.invoices,
    Payment: tables.payments,
    Allocation: tables.allocations,
    Promise: tables.promises,
    InstallmentPlan: tables.installment_plans,
    PaymentLink: tables.payment_links,
    Dispute: tables.disputes,
    Hold: tables.holds,
    Handoff: tables.handoffs,
    PaymentMethod: tables.payment_methods,
    ChargeAttempt: tables.charge_attempts,
    Adjustment: tables.adjustments,
    Conversation: tables.conversations,
    Exchange: tables.exchanges,
}
NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in TABLES}


def to_row(record: Any) -> dict[str, Any]:
    """A record's fields as column values."""
    row = {name: getattr(record, name) for name in NAMES[type(record)]}
    if isinstance(record, Invoice):
        row["lines"] = [[line.text, line.amount_minor] for line in record.lines]
    elif isinstance(record, InstallmentPlan):
        row["installments"] = [[i.number, i.due_on.isoformat(), i.amount_minor] for i in record.installments]
    return row


def from_row(kind: type[R], row: RowMapping) -> R:
    """The record that a row holds."""
    values = {name: row[name] for name in NAMES[kind]}
    for name, read in PARTS.get(kind, {}).items():
        values[name] = read(values[name])
    return kind(**values)


def to_notice(row: RowMapping) -> PaymentNotice:
    """The payment notice that a row holds."""
    return PaymentNotice(**{name: value for name, value in row.items() if name != "outcome"})


def _lines(cell: Sequence[Any]) -> tuple[InvoiceLine, ...]:
    return tuple(InvoiceLine(text, minor) for text, minor in cell)


def _installments(cell: Sequence[Any]) -> tuple[Installment, ...]:
    return tuple(Installment(number, date.fromisoformat(due), minor) for number, due, minor in cell)


# Cells that hold parts of a record as JSON.
PARTS: Mapping[type, Mapping[str, Callable[[Any], Any]]] = {
    Invoice: {"lines": _lines},
    InstallmentPlan: {"installments": _installments},
}
