"""What may stand in config.yml, and the error that names file, line and remedy when something else does."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.strategy import CONSEQUENCES
from bot.places import line_of


class SettingsError(Exception):
    """A setting is wrong; the message names its place and the remedy."""


# The type of a leaf, or a mapping of them. Rasa's own keys are left to Rasa.
_TEXT, _FLAG, _NUMBER, _LIST = str, bool, (int, float), list
_CHOICE = (str, dict)  # the name of an adapter, or a mapping of it and its options
SCHEMA: dict[str, Any] = {
    "recipe": _TEXT, "language": _TEXT, "assistant_id": _TEXT, "pipeline": _LIST, "policies": _LIST,
    "importers": _LIST, "version": _TEXT,
    "engine": _TEXT,
    "rasa": {"url": _TEXT, "listen": _TEXT, "timeout_seconds": _NUMBER, "understanding": _TEXT},
    "creditor": {
        "name": _TEXT, "legal_name": _TEXT, "address": _TEXT, "phone": _TEXT, "email": _TEXT, "site": _TEXT,
        "payment_methods": _LIST, "iban": _TEXT, "bic": _TEXT, "consequences": _LIST, "role": _TEXT,
        "privacy_url": _TEXT,
        # What a collector of others' debts must be able to tell, in its own words.
        **dict.fromkeys(("owner", "owner_address", "contract", "interest", "higher_interest", "costs", "vat",
                         "address_source", "supervisor", "validation"), _TEXT),
    },
    "server": {"host": _TEXT, "port": int, "public_url": _TEXT},
    "database": _TEXT,
    "redis": _TEXT,
    "channels": {"webchat": _CHOICE, "sms": _CHOICE, "email": _CHOICE, "telegram": _CHOICE, "whatsapp": _CHOICE,
                 "letter": _CHOICE, "phone": _CHOICE},
    "payments": {"provider": _TEXT, "api": _TEXT,
                 "retries": {"most_tries": int, "after_days": _LIST, "technical_days": _LIST}},
    "negotiation": _TEXT,
    "understanding": {"fallback_below": _NUMBER},
    "hours": {"from": _TEXT, "to": _TEXT, "days": _LIST, "time_zone": _TEXT, "closed": _LIST},
    "import": {"jurisdiction": _TEXT, "time_zone": _TEXT, "decimal": _TEXT, "dates": _TEXT},
    "demo": _FLAG,
}  # fmt: skip
_KINDS = {int: "whole number", float: "number", str: "text", list: "list", dict: "mapping", bool: "yes or no"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WAYS_TO_PAY = ("card", "bank_transfer")
_WORDS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("engine",): ("embedded", "rasa"),
    ("rasa", "understanding"): ("embedded", "rasa"),
    ("creditor", "role"): ("creditor", "collector"),
    ("creditor", "payment_methods"): WAYS_TO_PAY,
    ("creditor", "consequences"): CONSEQUENCES,
    ("hours", "days"): _DAYS,
    ("import", "decimal"): (".", ","),
    ("import", "dates"): ("ymd", "dmy", "mdy"),
}


def _clock(value: Any) -> None:
    time.fromisoformat(value)


def _day(value: Any) -> None:
    date.fromisoformat(str(value))


def _place(value: Any) -> None:
    if not re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3}){0,2}", value):
        raise ValueError


def _zone(value: Any) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError from None


_VALUES: Mapping[tuple[str, ...], tuple[Callable[[Any], None], str]] = {
    ("hours", "from"): (_clock, "is no time of day; write 09:00"),
    ("hours", "to"): (_clock, "is no time of day; write 09:00"),
    ("hours", "closed"): (_day, "is no date; write 2026-12-25"),
    ("hours", "time_zone"): (_zone, "is unknown; write a name such as Europe/Paris"),
    ("import", "time_zone"): (_zone, "is unknown; write a name such as Europe/Paris"),
    ("import", "jurisdiction"): (_place, "is no jurisdiction; write a country such as FR, or US-CA"),
}


class Checker:
    """Checks one configuration; every mistake raises SettingsError with its line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self, raw: Any) -> Mapping[str, Any]:
        """The configuration, when nothing in it is wrong."""
        if not isinstance(raw, Mapping):
            raise SettingsError(f"{self._path}:1: the configuration is a mapping of sections; begin with creditor:")
        self._section(raw, SCHEMA, ())
        if not (raw.get("creditor") or {}).get("name"):
            raise self._wrong(
                ("creditor",), "creditor.name is missing; write who customers owe, so that they learn who writes"
            )
        for place, known in _WORDS.items():
            for word in _found(raw, place):
                if word not in known:
                    raise self._wrong(place, f"{'.'.join(place)}: unknown {word!r}; {_hint(word, known)}")
        for place, (read, remedy) in _VALUES.items():
            for value in _found(raw, place):
                try:
                    read(value)
                except (ValueError, TypeError):
                    raise self._wrong(place, f"{'.'.join(place)} {value!r} {remedy}") from None
        return raw

    def _section(self, value: Mapping[Any, Any], schema: Mapping[str, Any], path: tuple[str, ...]) -> None:
        for key, item in value.items():
            here = (*path, str(key))
            place = ".".join(here)
            if key not in schema:
                near = difflib.get_close_matches(str(key), schema, 1)
                hint = f"did you mean {'.'.join((*path, near[0]))}?" if near else _hint(key, schema)
                raise self._wrong(here, f"unknown key {place}; {hint}")
            kind = schema[key]
            if isinstance(kind, Mapping):
                if item is not None and not isinstance(item, Mapping):
                    raise self._wrong(here, f"{place} is no section; write its keys under it: {', '.join(kind)}")
                self._section(item or {}, kind, here)
            elif item is not None and (not isinstance(item, kind) or (kind is not bool and isinstance(item, bool))):
                kinds = (kind,) if isinstance(kind, type) else kind
                wanted = " or ".join(_KINDS[one] for one in kinds)
                raise self._wrong(here, f"{place} is a {wanted}, not {item!r}; {_example(kinds[0], key)}")

    def _wrong(self, path: tuple[str, ...], message: str) -> SettingsError:
        source = self._path.read_text("utf-8", errors="replace")
        return SettingsError(f"{self._path}:{line_of(source, path)}: {message}")


def _found(raw: Mapping[str, Any], path: tuple[str, ...]) -> list[Any]:
    """The values at a place: those of a list, a single one, or none."""
    value: Any = raw
    for part in path:
        value = (value or {}).get(part)
    return value if isinstance(value, list) else [] if value is None else [value]


def _hint(word: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"


def _example(kind: type, key: str) -> str:
    written = {int: "12", float: "0.5", str: '"text" in quotation marks', list: "[one, two]", bool: "true or false"}
    return f"write {key}: {written.get(kind, '...')}"
