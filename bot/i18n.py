"""Texts in the customer's language: catalogues, money and dates as people there write them, and their extraction."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import yaml
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, get_currency_symbol

from bot.domain.money import Money
from bot.typography import NBSP, french

LANGUAGES = ("fr", "en", "es", "de")
_LOCALES = {"fr": "fr_FR", "en": "en_GB", "es": "es_ES", "de": "de_DE"}
# Signs as people in Europe write them, where the locale data has a code or adds the country: 89,99 £, not £GB or GBP.
# Dollars keep their country's letters where the language's own dollar could be meant.
_SIGNS = {"fr": {"GBP": "£", "JPY": "¥"}, "es": {"GBP": "£", "JPY": "¥"}, "en": {"JPY": "¥"}}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_ISO_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}\Z")
# A day and an hour on it, as people say them: the pattern of the day, then both together.
_DAY_AND_HOUR = {
    "fr": ("EEEE d MMMM", "{day} à {hour}"), "en": ("EEEE d MMMM", "{day}, {hour}"),
    "es": ("EEEE d 'de' MMMM", "{day} a las {hour}"), "de": ("EEEE, d. MMMM", "{day}, {hour} Uhr"),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


class Catalogues:
    """Translations by language, read from `<folder>/<language>/LC_MESSAGES/messages.po`."""

    def __init__(self, folder: Path) -> None:
        self._texts: dict[str, dict[str, str]] = {}
        for path in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
            language = path.parent.parent.name
            with path.open("rb") as file:
                catalogue: Catalog = read_po(file, locale=language)
            self._texts[language] = {
                message.id: french(message.string) if language == "fr" else message.string
                for message in catalogue
                if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
            }

    @property
    def languages(self) -> frozenset[str]:
        """Languages for which a catalogue was found."""
        return frozenset(self._texts)

    def translate(self, text: str, language: str) -> str:
        """The text in that language, or unchanged when the catalogue does not know it."""
        return self._texts.get(language, {}).get(text, text)

    def missing(self, texts: Sequence[str], language: str) -> list[str]:
        """Those of the texts that have no translation."""
        known = self._texts.get(language, {})
        return [text for text in texts if text not in known]

    def render(self, text: str, values: Mapping[str, Any], language: str, width: str = "full") -> str:
        """Translate a text and fill its `{placeholders}`; raises KeyError naming one that has no value."""
        return fill(self.translate(text, language), values, language, self, width)


def fill(
    text: str, values: Mapping[str, Any], language: str, catalogues: Catalogues | None = None, width: str = "full"
) -> str:
    """Replace `{placeholders}` by values formatted for the language; a value {"text": ...} is a text of its own."""

    def value_of(match: re.Match[str]) -> str:
        value = values[match.group(1)]
        if catalogues is None:
            return present(value, language, width)
        if isinstance(value, Mapping) and "text" in value and len(value) == 1:
            return catalogues.render(str(value["text"]), values, language, width)
        return present(_translated(value, language, catalogues), language, width)

    return _PLACEHOLDER.sub(value_of, text)


def _translated(value: Any, language: str, catalogues: Catalogues) -> Any:
    """The texts of a value in the language, those of rows too."""
    if isinstance(value, str):
        return value if _ISO_DATE.match(value) else catalogues.translate(value, language)
    if isinstance(value, Mapping):
        return {name: _translated(part, language, catalogues) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_translated(part, language, catalogues) for part in value]
    return value


def present(value: Any, language: str, width: str = "full") -> str:
    """Write a JSON value for people: money, an ISO date, rows as lines, anything else as it is.

    `width`: "full" names the weekday of a date, "long" does not, "medium" shortens the month.
    """
    if isinstance(value, Money):
        return money(value.minor, value.currency, language)
    if isinstance(value, Mapping):
        if "minor" in value and "currency" in value:
            return money(int(value["minor"]), str(value["currency"]), language)
        if "both" in value:
            return format_list(list(value["both"]), locale=_LOCALES.get(language, language))
        if "either" in value:
            return format_list(list(value["either"]), style="or", locale=_LOCALES.get(language, language))
        return _row([present(part, language, "long") for part in value.values() if part not in (None, "")], language)
    if isinstance(value, date):
        return day(value.isoformat(), language, width)
    if isinstance(value, str):
        if _ISO_INSTANT.match(value):
            return moment(value, language)
        return day(value, language, width) if _ISO_DATE.match(value) else value
    if isinstance(value, list | tuple):
        if all(isinstance(row, Mapping) and "minor" not in row for row in value):
            return "\n".join(f"• {present(row, language)}" for row in value)
        return ", ".join(present(row, language, "long") for row in value)
    return "" if value is None else str(value)


def _row(parts: Sequence[str], language: str) -> str:
    """One line of a list: what it is, then its sum."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + colon(language) + parts[-1]


def colon(language: str) -> str:
    """A colon as the language sets it."""
    return f"{NBSP}: " if language == "fr" else ": "


@lru_cache(maxsize=4096)
def money(minor: int, currency: str, language: str) -> str:
    """A sum as the language writes it: 1 234,50 € in French."""
    amount: Decimal = Money(currency, minor).major
    locale = _LOCALES.get(language, language)
    written = format_currency(amount, currency, locale=locale)
    own = get_currency_symbol(currency, locale=locale)
    if language == "en" and own == currency:
        # A code stands apart from its figure.
        return written.replace(own, f"{own}{NBSP}")
    return written.replace(own, sign(currency, language))


def sign(currency: str, language: str) -> str:
    """The sign of a currency as the language writes it."""
    return _SIGNS.get(language, {}).get(currency) or get_currency_symbol(
        currency, locale=_LOCALES.get(language, language)
    )


@lru_cache(maxsize=4096)
def day(iso: str, language: str, width: str = "full") -> str:
    """A day as the language writes it: vendredi 27 novembre 2026."""
    written = format_date(date.fromisoformat(iso), format=width, locale=_LOCALES.get(language, language))
    return _as_spoken(written, language)


def moment(iso: str, language: str) -> str:
    """An instant as the language writes it, on the clock that it is given in: jeudi 26 novembre à 12 h."""
    at = datetime.fromisoformat(iso)
    pattern, both = _DAY_AND_HOUR.get(language, _DAY_AND_HOUR["en"])
    written = _as_spoken(format_date(at.date(), pattern, locale=_LOCALES.get(language, language)), language)
    hour = f"{at.hour}:{at.minute:02d}"
    if language == "fr":
        hour = f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02d}" if at.minute else "")
    return both.format(day=written, hour=hour)


def _as_spoken(written: str, language: str) -> str:
    """What the locale data lack: the French ordinal (le 1er décembre), and in Spanish no comma after the weekday."""
    if language == "fr":
        return re.sub(r"\b1 (?=\D)", "1er ", written, count=1)
    return written.replace(", ", " ", 1) if language == "es" else written


def texts_of(document: Any) -> Iterator[tuple[str, str]]:
    """All (response name, text) of a dialogue document: reply texts and button titles, in order."""
    for name, variations in ((document or {}).get("responses") or {}).items():
        for variation in variations or ():
            if variation.get("text"):
                yield name, variation["text"]
            if subject := (variation.get("metadata") or {}).get("subject"):
                yield name, subject
            for button in variation.get("buttons") or ():
                yield name, button["title"]


def extract_dialogues(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel extractor for response files: each text with its line and, as comment, the response's name."""
    source = fileobj.read().decode("utf-8")
    lines = source.splitlines()
    place: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if match := re.match(r"  (\w+):\s*$", line):
            place[match.group(1)] = number
    for name, text in texts_of(yaml.safe_load(source)):
        yield place.get(name, 1), "_", text, [name]
