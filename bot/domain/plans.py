"""Instalment plans: built to the cent, followed by the money received."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.accounts import Payment
from bot.domain.money import split

GRACE = timedelta(days=5)
BROKEN_AFTER = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Installment:
    """One sum of a plan and its day."""

    number: int
    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class InstallmentPlan:
    """An agreement to pay `total_minor` in several sums.

    `agreement` is the proof of consent: the summary shown, its locale, channel, script version and the
    exchange in which the customer accepted. Empty until accepted.
    """

    id: str
    customer_id: str
    currency: str
    total_minor: int
    installments: tuple[Installment, ...]
    proposed_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    agreement: Mapping[str, Any] = field(default_factory=dict)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def schedule(total_minor: int, count: int, first_on: date) -> tuple[Installment, ...]:
    """Monthly instalments that add up to the total exactly."""
    return tuple(
        Installment(number + 1, add_months(first_on, number), part)
        for number, part in enumerate(split(total_minor, count))
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is: its state, each instalment with its state and what is still open of it."""

    state: str
    installments: tuple[tuple[Installment, str, int], ...]
    paid_minor: int

    @property
    def next_open(self) -> tuple[Installment, int] | None:
        """The first instalment that is not fully paid and what is open of it."""
        return next(((item, open_) for item, _, open_ in self.installments if open_ > 0), None)


def progress(plan: InstallmentPlan, payments: Iterable[Payment], today: date) -> Progress:
    """Follow a plan: what came in since acceptance fills the instalments in order.

    States of a plan: proposed, active, completed, broken, ended. Of an instalment: due, paid, late, missed.
    """
    accepted = plan.accepted_at
    received = 0
    if accepted is not None:
        received = sum(p.amount_minor for p in payments if p.paid_at >= accepted and p.currency == plan.currency)
    left, rows = received, []
    for item in plan.installments:
        paid = min(left, item.amount_minor)
        left -= paid
        rows.append((item, _installment_state(item, paid, today), item.amount_minor - paid))
    return Progress(_plan_state(plan, rows, today), tuple(rows), received)


def _installment_state(item: Installment, paid: int, today: date) -> str:
    if paid >= item.amount_minor:
        return "paid"
    if today <= item.due_on:
        return "due"
    return "late" if today <= item.due_on + GRACE else "missed"


def _plan_state(plan: InstallmentPlan, rows: Sequence[tuple[Installment, str, int]], today: date) -> str:
    if plan.accepted_at is None:
        return "proposed" if plan.ended_at is None else "ended"
    if all(open_ == 0 for _, _, open_ in rows):
        return "completed"
    if plan.ended_at is not None:
        return "ended"
    overdue = any(open_ and today > item.due_on + BROKEN_AFTER for item, _, open_ in rows)
    return "broken" if overdue else "active"
