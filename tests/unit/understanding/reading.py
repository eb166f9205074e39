"""What tests of quantities share: short ways to say what is read, on a Wednesday."""

from datetime import date
from typing import Any

from bot.understanding import quantities

TODAY = date(2026, 11, 25)


def values(kind: str, text: str, language: str, **known: Any) -> list[Any]:
    found = quantities.find(text, language=language, today=TODAY, **known)
    return [entity.value for entity in found if entity.kind == kind]


def sums(text: str, language: str, **known: Any) -> list[tuple[int, str | None]]:
    return [(value["minor"], value["currency"]) for value in values("amount", text, language, **known)]


def days(text: str, language: str, **known: Any) -> list[Any]:
    return values("date", text, language, **known)
