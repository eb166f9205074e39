"""Where a customer lives, for the law and the hours: as the file says, else as phone number and post tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.core import get_global
from phonenumbers import timezone

from bot.domain.governor.law import Packs
from bot.i18n import LANGUAGES
from bot.packs import load_packs

# The clock that dates are told by where a country has several and nothing else is known.
_CLOCKS = {"US": "America/New_York", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "CA": "America/Toronto"}
# Any two countries with the same hours of the year differ in no verdict.
_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Home:
    """A customer's jurisdiction ("" when unknown) and clock. Not `located`: the hours may be those of several zones;
    `doubt` says what follows from that."""

    jurisdiction: str
    time_zone: str
    located: bool = True
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the creditor says of customers whose file says nothing, and the creditor's own clock."""

    jurisdiction: str = ""
    time_zone: str = ""
    clock: str = "Europe/Paris"


def home_of(
    jurisdiction: str, zone: str, numbers: Iterable[str], addresses: Iterable[str], postcode: str, defaults: Defaults
) -> Home:
    """The home that the row's own words tell, else its numbers and addresses, else the creditor's default.

    A number or an address of one country outweighs a default of another one; several countries are none.
    """
    mine = tuple(numbers)
    told = {country for number in mine if (country := country_of_number(number))}
    told |= {country for address in addresses if (country := country_of_address(address))}
    usual = defaults.jurisdiction
    if jurisdiction:
        law = jurisdiction
    elif len(told) == 1:
        law = next(iter(told))
        law = usual if usual.partition("-")[0] == law else law
    elif told:
        return Home(
            "", zone or defaults.clock, bool(zone), _unknown("its numbers and addresses are of several countries")
        )
    else:
        law = usual or (get_global("zone_territories").get(zone, "") if zone else "")
    if zone:
        return Home(law, zone, doubt="" if law else _unknown("nothing tells its country"))
    if not law:
        return Home("", defaults.clock, False, _unknown("nothing tells its country or time zone"))
    if defaults.time_zone and law == usual:
        return Home(law, defaults.time_zone)
    return _clock(law, mine, postcode, defaults)


def _clock(law: str, numbers: tuple[str, ...], postcode: str, defaults: Defaults) -> Home:
    country = law.partition("-")[0]
    possible = zones_of(law)
    if country == "ES" and postcode[:2].isdigit() and len(postcode) == 5:
        return Home(law, "Atlantic/Canary" if postcode[:2] in ("35", "38") else "Europe/Madrid")
    if len(possible) == 1:
        return Home(law, possible[0])
    if not possible:
        return Home(law, defaults.clock, False, _unknown(f"the time zone of {law} is not known"))
    # An area code tells where a number was issued and not where it rings: good for dates, not for hours.
    shown = next((zones[0] for number in numbers if (zones := _number_zones(number))), "")
    clock = shown if shown in get_global("territory_zones").get(country, ()) else _CLOCKS.get(country, possible[0])
    if _pack_zones(law):
        return Home(law, clock, False, f"{law} has several time zones: written to only while it is lawful in all of "
                    "them and by the strict pack; add customer_time_zone")  # fmt: skip
    return Home(law, clock, False, _unknown(f"{law} has several time zones"))


def _unknown(why: str) -> str:
    return f"{why}: nothing is sent unasked; add customer_jurisdiction and customer_time_zone"


@lru_cache(maxsize=512)
def zones_of(jurisdiction: str) -> tuple[str, ...]:
    """The time zones of a jurisdiction that differ, one name for each: those of its pack, else of its country."""
    zones = _pack_zones(jurisdiction) or get_global("territory_zones").get(jurisdiction.partition("-")[0], ())
    found: dict[tuple[object, ...], str] = {}
    for name in zones:
        try:
            found.setdefault(tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in _SEASONS), name)
        except (KeyError, ValueError, OSError):
            continue
    return tuple(found.values())


@lru_cache(maxsize=512)
def _pack_zones(jurisdiction: str) -> tuple[str, ...]:
    return _packs().zones((jurisdiction,))


@cache
def _packs() -> Packs:
    return load_packs()


@lru_cache(maxsize=4096)
def _country(code: int, region: str | None) -> str:
    return region or phonenumbers.region_code_for_country_code(code)


def country_of_number(number: str) -> str:
    """The country of an international phone number; empty when it has none."""
    parsed = phonenumbers.parse(number)
    region = phonenumbers.region_code_for_number(parsed)
    found = _country(parsed.country_code or 0, region)
    return found if found not in ("ZZ", "001") else ""


def _number_zones(number: str) -> tuple[str, ...]:
    zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    return tuple(zone for zone in zones if "/" in zone and not zone.startswith("Etc/"))


def country_of_address(address: str) -> str:
    """The country that a postal address ends with; empty when it names none."""
    last = address.replace("\n", ",").rstrip(" ,.").rpartition(",")[2].strip()
    return _country_names().get(last.casefold(), "")


@cache
def _country_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names[name.casefold()] = code
    return names
