"""Pure date arithmetic: the days that a rule of the calendar names, near a given day."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.plans import add_months

EARLIEST, LATEST = date(1700, 1, 1), date(2200, 12, 31)
# A year of two digits is at most so far ahead; else it is of the last century.
_AHEAD = 15
MONTHS = {"m": 1, "q": 3, "s2": 6, "y": 12}
DAYS = {"d": 1, "w": 7, "f": 14}


@dataclass(frozen=True, slots=True)
class Day:
    """The readings of a day, the most likely first. `yearless` ones were said without a year."""

    readings: tuple[date, ...]
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A week, month, quarter or year. `floating` ones have a name and no year; `said` ones are relative to today."""

    first: date
    last: date
    unit: str
    floating: bool = False
    said: str = ""


def some(days: Iterable[date | None], yearless: bool = False) -> Day | None:
    """The readings that are days at all, each once."""
    kept = tuple(dict.fromkeys(day for day in days if day is not None and EARLIEST <= day <= LATEST))
    return Day(kept, yearless) if kept else None


def exact(year: int, month: int, dom: int) -> date | None:
    """That day, or None where the calendar has none."""
    try:
        return date(year, month, dom)
    except ValueError:
        return None


def last_instead(month: int, dom: int, today: date, year: int | None = None) -> date | None:
    """The last day of the month, where that month has no such day (31 November); None where it has one."""
    if not 1 <= month <= 12 or dom < 29:
        return None
    coming = today.year if year is not None or month >= today.month else today.year + 1
    first, last = month_of(year or coming, month)
    if year is None and dom <= calendar.monthrange(2000, month)[1]:
        return None  # 29 February is a day, though not of every year
    return last if dom > last.day and EARLIEST <= first <= LATEST else None


def full_year(raw: str, today: date) -> int:
    """The year that two or four digits name."""
    year = int(raw)
    if len(raw) > 2:
        return year
    year += today.year // 100 * 100
    return year - 100 if year > today.year + _AHEAD else year


def yearly(month: int, dom: int, today: date, past: bool) -> date | None:
    """The next such day, today included; the last one when it is told of the past."""
    years = range(today.year, today.year - 9, -1) if past else range(today.year, today.year + 9)
    days = (exact(year, month, dom) for year in years)
    return next((day for day in days if day is not None and (day <= today if past else day >= today)), None)


def monthly(dom: int, today: date, past: bool) -> date | None:
    """The next such day of a month, today included; the last one when it is told of the past."""
    months = (add_months(today.replace(day=1), -step if past else step) for step in range(4))
    days = (exact(first.year, first.month, dom) for first in months)
    return next((day for day in days if day is not None and (day <= today if past else day >= today)), None)


def coming(weekday: int, today: date) -> date:
    """The first such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def gone(weekday: int, today: date) -> date:
    """The last such weekday before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def fitting(weekday: int, dom: int, today: date, past: bool) -> date | None:
    """The nearest month in which that day of the month is that weekday, within a year and a half."""
    first = today.replace(day=1)
    for step in range(19):
        month = add_months(first, -step if past else step)
        day = exact(month.year, month.month, dom)
        if day is not None and day.weekday() == weekday and (day <= today if past else day >= today):
            return day
    return None


def nth(weekday: int | None, rank: int, first: date, last: date) -> date | None:
    """The rank-th weekday (or day, without one) of a span; counted from its end when the rank is negative."""
    if weekday is None:
        day = first + timedelta(days=rank - 1) if rank > 0 else last + timedelta(days=rank + 1)
    elif rank > 0:
        day = coming(weekday, first - timedelta(days=1)) + timedelta(weeks=rank - 1)
    else:
        day = gone(weekday, last + timedelta(days=1)) + timedelta(weeks=rank + 1)
    return day if first <= day <= last else None


def month_of(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def span(unit: str, today: date, step: int, said: str = "") -> Span | None:
    """This, the next or the last week, month, quarter or year."""
    if unit in ("w", "f"):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step * (2 if unit == "f" else 1))
        return Span(monday, monday + timedelta(days=6), "w", said=said)
    if unit not in MONTHS:
        return None
    size = MONTHS[unit]
    months = (today.year * 12 + today.month - 1) // size * size + step * size
    first = date(months // 12, months % 12 + 1, 1)
    return Span(first, add_months(first, size) - timedelta(days=1), unit, said=said)


def shift(day: date, period: Iterable[tuple[Decimal, str]], sign: int = 1) -> date:
    """The day moved by a period; working days leave out week-ends."""
    for amount, unit in period:
        whole = int(amount)
        if unit == "b":
            day = _working(day, whole * sign)
        elif unit in DAYS:
            day += timedelta(days=int(amount * DAYS[unit])) * sign
        elif unit in MONTHS:
            day = add_months(day, whole * MONTHS[unit] * sign)
            rest = (amount - whole) * MONTHS[unit]
            day = add_months(day, int(rest) * sign) + timedelta(days=int((rest - int(rest)) * 30)) * sign
        elif unit == "h":
            day += timedelta(days=whole // 24) * sign
    return day


def _working(day: date, count: int) -> date:
    if abs(count) > 400:
        raise ValueError("too far")
    step = 1 if count > 0 else -1
    while count:
        day += timedelta(days=step)
        count -= step if day.weekday() < 5 else 0
    return day
