"""What earlier tries teach about later ones: the house's belief, moved by the outcomes of the book.

Each kind of refusal has a belief for pay-days, weekdays and weekends. It counts like so many tries (a Beta
distribution), the outcomes on such days move it (Binomial), and those at one hour move it further for that hour.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain.retries.banking import WEEKDAYS

PAY_DAY = "pay_day"
NOISE = 0.02


@dataclass(frozen=True, slots=True)
class Tried:
    """How one try of a failed charge ended.

    `fault` is the kind of refusal that came before it, `day` a weekday or pay_day, `hour` the local time of day.
    """

    at: datetime
    fault: str
    day: str
    hour: time
    paid: bool


@dataclass(frozen=True, slots=True)
class Belief:
    """What the house expects before anything has happened; it counts like `weight` tries.

    `shares` holds for each kind of refusal the share of tries that succeed on pay-days, weekdays and weekends.
    """

    weight: float
    shares: Mapping[str, Mapping[str, float]]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Belief":
        """Build from a mapping; raises ValueError, TypeError or KeyError on what cannot be followed."""
        weight = float(raw["weight"])
        shares = {
            str(fault): {kind: float(row[kind]) for kind in (PAY_DAY, "weekday", "weekend")}
            for fault, row in raw["shares"].items()
        }
        if weight <= 0 or not all(0 < share < 1 for row in shares.values() for share in row.values()):
            raise ValueError("chances: weight is above 0, and each share between 0 and 1")
        return cls(weight, shares)

    def of(self, fault: str, day: str) -> float:
        """The share expected on such a day."""
        row = self.shares.get(fault) or self.shares["generic"]
        return row[day if day == PAY_DAY else "weekend" if day in WEEKDAYS[5:] else "weekday"]


@dataclass(frozen=True, slots=True)
class Chance:
    """The expected success of a try, and how many tries like it have taught so."""

    share: float
    paid: int
    tried: int
    believed: float

    @property
    def weighed(self) -> float:
        """The share that decides: what lies within two points of the belief may be chance and moves nothing."""
        return self.believed if abs(self.share - self.believed) < NOISE else self.share

    def told(self) -> str:
        """In plain words."""
        seen = f"{self.paid} of {self.tried} tries on such days went through" if self.tried else "no try like it yet"
        return f"{self.share:.0%} expected: {self.believed:.0%} believed at first, {seen}"


@dataclass(frozen=True, slots=True)
class Lessons:
    """What was known at one moment."""

    belief: Belief
    days: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    hours: Mapping[tuple[str, str, time], tuple[int, int]] = field(default_factory=dict)

    def chance(self, fault: str, day: str, hour: time) -> Chance:
        """The chance of a try of this kind on such a day at this hour."""
        believed, weight = self.belief.of(fault, day), self.belief.weight
        paid, tried = self.days.get((fault, day), (0, 0))
        share = (believed * weight + paid) / (weight + tried)
        then_paid, then_tried = self.hours.get((fault, day, hour), (0, 0))
        return Chance((share * weight + then_paid) / (weight + then_tried), paid, tried, believed)


class Experience:
    """All outcomes, oldest first. A try is planned by what was known in the week in which the last one failed, so
    that its day stays where it was put whatever others bring meanwhile.
    """

    def __init__(self, tried: Iterable[Tried] = ()) -> None:
        self._tried = sorted(tried, key=lambda one: one.at)
        self._known: dict[date, Lessons] = {}

    def before(self, at: datetime, belief: Belief) -> Lessons:
        """What was known on the Monday of this instant's week."""
        day = at.astimezone(UTC).date()
        monday = day - timedelta(days=day.weekday())
        if monday not in self._known:
            start = datetime.combine(monday, time(), UTC)
            known = self._tried[: bisect_left(self._tried, start, key=lambda one: one.at)]
            self._known[monday] = _learned(known, belief)
        return self._known[monday]


def _learned(tried: Iterable[Tried], belief: Belief) -> Lessons:
    days: dict[tuple[str, str], Counter[bool]] = {}
    hours: dict[tuple[str, str, time], Counter[bool]] = {}
    for one in tried:
        days.setdefault((one.fault, one.day), Counter())[one.paid] += 1
        hours.setdefault((one.fault, one.day, one.hour), Counter())[one.paid] += 1
    return Lessons(
        belief,
        {key: (seen[True], seen.total()) for key, seen in days.items()},
        {key: (seen[True], seen.total()) for key, seen in hours.items()},
    )
