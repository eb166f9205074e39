"""How often a method may still be charged."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.retries.rulebook import Limit, Network, Origin, Schedule


@dataclass(frozen=True, slots=True)
class Spent:
    """The tries made so far, oldest first."""

    tries: tuple[datetime, ...]


def too_late(spent: Spent, network: Network, schedule: Schedule, at: datetime) -> Origin | None:
    """The rule that forbids any further try from this instant on, if one does."""
    if network.rail == "card" and len(spent.tries) >= schedule.most_tries:
        return schedule.origin
    for limit in network.limits:
        if limit.retries and limit.most is not None and len(spent.tries) - 1 >= limit.most:
            return limit.origin
        if limit.until is not None and at > spent.tries[0] + limit.until:
            return limit.origin
    return None


def earliest(spent: Spent, network: Network, start: datetime) -> tuple[datetime, Origin | None]:
    """The first instant from `start` on at which no span's budget is full, and the rule that moved it."""
    at, moved = start, None
    for limit in network.limits:
        free = _free_from(spent, limit)
        if free is not None and free > at:
            at, moved = free, limit.origin
    return at, moved


def _free_from(spent: Spent, limit: Limit) -> datetime | None:
    """When the budget of a span has room again: every span that ends later holds fewer tries."""
    if limit.within is None or limit.most is None or len(spent.tries) < limit.most:
        return None
    return spent.tries[-limit.most] + limit.within
