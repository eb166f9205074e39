"""Amounts, counts, dates, references and addresses in a text."""

from collections.abc import Iterator
from datetime import date

from bot.domain.readings import Entity
from bot.understanding.quantities import amounts, dates, identifiers

# Where finds overlap the more specific kind wins, then the longer find.
_RANK = {"card": 0, "iban": 0, "email": 1, "phone": 2, "invoice_ref": 3, "time": 4, "count": 5, "amount": 6, "date": 7,
         "share": 8, "language": 9, "channel": 9}  # fmt: skip


def find(text: str, *, language: str, today: date, currency: str | None = None) -> tuple[Entity, ...]:
    """All values of a text in the order they stand; none overlaps another.

    `today` is the customer's day; `currency` is for callers who know it and never fills in a bare number.
    """
    found = sorted(_all(text, language, today), key=lambda e: (_RANK[e.kind], e.start - e.end))
    kept: list[Entity] = []
    for entity in found:
        if all(entity.end <= other.start or entity.start >= other.end for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda e: e.start))


def _all(text: str, language: str, today: date) -> Iterator[Entity]:
    yield from identifiers.find(text)
    yield from amounts.find(text, language)
    yield from dates.find(text, language, today)
