"""One failed charge, one answer: retry then, wait for the customer, try another method, or stop."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.retries.budgets import Spent, earliest, too_late
from bot.domain.retries.rulebook import CodeRule, Network, Origin, Rulebook
from bot.domain.retries.timing import Choice, best_slot, first_slot


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed try: when, which code in whose system, and the network's advice if it gave one."""

    at: datetime
    code: str
    system: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class FailedCharge:
    """A charge on one payment method that has failed at least once.

    `saved_methods` counts all methods that the customer agreed to be charged on, this one included.
    `pay_day` is the day of the month on which the customer said money comes.
    """

    network: str
    failed: tuple[Failure, ...]
    zone: ZoneInfo
    promise_on: date | None = None
    saved_methods: int = 1
    pay_day: int | None = None
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """What to do next: retry, wait_for_customer, try_other_method or stop; by which rule from which source."""

    action: str
    rule: str
    source: str
    next_at: datetime | None = None
    why: tuple[str, ...] = ()


def plan_retry(charge: FailedCharge, book: Rulebook, now: datetime) -> RetryPlan:
    """Decide about a failed charge. Never before now, never beyond a budget, never after a hard stop."""
    network = book.networks[charge.network]
    failures = sorted(charge.failed, key=lambda failure: failure.at)
    if charge.holds:
        return _answer("stop", book.hold, f"nothing is charged while a hold is on ({', '.join(charge.holds)})")
    for failure in failures:
        for rule, code in _rules(failure, network, book):
            if rule.action == "stop":
                return _without(charge, network, book, now, rule, f"code {code}: this method is not charged again")
    last = failures[-1]
    rules = _rules(last, network, book)
    for rule, code in rules:
        if rule.action == "customer":
            return _without(charge, network, book, now, rule, f"code {code}: the customer must act first")
        if rule.action == "other_method":
            return _without(charge, network, book, now, rule, f"code {code}: this method cannot serve again")
    if unknown := _unknown(last, network, book):
        return _answer("wait_for_customer", book.unknown, f"{unknown}; not retried, the safe reading")
    spent = Spent(tuple(failure.at for failure in failures))
    if stop := too_late(spent, network, book.schedule, now):
        return _exhausted(charge, network, book, now, stop)
    return _retry(charge, network, book, now, spent, rules)


def _rules(failure: Failure, network: Network, book: Rulebook) -> list[tuple[CodeRule, str]]:
    """What the code and the advice ask for, the advice last."""
    found = [(book.codes.get((failure.system, failure.code)), failure.code)]
    if failure.advice is not None:
        found.append((book.advised(network.name, failure.advice), failure.advice))
    return [(rule, code) for rule, code in found if rule is not None]


def _unknown(failure: Failure, network: Network, book: Rulebook) -> str | None:
    """What is not known about a failure; a system without a list of codes speaks by its advice alone."""
    if failure.system in book.systems and (failure.system, failure.code) not in book.codes:
        return f"code {failure.code!r} is unknown to {failure.system}"
    if failure.advice is not None and book.advised(network.name, failure.advice) is None:
        return f"advice {failure.advice!r} is unknown to {network.name}"
    if failure.system not in book.systems and failure.advice is None:
        return f"{failure.system} gave no advice with code {failure.code!r}"
    return None


def _retry(
    charge: FailedCharge, network: Network, book: Rulebook, now: datetime, spent: Spent,
    rules: list[tuple[CodeRule, str]],
) -> RetryPlan:  # fmt: skip
    waits = [
        (failure.at + rule.wait, rule)
        for failure in charge.failed
        for rule, _ in _rules(failure, network, book)
        if rule.wait is not None
    ]
    waited, asked = max(waits, key=lambda wait: wait[0]) if waits else (None, None)
    floor, full = earliest(spent, network, max(waited or now, now))
    if charge.promise_on is not None and charge.promise_on >= now.astimezone(charge.zone).date():
        origin, choice = book.promise, _promised(charge.promise_on, floor, charge.zone, network)
    else:
        fault = next((rule.fault for rule, _ in rules if rule.fault), "generic")
        start, end = _window(spent.tries[-1], waited, fault, network, book)
        days = book.pay_days if fault != "technical" else None
        choice = best_slot(
            max(start, floor), end, charge.zone, network, days, len(spent.tries),
            book.experience.before(spent.tries[-1], book.chances), fault, charge.pay_day,
        )  # fmt: skip
        origin = asked.origin if asked is not None else rules[0][0].origin
        if full is not None and floor > start:
            origin = full
    if stop := too_late(spent, network, book.schedule, choice.at):
        return _exhausted(charge, network, book, now, stop)
    why = choice.why if origin not in [rule.origin for _, rule in waits] else f"after the network's wait, {choice.why}"
    plan = _answer("retry", origin, f"try {len(spent.tries) + 1}, {why}", choice.at.astimezone(charge.zone))
    return replace(plan, why=_why(rules, charge, network, book, choice))


def _why(
    rules: list[tuple[CodeRule, str]], charge: FailedCharge, network: Network, book: Rulebook, choice: Choice
) -> tuple[str, ...]:
    """Everything that put the try where it is, in plain words."""
    told = [f"code {code}: {rule.origin.id}, {rule.origin.source}" for rule, code in rules]
    told += [
        f"{limit.origin.id}: at most {limit.most} in {limit.within // timedelta(hours=1)} hours"
        for limit in network.limits
        if limit.most is not None and limit.within is not None
    ]
    if network.rail == "card":
        told.append(f"{book.schedule.origin.id}: try {len(charge.failed) + 1} of {book.schedule.most_tries}")
    told.append(choice.why)
    return (*told, choice.chance.told()) if choice.chance is not None else tuple(told)


def _promised(day: date, floor: datetime, zone: ZoneInfo, network: Network) -> Choice:
    """About noon on the promised day, when what was to come in is there; later where the network asks for it."""
    at = first_slot(max(floor, datetime.combine(day, time(), zone).astimezone(UTC)), zone, network, prefer=1)
    if at.astimezone(zone).date() == day:
        return Choice(at, f"moved to the promised day {day}")
    return Choice(at, f"the first moment allowed from the promised day {day} on")


def _window(
    last: datetime, waited: datetime | None, fault: str, network: Network, book: Rulebook
) -> tuple[datetime, datetime]:
    """Between which instants the next try belongs; a network's own wait replaces our rhythm, not our shortest gap."""
    low, high = network.after_days or (
        book.schedule.technical_days if fault == "technical" else book.schedule.after_days
    )
    gap = max(network.min_gap or book.schedule.min_gap, book.schedule.min_gap)
    start = max(waited or last + timedelta(days=low), last + gap)
    return start, max(last + timedelta(days=high), start + timedelta(days=high - low))


def _exhausted(charge: FailedCharge, network: Network, book: Rulebook, now: datetime, limit: Origin) -> RetryPlan:
    text = f"the budget of this method is spent after {len(charge.failed)} tries"
    if charge.saved_methods > 1:
        return _other(charge, network, book, now, limit, text)
    return _answer("stop", limit, text)


def _without(
    charge: FailedCharge, network: Network, book: Rulebook, now: datetime, rule: CodeRule, text: str
) -> RetryPlan:
    """The method cannot be charged now: another saved one, or the customer, or nobody."""
    if charge.saved_methods > 1 and (rule.other_method or rule.action == "other_method"):
        return _other(charge, network, book, now, rule.origin, text)
    return _answer("stop" if rule.action == "stop" else "wait_for_customer", rule.origin, text)


def _other(
    charge: FailedCharge, network: Network, book: Rulebook, now: datetime, origin: Origin, text: str
) -> RetryPlan:
    start = max(now, max(failure.at for failure in charge.failed) + book.schedule.cool_down)
    if charge.promise_on is not None:
        start = max(start, datetime.combine(charge.promise_on, time(), charge.zone).astimezone(UTC))
    at = first_slot(start, charge.zone, network, prefer=0)
    return _answer("try_other_method", origin, f"{text}; another saved method is", at.astimezone(charge.zone))


def _answer(action: str, origin: Origin, text: str, at: datetime | None = None) -> RetryPlan:
    return RetryPlan(action, f"{origin.id}: {text}", origin.source, at)
