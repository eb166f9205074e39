"""Bargaining over instalments inside the creditor's policy: the least concession, never outside, never back."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bot.domain.money import Money, exponent, split
from bot.domain.plans import Installment, add_months

# How far ahead a first payment is proposed when the customer names no day.
USUAL_FIRST = timedelta(days=7)
# The longest plan that is written out for a person to decide.
MOST_ASKED = 60
# The latest start in it.
LATEST_ASKED = timedelta(days=366)
# A pay-day nearer than this to a part is left out.
BREATH = timedelta(days=14)


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
_SUMS = ("min_installment_minor", "min_payment_minor", "arrears_minor")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the assistant may grant by itself. Sums in minor units; beyond these limits a person decides.

    After `max_counters` offers that did not suit, and from `max_broken_plans` broken plans on, a person decides too;
    so when a plan was agreed anew `max_renegotiations` times after a miss and is missed again.
    """

    max_count: int = 6
    max_months: int = 6
    min_installment_minor: int = 2000
    first_within_days: int = 30
    min_payment_minor: int = 500
    promise_within_days: int = 30
    usual_count: int = 3
    max_counters: int = 3
    max_broken_plans: int = 1
    max_renegotiations: int = 1
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

    def in_currency(self, currency: str) -> "Policy":
        """These limits, written in hundredths, in the minor units of a currency: 20.00 is 20 yen, 20000 millimes."""
        places = exponent(currency)

        def own(values: Mapping[str, int]) -> dict[str, int]:
            return {name: max(1, v * 10**places // 100) if name in _SUMS else v for name, v in values.items()}

        segments = tuple(Segment(own(segment.when), own(segment.limits)) for segment in self.segments)
        sums = own({name: getattr(self, name) for name in ("min_installment_minor", "min_payment_minor")})
        return replace(self, segments=segments, **sums)

    def envelope(self, arrears_minor: int, standing: Standing) -> "Policy":
        """The limits that bind for these facts: those of the first segment that fits, else the general ones."""
        facts = {
            "arrears_minor": arrears_minor, "days_past_due": standing.days_past_due,
            "broken_plans": standing.broken_plans, "hardship": int(standing.hardship),
        }  # fmt: skip
        for segment in self.segments:
            if all(facts[name] >= least for name, least in segment.when.items()):
                return replace(self, segments=(), **segment.limits)
        return replace(self, segments=())


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

    `now_minor` is a part that is paid before the instalments, today or `now_on`; `pay_day` the day of the month
    on which money comes; `settle_minor` a smaller sum offered for the whole debt.
    """

    count: int | None = None
    monthly_minor: int | None = None
    first_on: date | None = None
    now_minor: int | None = None
    now_on: date | None = None
    pay_day: int | None = None
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


def breaches(
    plan: Sequence[Installment], arrears: Money, policy: Policy, today: date, part: bool = False
) -> tuple[str, ...]:
    """Every limit that a plan breaks; none means that it lies inside the policy, which anybody can recompute.

    `part` says that the first payment is a part which the customer pays before the instalments.
    """
    if not plan:
        return ("count",)
    found, total = [], arrears.minor
    latest = today + timedelta(days=policy.first_within_days)
    if sum(item.amount_minor for item in plan) != total:
        found.append("sum")
    if len(plan) > min(policy.max_count, policy.max_months):
        found.append("count")
    sums = [item.amount_minor for item in plan]
    # A part keeps to the least payment, and what it leaves is measured like a debt of its own.
    if part and len(sums) > 1 and sums[0] < min(policy.min_payment_minor, total):
        found.append("part")
    spread = sums[1:] if part and len(sums) > 1 else sums
    # A debt smaller than the least instalment is paid at once.
    if min(spread) < min(policy.min_installment_minor, sum(spread)):
        found.append("instalment")
    if not today <= plan[0].due_on <= latest:
        found.append("first_day")
    if plan[-1].due_on >= add_months(latest, policy.max_months):
        found.append("months")
    if any(later.due_on <= earlier.due_on for earlier, later in pairwise(plan)):
        found.append("order")
    return tuple(found)


def decide(
    arrears: Money,
    proposal: Proposal,
    policy: Policy,
    today: date,
    offered: Sequence[Sequence[Installment]] = (),
    broken_plans: int = 0,
    asked: Sequence[Proposal] = (),
) -> Decision:
    """Answer a proposal. `offered` are our earlier offers: none is taken back, and insisting reaches a person.

    `asked` are the customer's earlier proposals, where they are known: whoever still comes closer gets another answer
    before a person is called. Equal facts give equal answers; every plan adds up to the arrears exactly.
    """
    total = arrears.minor
    if total <= 0:
        return Decision("refuse", (), ("nothing_owed",))
    if _nonsense(proposal):
        return Decision("refuse", (), ("not_a_number_of_payments_or_sum",))
    # An offer once made stands: bargaining again must not end worse for the customer.
    kept = [offer for offer in offered if not set(breaches(offer, arrears, policy, today)) - {"first_day"}]
    terms = _terms(total, proposal, policy, today, kept)
    why = terms.why
    if proposal.settle_minor is not None and proposal.settle_minor < total:
        # To let a part of a debt go is a person's decision alone.
        ready = (Installment(1, terms.first, proposal.settle_minor),)
        return Decision("escalate", ready, ("settlement_needs_a_person",))
    if broken_plans >= policy.max_broken_plans:
        return Decision("escalate", _asked_for(total, proposal, terms, today), (*why, "broken_plans"))
    plan = _plan(total, terms.now, terms.count, proposal, terms.first, terms.start, policy.min_installment_minor)
    if not why:
        return Decision("accept", plan, ("within_policy",))
    if asked:
        before = [(_terms(total, earlier, policy, today, kept).wanted, earlier) for earlier in asked]
        insists = not _comes_closer(terms.wanted, proposal, before)
    else:
        insists = any(_same(plan, offer) for offer in offered)
    if insists or len(offered) >= policy.max_counters:
        return Decision("escalate", _asked_for(total, proposal, terms, today), (*why, "insists"))
    return Decision("counter", plan, why)


def written_out(arrears: Money, proposal: Proposal, policy: Policy, today: date) -> tuple[Installment, ...]:
    """The schedule that a customer asks for, even beyond the policy, for a person to decide."""
    granted = decide(arrears, proposal, policy, today)
    if granted.decision != "counter":
        return granted.installments
    return decide(arrears, proposal, policy, today, [granted.installments]).installments


def _nonsense(proposal: Proposal) -> bool:
    day = proposal.pay_day
    values = (proposal.count, proposal.monthly_minor, proposal.now_minor, proposal.settle_minor, day)
    wrong = any(v is not None and (isinstance(v, bool) or not isinstance(v, int) or v <= 0) for v in values)
    return wrong or (day is not None and day > 31)


@dataclass(frozen=True, slots=True)
class _Terms:
    """A proposal measured by the policy: what is asked for (`wanted`, `day`), what can be granted, and why not all."""

    now: int
    start: date | None
    wanted: int
    count: int
    day: date
    first: date
    why: tuple[str, ...]


def _terms(
    total: int, proposal: Proposal, policy: Policy, today: date, kept: Sequence[Sequence[Installment]]
) -> _Terms:
    now, why = _paid_today(total, proposal, policy)
    latest = today + timedelta(days=policy.first_within_days)
    start = max(proposal.now_on or today, today) if now else None
    if start is not None and start > latest:
        start, why = latest, [*why, "first_payment_too_late"]
    if start is not None and now >= total:
        return _Terms(0, None, 1, 1, start, start, tuple(why))
    bounds = (policy.max_count, policy.max_months)
    if start is not None and min(bounds) < 2:
        # There is no room for a part and a rest: everything is one payment.
        return _Terms(0, None, 1, 1, start, start, (*why, "too_many_instalments"))
    rest = total - now
    longest = most_instalments(rest, policy)
    if start is not None:
        longest = min(longest, min(bounds) - 1)
    wanted, doubt = _wanted_count(rest, proposal, longest, policy, kept)
    why += doubt
    if wanted > longest:
        words = zip(bounds, ("too_many_instalments", "too_many_months"), strict=True)
        why.append(next((word for most, word in words if wanted > most), "instalment_below_minimum"))
    day, first, late = _first_day(proposal, start, latest, today, kept)
    return _Terms(now, start, wanted, min(wanted, longest), day, first, (*why, *(w for w in late if w not in why)))


def _first_day(
    proposal: Proposal, start: date | None, latest: date, today: date, kept: Sequence[Sequence[Installment]]
) -> tuple[date, date, list[str]]:
    """The day that is asked for, the day of the first instalment inside the policy, and what speaks against it."""
    if start is not None:
        # The part is the first payment; the next one follows within a month of it.
        latest = max(latest, add_months(start, 1))
    if proposal.first_on is None and proposal.pay_day is not None:
        # The next pay-day, or the one after a part that is paid shortly before it.
        day = _next(proposal.pay_day, today if start is None else start + BREATH)
        return day, min(day, latest), ["first_payment_too_late"] if day > latest else []
    if proposal.first_on is None:
        usual = add_months(start, 1) if start is not None else today + USUAL_FIRST
        # The latest day once offered stands as long as it has not passed.
        day = usual if start is not None else min(max(usual, *(offer[0].due_on for offer in kept), today), latest)
        return day, day, []
    day = max(proposal.first_on, today)
    late = ["first_payment_too_late"] if day > latest else []
    late += ["first_payment_in_the_past"] if proposal.first_on < today else []
    if start is not None and day <= start:
        # The day of the part itself was named: the instalments go on after it.
        day = add_months(start, 1)
    return day, min(day, latest), late


def _asked_for(total: int, proposal: Proposal, terms: _Terms, today: date) -> tuple[Installment, ...]:
    """The customer's own terms, written out for the person who decides."""
    count = min(terms.wanted, MOST_ASKED, total - terms.now)
    day = min(terms.day, today + LATEST_ASKED)
    return _plan(total, terms.now, count, proposal, day, terms.start, 1)


def _comes_closer(wanted: int, proposal: Proposal, before: Sequence[tuple[int, Proposal]]) -> bool:
    """Whether the customer moved towards us since every earlier proposal: fewer payments, or an earlier start."""
    fewer = all(wanted < earlier for earlier, _ in before)
    days = [earlier.first_on for _, earlier in before]
    sooner = proposal.first_on is not None and all(day is not None and proposal.first_on < day for day in days)
    return fewer or sooner


def _paid_today(total: int, proposal: Proposal, policy: Policy) -> tuple[int, list[str]]:
    now = proposal.now_minor or 0
    least = min(policy.min_payment_minor, total)
    return (least, ["first_payment_below_minimum"]) if 0 < now < least else (min(now, total), [])


def _wanted_count(
    rest: int, proposal: Proposal, longest: int, policy: Policy, kept: Sequence[Sequence[Installment]]
) -> tuple[int, list[str]]:
    """How many instalments are asked for, and why that needs a word: nothing was said, or it does not add up."""
    count, monthly = proposal.count, proposal.monthly_minor
    if monthly is not None:
        needed = -(-rest // monthly)
        if count is None:
            return needed, []
        # "3 instalments of 40" on 209.85: what can be paid a month counts, the number has to give.
        return (count, []) if count >= needed else (needed, ["does_not_add_up"])
    if count is not None:
        return count, []
    silent = proposal.first_on is None and proposal.now_minor is None and proposal.pay_day is None
    # Whoever asks for another day only keeps the number of payments that is on the table.
    usual = len(kept[-1]) if kept and proposal.now_minor is None else min(policy.usual_count, longest)
    return usual, ["no_terms_named"] if silent else []


def _plan(
    total: int, now: int, count: int, proposal: Proposal, first: date, start: date | None, least: int
) -> tuple[Installment, ...]:
    """What is paid today, then equal parts, or the customer's own monthly sum with the rest at the end if it fits."""
    rest = total - now
    monthly, sums = proposal.monthly_minor, split(rest, count)
    if monthly is not None and count > 1:
        last = rest - monthly * (count - 1)
        if max(least, 1) <= last <= monthly and last * 2 >= monthly:
            sums = [monthly] * (count - 1) + [last]
    days = [(add_months(first, number), sum_) for number, sum_ in enumerate(sums)]
    if proposal.pay_day is not None and first == _on(first, proposal.pay_day):
        days = [(_on(day, proposal.pay_day), sum_) for day, sum_ in days]
    if start is not None:
        days = [(start, now), *days]
    return tuple(Installment(number, day, sum_) for number, (day, sum_) in enumerate(days, 1))


def _on(month: date, day: int) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _next(pay_day: int, earliest: date) -> date:
    day = _on(earliest, pay_day)
    return day if day >= earliest else _on(add_months(earliest.replace(day=1), 1), pay_day)


def _same(plan: Sequence[Installment], other: Sequence[Installment]) -> bool:
    return [i.amount_minor for i in plan] == [i.amount_minor for i in other] and [i.due_on for i in plan] == [
        i.due_on for i in other
    ]
