"""The days on which banks work."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain.governor.calendars import easter

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Closed:
    """When a network does not work.

    `easter` counts days from Easter Sunday; `ranked` holds month, weekday and rank (-1: the last one);
    `substitute`: a fixed holiday at the week-end closes the next working day.
    """

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[tuple[int, int]] = frozenset()
    easter: frozenset[int] = frozenset()
    ranked: frozenset[tuple[int, int, int]] = frozenset()
    substitute: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Closed":
        """Build from a mapping; raises ValueError, TypeError or KeyError on what cannot be followed."""
        if unknown := set(raw) - {"weekdays", "dates", "easter", "ranked", "substitute"}:
            raise ValueError(f"closed: unknown key {min(unknown)!r}")
        return cls(
            frozenset(WEEKDAYS.index(name) for name in raw.get("weekdays", ())),
            frozenset((int(text[:2]), int(text[3:])) for text in raw.get("dates", ())),
            frozenset(int(days) for days in raw.get("easter", ())),
            frozenset((int(month), WEEKDAYS.index(name), int(rank)) for month, name, rank in raw.get("ranked", ())),
            bool(raw.get("substitute", False)),
        )

    def on(self, day: date) -> bool:
        """Whether nothing is processed on this day."""
        return (
            day.weekday() in self.weekdays
            or (day.month, day.day) in self.dates
            or (day - easter(day.year)).days in self.easter
            or any(self._is_ranked(day, *rule) for rule in self.ranked)
            or (self.substitute and self._substitutes(day))
        )

    def next_open(self, day: date) -> date:
        """This day or the first working one after it."""
        while self.on(day):
            day += timedelta(days=1)
        return day

    @staticmethod
    def _is_ranked(day: date, month: int, weekday: int, rank: int) -> bool:
        if (day.month, day.weekday()) != (month, weekday):
            return False
        if rank > 0:
            return (day.day - 1) // 7 + 1 == rank
        left = calendar.monthrange(day.year, day.month)[1] - day.day
        return left // 7 + 1 == -rank

    def _substitutes(self, day: date) -> bool:
        def fixed(back: int) -> bool:
            other = day - timedelta(days=back)
            return (other.month, other.day) in self.dates

        if day.weekday() == 0:
            return fixed(1) or fixed(2)
        return day.weekday() == 1 and fixed(2) and fixed(3)
