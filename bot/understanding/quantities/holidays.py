"""On which day of a year a holiday falls."""

from datetime import date, timedelta

from bot.understanding.quantities.calendar import month_of, nth

_FIXED = {
    "new_year": (1, 1), "epiphany": (1, 6), "burns": (1, 25), "australia": (1, 26), "chandeleur": (2, 2), "candlemas": (2, 2), "groundhog": (2, 2),
    "valentine": (2, 14), "women": (3, 8), "saint_patrick": (3, 17), "saint_joseph": (3, 19), "fathers_es": (3, 19), "fool": (4, 1), "earth": (4, 22),
    "anzac": (4, 25), "labour": (5, 1), "ve": (5, 8), "juneteenth": (6, 19), "music": (6, 21), "saint_john": (6, 24), "canada": (7, 1), "independence": (7, 4),
    "bastille": (7, 14), "santiago": (7, 25), "swiss": (8, 1), "peace": (8, 8), "assumption": (8, 15), "unity": (10, 3), "hispanic": (10, 12), "austria": (10, 26),
    "reformation": (10, 31), "halloween": (10, 31), "all_saints": (11, 1), "all_souls": (11, 2), "guy_fawkes": (11, 5), "armistice": (11, 11), "martin": (11, 11),
    "barbara": (12, 4), "nicholas": (12, 6), "constitution": (12, 6), "immaculate": (12, 8), "christmas_eve": (12, 24), "christmas": (12, 25), "boxing": (12, 26),
    "innocents": (12, 28), "new_years_eve": (12, 31),
}  # fmt: skip
_EASTER = {
    "rose_monday": -48, "carnival": -47, "pancake": -47, "ash_wednesday": -46, "mothering": -21, "palm_sunday": -7, "maundy": -3, "good_friday": -2,
    "easter_eve": -1, "easter": 0, "easter_monday": 1, "ascension": 39, "pentecost": 49, "whit_monday": 50, "corpus": 60,
}  # fmt: skip
# Month, weekday, rank (from the end of the month when negative), days after that.
_RANKED = {
    "mlk": (1, 0, 3, 0), "presidents": (2, 0, 3, 0), "grandmothers": (3, 6, 1, 0), "mothers_es": (5, 6, 1, 0), "early_may": (5, 0, 1, 0), "mothers": (5, 6, 2, 0),
    "memorial": (5, 0, -1, 0), "spring_bank": (5, 0, -1, 0), "fathers": (6, 6, 3, 0), "summer_bank": (8, 0, -1, 0), "labor": (9, 0, 1, 0), "harvest": (10, 6, 1, 0),
    "columbus": (10, 0, 2, 0), "remembrance": (11, 6, 2, 0), "thanksgiving": (11, 3, 4, 0), "black_friday": (11, 3, 4, 1), "cyber_monday": (11, 3, 4, 4),
}  # fmt: skip
# Sundays before Christmas Eve, in days before the fourth Sunday of Advent.
_ADVENT = {"advent4": 0, "advent3": 7, "advent2": 14, "advent1": 21, "dead": 28, "repentance": 32, "memorial_de": 35}
# Months of the Islamic calendar start by sight of the moon: by calculation, a day more or less.
_ISLAMIC = {"ramadan": (9, 1), "eid_fitr": (10, 1), "eid_adha": (12, 10)}


def easter(year: int) -> date:
    """Easter Sunday (Gregorian; the anonymous algorithm published in Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    month_part = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * month_part) // 451
    month, day = divmod(h + month_part - 7 * m + 114, 31)
    return date(year, month, day + 1)


def days(name: str, year: int) -> tuple[date, ...]:
    """The day of that holiday in that year, or the days it may be; mostly one."""
    if name in _FIXED:
        return (date(year, *_FIXED[name]),)
    if name in _EASTER:
        return (easter(year) + timedelta(days=_EASTER[name]),)
    if name in _ADVENT:
        eve = date(year, 12, 24)
        return (eve - timedelta(days=(eve.weekday() + 1) % 7 + _ADVENT[name]),)
    if name in _ISLAMIC:
        return _islamic(*_ISLAMIC[name], year)
    if name == "mothers_fr":
        # The last Sunday of May, a week later where that is Pentecost.
        sunday = nth(6, -1, *month_of(year, 5))
        assert sunday
        return (sunday + timedelta(days=7) if sunday == easter(year) + timedelta(days=49) else sunday,)
    month, weekday, rank, after = _RANKED[name]
    day = nth(weekday, rank, *month_of(year, month))
    return (day + timedelta(days=after),) if day else ()


def _islamic(month: int, dom: int, year: int) -> tuple[date, ...]:
    """By the tabular calendar (30 years of 354 or 355 days from 16 July 622); a year may hold none or two."""
    found = []
    start = round((year - 622) * 33 / 32)
    for hijri in range(start - 1, start + 3):
        leap = (3 + 11 * hijri) // 30
        number = dom + -(-59 * (month - 1) // 2) + (hijri - 1) * 354 + leap + 227014
        day = date.fromordinal(number)
        if day.year == year:
            found += [day, day + timedelta(days=1), day - timedelta(days=1)]
    return tuple(found)
