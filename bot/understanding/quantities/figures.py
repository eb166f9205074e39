"""Days said in figures: 31/10/1974, 15.2., le 20 02 14."""

from typing import Any

from bot.understanding.quantities import calendar
from bot.understanding.quantities.calendar import Day, exact, full_year, some
from bot.understanding.quantities.context import Context
from bot.understanding.quantities.grammar import LETTER, Found, Item, Rules
from bot.understanding.quantities.numbers import Num

RULES = Rules()
_ENDS = (None, LETTER["STOP"], LETTER["COMMA"], LETTER["DASH"])


def _ends(item: Item | None) -> bool:
    return (item.kind if item else None) in _ENDS


def dom_of(value: Num | None) -> int | None:
    """A day of the month: a whole number of at most two digits."""
    if value is None or value.whole is None or not 1 <= value.whole <= 31:
        return None
    return None if value.raw.isdigit() and len(value.raw) > 2 else value.whole


def year_of(value: Num | None, after: Item | None) -> str | None:
    """A year of four digits, or of two where nothing follows that they could count."""
    if value is None or value.whole is None:
        return None
    said = value.raw or str(value.whole)
    if len(said) == 4 and said.isdigit() and 1600 <= value.whole <= 2199:
        return said
    return said if len(value.raw) == 2 and value.raw.isdigit() and _ends(after) else None


def _numeric(parts: tuple[str, ...], now: Context, place: int) -> Day | None:
    """A day in figures. Three parts: the year is the one of four digits, or the last."""
    if len(parts) == 3 and len(parts[0]) == 4:
        return some(
            [exact(int(parts[0]), int(parts[1]), int(parts[2])) or exact(int(parts[0]), int(parts[2]), int(parts[1]))]
        )
    a, b = int(parts[0]), int(parts[1])
    orders = [(a, b), (b, a)] if now.language == "en" else [(a, b)]
    if now.language == "en" and now.month_first is not False:
        orders.reverse()
    if now.month_first is not None or not any(1 <= month <= 12 for _, month in orders):
        orders = [order for order in orders if order[1] <= 12][:1] or [(b, a)]
    if len(parts) == 3:
        year = full_year(parts[2], now.today)
        return some(exact(year, month, dom) for dom, month in orders)
    past = now.was(place)
    return some(
        (calendar.yearly(month, dom, now.today, past) for dom, month in orders if 1 <= month <= 12), yearless=True
    )


def _no_day(parts: tuple[str, ...], now: Context, first: Item, last: Item) -> list[Item] | None:
    """What is written like a day that the calendar does not have: 31/11, 30.02.2027."""
    turned = (parts[2], parts[1], parts[0]) if len(parts) == 3 and len(parts[0]) == 4 else parts
    dom, month = int(turned[0]), int(turned[1])
    if dom > 31:
        return None
    found = calendar.last_instead(month, dom, now.today, full_year(turned[2], now.today) if len(parts) == 3 else None)
    return [Item(LETTER["NODATE"], found, first.start, last.end)] if found else None


def _raw(*values: Num) -> tuple[str, ...] | None:
    parts = tuple(value.raw for value in values)
    sizes = [len(part) if part.isdigit() else 9 for part in parts]
    if len(parts) == 3:
        ok = (sizes[0] == 4 and max(sizes[1:]) <= 2) or (max(sizes[:2]) <= 2 and sizes[2] in (2, 4))
        return parts if ok else None
    return parts if max(sizes) <= 2 else None


@RULES.on("unit:UNIT(?=NUMBER|ORDINAL)", kind="INTRO")
def day_before_figure(m: Found, now: Context) -> str | None:
    """Spanish "el día 21"."""
    item, before = m.items[0], m.before
    counted = before is not None and before.kind in (LETTER["NUMBER"], LETTER["ONE"], LETTER["LAST"], LETTER["NEXT"])
    return "dia" if now.language == "es" and not counted and now.folded[item.start : item.end] == "dia" else None


@RULES.on("whole:FULLDATE", kind="DATE")
def full(m: Found, now: Context) -> Any:
    """31.10.1974."""
    item = m.items[0]
    return _numeric(item.value, now, item.start) or _no_day(item.value, now, item, item)


@RULES.on(
    "a:NUMBER SLASH|DASH b:NUMBER SLASH|DASH c:NUMBER(?!SLASH|DASH NUMBER)",
    "a:NUMBER b:NUMBER c:NUMBER(?!NUMBER|DASH|SLASH)",
    "a:NUMBER LIGHT b:NUMBER LIGHT c:NUMBER",
    kind="DATE",
)
def three(m: Found, now: Context) -> Any:
    """31/10/1974, 2018-8-31, 20 02 14."""
    parts = _raw(m["a"], m["b"], m["c"])
    before = m.before
    if parts is None or (before is not None and before.kind in (LETTER["NUMBER"], LETTER["SLASH"])):
        return None
    return _numeric(parts, now, m.items[0].start) or _no_day(parts, now, m.items[0], m.items[-1])


@RULES.on(
    "point:DAYMONTH",
    "(WEEKDAY|PREP|INTRO|THIS|NEXT|BEFORE|RANGE|SINCE|AFTER) COMMA? dot:NUMBER",
    "^dot:NUMBER$",
    kind="DATE",
)
def point(m: Found, now: Context) -> Any:
    """15.2. or, after a word that leads to a day, 15.2."""
    number = m.item("dot") or m.item("point")
    assert number
    parts = m["point"] or tuple(m["dot"].raw.split("."))
    if len(parts) != 2 or not all(part.isdigit() and len(part) <= 2 for part in parts):
        return None
    if m["point"] is None and m.whole and len(m.items) == 1 and now.language != "de":
        return None
    day = _numeric(parts, now, number.start)
    if day is None:
        none = _no_day(parts, now, number, number)
        return none and [*m.items[:-1], *none]
    return [*m.items[:-1], Item(LETTER["DATE"], day, number.start, number.end)]


@RULES.on("a:NUMBER by:SLASH|DASH b:NUMBER(?!SLASH|DASH|PERCENT|COUNTED|UNIT)", kind="DATE")
def two(m: Found, now: Context) -> Any:
    """15/2. "4/5" and "8/10" are marks given, unless a word leads to a day."""
    a, b, by = m.item("a"), m.item("b"), m.item("by")
    assert a and b and by
    parts = _raw(a.value, b.value)
    if parts in (None, ("24", "7")) or (
        m.before is not None and m.before.kind in (LETTER["SLASH"], LETTER["DASH"], LETTER["NUMBER"])
    ):
        return None
    led = m.before is not None and m.before.kind in _LEADS
    rating = not led and parts[1] in ("5", "10", "20") and int(parts[0]) <= int(parts[1]) and parts[0][0] != "0"
    told = led or (not rating and (m.whole or (by.kind == LETTER["SLASH"] and int(parts[0]) > 3)))
    return _numeric(parts, now, a.start) or _no_day(parts, now, a, b) if told else None


_LEADS = {
    LETTER[kind]
    for kind in (
        "INTRO",
        "PREP",
        "WEEKDAY",
        "BEFORE",
        "AFTER",
        "SINCE",
        "RANGE",
        "THIS",
        "NEXT",
        "COMMA",
        "IN",
        "BETWEEN",
        "AND",
    )
}


@RULES.on("lead:INTRO a:NUMBER b:NUMBER (?=$|STOP|COMMA|RANGE)", "^a:NUMBER b:NUMBER$", kind="DATE")
def spaced(m: Found, now: Context) -> Any:
    """As in "Le 31 10"."""
    a = m.item("a")
    assert a
    parts = _raw(m["a"], m["b"])
    day = _numeric(parts, now, a.start) if parts and now.language != "en" else None
    return None if day is None else [*m.items[:-2], Item(LETTER["DATE"], day, a.start, m.items[-1].end)]
