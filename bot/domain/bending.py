"""A plan bends before it breaks: a shift offered before the predicted miss, a shortfall spread over what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.accounts import Payment
from bot.domain.methods import FAILED, ChargeAttempt
from bot.domain.money import split
from bot.domain.plans import Installment, InstallmentPlan, add_months, changed, progress

# Paid a day or two after its date is on time for all that matters; beyond two weeks the plan itself is in question.
ON_TIME, MOST = timedelta(days=2), timedelta(days=14)
# A later instalment rises by a quarter at most; a larger shortfall is talked about.
RISE = 4


@dataclass(frozen=True, slots=True)
class Shift:
    """Later days for what is left of a plan, and why they are offered: late, pay_day or charge_failed."""

    why: str
    installments: tuple[Installment, ...]


def shift(
    plan: InstallmentPlan, payments: Sequence[Payment], charges: Sequence[ChargeAttempt], pay_day: int | None,
    zone: ZoneInfo, today: date,
) -> Shift | None:  # fmt: skip
    """The same sums on days that suit the customer better, where the record says that the next day will be missed.

    Signs: the last instalment came late, the customer's pay-day follows the due day, a charge for the plan failed.
    """
    seen = progress(plan, payments, today)
    left = [(item, open_) for item, _, open_ in seen.installments if open_]
    if seen.state != "active" or not left or left[0][0].due_on < today:
        return None
    first = left[0][0].due_on
    found = _late_by(plan, payments, zone), _to_pay_day(first, pay_day), _after_failure(plan, charges)
    for why, by in zip(("late", "pay_day", "charge_failed"), found, strict=True):
        if by and ON_TIME < by <= MOST:
            day = first + by
            items = (Installment(n + 1, add_months(day, n) if n else day, open_) for n, (_, open_) in enumerate(left))
            return Shift(why, tuple(items))
    return None


def _late_by(plan: InstallmentPlan, payments: Iterable[Payment], zone: ZoneInfo) -> timedelta | None:
    """How long after its day the last paid instalment was complete."""
    came = sorted(
        (p.paid_at, p.amount_minor)
        for p in payments
        if p.currency == plan.currency and plan.accepted_at is not None and p.paid_at >= plan.accepted_at
    )
    need, sum_, late = 0, 0, None
    instants = iter(came)
    for item in plan.installments:
        need += item.amount_minor
        at: datetime | None = None
        while sum_ < need:
            step = next(instants, None)
            if step is None:
                return late
            at, sum_ = step[0], sum_ + step[1]
        if at is not None:
            late = at.astimezone(zone).date() - item.due_on
    return late


def _to_pay_day(due: date, pay_day: int | None) -> timedelta | None:
    """How long after the due day the customer is paid; None where money is there before."""
    if pay_day is None:
        return None
    months = [date(due.year, due.month, 1), add_months(date(due.year, due.month, 1), 1)]
    days = [min(add_months(start, 1) - timedelta(days=1), start + timedelta(days=pay_day - 1)) for start in months]
    before = [day for day in days if day <= due]
    # Whoever is paid in the days before has the money.
    if before and due - before[-1] <= MOST:
        return None
    return next((day - due for day in days if day > due), None)


def _after_failure(plan: InstallmentPlan, charges: Iterable[ChargeAttempt]) -> timedelta | None:
    mine = [attempt for attempt in charges if attempt.about.startswith(f"plan:{plan.id}:")]
    last = max(mine, key=lambda attempt: attempt.at, default=None)
    return timedelta(days=7) if last is not None and last.state == FAILED else None


def respread(plan: InstallmentPlan, payments: Sequence[Payment], today: date) -> tuple[Installment, ...] | None:
    """What is left of a plan when a part of one instalment stayed out: its rest spread over the later ones.

    None where nothing of it came, more than one is missing, or a later one would rise by more than a quarter.
    """
    seen = progress(plan, payments, today)
    missed = [(item, open_) for item, state, open_ in seen.installments if state == "missed"]
    later = [(item, open_) for item, state, open_ in seen.installments if state == "due" and open_]
    if seen.state != "active" or len(missed) != 1 or not later or missed[0][1] >= missed[0][0].amount_minor:
        return None
    parts = split(missed[0][1], len(later))
    if any(part * RISE > item.amount_minor for part, (item, _) in zip(parts, later, strict=True)):
        return None
    return tuple(
        Installment(number, item.due_on, open_ + part)
        for number, (part, (item, open_)) in enumerate(zip(parts, later, strict=True), 1)
    )


def bent(
    plan: InstallmentPlan, payments: Sequence[Payment], rest: Sequence[Installment], why: str, now: datetime
) -> InstallmentPlan:
    """A running plan with a new schedule in the customer's favour; the earlier one is kept with the agreement."""
    before = [[item.due_on.isoformat(), item.amount_minor] for item in plan.installments]
    earlier = (*plan.agreement.get("bent", ()), {"at": now.isoformat(), "why": why, "before": before})
    return replace(changed(plan, payments, rest), agreement={**plan.agreement, "bent": list(earlier)})
