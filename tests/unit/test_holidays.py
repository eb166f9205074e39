"""The packs' holidays: by rules stated a second time, and by the days that officials announced."""

from datetime import date

import pytest

from bot.domain.governor.calendars import easter
from bot.packs import load_packs
from tests.fuzz import restated

PACKS = load_packs()
# As announced for the whole country; of Germany and the United Kingdom, the nations and Länder named.
ANNOUNCED = {
    ("FR", 2026): "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
    ("FR", 2027): "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
    ("DE-BE", 2026): "01-01 03-08 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
    ("DE-BY", 2027): "01-01 01-06 03-26 03-29 05-01 05-06 05-17 05-27 08-15 10-03 11-01 12-25 12-26",
    ("DE-SN", 2026): "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26",
    ("IT-RM", 2026): "01-01 01-06 04-06 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26",
    ("US", 2026): "01-01 01-19 02-16 05-25 06-19 07-04 09-07 10-12 11-11 11-26 12-25",
    ("US", 2028): "01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-11 11-23 12-25",
    # With the substitute days of 28 December 2026 (Boxing Day) and of 27 and 28 December 2027.
    ("GB-ENG", 2026): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
    ("GB-ENG", 2027): "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
    ("GB-SCT", 2028): "01-01 01-02 01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26",
}


@pytest.mark.parametrize(("place", "year"), sorted(ANNOUNCED))
def test_the_days_are_those_announced(place: str, year: int) -> None:
    wanted = {date.fromisoformat(f"{year}-{day}") for day in ANNOUNCED[place, year].split()}
    assert PACKS.holidays(year, (place,)) == wanted


@pytest.mark.parametrize("country", ["FR", "DE", "GB", "ES", "IT", "US"])
@pytest.mark.parametrize("year", sorted(restated.EASTER))
def test_the_days_follow_the_rules_stated_a_second_time(country: str, year: int) -> None:
    assert PACKS.holidays(year, (country,)) == restated.holidays(country, year)


def test_where_no_country_is_known_the_days_of_all_count() -> None:
    every = frozenset().union(*(restated.holidays(one, 2027) for one in ("FR", "DE", "GB", "ES", "IT", "US")))
    assert PACKS.holidays(2027, ("BR",)) == every
    union = frozenset().union(*(restated.holidays(one, 2027) for one in ("FR", "DE", "ES", "IT")))
    assert PACKS.holidays(2027, ("EU",)) == union


def test_easter_follows_the_moon_of_the_church() -> None:
    """By the tables of golden numbers and epacts, for four centuries."""
    for year in range(1900, 2300):
        golden, century = year % 19 + 1, year // 100 + 1
        skipped, moon = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
        epact = (11 * golden + 20 + moon - skipped) % 30
        epact += epact == 24 or (epact == 25 and golden > 11)
        full = 44 - epact if 44 - epact >= 21 else 74 - epact
        sunday = full + 7 - ((5 * year // 4 - skipped - 10) + full) % 7
        wanted = date(year, 4, sunday - 31) if sunday > 31 else date(year, 3, sunday)
        assert easter(year) == wanted, year
