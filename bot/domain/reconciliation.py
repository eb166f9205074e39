"""Whose money is it? What a payer wrote, against the references and invoice numbers of the book."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.transfer import reference_told

_PIECE = re.compile(r"[0-9A-Za-z]+")
# A number or reference as people copy it may be broken into so many pieces by signs and blanks.
MOST_PIECES = 7
# Shorter words name nothing by themselves: a bare number may be a year, a day or a sum.
SHORTEST, SHORTEST_WORD, SHORTEST_NUMBER = 2, 5, 6


@dataclass(frozen=True, slots=True)
class Known:
    """A reference of the book: the customer's own, or that of one of their invoices."""

    customer_id: str
    invoice_id: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Whose it is and which invoices were named; without a customer, `reason` says why a person must look."""

    customer_id: str | None = None
    invoices: tuple[str, ...] = ()
    reason: str = ""


def plain(word: str) -> str:
    """A reference without what people leave out or add: case, blanks and signs."""
    return "".join(char for char in word.upper() if char.isascii() and char.isalnum())


def index(references: Iterable[tuple[str, str, str | None]]) -> dict[str, tuple[Known, ...]]:
    """What each word of the book may name, from (word, customer id, invoice id) rows."""
    found: dict[str, list[Known]] = {}
    for word, customer_id, invoice_id in references:
        found.setdefault(plain(word), []).append(Known(customer_id, invoice_id))
    return {word: tuple(known) for word, known in found.items()}


def match(reference: str, text: str, book: Mapping[str, tuple[Known, ...]]) -> Match:
    """The structured reference first, which proves itself by its check digits; then what the free text names."""
    told = reference_told(reference) if reference else None
    if told is not None and told in book:
        return _one(book[told])
    named = [*book.get(plain(reference), ()), *_named(text, book)]
    return _one(named) if named else Match(reason="names no reference of ours")


def _one(named: Iterable[Known]) -> Match:
    known = list(dict.fromkeys(named))
    if len({item.customer_id for item in known}) > 1:
        return Match(reason="may be for more than one customer")
    return Match(known[0].customer_id, tuple(item.invoice_id for item in known if item.invoice_id is not None))


def _named(text: str, book: Mapping[str, tuple[Known, ...]]) -> Iterable[Known]:
    """What runs of one to four pieces name, the longest first, so that "F-2026 0042" is one number and not two."""
    pieces = _PIECE.findall(text)
    taken: set[int] = set()
    for size in range(min(MOST_PIECES, len(pieces)), 0, -1):
        for start in range(len(pieces) - size + 1):
            places = set(range(start, start + size))
            word = plain("".join(pieces[start : start + size]))
            word = reference_told(word) or word
            least = SHORTEST_NUMBER if word.isdigit() else SHORTEST_WORD if word.isalpha() else SHORTEST
            if places & taken or len(word) < least:
                continue
            if word in book:
                taken |= places
                yield from book[word]
