"""Days on which nobody is written to unasked: Sundays and public holidays, for businesses Saturdays too.

A house rule, with no legal source of its own; which days are holidays comes from the texts named beside each country.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

SATURDAY, SUNDAY = 5, 6
# (month, day), and days from Easter Sunday.
_COMMON = frozenset({(1, 1), (12, 25)})
_FIXED: dict[str, frozenset[tuple[int, int]]] = {
    # C. trav. L3133-1
    "FR": _COMMON | {(5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11)},
    # Banking and Financial Dealings Act 1971, schedule 1, with the days proclaimed (England and Wales)
    "GB": _COMMON | {(12, 26)},
    # Einigungsvertrag art. 2(2) and the laws of all Länder; days of single Länder are not counted
    "DE": _COMMON | {(5, 1), (10, 3), (12, 26)},
    # Real Decreto 2001/1983 art. 45; days of single regions are not counted
    "ES": _COMMON | {(1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8)},
    # 5 USC 6103, the days on which nearly all is closed
    "US": _COMMON | {(7, 4)},
}
_FROM_EASTER: dict[str, frozenset[int]] = {
    "FR": frozenset({1, 39, 50}),
    "GB": frozenset({-2, 1}),
    "DE": frozenset({-2, 1, 39, 50}),
    "ES": frozenset({-2}),
    "US": frozenset(),
}


def closed(day: date, jurisdiction: str, customer_type: str) -> bool:
    """Whether nothing unasked is sent on this day of the customer's calendar."""
    if day.weekday() == SUNDAY or (customer_type == "business" and day.weekday() == SATURDAY):
        return True
    return day in _holidays(jurisdiction.split("-", maxsplit=1)[0], day.year)


def next_open(day: date, jurisdiction: str, customer_type: str) -> date:
    """This day, or the first after it on which a message may be sent."""
    while closed(day, jurisdiction, customer_type):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    """The country's holidays; where the country is not known, those of all."""
    countries = [country] if country in _FIXED else list(_FIXED)
    found = {date(year, month, day) for one in countries for month, day in _FIXED[one]}
    easter = _easter(year)
    found |= {easter + timedelta(days=days) for one in countries for days in _FROM_EASTER[one]}
    for one in countries:
        found |= {rule(year) for rule in _MOVING.get(one, ())}
        if one == "GB":
            found |= _substitutes(year)
    return frozenset(found)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by Gauss's rule with Lichtenberg's corrections."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    golden = year % 19
    seed = (19 * golden + moon) % 30
    seed -= (seed + golden // 11) // 29
    full_moon = 21 + seed
    first_sunday = 7 - (year + year // 4 + 2 - (3 * century + 3) // 4) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + 7 - (full_moon - first_sunday) % 7 - 1)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


_MOVING: dict[str, tuple[Callable[[int], date], ...]] = {
    "GB": (
        lambda year: _nth(year, 5, 0, 1),
        lambda year: _last_monday(year, 5),
        lambda year: _last_monday(year, 8),
    ),
    "US": (lambda year: _nth(year, 11, 3, 4),),
}


def _substitutes(year: int) -> set[date]:
    """A British bank holiday that falls on a weekend is kept on the next working day that is none itself."""
    taken = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    for day in sorted(taken):
        moved = day
        while moved.weekday() >= SATURDAY or (moved != day and moved in taken):
            moved += timedelta(days=1)
        taken.add(moved)
    return taken
