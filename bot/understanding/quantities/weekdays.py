"""Days of the week, days of the month alone, and days counted from another day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.understanding.quantities import calendar
from bot.understanding.quantities.calendar import Day, Span, coming, gone, some
from bot.understanding.quantities.context import Context
from bot.understanding.quantities.figures import dom_of
from bot.understanding.quantities.grammar import LETTER, Found, Item, Rules

Period = tuple[tuple[Decimal, str], ...]
SHORT = Rules()
WEEKDAYS = Rules()
COUNTED = Rules()
_LEADS = {
    "fr": ("INTRO", "THIS", "NEXT", "LAST", "RANGE", "BEFORE", "SINCE"), "de": ("INTRO", "THIS", "NEXT", "LAST", "RANGE"),
    "en": ("PREP", "THIS", "NEXT", "LAST", "RANGE", "BEFORE", "SINCE"), "es": ("INTRO", "THIS"),
}  # fmt: skip
# Idioms: "eight days" are a week, "fifteen" two.
_IDIOMS = {8: 7, 15: 14}
_RECENT, _CLOSE = 7, 45
# "On Sundays" is every Sunday.
_PLURAL = {"en": ("days",), "fr": ("dis", "ches"), "de": ("tags", "wochs", "abends")}


@SHORT.on("short:SHORTDAY", kind="WEEKDAY")
def short(m: Found, now: Context) -> int | None:
    """As in "Sam", "mer", "so" are days only where nothing else can be meant."""
    before, after = m.before, m.after
    long_enough = now.language != "es" or m.items[0].end - m.items[0].start > 2
    led = long_enough and before is not None and before.kind in {LETTER[kind] for kind in _LEADS[now.language]}
    figures = (LETTER["NUMBER"], LETTER["ORDINAL"], LETTER["DAYPART"], LETTER["DATE"], LETTER["SPAN"])
    followed = after is not None and (after.kind in figures or (after.kind == LETTER["COMMA"] and _next_is(m, figures)))
    if now.language == "de" and followed and after is not None and after.kind == LETTER["NUMBER"]:
        followed = False
    if not long_enough and followed:
        followed = False
    return m["short"] if m.whole or led or followed else None


def _next_is(m: Found, kinds: tuple[str, ...]) -> bool:
    place = m.start + len(m.items) + 1
    return place < len(m.line) and m.line[place].kind in kinds


@WEEKDAYS.on(
    "day:WEEKDAY (LIGHT|INTRO|COMMA|PREP|DASH){0,3} date:DATE",
    "date:DATE (COMMA|PREP|LIGHT){0,2} day:WEEKDAY (?!NUMBER|ORDINAL)",
    "rel:THIS|NEXT day:WEEKDAY (LIGHT|INTRO|COMMA|DASH){0,2} date:DATE COMMA?",
    kind="DATE",
)
def weekday_and_date(m: Found, now: Context) -> Day | None:
    """Where both agree, that day. Else all that may be meant: the date, and the next year in which both agree."""
    day, date_ = m["day"], m["date"]
    fits = tuple(one for one in date_.readings if one.weekday() == day)
    if fits:
        return Day(fits, date_.yearless)
    if m.items[0].kind == LETTER["DATE"]:
        return None  # "le 12, lundi" may be two days
    nearest = date_.readings[0]
    if date_.yearless:
        # Said of a day just gone (or just to come), the weekday tells the year.
        years = (calendar.exact(now.today.year + n, one.month, one.day) for one in date_.readings for n in (-1, 0, 1))
        close = [one for one in years if one and one.weekday() == day and abs((one - now.today).days) <= _CLOSE]
        if close:
            return some(close, yearless=True)
    else:
        step = (day - nearest.weekday() + 3) % 7 - 3
        return some([*date_.readings, nearest + timedelta(days=step)])
    step = -1 if nearest < now.today else 1
    years = (calendar.exact(nearest.year + step * n, nearest.month, nearest.day) for n in range(1, 12))
    return some([*date_.readings, next((one for one in years if one and one.weekday() == day), None)], yearless=True)


@WEEKDAYS.on(
    "rel:THIS? day:WEEKDAY COMMA? (PREP? INTRO|LIGHT){0,2} dom:NUMBER|ORDINAL (?!UNIT|COUNTED|BYTIMES|SLASH|PERCENT)",
    "dom:NUMBER|ORDINAL COMMA? day:WEEKDAY",
    kind="DATE",
)
def weekday_anddom_of(m: Found, now: Context) -> Day | None:
    """As in "Mardi 19": the month in which both agree, and the next 19th where that is another day."""
    day, dom = m["day"], dom_of(m["dom"])
    first = m.items[0]
    if dom is None or (first.kind == LETTER["NUMBER"] and not now.starts_date(m.before)):
        return None
    past = now.was(first.start)
    recent = calendar.fitting(day, dom, now.today, not past)
    near = recent if recent is not None and abs((recent - now.today).days) <= _RECENT else None
    return some([near, calendar.fitting(day, dom, now.today, past), calendar.monthly(dom, now.today, past)])


@WEEKDAYS.on(
    "day:WEEKDAY DAYPART? (LIGHT|INTRO|COMMA|IN|PREP){0,3} span:SPAN",
    "span:SPAN (LIGHT|INTRO|DASH|COMMA|PREP){0,2} day:WEEKDAY",
    kind="DATE",
)
def weekday_of_week(m: Found, now: Context) -> Day | None:
    """As in "Mercredi de la semaine prochaine"."""
    whole: Span = m["span"]
    return some([whole.first + timedelta(days=m["day"])]) if whole.unit == "w" else None


@WEEKDAYS.on("n:NUMBER day:WEEKDAY HENCE", "n:NUMBER day:WEEKDAY ago:AGO", "day:WEEKDAY BEFORE ago:LAST", kind="DATE")
def nth_coming(m: Found, now: Context) -> Day | None:
    """As in "three Fridays from now", "two Sundays ago", "Monday before last"."""
    n = m["n"].whole if m["n"] else 2
    if m["ago"] is not None:
        return some([gone(m["day"], now.today) - timedelta(weeks=n - 1)]) if n and n < 60 else None
    return some([coming(m["day"], now.today) + timedelta(weeks=n - 1)]) if n and n < 60 else None


@WEEKDAYS.on("day:WEEKDAY eight:ENEIGHT", "day:WEEKDAY week:UNIT(?!NEXT|LAST|THIS|AGO)", kind="DATE")
def week_later(m: Found, now: Context) -> Day | None:
    """As in "Lundi en huit", "Friday week"."""
    if m["week"] is not None and (
        now.language != "en" or now.folded[m.items[-1].start : m.items[-1].end] not in ("week", "wk")
    ):
        return None
    return some([coming(m["day"], now.today) + timedelta(days=m["eight"] or 7)])


@WEEKDAYS.on("day:WEEKDAY side:AFTER|BEFORE ~ date:DATE", kind="DATE")
def beside(m: Found, now: Context) -> Day | None:
    """As in "The Tuesday after Thanksgiving"."""
    side = m.item("side")
    assert side
    if side.value in ("from", "a partir", "a partir de", "ab"):
        return None
    turn = coming if side.kind == LETTER["AFTER"] else gone
    return some(turn(m["day"], one) for one in m["date"].readings)


@WEEKDAYS.on("closest:CLOSEST day:WEEKDAY PREP|RANGE ~ date:DATE", kind="DATE")
def closest(m: Found, now: Context) -> Day | None:
    """As in "The closest Monday to October 5th"."""
    near = m["date"].readings[0]
    return some([near + timedelta(days=(m["day"] - near.weekday() + 3) % 7 - 3)])


@WEEKDAYS.on(
    "this:THIS? rel:LAST|NEXT|AFTERNEXT ~ day:WEEKDAY DAYPART?",
    "this:THIS? day:WEEKDAY rel:LAST|NEXT|AFTERNEXT DAYPART?",
    "this:THIS? day:WEEKDAY LIGHT? PREP? (DAYPART|NOON)?",
    kind="DATE",
)
def weekday(m: Found, now: Context) -> Any:
    """A weekday. "Next Friday" may be this week's or the next week's, "last Wednesday" likewise."""
    day, today, rel = m["day"], now.today, m.item("rel")
    made: Day | None
    name = next(item for item in m.items if item.kind == LETTER["WEEKDAY"])
    if rel is None and now.folded[name.start : name.end].endswith(_PLURAL.get(now.language, ("-",))):
        return None
    if rel is None:
        made = _plain(day, now, m.items[0].start)
    elif rel.kind == LETTER["AFTERNEXT"]:
        made = some([coming(day, today) + timedelta(days=7)])
    elif rel.kind == LETTER["NEXT"]:
        made = (
            some([coming(day, today)])
            if m["this"] or str(rel.value) in ("coming", "upcoming") or str(rel.value).startswith("kommend")
            else _next(day, now)
        )
    else:
        made = some([gone(day, today)]) if m["this"] or rel.value in ("past", "this past") else _last(day, now)
    loose = m.items[-1]
    if loose.kind in (LETTER["PREP"], LETTER["LIGHT"]):
        end = next(item for item in m.items if item.kind == LETTER["WEEKDAY"])
        return [Item(LETTER["DATE"], made, m.items[0].start, end.end), *m.items[m.items.index(end) + 1 :]]
    return made


def _plain(day: int, now: Context, place: int) -> Day | None:
    today = now.today
    if now.was(place):
        return some([gone(day, today), today if day == today.weekday() else None])
    return some([coming(day, today), today if day == today.weekday() else None])


def _next(day: int, now: Context) -> Day | None:
    near = coming(day, now.today)
    later = now.today - timedelta(days=now.today.weekday()) + timedelta(days=7 + day)
    if near == later:
        # On a Saturday "next Monday" may be the one after.
        return some([near, near + timedelta(days=7) if (near - now.today).days <= 2 else None])
    soon = (near - now.today).days <= 1 or now.language == "en"
    return some([later, near] if soon else [near, later])


def _last(day: int, now: Context) -> Day | None:
    near = gone(day, now.today)
    earlier = now.today - timedelta(days=now.today.weekday()) - timedelta(days=7 - day)
    if near == earlier:
        return some([near])
    return some([earlier, near])


@WEEKDAYS.on("lead:INTRO|PREP|BEFORE|SINCE|AFTER|RANGE INTRO? dom:ORDINAL", "lead:INTRO|BEFORE|SINCE|AFTER|RANGE INTRO? dom:NUMBER (?!UNIT|COUNTED|COIN|SIGN|CENT|PERCENT|BYTIMES|SLASH|NUMBER|NOUN|HOUR)(?!DASH NUMBER)",
             "PREP INTRO dom:NUMBER (?!UNIT|COUNTED|COIN|SIGN|CENT|PERCENT|BYTIMES|SLASH|NUMBER|NOUN|HOUR)", "dom:ORDINAL", kind="DATE")  # fmt: skip
def day_of_month(m: Found, now: Context) -> Any:
    """As in "Le 15", "on the 15th", "am 15."."""
    item = m.item("dom")
    assert item
    dom, after, lead = dom_of(item.value), m.after, m.item("lead")
    if dom is None or not _is_day(item, lead, m, now) or (after is not None and after.kind in _COUNTABLE):
        return None
    day = some([calendar.monthly(dom, now.today, now.was(item.start))], yearless=False)
    return None if day is None else [*m.items[:-1], Item(LETTER["DATE"], day, item.start, item.end)]


_COUNTABLE = {LETTER[kind] for kind in ("NOUN", "UNIT", "COUNTED", "COIN", "WEEKDAY", "WEEKEND", "CENT", "HENCE")}


def _is_day(item: Item, lead: Item | None, m: Found, now: Context) -> bool:
    after = m.after
    if item.kind == LETTER["ORDINAL"]:
        if item.value.raw and (item.value.raw[-1] in "tdh" or item.value.raw[-1].isalpha()) and now.language == "en":
            return True
        led = lead is not None and (
            lead.kind in (LETTER["INTRO"], LETTER["PREP"], LETTER["BEFORE"], LETTER["SINCE"], LETTER["RANGE"])
        )
        if item.value.raw:
            return led or (now.language != "fr" and m.whole)
        loose = after is None or after.kind not in (
            LETTER["OTHER"],
            LETTER["PAY"],
            LETTER["NEXT"],
            LETTER["LAST"],
            LETTER["LIGHT"],
            LETTER["DAYPART"],
            LETTER["NUMBER"],
        )
        preceded = (
            now.language != "en"
            or any(i.kind in (LETTER["PREP"], LETTER["BEFORE"], LETTER["RANGE"], LETTER["SINCE"]) for i in m.items[:-1])
            or (m.before is not None and m.before.kind in (LETTER["PREP"], LETTER["BEFORE"], LETTER["RANGE"]))
        )
        return led and loose and preceded
    if lead is None:
        return bool(m.items)
    if not any(i.kind == LETTER["INTRO"] for i in m.items):
        return str(lead.value).endswith((" del", " el", " dem", " den"))
    intro = next(i for i in m.items if i.kind == LETTER["INTRO"])
    if intro.value == "the":
        return lead.kind in (LETTER["BEFORE"], LETTER["SINCE"], LETTER["RANGE"], LETTER["AFTER"])
    return not (after is not None and after.kind == LETTER["OTHER"] and not item.value.raw and intro.value == "al")


@COUNTED.on("IN APPROX? a:NUMBER OR|RANGE|DASH b:NUMBER unit:UNIT", kind="DATE")
def either(m: Found, now: Context) -> Day | None:
    """As in "Dans deux ou trois jours": both."""
    return some(calendar.shift(now.today, ((m[name].value, m["unit"]),)) for name in ("a", "b") if m[name].value < 1000)


@COUNTED.on("IN APPROX? ONE unit:UNIT OR n:NUMBER(?!UNIT|MONTH|COIN|SIGN)", kind="DATE")
def or_two(m: Found, now: Context) -> Day | None:
    """As in "in a week or two": both."""
    counts = (Decimal(1), min(m["n"].value, Decimal(100)))
    return some(calendar.shift(now.today, ((count, m["unit"]),)) for count in counts)


@COUNTED.on("n:NUMBER|ONE|FRACTION ONE? unit:UNIT half:HALFAND?", "ONE n:NUMBER LIGHT? unit:UNIT", kind="PERIOD")
def period(m: Found, now: Context) -> Period | None:
    """As in "Three weeks", "un mois et demi"."""
    amount = m["n"] if isinstance(m["n"], str) else m["n"].value
    amount = Decimal(amount) + (Decimal("0.5") if m["half"] else 0)
    return ((amount, m["unit"]),) if amount <= 2000 else None


@COUNTED.on("a:PERIOD (COMMA|AND){0,2} b:PERIOD", "a:PERIOD (COMMA|AND){0,2} b:PERIOD", kind="PERIOD")
def longer(m: Found, now: Context) -> Period:
    """As in "2 years 1 month 21 days"."""
    return (*m["a"], *m["b"])


def _moved(period: Period, now: Context, sign: int = 1, base: date | None = None) -> Day | None:
    start = base or now.today
    days = [calendar.shift(start, period, sign)]
    if len(period) == 1 and period[0][1] == "d" and now.language != "en":
        idiom = _IDIOMS.get(int(period[0][0]))
        days.append(start + timedelta(days=idiom * sign) if idiom else days[0])
    return some(days)


@COUNTED.on("date:DATE (IN|OVER) p:PERIOD HENCE?", kind="DATE")
def later_than(m: Found, now: Context) -> Day | None:
    """As in "Friday in two weeks", "heute in acht Tagen"."""
    if len(m["date"].readings) == 1:
        return _moved(m["p"], now, base=m["date"].readings[0])
    return some(calendar.shift(day, m["p"]) for day in m["date"].readings)


@COUNTED.on("date:DATE eight:ENEIGHT", kind="DATE")
def eight_later(m: Found, now: Context) -> Day | None:
    """As in "Demain en huit"."""
    return some(day + timedelta(days=m["eight"]) for day in m["date"].readings)


@COUNTED.on("p:PERIOD (AFTER|PREP) ~ date:DATE", kind="DATE")
def after_date(m: Found, now: Context) -> Day | None:
    """As in "Three days after Easter", "a week on Friday"."""
    if m.items[1].kind == LETTER["PREP"] and (now.language != "en" or m["p"][0][1] not in ("w", "f")):
        return None
    return some(calendar.shift(day, m["p"]) for day in m["date"].readings)


@COUNTED.on("p:PERIOD BEFORE ~ date:DATE", "p:PERIOD by:HAGO ~ date:DATE", kind="DATE")
def before_date(m: Found, now: Context) -> Day | None:
    """As in "5 jours avant Noël"."""
    return some(calendar.shift(day, m["p"], -1) for day in m["date"].readings)


@COUNTED.on("step:SHIFT (LIGHT|INTRO|AFTER|PREP){0,2} date:DATE", "step:SHIFT", kind="DATE")
def next_to(m: Found, now: Context) -> Day | None:
    """As in "Le lendemain du 13", "the day before"."""
    base = m["date"].readings if m["date"] else (now.today,)
    return some(day + timedelta(days=m["step"]) for day in base)


@COUNTED.on("HAGO APPROX? p:PERIOD AGO?", "p:PERIOD AGO", kind="DATE")
def ago(m: Found, now: Context) -> Day | None:
    """As in "Il y a trois semaines"; minutes ago is no day."""
    if m["p"][0][1] in ("h", "min"):
        return None
    return _moved(m["p"], now, -1)


@COUNTED.on(
    "IN ~ APPROX? LIGHT? NEXT? p:PERIOD HENCE?",
    "IN? days:FIXEDIN (LIGHT UNIT)?",
    "p:PERIOD HENCE",
    "IN ~ hours:HOUR",
    "APPROX? (PREP|BEFORE) PER? hours:HOUR(?!AND)",
    kind="DATE",
)
def within(m: Found, now: Context) -> Any:
    """As in "Dans huit jours" is 7 or 8 days; "sous 48 h" two days."""
    if m["days"] is not None:
        return some([now.today + timedelta(days=m["days"]), now.today + timedelta(days=m["days"] + 1)])
    if m["hours"] is not None:
        hour, _, raw = m["hours"]
        short = "h" in raw and ":" not in raw and m.items[0].kind == LETTER["IN"] and now.language != "de"
        return some([now.today + timedelta(days=hour // 24)]) if short else None
    if now.language == "en" and m["p"][0][1] == "min":
        return None
    return _moved(m["p"], now)


@COUNTED.on("rel:NEXT p:PERIOD", "p:PERIOD rel:NEXT", "n:NUMBER rel:NEXT unit:UNIT", kind="DATE")
def next_few(m: Found, now: Context) -> Day | None:
    """As in "Within the next two days"."""
    return _moved(m["p"] or ((m["n"].value, m["unit"]),), now)


@COUNTED.on("p:PERIOD AFTER (?=$|STOP)", "lead:AFTER APPROX? p:PERIOD (?=$|STOP|COMMA|AND|OTHER|PAY)", kind="DATE")
def afterwards(m: Found, now: Context) -> Day | None:
    """As in "deux jours après", "after 5 days"."""
    wrong = m["lead"] in ("from", "past", "past the", "following", "a partir", "ab")
    return None if wrong or now.was(m.items[0].start) else _moved(m["p"], now)


@COUNTED.on("day:DATE (COMMA|PREP)? other:DATE", kind="DATE")
def same_day(m: Found, now: Context) -> Day | None:
    """As in "In 3 days on Friday": one day said twice."""
    first, second = m["day"].readings, m["other"].readings
    both = [one for one in first if one in second]
    apart = min(abs((one - two).days) for one in first for two in second)
    if m.items[1].kind == LETTER["COMMA"] and not both:
        return None
    return some(both) if both else some([*second, *first]) if apart <= 1 else None
