"""Numbers in digits and in words."""

import re
from decimal import Decimal
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple

from bot.understanding.quantities.words import de, en, es, fr

LANGUAGES: dict[str, ModuleType] = {"fr": fr, "en": en, "es": es, "de": de}
# Groups of three by point, comma, apostrophe or space (or as in India), with decimals or without; or a plain figure.
DIGITS = r"\d{1,3}(?P<group>[ .,'])\d{3}(?:(?P=group)\d{3})*(?:[.,]\d{1,2})?(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d)|\d{1,12}[.,]\d{1,4}(?!\d)|\d{1,15}"
_GERMAN_PARTS = re.compile(r"(?:(?P<thousand>\w*?)tausend(?:und)?)?(?:(?P<hundred>\w*?)hundert(?:und)?)?(?P<rest>\w*)")
BIG = (1000, 10**5, 10**6, 10**7, 10**9, 10**12)


class Num(NamedTuple):
    """A number: what it says, and its digits as written (none when it is in words)."""

    value: Decimal
    raw: str = ""

    @property
    def whole(self) -> int | None:
        """The number when it is a whole one."""
        return int(self.value) if self.value == self.value.to_integral_value() else None


def digits(raw: str) -> Num:
    """A last group of three digits is thousands, a shorter one decimals."""
    plain = raw.replace(" ", "").replace("'", "")
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return Num(Decimal(plain), raw)
    whole, part = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    grouped = len(part) == 3 and whole.strip("0")
    return Num(Decimal(whole + part) if grouped else Decimal(f"{whole}.{part}"), raw)


class Counter:
    """Adds up number words one by one, as long as they still make one number."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.total = self.current = 0
        self.scale = 10**15
        self.any = False

    def take(self, value: int) -> bool:
        """Take the next word's value; False (and nothing taken) when it begins another number."""
        current = self.current
        if value in BIG:
            if value > self.scale and self.any:
                self.total = (self.total + current) * value  # "mil millones"
            elif value < self.scale and (current or not self.any):
                self.total += max(current, 1) * value
            else:
                return False
            self.current, self.scale = 0, value
        elif value == 100 and current < 100 and (current or not self.any or self.scale < 10**15):
            self.current = max(current, 1) * 100
        elif current == 0 and (not self.any or self.scale < 10**15):
            self.current = value
        elif (current and current % 100 == 0 and value < 100) or (
            current % 10 == 0 and current % 100 >= 20 and value < 10
        ):
            self.current += value
        elif self.language == "fr" and self._french(value):
            self.current += 76 if value == 20 else value
        else:
            return False
        self.any = True
        return True

    def _french(self, value: int) -> bool:
        tens = self.current % 100
        return (
            (tens == 4 and value == 20)
            or (tens in (60, 80) and 10 <= value < 20)
            or (tens in (10, 70, 90) and 7 <= value < 10)
        )

    @property
    def value(self) -> int:
        """What was added up so far."""
        return self.total + self.current


@lru_cache(maxsize=4096)
def cardinal(word: str, language: str) -> int | None:
    """The value of a number word; in German also of a whole compound."""
    known = LANGUAGES[language].CARDINALS.get(word)
    if known is not None or language != "de":
        return known  # type: ignore[no-any-return]
    return _german(word) if "hundert" in word or "tausend" in word else None


@lru_cache(maxsize=4096)
def ordinal(word: str, language: str) -> int | None:
    """The value of an ordinal in words."""
    return LANGUAGES[language].ORDINALS.get(word)  # type: ignore[no-any-return]


def _german(word: str) -> int | None:
    match = _GERMAN_PARTS.fullmatch(word) if len(word) < 60 else None
    if match is None:
        return None
    total = 0
    for part, scale in (("thousand", 1000), ("hundred", 100)):
        said = match[part]
        if said is None:
            continue
        factor = 1 if said in ("", "ein") else cardinal(said, "de")
        if factor is None:
            return None
        total += factor * scale
    rest = match["rest"]
    last = 0 if not rest else 1 if rest in ("eins", "ein") else de.UNDER_HUNDRED.get(rest)
    return None if last is None else total + last
