"""Amounts, counts, dates, shares, times, references and addresses in a text.

How a text is read: what is shaped like a card, an IBAN, an address or a reference is set aside first (identifiers);
the rest becomes a line of items (lexer, words), which rules rewrite step by step (grammar): times, sums, counts,
rates, days. What is left as a sum, a count, a day or a time is an entity.
"""

from collections.abc import Iterator
from datetime import date

from bot.domain.readings import Entity
from bot.understanding.quantities import amounts, counts, dates, figures, hours, identifiers, lexer, weekdays
from bot.understanding.quantities.calendar import Day
from bot.understanding.quantities.context import Context
from bot.understanding.quantities.fold import fold
from bot.understanding.quantities.grammar import LETTER, Item, rewrite

_RULES = (
    *hours.RULES, *amounts.SUMS, *counts.RULES, *amounts.RATES, *figures.RULES, *dates.RULES, *weekdays.SHORT, *weekdays.WEEKDAYS, *weekdays.COUNTED,
    *hours.LEFT,
)  # fmt: skip
# Nothing is read from texts without a figure or one of these; most messages end here.
_TELLING = "".join(
    LETTER[kind] for kind in ("NUMBER", "ORDINAL", "WEEKDAY", "SHORTDAY", "MONTH", "SHORTMONTH", "UNIT", "HOLIDAY", "RELDAY", "SHIFT", "FIXEDIN", "DAYMONTH",
                              "FULLDATE", "WEEKEND", "BOUND", "COIN", "CENT", "SHARE", "HOUR", "NOON", "AMOUNT", "DAYPART")
)  # fmt: skip
_RANK = {"card": 0, "iban": 0, "email": 1, "phone": 2, "invoice_ref": 3, "time": 4, "count": 5, "amount": 6, "date": 7, "impossible_date": 7,
         "share": 8, "language": 9, "channel": 9}  # fmt: skip
# Dollars of these regions, and where the month comes first in 03/04 (Canada writes both).
_MONEY = {
    "US": "USD",
    "GB": "GBP",
    "CA": "CAD",
    "AU": "AUD",
    "NZ": "NZD",
    "IN": "INR",
    "ZA": "ZAR",
    "CH": "CHF",
    "MX": "MXN",
}
_DAY_FIRST = frozenset({"GB", "IE", "AU", "NZ", "IN", "ZA"})


def find(text: str, *, language: str, today: date, currency: str | None = None) -> tuple[Entity, ...]:
    """All values of a text in the order they stand; none overlaps another.

    `today` is the customer's day. `language` may name a region (en-GB), which settles 03/04. `currency` is the
    customer's own where it is known: it settles what "dollars" or "bucks" are and never fills in a bare number.
    """
    speech, _, region = language.replace("_", "-").partition("-")
    speech = speech if speech in ("fr", "en", "es", "de") else "en"
    found = sorted(_all(text, speech, region.upper(), today, currency), key=lambda e: (_RANK[e.kind], e.start - e.end))
    kept: list[Entity] = []
    taken = bytearray(len(text))
    for entity in found:
        if not any(taken[entity.start : entity.end]):
            kept.append(entity)
            taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    return tuple(sorted(kept, key=lambda e: e.start))


def _all(text: str, language: str, region: str, today: date, currency: str | None) -> Iterator[Entity]:
    shaped = list(identifiers.numbers(text, language))
    yield from shaped
    folded, places = fold(text)
    original = text if places is None else "".join(text[place] for place in places[:-1])
    month_first = {"US": True}.get(region, False if region in _DAY_FIRST else None)
    context = Context(today, language, month_first, folded, original)
    # Places of what is set aside are places in the original text.
    masked = sorted((e.start, e.end) for e in shaped) if places is None else []
    items = lexer.read(folded, original, language, masked)
    for entity in (*_values(items, context, currency or _MONEY.get(region)), *identifiers.names(folded, original)):
        if places is None:
            yield entity
        else:
            start, end = places[entity.start], places[entity.end - 1] + 1
            yield Entity(entity.kind, text[start:end], entity.value, start, end)


def _values(items: list[Item], context: Context, currency: str | None) -> Iterator[Entity]:
    kinds = "".join(item.kind for item in items)
    short = len(kinds) < 4 and LETTER["NOW"] in kinds
    if not short and not any(letter in kinds for letter in _TELLING):
        return
    line = rewrite(items, _RULES, context)
    for place, item in enumerate(line):
        kind, value = _value(item, line[place - 1] if place else None, context, currency)
        if kind is not None and value is not None:
            minus = isinstance(value, dict) and value["minor"] < 0
            start = item.start - 1 if minus else item.start
            yield Entity(kind, context.original[start : item.end], value, start, item.end)


def _value(item: Item, before: Item | None, context: Context, currency: str | None) -> tuple[str | None, object]:
    if item.kind == LETTER["AMOUNT"]:
        return "amount", amounts.minor(item.value, currency, amounts.below_nothing(context.folded, item.start))
    if item.kind == LETTER["DATE"]:
        return "date", _days(item.value)
    if item.kind == LETTER["NODATE"]:
        return "impossible_date", item.value.isoformat()
    if item.kind == LETTER["SPAN"]:
        return "date", _days(dates.of_span(item.value, before, context))
    simple = {LETTER["COUNT"]: "count", LETTER["TIME"]: "time", LETTER["SHARE"]: "share"}
    return simple.get(item.kind), item.value


def _days(day: Day | None) -> object:
    if day is None:
        return None
    said = [one.isoformat() for one in day.readings]
    return said[0] if len(said) == 1 else said
