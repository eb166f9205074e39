"""`python -m tests.benchmarks.negotiation`: the solver against three simple negotiators, on generated debts and EmoDebt.

5,000 debts are drawn (fixed seed), each met by three customers: one says at once what is affordable, one asks for less
and comes closer slowly, one asks and answers at random. Nothing here is fitted to a real book: amounts are lognormal
(median 250.00), the number of payments a customer needs is lognormal (median 2.5; 4 in the harder book), money comes
within 30 days (later for one in twenty). What a plan brings in is the sum of its payments, each weighed by the chance
that the plan still lives (E-30: 88 % after five months, 52 % after twelve, a vendor's figures); a payment above the
customer's means, or due long before the money comes, is not made and ends the plan. The oracle knows the customer's
means and picks the best plan inside the policy; for some customers there is none, and only a person can agree. EmoDebt (100 scenarios) is read from RELANCE_NEGOTIATION or ../shared/data when present.
"""

import json
import math
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.domain.money import Money
from bot.domain.negotiation import Policy, Proposal, breaches, decide, most_instalments
from bot.domain.plans import BROKEN_AFTER, Installment, schedule

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("RELANCE_NEGOTIATION") or ROOT.parent / "shared" / "data" / "negotiation")
TODAY = date(2026, 11, 24)
POLICY = Policy()
Plan = tuple[Installment, ...]
PATIENCE = 8


@dataclass(frozen=True)
class Debt:
    """A debt and what the customer can really do: at most so much a month, from this day on."""

    arrears: Money
    means: int
    money_on: date


def debts(number: int, seed: int, median_payments: float, spread: float) -> list[Debt]:
    draw = random.Random(seed)
    found = []
    for _ in range(number):
        minor = min(500_000, max(1_000, round(draw.lognormvariate(math.log(25_000), 0.9))))
        needs = max(1.0, draw.lognormvariate(math.log(median_payments), spread))
        days = draw.randint(0, 30) if draw.random() > 0.05 else draw.randint(31, 60)
        found.append(Debt(Money("EUR", minor), max(1, math.ceil(minor / needs)), TODAY + timedelta(days=days)))
    return found


def affordable(plan: Plan, debt: Debt) -> bool:
    return max(i.amount_minor for i in plan) <= debt.means and plan[0].due_on >= debt.money_on


def brought_in(plan: Plan | None, debt: Debt) -> float:
    """What a plan is worth: living plans pay, a payment above the means ends it."""
    total = 0.0
    for item in plan or ():
        if item.amount_minor > debt.means or item.due_on + BROKEN_AFTER < debt.money_on:
            break
        months = (max(item.due_on, debt.money_on) - TODAY).days / 30.4
        total += item.amount_minor * math.exp(-(0.00495 * months + 0.00413 * months**2))
    return total


def oracle(debt: Debt) -> float:
    latest = TODAY + timedelta(days=POLICY.first_within_days)
    plans = [schedule(debt.arrears.minor, n, debt.money_on) for n in range(1, most_instalments(debt.arrears.minor, POLICY) + 1)]  # fmt: skip
    return max((brought_in(plan, debt) for plan in plans), default=0.0) if debt.money_on <= latest else 0.0


# A negotiator answers a proposal, knowing its own offers and the earlier proposals: an offer (none: it ends the talk,
# for instance because a person is called), and whether it agrees.
Answer = tuple[Plan | None, bool]
Negotiator = Callable[[Debt, Proposal, list[Plan], list[Proposal]], Answer]


def relance(debt: Debt, asked: Proposal, offered: list[Plan], before: list[Proposal]) -> Answer:
    decision = decide(debt.arrears, asked, POLICY, TODAY, offered, asked=before)
    ends = decision.decision in ("escalate", "refuse")
    return (None if ends else decision.installments), decision.decision == "accept"


def _as_asked(debt: Debt, asked: Proposal) -> Plan:
    count = asked.count or -(-debt.arrears.minor // (asked.monthly_minor or debt.arrears.minor))
    return schedule(debt.arrears.minor, min(count, debt.arrears.minor), asked.first_on or TODAY + timedelta(days=7))


def accept_all(debt: Debt, asked: Proposal, offered: list[Plan], before: list[Proposal]) -> Answer:
    return _as_asked(debt, asked), True


def split_the_difference(debt: Debt, asked: Proposal, offered: list[Plan], before: list[Proposal]) -> Answer:
    wish = _as_asked(debt, asked)
    standing = len(offered[-1]) if offered else 1
    if len(wish) <= standing:
        return wish, True
    middle = -(-(standing + len(wish)) // 2)
    return schedule(debt.arrears.minor, middle, wish[0].due_on), False


def fixed_ladder(debt: Debt, asked: Proposal, offered: list[Plan], before: list[Proposal]) -> Answer:
    rungs = (1, 2, 3, 4, 6)
    rung = rungs[min(len(offered), len(rungs) - 1)]
    wish = _as_asked(debt, asked)
    if len(wish) <= rung:
        return wish, True
    first = min(wish[0].due_on, TODAY + timedelta(days=POLICY.first_within_days))
    return schedule(debt.arrears.minor, min(rung, debt.arrears.minor), first), False


def honest(debt: Debt, draw: random.Random) -> Iterator[Proposal]:
    while True:
        yield Proposal(monthly_minor=debt.means, first_on=debt.money_on)


def haggler(debt: Debt, draw: random.Random) -> Iterator[Proposal]:
    for step in range(PATIENCE):
        yield Proposal(monthly_minor=max(1, round(debt.means * (0.4 + 0.1 * step))), first_on=debt.money_on)


def at_random(debt: Debt, draw: random.Random) -> Iterator[Proposal]:
    while True:
        count = draw.randint(1, 24) if draw.random() < 0.5 else None
        monthly = None if count else max(1, round(debt.means * draw.uniform(0.2, 1.5)))
        first = TODAY + timedelta(days=draw.randint(0, 60)) if draw.random() < 0.5 else None
        yield Proposal(count, monthly, first)


def takes(kind: str, offer: Plan, debt: Debt, offered: Sequence[Plan], draw: random.Random) -> bool:
    """Whether this customer says yes to an offer."""
    if kind == "random":
        return draw.random() < (0.4 if affordable(offer, debt) else 0.1)
    if kind == "haggler" and (not offered or len(offer) > len(offered[-1])):
        return False  # as long as the offers get better, holding out pays
    return affordable(offer, debt)


CUSTOMERS = {"honest budget": honest, "patient haggler": haggler, "random": at_random}
NEGOTIATORS: dict[str, Negotiator] = {
    "relance": relance, "accept all": accept_all, "split the difference": split_the_difference,
    "fixed ladder": fixed_ladder,
}  # fmt: skip


def bargain(debt: Debt, customer: str, negotiator: Negotiator, draw: random.Random) -> tuple[Plan | None, list[Plan]]:
    """One talk: the agreed plan, if any, and everything that was offered or granted."""
    offered: list[Plan] = []
    before: list[Proposal] = []
    kind = customer.split()[-1] if customer != "random" else "random"
    for _, asked in zip(range(PATIENCE), CUSTOMERS[customer](debt, draw), strict=False):
        offer, agreed = negotiator(debt, asked, offered, before)
        if offer is None:
            break
        if agreed:
            return offer, [*offered, offer]
        taken = takes(kind, offer, debt, offered, draw)
        offered.append(offer)
        before.append(asked)
        if taken:
            return offer, offered
    # Whoever bargained and cannot get more takes the last offer rather than none, if it can be paid.
    last = offered[-1] if offered and kind == "haggler" and affordable(offered[-1], debt) else None
    return last, offered


def table(title: str, book: Sequence[Debt]) -> None:
    best = sum(map(oracle, book))
    reachable = sum(oracle(debt) > 0 for debt in book)
    print(f"\n{title}: {len(book):,} debts; inside the policy an agreement is possible for {reachable / len(book):.1%}")
    print("| negotiator | customer | offers outside | share of the oracle | agreements | of the possible | rounds |")
    print("|---|---|---|---|---|---|---|")
    for name in ("accept all", "relance", "split the difference", "fixed ladder"):
        for customer in CUSTOMERS:
            draw = random.Random(7)
            outside = agreed = rounds = offers = 0
            recovered = 0.0
            for debt in book:
                plan, offered = bargain(debt, customer, NEGOTIATORS[name], draw)
                outside += sum(bool(breaches(offer, debt.arrears, POLICY, TODAY)) for offer in offered)
                offers += len(offered)
                agreed += plan is not None
                rounds += max(1, len(offered))
                recovered += brought_in(plan, debt)
            print(f"| {name} | {customer} | {outside:,} of {offers:,} | {recovered / best:.1%} | {agreed / len(book):.1%} "
                  f"| {agreed / reachable:.1%} | {rounds / len(book):.1f} |", flush=True)  # fmt: skip


def emodebt() -> None:
    file = FOLDER / "emodebt_scenarios.json"
    if not file.is_file():
        print(f"\nEmoDebt: not here ({file}); set RELANCE_NEGOTIATION to its folder")
        return
    rows = [scenario["metadata"] for scenario in json.loads(file.read_text("utf-8"))]
    print(f"\nEmoDebt, {len(rows)} scenarios: the customer's means are what settles the balance by the day they wish")
    print("| negotiator | offers outside | agreements | days to the last payment | of the wish |")
    print("|---|---|---|---|---|")
    for name, negotiator in NEGOTIATORS.items():
        outside = agreed = days = wishes = offers = 0
        for row in rows:
            minor, wish = round(row["outstanding_balance"] * 100), int(row["debtor_original_target_days"])
            debt = Debt(Money("USD", minor), math.ceil(minor / max(1, -(-wish // 30))), TODAY + timedelta(days=7))
            plan, offered = bargain(debt, "honest budget", negotiator, random.Random(1))
            outside += sum(bool(breaches(offer, debt.arrears, POLICY, TODAY)) for offer in offered)
            offers += len(offered)
            if plan is not None:
                agreed += 1
                days += (plan[-1].due_on - TODAY).days
                wishes += wish
        print(f"| {name} | {outside} of {offers} | {agreed / len(rows):.0%} | {days / max(1, agreed):.0f} "
              f"| {days / max(1, wishes):.0%} |")  # fmt: skip
    ours = sum(row["creditor_original_target_days"] for row in rows) / len(rows)
    theirs = sum(row["debtor_original_target_days"] for row in rows) / len(rows)
    print(f"the creditors wish for {ours:.0f} days, the customers for {theirs:.0f}, on average")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    table("Generated book", debts(number, 1, 2.5, 0.55))
    table("Harder book", debts(number, 2, 4.0, 0.8))
    emodebt()


if __name__ == "__main__":
    main()
