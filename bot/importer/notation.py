"""How a file writes sums and days: told by an option, else by what only one reading of the whole file allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.numbers import get_currency_symbol

from bot.domain.money import exponent, from_major

POINT, COMMA = ".", ","
ISO, DMY, MDY = "ymd", "dmy", "mdy"
DECIMALS, DATES = (POINT, COMMA), (ISO, DMY, MDY)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'\u2019]")
_SUM = re.compile(r"-?\d[\d.,]*\Z", re.ASCII)
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\Z", re.ASCII)


class Unclear(ValueError):
    """A value that can be read in more than one way, or in none; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Notation:
    """`decimal` is the mark before the cents, `dates` the order of a day; None where nothing tells."""

    decimal: str | None = None
    dates: str | None = None

    def minor(self, text: str, currency: str) -> int:
        """A sum such as 129.90, 1 234,56 € or 1.234,56 in minor units; raises Unclear or ValueError."""
        digits = _bare(text, currency)
        mark = _mark(digits) or self.decimal
        if mark is None:
            if (COMMA not in digits and POINT not in digits) or (digits.count(POINT) == 1 and exponent(currency) == 3):
                mark = POINT
            else:
                raise Unclear(f"{text!r} can be read in two ways; say --decimal , or --decimal .")
        group = COMMA if mark == POINT else POINT
        whole, _, cents = digits.partition(mark)
        if group in cents or mark in cents or not _grouped(whole, group):
            raise Unclear(f"{text!r} is not an amount with the decimal mark {mark!r}; write 1234{mark}56")
        return from_major(f"{whole.replace(group, '')}.{cents or '0'}", currency).minor

    def day(self, text: str) -> date:
        """A day such as 2026-10-01 or 01/10/2026; raises Unclear or ValueError."""
        found = _DAY.match(text)
        if found is None:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
                raise ValueError(text)
            return date.fromisoformat(text)
        order = _order(text) or self.dates
        if order not in (DMY, MDY):
            raise Unclear(f"{text!r} can be read in two ways; say --dates dmy or --dates mdy, or write 2026-10-01")
        first, second = int(found[1]), int(found[3])
        return date(int(found[4]), *((second, first) if order == DMY else (first, second)))


@dataclass
class Evidence:
    """What the values of a file, seen one by one, leave possible."""

    decimals: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()

    def sums(self, texts: Iterable[str | None], currency: str) -> None:
        """Take note of sums."""
        for text in texts:
            try:
                mark = _mark(_bare(text, currency)) if text else None
            except ValueError:
                continue
            if mark is not None:
                self.decimals |= {mark}

    def days(self, texts: Iterable[str | None]) -> None:
        """Take note of days."""
        for text in texts:
            if text and (order := _order(text.strip())):
                self.dates |= {order}

    def notation(self, decimal: str | None = None, dates: str | None = None) -> Notation:
        """What was told, else what all values agree on; where they do not, nothing."""
        return Notation(decimal or _only(self.decimals), dates or _only(self.dates))


def _only(found: frozenset[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=64)
def _signs(currency: str) -> tuple[str, ...]:
    shown = {currency, *(get_currency_symbol(currency, where) for where in ("en", "fr", "es", "de", "en_US", "en_GB"))}
    return tuple(sorted(shown, key=len, reverse=True))


def _bare(text: str, currency: str) -> str:
    """The digits and marks of a sum, without spaces and its own currency's sign; raises Unclear for anything else."""
    digits = _SPACES.sub("", text)
    for sign in _signs(currency):
        if digits.startswith(sign) or digits.endswith(sign):
            digits = digits.removeprefix(sign).removesuffix(sign)
            break
    if not _SUM.match(digits):
        raise Unclear(f"{text!r} is not an amount in {currency}; write 129.90")
    return digits


def _mark(digits: str) -> str | None:
    """The decimal mark, where the sum allows one reading only."""
    last = max(digits.rfind(COMMA), digits.rfind(POINT))
    if last < 0:
        return None
    mark = digits[last]
    other = COMMA if mark == POINT else POINT
    if other in digits:
        return mark if digits.count(mark) == 1 else None
    if digits.count(mark) > 1:
        return other
    before, after = digits[:last].lstrip("-"), digits[last + 1 :]
    # 1.234 may be a thousand; 0.234, 1234.567 and 129.90 may not.
    return None if len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0") else mark


def _grouped(whole: str, group: str) -> bool:
    """Whether thousands are marked as they should be, or not at all."""
    if group not in whole:
        return bool(whole.lstrip("-"))
    first, *rest = whole.lstrip("-").split(group)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest)


def _order(text: str) -> str | None:
    """The order of a day, where it allows one reading only; days with points are German."""
    found = _DAY.match(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or (first > 12 >= second):
        return DMY
    return MDY if second > 12 >= first else None
