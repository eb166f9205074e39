"""Bargaining over instalments inside the creditor's policy: the least concession, never outside, never back."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bot.domain.money import Money, split
from bot.domain.plans import Installment, add_months

# How far ahead a first payment is proposed when the customer names no day.
USUAL_FIRST = timedelta(days=7)
# The longest proposal that is written out for a person, and the latest start in it.
_LONGEST_READY = 60
_LATEST_READY = timedelta(days=366)
# A pay-day nearer than this to a sum paid today is left out.
_BREATH = timedelta(days=14)


class PolicyError(ValueError):
    """The creditor's policy cannot be followed; the message names the limit and the remedy."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a policy may look at besides the sum: age of the debt, plans broken before, hardship reported."""

    days_past_due: int = 0
    broken_plans: int = 0
    hardship: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """Other limits for some customers: every minimum in `when` is reached."""

    when: Mapping[str, int]
    limits: Mapping[str, int]


_MINIMA = ("arrears_minor", "days_past_due", "broken_plans", "hardship")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the assistant may grant by itself. Sums in minor units; beyond these limits a person decides."""

    max_count: int = 6
    max_months: int = 6
    min_installment_minor: int = 2000
    first_within_days: int = 30
    min_payment_minor: int = 500
    promise_within_days: int = 14
    usual_count: int = 3
    max_counters: int = 3
    segments: tuple[Segment, ...] = field(default=())

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Policy":
        """Check a policy mapping; raises PolicyError."""
        limits = {name: value for name, value in raw.items() if name != "segments"}
        _check(limits, "policy")
        groups = raw.get("segments") or ()
        if not isinstance(groups, list | tuple):
            raise PolicyError("policy: segments is a list, each with `when` and the limits that differ")
        return cls(**limits, segments=tuple(_segment(item, f"policy: segment {n}") for n, item in enumerate(groups, 1)))

    def envelope(self, arrears_minor: int, standing: Standing) -> "Policy":
        """The limits that bind for these facts: those of the first segment that fits, else the general ones."""
        facts = {
            "arrears_minor": arrears_minor, "days_past_due": standing.days_past_due,
            "broken_plans": standing.broken_plans, "hardship": int(standing.hardship),
        }  # fmt: skip
        for segment in self.segments:
            if all(facts[name] >= least for name, least in segment.when.items()):
                return replace(self, **segment.limits)  # type: ignore[arg-type]
        return self


def _check(limits: Mapping[str, Any], place: str) -> None:
    known = {item.name for item in fields(Policy)} - {"segments"}
    for name, value in limits.items():
        if name not in known:
            raise PolicyError(f"{place}: unknown limit {name!r}; known: {', '.join(sorted(known))}")
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise PolicyError(f"{place}: {name} is a whole number from 1 on, not {value!r}")


def _segment(item: Any, place: str) -> Segment:
    if not isinstance(item, Mapping) or not isinstance(item.get("when"), Mapping):
        raise PolicyError(f"{place}: give it `when` with some of {', '.join(_MINIMA)}")
    for name, value in item["when"].items():
        if name not in _MINIMA:
            raise PolicyError(f"{place}: unknown fact {name!r}; known: {', '.join(_MINIMA)}")
        if not isinstance(value, int) or value < 0:
            raise PolicyError(f"{place}: {name} is a whole number from 0 on, not {value!r}")
    limits = {name: value for name, value in item.items() if name != "when"}
    _check(limits, place)
    return Segment({name: int(value) for name, value in item["when"].items()}, limits)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the customer asks for; what is None is left to us.

    `pay_day` is the day of the month on which money comes, `down_minor` the first of the payments if it is made
    today, `settle_minor` a smaller sum offered for the whole debt.
    """

    count: int | None = None
    monthly_minor: int | None = None
    first_on: date | None = None
    pay_day: int | None = None
    down_minor: int | None = None
    settle_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """accept, counter, refuse or escalate; the instalments granted or offered, and why, as stable words."""

    decision: str
    installments: tuple[Installment, ...]
    why: tuple[str, ...]


def most_instalments(total_minor: int, policy: Policy) -> int:
    """The longest plan that the policy allows for a sum."""
    by_size = total_minor // policy.min_installment_minor
    return max(1, min(policy.max_count, policy.max_months, by_size))


def breaches(plan: Sequence[Installment], arrears: Money, policy: Policy, today: date) -> tuple[str, ...]:
    """Every limit that a plan breaks; none means that the plan lies inside the policy, which anybody can recompute."""
    found = []
    if sum(item.amount_minor for item in plan) != arrears.minor:
        found.append("sum")
    if not 1 <= len(plan) <= min(policy.max_count, policy.max_months):
        found.append("count")
    # A debt smaller than the least instalment is paid at once.
    least = min((item.amount_minor for item in plan), default=0)
    if least < min(policy.min_installment_minor, arrears.minor):
        found.append("instalment")
    if plan and not today <= plan[0].due_on <= today + timedelta(days=policy.first_within_days):
        found.append("first_day")
    if any(later.due_on <= earlier.due_on for earlier, later in pairwise(plan)):
        found.append("order")
    return tuple(found)


def decide(
    arrears: Money,
    proposal: Proposal,
    policy: Policy,
    today: date,
    offered: Sequence[Sequence[Installment]] = (),
    asked: Sequence[Proposal] = (),
    standing: Standing = Standing(),
) -> Decision:
    """Answer a proposal. `offered` are our earlier offers: none is taken back, and insisting reaches a person.

    `asked` are the customer's earlier proposals, where they are known: whoever still moves gets another answer
    before a person is called. Equal facts give equal answers; every plan adds up to the arrears exactly.
    """
    total = arrears.minor
    if total <= 0:
        return Decision("refuse", (), ("nothing_owed",))
    if _nonsense(proposal):
        return Decision("refuse", (), ("not_a_number_of_payments_or_sum",))
    policy = policy.envelope(total, standing)
    if proposal.settle_minor is not None and proposal.settle_minor < total:
        # To let a part of a debt go is a person's decision alone.
        ready = (Installment(1, _first_day(proposal, policy, today, ())[0], proposal.settle_minor),)
        return Decision("escalate", ready, ("settlement_needs_a_person",))
    # An offer once made stands: bargaining again must not end worse for the customer.
    kept = [offer for offer in offered if not set(breaches(offer, arrears, policy, today)) - {"first_day"}]
    longest = most_instalments(total, policy)
    wanted, why = _wanted(total, proposal, longest, policy, kept)
    count = min(wanted, longest)
    first, late = _first_day(proposal, policy, today, kept)
    plan, changed = _plan(total, count, proposal, first, policy, today)
    why = (*why, *late, *changed)
    if not why:
        return Decision("accept", plan, ("within_policy",))
    if asked:
        insists = not _comes_closer(wanted, proposal, [(_wanted(total, p, longest, policy, kept)[0], p) for p in asked])
    else:
        insists = any(_same(plan, offer) for offer in offered)
    if insists or len(offered) >= policy.max_counters:
        return Decision("escalate", _ready(total, wanted, proposal, first, today), (*why, "insists"))
    return Decision("counter", plan, why)


def _nonsense(proposal: Proposal) -> bool:
    sums = (proposal.count, proposal.monthly_minor, proposal.down_minor, proposal.settle_minor)
    if any(v is not None and (isinstance(v, bool) or not isinstance(v, int) or v <= 0) for v in sums):
        return True
    day = proposal.pay_day
    return day is not None and (isinstance(day, bool) or not isinstance(day, int) or not 1 <= day <= 31)


def _wanted(
    total: int, proposal: Proposal, longest: int, policy: Policy, kept: Sequence[Sequence[Installment]]
) -> tuple[int, tuple[str, ...]]:
    """The number of payments that the proposal comes to, and what speaks against it."""
    rest = total - (proposal.down_minor or 0)
    down = 1 if proposal.down_minor is not None else 0
    if rest <= 0:
        return 1, ()
    wanted, why = proposal.count, []
    if proposal.monthly_minor is not None:
        needed = down + -(-rest // proposal.monthly_minor)
        if wanted is not None and wanted < needed:
            why.append("sum_does_not_cover")
        wanted = max(wanted or needed, needed)
    elif wanted is None:
        # Whoever asks for another day only keeps the number of payments that is on the table.
        wanted = len(kept[-1]) if kept else min(policy.usual_count, longest)
    if wanted < 1 + down:
        why += ["sum_does_not_cover"] if proposal.count == 1 else []
        wanted = 1 + down
    if wanted > longest:
        bounds = ((policy.max_count, "too_many_instalments"), (policy.max_months, "too_many_months"))
        why.append(next((word for most, word in bounds if wanted > most), "instalment_below_minimum"))
    return wanted, tuple(why)


def _first_day(
    proposal: Proposal, policy: Policy, today: date, kept: Sequence[Sequence[Installment]]
) -> tuple[date, tuple[str, ...]]:
    """The day of the first instalment inside the policy, and what had to be changed for it."""
    latest = today + timedelta(days=policy.first_within_days)
    if proposal.first_on is not None:
        if proposal.first_on > latest:
            return latest, ("first_payment_too_late",)
        if proposal.first_on < today:
            return today, ("first_payment_in_the_past",)
        return proposal.first_on, ()
    if proposal.pay_day is not None:
        day = _on(today.year, today.month, proposal.pay_day)
        day = day if day >= today else _on(*_next_month(today), proposal.pay_day)
        return (day, ()) if day <= latest else (latest, ("first_payment_too_late",))
    if kept:
        # The latest day once offered stands as long as it has not passed.
        return min(max(today, *(offer[0].due_on for offer in kept)), latest), ()
    return min(today + USUAL_FIRST, latest), ()


def _plan(
    total: int, count: int, proposal: Proposal, first: date, policy: Policy, today: date
) -> tuple[tuple[Installment, ...], tuple[str, ...]]:
    """The instalments, with a sum paid today before them where the customer offers one."""
    down, least = proposal.down_minor, policy.min_installment_minor
    if down is None or count == 1 or down >= total:
        day = today if down is not None and down >= total else first
        return _dated(_sums(total, count, proposal.monthly_minor, least), day, proposal.pay_day), ()
    # What is paid today and each payment after it keep to the least instalment.
    today_sum = min(max(down, least), total - least)
    changed = ["down_payment_below_minimum"] if today_sum > down else []
    changed += ["rest_below_minimum"] if today_sum < down else []
    most = 1 + (total - today_sum) // least
    if count > most:
        count = most
        changed += ["instalment_below_minimum"] if proposal.count or proposal.monthly_minor else []
    after = _second_day(proposal, first, policy, today)
    rest = _dated(_sums(total - today_sum, count - 1, proposal.monthly_minor, least), after, proposal.pay_day)
    return (Installment(1, today, today_sum), *(replace(i, number=i.number + 1) for i in rest)), tuple(changed)


def _second_day(proposal: Proposal, first: date, policy: Policy, today: date) -> date:
    """When the instalments go on after a sum paid today: as asked, at the next pay-day, else in a month."""
    latest = today + timedelta(days=policy.first_within_days)
    if proposal.first_on is not None:
        return max(first, today + timedelta(days=1))
    if proposal.pay_day is not None:
        later = _on(*_next_month(first), proposal.pay_day)
        return later if first - today < _BREATH and later <= latest else max(first, today + timedelta(days=1))
    return max(min(add_months(today, 1), latest), today + timedelta(days=1))


def _sums(total: int, count: int, monthly: int | None, least: int) -> list[int]:
    """Equal parts, or the customer's own monthly sum with the rest at the end where that fits."""
    equal = split(total, count)
    if monthly is None or count == 1:
        return equal
    rest = total - monthly * (count - 1)
    if least <= rest <= monthly and (rest * 2 >= monthly or equal[-1] > monthly):
        return [monthly] * (count - 1) + [rest]
    return equal


def _dated(sums: Sequence[int], first: date, pay_day: int | None) -> tuple[Installment, ...]:
    """One payment a month from the first day on, each on the pay-day where the customer named one."""
    days = [add_months(first, number) for number in range(len(sums))]
    if pay_day is not None and first == _on(first.year, first.month, pay_day):
        days = [_on(day.year, day.month, pay_day) for day in days]
    return tuple(Installment(n, day, sum_) for n, (day, sum_) in enumerate(zip(days, sums, strict=True), 1))


def _ready(total: int, wanted: int, proposal: Proposal, first: date, today: date) -> tuple[Installment, ...]:
    """The customer's own terms, written out for the person who decides."""
    count = max(1, min(wanted, _LONGEST_READY, total))
    day = min(max(proposal.first_on or first, today), today + _LATEST_READY)
    return _dated(_sums(total, count, proposal.monthly_minor, 1), day, proposal.pay_day)


def _on(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _next_month(day: date) -> tuple[int, int]:
    later = add_months(day, 1)
    return later.year, later.month


def _comes_closer(wanted: int, proposal: Proposal, before: Sequence[tuple[int, Proposal]]) -> bool:
    """Whether the customer moved towards us since every earlier proposal: fewer payments, or an earlier start."""
    fewer = all(wanted < earlier for earlier, _ in before)
    days = [earlier.first_on for _, earlier in before]
    sooner = proposal.first_on is not None and all(day is not None and proposal.first_on < day for day in days)
    return fewer or sooner


def _same(plan: Sequence[Installment], other: Sequence[Installment]) -> bool:
    return [(i.due_on, i.amount_minor) for i in plan] == [(i.due_on, i.amount_minor) for i in other]
