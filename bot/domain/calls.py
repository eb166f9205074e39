"""Telephone calls that a person makes: how they ended, and when the next is likeliest to be answered."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain.messages import IN, NOTE, Exchange

WAITING = "calling"
OUTCOMES = ("reached", "promised", "no_answer", "wrong_number")
SPOKEN = frozenset({"reached", "promised"})
# When people answer, before anything is known of this one: the ends of the working day, and noon (house).
PRIOR: Mapping[int, float] = {8: 0.6, 9: 0.9, 10: 1.1, 11: 1.1, 12: 1.2, 13: 1.0, 14: 0.9, 15: 0.9, 16: 1.0, 17: 1.4,
                              18: 1.6, 19: 1.2}  # fmt: skip
# One message in an hour weighs as much as this; it tells a little of the hours beside it too.
SEEN, BESIDE = 1.0, 0.4


def outcomes(exchanges: Iterable[Exchange]) -> dict[str, str]:
    """How calls ended, by the exchange that asked for them."""
    return {
        str(row.content["exchange"]): str(row.content["outcome"])
        for row in exchanges
        if row.direction == NOTE and row.purpose == "call" and "outcome" in row.content
    }


def spoken_at(exchanges: Iterable[Exchange]) -> datetime | None:
    """When the customer was last spoken to on the telephone."""
    return max((row.at for row in exchanges if row.purpose == "call" and row.content.get("outcome") in SPOKEN),
               default=None)  # fmt: skip


def best_hour(exchanges: Iterable[Exchange], zone: str, opens: time = time(8), closes: time = time(20)) -> int:
    """The hour between these bounds at which this customer is likeliest to answer: the prior, and their own messages.

    Equal hours go to the earlier one.
    """
    weights = dict(PRIOR)
    clock = ZoneInfo(zone)
    for row in exchanges:
        if row.direction == IN or (row.purpose == "call" and row.content.get("outcome") in SPOKEN):
            hour = row.at.astimezone(clock).hour
            for place, weight in ((hour, SEEN), (hour - 1, BESIDE), (hour + 1, BESIDE)):
                if place in weights:
                    weights[place] += weight
    open_ = [hour for hour in weights if time(hour) >= opens and time(hour) < closes]
    return max(open_, key=lambda hour: (weights[hour], -hour), default=opens.hour)
