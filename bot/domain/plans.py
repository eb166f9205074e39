"""Instalment plans: built to the cent, followed by the money received."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.accounts import Payment
from bot.domain.money import split

GRACE = timedelta(days=5)
BROKEN_AFTER = timedelta(days=15)
LAPSED = "lapsed"


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


def after_part(total_minor: int, part: Installment, count: int, first_on: date) -> tuple[Installment, ...]:
    """A part paid first and monthly instalments of the rest; all the rest at once when nothing else is left."""
    rest = schedule(total_minor - part.amount_minor, count, first_on)
    return (replace(part, number=1), *(replace(item, number=item.number + 1) for item in rest))


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

    States of a plan: proposed, active, completed, broken; a proposal that was replaced, withdrawn or left until its
    first day had passed is `LAPSED` and never was a plan. Of an instalment: due, paid, late, missed.
    """
    received = sum(p.amount_minor for p in payments if p.currency == plan.currency and _counts(plan, p.paid_at))
    left, rows = received, []
    for item in plan.installments:
        paid = min(left, item.amount_minor)
        left -= paid
        rows.append((item, _installment_state(item, paid, today), item.amount_minor - paid))
    return Progress(_plan_state(plan, rows, today), tuple(rows), received)


def _counts(plan: InstallmentPlan, at: datetime) -> bool:
    if plan.accepted_at is None or at < plan.accepted_at:
        return False
    return plan.ended_at is None or at < plan.ended_at


def _installment_state(item: Installment, paid: int, today: date) -> str:
    if paid >= item.amount_minor:
        return "paid"
    if today <= item.due_on:
        return "due"
    return "late" if today <= item.due_on + GRACE else "missed"


def _plan_state(plan: InstallmentPlan, rows: Sequence[tuple[Installment, str, int]], today: date) -> str:
    if plan.accepted_at is None:
        return LAPSED if plan.ended_at is not None or today > plan.installments[0].due_on else "proposed"
    if all(open_ == 0 for _, _, open_ in rows):
        return "completed"
    overdue = any(open_ and today > item.due_on + BROKEN_AFTER for item, _, open_ in rows)
    return "broken" if overdue or plan.ended_at is not None else "active"


def changed(plan: InstallmentPlan, payments: Iterable[Payment], rest: Sequence[Installment]) -> InstallmentPlan:
    """A running plan with a new schedule for what is left: what was paid stays as it was paid."""
    seen = progress(plan, payments, plan.installments[-1].due_on)
    kept = [(item.due_on, item.amount_minor - left) for item, _, left in seen.installments if left < item.amount_minor]
    days = [*kept, *((item.due_on, item.amount_minor) for item in rest)]
    items = tuple(Installment(number, due, minor) for number, (due, minor) in enumerate(days, 1))
    return replace(plan, installments=items, total_minor=sum(item.amount_minor for item in items))


def renegotiated(plan: InstallmentPlan) -> int:
    """How often this plan was agreed anew after an instalment had been missed."""
    agreement, count = plan.agreement, 0
    while agreement:
        count += bool(agreement.get("after_miss"))
        agreement = agreement.get("replaces") or {}
    return count


def rescheduled(left: Sequence[tuple[date, int]], day: date, sum_: int | None = None) -> tuple[Installment, ...]:
    """What is left of a plan with its next payment on another day: the same sum or another one.

    The later days stay where they are as long as they come after it; otherwise they follow it month by month. What
    the new sum leaves over is spread over them, and a rest without a day of its own comes a month later.
    """
    total = sum(minor for _, minor in left)
    first = min(left[0][1] if sum_ is None else sum_, total)
    later = [due for due, _ in left[1:]]
    if later and later[0] <= day:
        later = [add_months(day, number) for number in range(1, len(later) + 1)]
    rest = total - first
    if rest and not later:
        later = [add_months(day, 1)]
    sums = [minor for _, minor in left[1:]] if sum_ is None else split(rest, len(later)) if rest else []
    days = [(day, first), *zip(later, sums, strict=False)]
    return tuple(Installment(number, due, minor) for number, (due, minor) in enumerate(days, 1))


@dataclass(frozen=True, slots=True)
class Room:
    """The days to which one payment of a plan may move; none when the latest lies before the earliest."""

    earliest: date
    latest: date


def room(left: Sequence[tuple[date, int]], place: int, today: date, first_latest: date) -> Room:
    """Where a payment may go: the next one up to the policy's latest first day, a later one between its neighbours.

    The last one may go a month beyond its day, no further: the plan as a whole stays what it was.
    """
    if place == 0:
        return Room(today, first_latest)
    due = left[place][0]
    latest = left[place + 1][0] - timedelta(days=1) if place + 1 < len(left) else add_months(due, 1) - timedelta(days=1)
    return Room(max(left[place - 1][0] + timedelta(days=1), today), latest)


def moved(left: Sequence[tuple[date, int]], place: int, day: date, sum_: int | None = None) -> tuple[Installment, ...]:
    """What is left of a plan with one payment on another day; all others stay, another sum falls to the last."""
    days = [(due, minor) for due, minor in left]
    change = 0 if sum_ is None else min(sum_, sum(minor for _, minor in left[place:])) - days[place][1]
    days[place] = (day, days[place][1] + change)
    for later in range(len(days) - 1, place, -1):
        taken = min(change, days[later][1]) if change > 0 else change
        days[later] = (days[later][0], days[later][1] - taken)
        change -= taken
    if change < 0:
        days.append((add_months(days[-1][0], 1), -change))
    kept = [(due, minor) for due, minor in sorted(days) if minor > 0]
    return tuple(Installment(number, due, minor) for number, (due, minor) in enumerate(kept, 1))
