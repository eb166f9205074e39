"""Bargaining over instalments inside the creditor's policy: the least concession, never outside, never back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from bot.domain.money import Money
from bot.domain.plans import Installment, add_months, schedule

# How far ahead a first payment is proposed when the customer names no day.
USUAL_FIRST = timedelta(days=7)


class PolicyError(ValueError):
    """The creditor's policy cannot be followed; the message names the limit and the remedy, `path` its place."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


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


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the customer asks for; what is None is left to us."""

    count: int | None = None
    monthly_minor: int | None = None
    first_on: date | None = None


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
    arrears: Money, proposal: Proposal, policy: Policy, today: date, offered: Sequence[Sequence[Installment]] = ()
) -> Decision:
    """Answer a proposal. `offered` are our earlier offers: none is taken back, and insisting reaches a person.

    Equal facts give equal answers; every plan adds up to the arrears exactly.
    """
    total = arrears.minor
    if total <= 0:
        return Decision("refuse", (), ("nothing_owed",))
    for value in (proposal.count, proposal.monthly_minor):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value <= 0):
            return Decision("refuse", (), ("not_a_number_of_payments_or_sum",))
    longest = most_instalments(total, policy)
    # An offer once made stands: bargaining again must not end worse for the customer.
    longest = max([longest, *(len(offer) for offer in offered if _inside(offer, total, policy, today))])
    why: list[str] = []
    wanted = _wanted_count(total, proposal, longest, policy)
    count = min(wanted, longest)
    if count < wanted:
        why.append("too_many_instalments" if wanted > policy.max_count else "instalment_below_minimum")
    first = proposal.first_on or today + USUAL_FIRST
    latest = today + timedelta(days=policy.first_within_days)
    if first > latest:
        why.append("first_payment_too_late")
    elif first < today:
        why.append("first_payment_in_the_past")
    first = min(max(first, today), latest)
    plan = _plan(total, count, proposal, first)
    if not why:
        return Decision("accept", plan, ("within_policy",))
    repeated = any(_same(plan, offer) for offer in offered)
    if repeated or len(offered) >= policy.max_counters:
        return Decision(
            "escalate",
            _plan(total, min(wanted, 60), proposal, max(proposal.first_on or first, today)),
            (*why, "insists"),
        )
    return Decision("counter", plan, tuple(why))


def _wanted_count(total: int, proposal: Proposal, longest: int, policy: Policy) -> int:
    if proposal.count is not None:
        return proposal.count
    if proposal.monthly_minor is not None:
        return -(-total // proposal.monthly_minor)
    return min(policy.usual_count, longest)


def _plan(total: int, count: int, proposal: Proposal, first: date) -> tuple[Installment, ...]:
    """Equal parts, or the customer's own monthly sum with the rest at the end where that fits the count."""
    monthly = proposal.monthly_minor
    if monthly is not None and count > 1:
        rest = total - monthly * (count - 1)
        if 0 < rest <= monthly and rest * 2 >= monthly:
            sums = [monthly] * (count - 1) + [rest]
            return tuple(Installment(n + 1, add_months(first, n), sum_) for n, sum_ in enumerate(sums))
    return schedule(total, count, first)


def _inside(offer: Sequence[Installment], total: int, policy: Policy, today: date) -> bool:
    return sum(i.amount_minor for i in offer) == total and len(offer) <= min(policy.max_count, policy.max_months)


def _same(plan: Sequence[Installment], other: Sequence[Installment]) -> bool:
    return [i.amount_minor for i in plan] == [i.amount_minor for i in other] and [i.due_on for i in plan] == [
        i.due_on for i in other
    ]
