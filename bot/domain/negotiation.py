"""Bargaining over instalments inside the creditor's policy: the least concession, never outside, never back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from bot.domain.money import Money, exponent, split
from bot.domain.plans import Installment, add_months, schedule

# How far ahead a first payment is proposed when the customer names no day.
USUAL_FIRST = timedelta(days=7)
# The longest plan that is written out for a person to decide.
MOST_ASKED = 60


class PolicyError(ValueError):
    """The creditor's policy cannot be followed; the message names the limit and the remedy, `path` its place."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Policy:
    """What the assistant may grant by itself. Sums in minor units; beyond these limits a person decides.

    After `max_counters` offers that did not suit, and from `max_broken_plans` broken plans on, a person decides too.
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

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Policy":
        """Check a policy mapping; raises PolicyError."""
        known = {field.name for field in fields(cls)}
        for name, value in raw.items():
            if name not in known:
                raise PolicyError(f"policy: unknown limit {name!r}; known: {', '.join(sorted(known))}", (str(name),))
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise PolicyError(f"policy: {name} is a whole number from 1 on, not {value!r}", (name,))
        return cls(**raw)

    def in_currency(self, currency: str) -> "Policy":
        """These limits, written in hundredths, in the minor units of a currency: 20.00 is 20 yen, 20000 millimes."""
        places = exponent(currency)
        sums = {name: getattr(self, name) for name in ("min_installment_minor", "min_payment_minor")}
        return replace(self, **{name: max(1, minor * 10**places // 100) for name, minor in sums.items()})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the customer asks for; what is None is left to us.

    `now_minor` is a part that is paid before the instalments, today or `now_on`.
    """

    count: int | None = None
    monthly_minor: int | None = None
    first_on: date | None = None
    now_minor: int | None = None
    now_on: date | None = None


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


def decide(
    arrears: Money,
    proposal: Proposal,
    policy: Policy,
    today: date,
    offered: Sequence[Sequence[Installment]] = (),
    broken_plans: int = 0,
) -> Decision:
    """Answer a proposal. `offered` are our earlier offers: none is taken back, and insisting reaches a person.

    Equal facts give equal answers; every plan adds up to the arrears exactly.
    """
    total = arrears.minor
    if total <= 0:
        return Decision("refuse", (), ("nothing_owed",))
    for value in (proposal.count, proposal.monthly_minor, proposal.now_minor):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value <= 0):
            return Decision("refuse", (), ("not_a_number_of_payments_or_sum",))
    now, why = _paid_today(total, proposal, policy)
    if now >= total:
        return Decision("accept", schedule(total, 1, today), ("within_policy",))
    rest, least = total - now, policy.min_installment_minor
    longest = most_instalments(rest, policy)
    if now:
        longest = max(1, min(longest, policy.max_count - 1, policy.max_months - 1))
    # An offer once made stands: bargaining again must not end worse for the customer.
    longest = max([longest, *(len(offer) for offer in offered if not now and _inside(offer, total, policy))])
    wanted, doubt = _wanted_count(rest, proposal, longest, policy)
    why += doubt
    count = min(wanted, longest)
    if count < wanted:
        why.append("too_many_instalments" if wanted > policy.max_count else "instalment_below_minimum")
    start = max(proposal.now_on or today, today) if now else None
    first = proposal.first_on or (add_months(start, 1) if start else today + USUAL_FIRST)
    latest = today + timedelta(days=policy.first_within_days)
    if start is not None:
        # The part is the first payment; the next one follows within a month of it.
        latest = max(latest, add_months(min(start, latest), 1))
    if first > latest:
        why.append("first_payment_too_late")
    elif first < today:
        why.append("first_payment_in_the_past")
    if broken_plans >= policy.max_broken_plans:
        asked = _plan(total, now, min(wanted, MOST_ASKED), proposal, max(first, today), start, least)
        return Decision("escalate", asked, (*why, "broken_plans"))
    plan = _plan(total, now, count, proposal, min(max(first, today), latest), start, least)
    if not why:
        return Decision("accept", plan, ("within_policy",))
    if any(_same(plan, offer) for offer in offered) or len(offered) >= policy.max_counters:
        asked = _plan(total, now, min(wanted, MOST_ASKED), proposal, max(first, today), start, least)
        return Decision("escalate", asked, (*why, "insists"))
    return Decision("counter", plan, tuple(why))


def written_out(arrears: Money, proposal: Proposal, policy: Policy, today: date) -> tuple[Installment, ...]:
    """The schedule that a customer asks for, even beyond the policy, for a person to decide."""
    granted = decide(arrears, proposal, policy, today)
    if granted.decision != "counter":
        return granted.installments
    return decide(arrears, proposal, policy, today, [granted.installments]).installments


def _paid_today(total: int, proposal: Proposal, policy: Policy) -> tuple[int, list[str]]:
    now = proposal.now_minor or 0
    least = min(policy.min_payment_minor, total)
    return (least, ["first_payment_below_minimum"]) if 0 < now < least else (min(now, total), [])


def _wanted_count(rest: int, proposal: Proposal, longest: int, policy: Policy) -> tuple[int, list[str]]:
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
    silent = proposal.first_on is None and proposal.now_minor is None
    return min(policy.usual_count, longest), ["no_terms_named"] if silent else []


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
    if start is not None:
        days = [(start, now), *days]
    return tuple(Installment(number, day, sum_) for number, (day, sum_) in enumerate(days, 1))


def _inside(offer: Sequence[Installment], total: int, policy: Policy) -> bool:
    return sum(i.amount_minor for i in offer) == total and len(offer) <= min(policy.max_count, policy.max_months)


def _same(plan: Sequence[Installment], other: Sequence[Installment]) -> bool:
    return [i.amount_minor for i in plan] == [i.amount_minor for i in other] and [i.due_on for i in plan] == [
        i.due_on for i in other
    ]
