"""Public holidays told from data: fixed days, days from Easter, nth weekdays, substitutes, regions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.governor.rules import FIRST_DAY, LAST_DAY

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One holiday. Exactly one of `fixed` (month, day), `easter` (days after), `nth` (week from 1 or -1, weekday,
    month) and `before` (month, day, weekday) says when; without regions it is kept in the whole country."""

    id: str
    source: str
    fixed: tuple[int, int] | None = None
    easter: int | None = None
    nth: tuple[int, int, int] | None = None
    before: tuple[int, int, int] | None = None
    substitute: bool = False
    regions: frozenset[str] = frozenset()
    valid_from: date = FIRST_DAY
    valid_to: date = LAST_DAY

    def day(self, year: int) -> date | None:
        """The day in this year, None when it is not kept."""
        found = self._day(year)
        return found if self.valid_from <= found <= self.valid_to else None

    def _day(self, year: int) -> date:
        if self.fixed:
            return date(year, *self.fixed)
        if self.nth:
            week, weekday, month = self.nth
            if week < 0:
                last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
                return last - timedelta(days=(last.weekday() - weekday) % 7)
            first = date(year, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))
        if self.before:
            month, day, weekday = self.before
            eve = date(year, month, day) - timedelta(days=1)
            return eve - timedelta(days=(eve.weekday() - weekday) % 7)
        return easter(year) + timedelta(days=self.easter or 0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A country's public holidays. `any_region`: whether a customer of unknown region keeps every region's days."""

    code: str
    any_region: bool
    days: tuple[Holiday, ...]

    def of(self, year: int, jurisdiction: str) -> frozenset[date]:
        """The year's holidays for a customer of this jurisdiction (DE, DE-BY, ...)."""
        kept = [h for h in self.days if self._kept(h, jurisdiction)]
        plain = {day for h in kept if (day := h.day(year))}
        return frozenset(plain | set(_substitutes(kept, year, plain)))

    def _kept(self, holiday: Holiday, jurisdiction: str) -> bool:
        if not holiday.regions:
            return True
        known = [r for r in self._regions() if jurisdiction == r or jurisdiction.startswith(f"{r}-")]
        return bool(holiday.regions & set(known)) if known else self.any_region

    def _regions(self) -> frozenset[str]:
        return frozenset().union(*(h.regions for h in self.days))


def _substitutes(kept: list[Holiday], year: int, taken: set[date]) -> Iterator[date]:
    """A day that falls on a weekend is kept again on the next working day that is no holiday itself."""
    used = set(taken)
    for holiday in kept:
        day = holiday.day(year) if holiday.substitute else None
        if day is None or day.weekday() < SATURDAY:
            continue
        while day.weekday() >= SATURDAY or day in used:
            day += timedelta(days=1)
        used.add(day)
        yield day


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)
