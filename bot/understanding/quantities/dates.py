"""Days and spans said with names of months, holidays, or words such as "tomorrow", "next week", "end of"."""

from datetime import date, timedelta
from typing import Any

from bot.understanding.quantities import calendar, holidays
from bot.understanding.quantities.calendar import Day, Span, exact, full_year, some
from bot.understanding.quantities.context import Context
from bot.understanding.quantities.figures import dom_of, year_of
from bot.understanding.quantities.grammar import LETTER, Found, Item, Rules
from bot.understanding.quantities.numbers import Num

RULES = Rules()


def _named(month: int, dom: int | None, year: str | None, now: Context, place: int) -> Day | None:
    if dom is None:
        return None
    if year is not None:
        return some([exact(full_year(year, now.today), month, dom)])
    return some([calendar.yearly(month, dom, now.today, now.was(place))], yearless=True)


@RULES.on(
    "a:NUMBER|MONTH|SHORTMONTH SLASH|DASH b:NUMBER|MONTH|SHORTMONTH SLASH|DASH c:NUMBER|ORDINAL|MONTH|SHORTMONTH",
    kind="DATE",
)
def three_named(m: Found, now: Context) -> Day | None:
    """Sep-23-2020, 2020/23/Sep, 23-2020-September: the month by its name, the year by its size."""
    parts = [m["a"], m["b"], m["c"]]
    months = [part for part in parts if isinstance(part, int)]
    figures = [part for part in parts if isinstance(part, Num)]
    if len(months) != 1:
        return None
    first, second = figures if len(figures[0].raw) <= 2 else reversed(figures)
    return _named(months[0], dom_of(first), year_of(second, None), now, m.items[0].start)


@RULES.on("a:NUMBER|ORDINAL by:RANGE|DASH|AND|OR|INTRO|PREP ~ b:NUMBER|ORDINAL ~ month:MONTH|SHORTMONTH", kind="DATE")
def shared_month(m: Found, now: Context) -> list[Item] | None:
    """As in "Du 5 au 10 mars", "the 16th to the 22nd of April": the month is meant for both."""
    a, b = m.item("a"), m.item("b")
    assert a and b
    doms = dom_of(a.value), dom_of(b.value)
    last = _named(m["month"], doms[1], None, now, a.start)
    if last is None or doms[0] is None or doms[1] is None or m["by"] in ("of",):
        return None
    first = exact(last.readings[0].year, m["month"], doms[0])
    if first is None or doms[0] >= doms[1]:
        return None
    middle = [item for item in m.items if a.end <= item.start and item.end <= b.start]
    return [
        Item(LETTER["DATE"], Day((first,), True), a.start, a.end),
        *middle,
        Item(LETTER["DATE"], last, b.start, m.items[-1].end),
    ]


@RULES.on("day:NUMBER|ORDINAL|ONE (LIGHT|INTRO|UNIT|DASH|SLASH){0,3} month:MONTH|SHORTMONTH STOP? COMMA? ~ SLASH?DASH? year:NUMBER",
          "day:NUMBER|ORDINAL|ONE (LIGHT|INTRO|UNIT|DASH|SLASH){0,3} month:MONTH|SHORTMONTH", kind="DATE")  # fmt: skip
def day_month(m: Found, now: Context) -> Any:
    """As in "Le 3 mars 2015", "second of August", "the 15th day of May"."""
    day, month = m.item("day"), m.item("month")
    assert day and month
    inner = [item for item in m.items if day.end <= item.start and item.end <= month.start]
    if any(item.kind == LETTER["UNIT"] and item.value != "d" for item in inner):
        return None
    if day.kind == LETTER["ONE"] and not (now.language == "es" and now.folded[day.start : day.end] == "uno"):
        return None
    if month.kind == LETTER["SHORTMONTH"] and not inner and now.may(month, m.after):
        return None
    year = year_of(m["year"], m.after)
    if m["year"] is not None and year is None:
        return None
    found = _named(month.value, dom_of(day.value), year, now, day.start)
    leads = day.kind == LETTER["ORDINAL"] or bool(inner) or now.starts_date(m.before)
    return found or _impossible(m, month.value, day.value, year, now, leads)


def _impossible(m: Found, month: int, value: Num, year: str | None, now: Context, leads: bool) -> list[Item] | None:
    """A day that the calendar does not have ("31 November"): neither the figure nor the month counts on its own."""
    dom = value.whole
    if dom is None or not 1 <= dom <= (99 if leads else 31):
        return None
    last = calendar.last_instead(month, dom, now.today, full_year(year, now.today) if year else None)
    return [Item(LETTER["NODATE" if last else "DONE"], last, m.items[0].start, m.items[-1].end)]


@RULES.on("month:MONTH|SHORTMONTH (LIGHT|INTRO|COMMA|DASH|SLASH){0,2} day:NUMBER|ORDINAL COMMA? ~ year:NUMBER",
          "month:MONTH|SHORTMONTH (LIGHT|INTRO|COMMA|DASH|SLASH){0,2} day:NUMBER|ORDINAL (?!UNIT|COUNTED|BYTIMES)", kind="DATE")  # fmt: skip
def month_day(m: Found, now: Context) -> Any:
    """As in "March 3, 2015", "november the 12th"."""
    month = m.item("month")
    assert month
    year = year_of(m["year"], m.after)
    if m["year"] is not None and year is None:
        return None
    if now.language != "en" and any(item.kind == LETTER["INTRO"] for item in m.items[1:]):
        return None  # "en mars le 5" is two things
    if found := _named(month.value, dom_of(m["day"]), year, now, month.start):
        return found
    return _impossible(m, month.value, m["day"], year, now, False) if now.language == "en" else None


@RULES.on("a:ORDINAL b:ORDINAL", "a:ORDINAL b:NUMBER", kind="DATE")
def two_ordinals(m: Found, now: Context) -> Day | None:
    """German counts months too: "siebter 4."."""
    month = dom_of(m["b"])
    if now.language != "de" or month is None or month > 12 or (m.items[1].kind != LETTER["ORDINAL"]):
        return None
    return _named(month, dom_of(m["a"]), None, now, m.items[0].start)


@RULES.on("month:MONTH|SHORTMONTH (LIGHT|COMMA){0,2} year:NUMBER", kind="SPAN")
def monthyear_of(m: Found, now: Context) -> Span | None:
    """As in "Mars 2027"."""
    if m["year"].whole is None or not 1900 <= m["year"].whole <= 2199 or len(m["year"].raw) not in (0, 4):
        return None
    return Span(*calendar.month_of(m["year"].whole, m["month"]), "m", said="month")


@RULES.on("month:MONTH|SHORTMONTH (LIGHT{0,2} rel:NEXT|LAST|THIS LIGHT{0,2} unit:UNIT)?", kind="SPAN")
def month_alone(m: Found, now: Context) -> Span | None:
    """As in "En mars": this year's or the next; the last one when it is told of the past."""
    month = m.item("month")
    assert month
    today = now.today
    past = now.was(month.start)
    year = today.year
    if m["unit"] is not None:
        if m["unit"] != "y":
            return None
        year += {LETTER["NEXT"]: 1, LETTER["LAST"]: -1}.get(m.item("rel").kind, 0)  # type: ignore[union-attr]
    elif past and month.value > today.month:
        year -= 1
    elif not past and month.value < today.month:
        year += 1
    weak = month.kind == LETTER["SHORTMONTH"] or (
        month.end - month.start <= 3 and now.folded[month.start : month.end] != "mai"
    )
    return Span(
        *calendar.month_of(year, month.value), "m", floating=m["unit"] is None, said="weak" if weak else "month"
    )


@RULES.on("rel:NEXT|LAST|THIS ~ holiday:HOLIDAY", "holiday:HOLIDAY (LIGHT|IN|COMMA|UNIT){0,2} year:NUMBER", "holiday:HOLIDAY (LIGHT|INTRO){0,2} rel:NEXT|LAST|THIS LIGHT? unit:UNIT (DASH? THIS)?", "holiday:HOLIDAY (LIGHT|INTRO){0,2} unit:UNIT rel:NEXT|LAST|THIS",
          "holiday:HOLIDAY rel:NEXT|LAST", "holiday:HOLIDAY", kind="DATE")  # fmt: skip
def holiday(m: Found, now: Context) -> Day | None:
    """As in "Noël", "Easter 2027", "Erntedankfest letzten Jahres"."""
    name, today, rel = m["holiday"], now.today, m.item("rel")
    if m["year"] is not None:
        year = m["year"].whole
        return some(holidays.days(name, year)) if year and 1900 <= year <= 2199 else None
    if m["unit"] is not None:
        step = {LETTER["NEXT"]: 1, LETTER["LAST"]: -1}.get(rel.kind, 0) if rel else 0
        return some(holidays.days(name, today.year + step)) if m["unit"] == "y" else None
    past = now.was(m.items[0].start) if rel is None else rel.kind == LETTER["LAST"]
    for year in range(today.year, today.year - 3, -1) if past else range(today.year, today.year + 3):
        found = [day for day in holidays.days(name, year) if (day <= today if past else day >= today)]
        if found:
            return some(found)
    return None


@RULES.on("day:RELDAY PREP? (DAYPART|NOON)?", "day:RELDAY part:RELDAY", kind="DATE")
def relative_day(m: Found, now: Context) -> Any:
    """As in "Demain matin"; "heute morgen" is this morning."""
    if m["part"] is not None and (now.language != "de" or m["part"] != 1):
        return None
    day = some([now.today + timedelta(days=m["day"])])
    if m.items[-1].kind == LETTER["PREP"]:
        return [Item(LETTER["DATE"], day, m.items[0].start, m.items[0].end), m.items[-1]]
    return day


@RULES.on("rel:THIS|LAST part:DAYPART", kind="DATE")
def part_of_today(m: Found, now: Context) -> Day | None:
    """As in "This morning"; "last night" was yesterday."""
    rel = m.item("rel")
    assert rel
    return some([now.today - timedelta(days=1 if rel.kind == LETTER["LAST"] else 0)])


@RULES.on(
    "rel:NEXT|LAST|THIS|AFTERNEXT UNIT|WEEKEND",
    "UNIT DASH? rel:NEXT|LAST|AFTERNEXT",
    "in:IN LIGHT|INTRO UNIT(?!NEXT|LAST|AFTERNEXT|PARTOF)",
    "WEEKEND rel:NEXT|LAST",
    "THIS UNIT DASH THIS",
    kind="SPAN",
)
def relative_span(m: Found, now: Context) -> Span | None:
    """As in "La semaine prochaine", "next month", "das übernächste Wochenende"."""
    unit = next(item for item in m.items if item.kind in (LETTER["UNIT"], LETTER["WEEKEND"]))
    rel = m.item("rel")
    if m["in"] is not None and now.language != "fr":
        return None  # "dans la semaine"
    steps = {LETTER["NEXT"]: 1, LETTER["LAST"]: -1, LETTER["AFTERNEXT"]: 2}
    step = steps.get(rel.kind, 0) if rel else 0
    if unit.kind == LETTER["UNIT"]:
        return (
            calendar.span(unit.value, now.today, step, "relative") if unit.value in ("w", "f", "m", "q", "y") else None
        )
    return _weekend(now.today, step)


@RULES.on("INTRO|THIS|PREP|RANGE|BEFORE|NOW WEEKEND", "^WEEKEND$", kind="SPAN")
def weekend(m: Found, now: Context) -> Span:
    """As in "Le week-end"; "have a nice weekend" names no day."""
    return _weekend(now.today, -1 if now.was(m.items[-1].start) else 0)


def _weekend(today: date, step: int) -> Span:
    saturday = today - timedelta(days=today.weekday()) + timedelta(days=5, weeks=step)
    return Span(saturday, saturday + timedelta(days=1), "e", said="relative")


_PART = {"begin": 0, "mid": 1, "end": 2}


@RULES.on(
    "part:PARTOF (LIGHT|INTRO|DASH|IN){0,3} span:SPAN",
    "span:SPAN part:PARTOF",
    "part:PARTOF (LIGHT|INTRO){0,3} unit:UNIT",
    "unit:UNIT part:PARTOF",
    "bound:BOUND",
    "rel:NEXT|THIS bound:BOUND",
    kind="DATE",
)
def part_of(m: Found, now: Context) -> Day | None:
    """As in "Fin du mois", "early next week", "mi-mars", "Monatsende"."""
    part, unit = m["bound"] or (m["part"], m["unit"])
    whole = m["span"]
    implied = whole is None
    if whole is None:
        rel = m.item("rel")
        step = 1 if rel is not None and rel.kind == LETTER["NEXT"] else 0
        whole = calendar.span(unit, now.today, step) if unit in ("w", "m", "q", "y") else None
    if whole is None or whole.unit == "e":
        return None
    days = _edge(whole, part)
    if implied and days[0] < now.today and not now.was(m.items[0].start):
        later = calendar.span(whole.unit, now.today, 1)
        assert later
        days = _edge(later, part)
    return some(days)


def _edge(whole: Span, part: str) -> list[date]:
    if whole.unit == "w":
        friday = whole.first + timedelta(days=4)
        return {"begin": [whole.first], "mid": [whole.first + timedelta(days=2)], "end": [friday, whole.last]}[part]
    if part == "mid":
        return [whole.first + timedelta(days=14 if whole.unit == "m" else (whole.last - whole.first).days // 2)]
    return [whole.first if part == "begin" else whole.last]


@RULES.on("rank:ORDINAL day:WEEKDAY (LIGHT|INTRO|IN|PREP){0,3} span:SPAN", "rank:ORDINAL day:WEEKDAY (LIGHT|INTRO){1,3} unit:UNIT", "last:LAST day:WEEKDAY (LIGHT|INTRO|IN|PREP){1,3} span:SPAN", "last:LAST day:WEEKDAY (LIGHT|INTRO){1,3} unit:UNIT",
          "rank:ORDINAL? last:LAST? UNIT (LIGHT|INTRO|IN|PREP){1,3} span:SPAN", "rank:ORDINAL? last:LAST UNIT (LIGHT|INTRO|PREP){1,3} unit:UNIT", kind="DATE")  # fmt: skip
def ranked(m: Found, now: Context) -> Day | None:
    """As in "First Monday of March", "last day of the month", "the 5th last day of May"."""
    rank, last = m["rank"], m["last"]
    if (rank is None and last is None) or (m["day"] is None and _day_unit(m) != "d"):
        return None
    number = rank.whole if rank is not None else 1
    whole = m["span"] or calendar.span(m["unit"], now.today, 0)
    if whole is None or not number:
        return None
    day = calendar.nth(m["day"], -number if last else number, whole.first, whole.last)
    if day is not None and day < now.today and whole.floating and not now.was(m.items[0].start):
        first, end = calendar.month_of(whole.first.year + 1, whole.first.month)
        day = calendar.nth(m["day"], -number if last else number, first, end)
    return some([day])


def _day_unit(m: Found) -> str:
    return next((str(item.value) for item in m.items if item.kind == LETTER["UNIT"]), "")


@RULES.on(
    "span:SPAN COMMA? PREP? INTRO{1,2} day:NUMBER|ORDINAL(?!UNIT|COUNTED|MONTH|SHORTMONTH)",
    "day:NUMBER|ORDINAL (LIGHT|INTRO|UNIT|COMMA){0,3} span:SPAN",
    "day:NUMBER|ORDINAL (LIGHT|INTRO)  unit:UNIT (?!NEXT|LAST)",
    kind="DATE",
)
def day_of_span(m: Found, now: Context) -> Day | None:
    """As in "Le 15 du mois prochain", "20th of this month"."""
    whole, dom = m["span"], dom_of(m["day"])
    if whole is None and m["unit"] == "m" and m.items[-2].value in ("du", "del", "of", "des", "of the", "ce mois de"):
        day = m.before is not None and m.before.kind in (
            LETTER["INTRO"],
            LETTER["PREP"],
            LETTER["RANGE"],
            LETTER["BEFORE"],
        )
        return some([calendar.monthly(dom, now.today, now.was(m.items[0].start))]) if day and dom else None
    if whole is None or whole.unit != "m" or whole.said != "relative" or dom is None:
        return None
    return some([exact(whole.first.year, whole.first.month, dom)])


@RULES.on("date:DATE (LIGHT|INTRO|COMMA)? span:SPAN", kind="DATE")
def of_year(m: Found, now: Context) -> Day | None:
    """As in "The 21st of June next year"."""
    whole: Span = m["span"]
    if whole.unit != "y" or not m["date"].yearless:
        return None
    return some(exact(whole.first.year, day.month, day.day) for day in m["date"].readings)


@RULES.on("^(PAY|APPROX|PREP)? said:NOW STOP?$", kind="DATE")
def at_once(m: Found, now: Context) -> list[Item] | None:
    """As in "Now", when it is all that was said, is today."""
    said = m.item("said")
    assert said
    if said.value not in _AT_ONCE:
        return None
    return [*m.items[: m.items.index(said)], Item(LETTER["DATE"], Day((now.today,)), said.start, said.end)]


_AT_ONCE = frozenset(
    ("now", "right now", "just now", "right away", "immediately", "straight away", "maintenant", "tout de suite", "mtn", "immediatement",
     "ahora", "ahora mismo", "inmediatamente", "jetzt", "sofort")
)  # fmt: skip
_INTO_MONTH = {
    LETTER[kind] for kind in ("IN", "OVER", "PREP", "SINCE", "BEFORE", "AFTER", "RANGE", "NEXT", "LAST", "THIS")
}


def of_span(whole: Span, before: Item | None, now: Context) -> Day | None:
    """A week or month that stands alone is any of its days: the first and the last are given.

    Names of months that are words too ("may", "mar") need a word before them that leads to a month.
    """
    if whole.said == "weak" and (before is None or before.kind not in _INTO_MONTH):
        return None
    first, last = whole.first, whole.last
    if whole.unit == "w":
        last -= timedelta(days=2)
    if first < now.today <= last:
        first = now.today
    return some([first, last])
