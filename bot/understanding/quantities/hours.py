"""Times of day, so that they are no counts, sums or days."""

from bot.understanding.quantities.context import Context
from bot.understanding.quantities.grammar import LETTER, Found, Rules

RULES = Rules()
LEFT = Rules()


@RULES.on("FRACTION AFTER|LAST n:NUMBER", kind="TIME")
def half_past(m: Found, now: Context) -> str | None:
    """As in "Half past six"."""
    n = m["n"].whole
    return f"{_hour(n):02d}:30" if now.language == "en" and n is not None and 1 <= n <= 12 else None


@RULES.on(
    "lead:CLOCK n:NUMBER (?!UNIT|COIN|SIGN|COUNTED)",
    "lead:RANGE|PREP|AFTER|BEFORE|APPROX n:NUMBER unit:UNIT",
    kind="TIME",
)
def led(m: Found, now: Context) -> str | None:
    """As in "A las 6", "à 18 heures"."""
    n = m["n"].whole
    if n is None or not 0 <= n <= 24 or (m["unit"] is not None and (m["unit"] != "h" or now.language == "en")):
        return None
    return f"{(n if m['unit'] else _hour(n)) % 24:02d}:00"


@RULES.on(
    "lead:AFTER|BEFORE|PREP n:NUMBER (?=$|STOP|NOW)", "lead:BETWEEN n:NUMBER AND NUMBER (?=$|STOP|NOW)", kind="TIME"
)
def english(m: Found, now: Context) -> str | None:
    """As in "Call me after 5", "between 5 and 7 please"."""
    n, lead = m["n"].whole, m.item("lead")
    if (
        now.language != "en"
        or n is None
        or not 1 <= n <= 12
        or not m["n"].raw
        or m["lead"] not in ("after", "before", "at", "past", "between")
    ):
        return None
    assert lead
    return f"{_hour(n):02d}:00"


def _hour(n: int) -> int:
    """Nobody is called at three in the morning: small hours are of the afternoon."""
    return n + 12 if n <= 6 else n


@LEFT.on(
    "(RANGE|PREP|AFTER|BEFORE|APPROX|CLOCK)? LIGHT? at:HOUR",
    "(RANGE|PREP|AFTER|BEFORE|APPROX|CLOCK|IN) (LIGHT|INTRO)? at:NOON",
    "at:NOON",
    kind="TIME",
)
def clock(m: Found, now: Context) -> str | None:
    """18h30, 6pm, midi."""
    at = m["at"]
    if isinstance(at, str):
        return at
    hour, minute, raw = at
    if hour > 24 or raw.replace(" ", "") in ("24h",) or m.items[-1].kind != LETTER["HOUR"]:
        return None
    return f"{hour % 24:02d}:{minute:02d}"
