"""Who helps a person in danger, or deep in debt, in their country."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EUROPEAN_EMERGENCY = "112"


class SupportError(Exception):
    """The list of helplines is wrong; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Line:
    """A service that listens or advises: its name, how it is reached, its hours ("always" or "10:00-24:00").

    `language`: spoken there, empty when everybody in the country is meant. `source` is where the facts were read.
    """

    name: str
    reach: str
    hours: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Country:
    """What one country offers; `emergency` is its emergency number."""

    emergency: str = EUROPEAN_EMERGENCY
    helplines: tuple[Line, ...] = ()
    debt_advice: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """The services by country (ISO code); a country that is not listed has its emergency number only."""

    countries: Mapping[str, Country] = field(default_factory=dict)
    elsewhere: Country = field(default_factory=Country)

    @classmethod
    def read(cls, document: Any, place: str) -> "Support":
        """Read helplines.yml; raises SupportError naming the country and what is missing."""
        if not isinstance(document, Mapping) or not isinstance(document.get("countries"), Mapping):
            raise SupportError(f"{place}: a mapping with `countries:` is expected")
        emergency = str(document.get("emergency") or EUROPEAN_EMERGENCY)
        countries = {}
        for code, entry in document["countries"].items():
            here = f"{place}: {code}"
            countries[str(code)] = Country(
                str((entry or {}).get("emergency") or emergency),
                _lines(entry, "helplines", here, "number", "hours"),
                _lines(entry, "debt_advice", here, "where"),
            )
        return cls(countries, Country(emergency))

    def country(self, jurisdiction: str) -> Country:
        """What is offered in a jurisdiction (FR, US-NY-NYC, ...)."""
        return self.countries.get(jurisdiction[:2].upper(), self.elsewhere)


def in_language(lines: tuple[Line, ...], language: str) -> tuple[Line, ...]:
    """Those that speak the language or anybody's; all of them where none does."""
    return tuple(line for line in lines if line.language in ("", language)) or lines


def _lines(entry: Any, kind: str, place: str, *needed: str) -> tuple[Line, ...]:
    found = []
    for item in (entry or {}).get(kind) or ():
        for name in ("name", "source", *needed):
            if not isinstance(item, Mapping) or name not in item:
                raise SupportError(f"{place}: {kind} lack `{name}`; write it as in the other countries")
        found.append(Line(
            str(item["name"]), str(item[needed[0]]), str(item.get("hours", "")), str(item.get("language", "")),
            str(item["source"]),
        ))  # fmt: skip
    return tuple(found)
