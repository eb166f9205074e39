"""Numbers of payments."""

from decimal import Decimal
from typing import Any

from bot.understanding.quantities.context import Context
from bot.understanding.quantities.grammar import LETTER, Found, Item, Rules
from bot.understanding.quantities.lexer import Coin

RULES = Rules()
_MOST = 120
# Words between the number and what it counts, and words after it that make it a comparison.
_EQUAL = frozenset(
    "equal petites petits grandes monthly iguales gleiche gleichen kleine kleinen small smaller mensuels same post dated separate".split()
)
_MORE = frozenset("plus moins trop too more already deja schon mas par now".split())
_SPREAD = frozenset(
    "spread split repay repayment plan instalment installment etaler etale echelonner echelonne repartir diviser fractionner delai "
    "echeancier dividir fraccionar aplazar repartido abzahlen abbezahlen verteilen verteilt ratenzahlung stotter would".split()
)


@RULES.on("n:NUMBER|ONE DASH? between:OTHER|RATE? OTHER? what:COUNTED", kind="COUNT")
def counted(m: Found, now: Context) -> int | None:
    """As in "4 payments", "en trois fois", "ten monthly payments"."""
    n: int | None = m["n"].whole
    before, after = m.before, m.after
    if n is None or not 1 <= n <= _MOST:
        return None
    if any(i.kind == LETTER["OTHER"] and i.value not in _EQUAL for i in m.items[1:-1]):
        return None
    split = before is not None and before.kind in (LETTER["OVER"], LETTER["IN"])
    if m["what"] == "times" and not split:
        if n == 1 or now.was(m.items[0].start):
            return None
        if after is not None and (
            after.kind in (LETTER["PER"], LETTER["EVERY"], LETTER["ONE"]) or after.value in _MORE
        ):
            return None
    if m.items[0].kind == LETTER["ONE"] and not split:
        return None
    return n


@RULES.on("n:NUMBER BYTIMES m:NUMBER", kind="COUNT")
def times_sum(m: Found, now: Context) -> list[Item] | None:
    """As in "3 x 50"."""
    n, figure = m.items[0], m.items[2]
    if n.value.whole is None or not 2 <= n.value.whole <= 36:
        return None
    return [
        Item(LETTER["COUNT"], n.value.whole, n.start, n.end),
        Item(LETTER["AMOUNT"], (figure.value.value, Coin(None, Decimal(1))), figure.start, figure.end),
    ]


@RULES.on("n:NUMBER BYTIMES", kind="COUNT")
def by(m: Found, now: Context) -> int | None:
    """As in "3x"."""
    n = m["n"].whole
    return n if n is not None and 2 <= n <= 36 else None


@RULES.on("over:OVER APPROX? n:NUMBER unit:UNIT(?!AGO|HENCE)", kind="COUNT")
def months(m: Found, now: Context) -> list[Item] | None:
    """As in "Spread it over five months", "payer en 3 mois": as many payments; "off sick over five months" is none."""
    n = m["n"].whole
    if (
        m["unit"] != "m"
        or n is None
        or not 2 <= n <= 60
        or m["over"] in ("durante", "pendant", "durant", "during", "throughout", "wahrend")
    ):
        return None
    told = any(
        i.kind in (LETTER["PAY"], LETTER["AMOUNT"], LETTER["SHARE"], LETTER["COUNT"]) or i.value in _SPREAD
        for i in m.line[max(0, m.start - 12) : m.start]
    )
    number = m.item("n")
    assert number
    return [m.items[0], Item(LETTER["COUNT"], n, number.start, m.items[-1].end)] if told else None


@RULES.on("lead:IN|OVER n:NUMBER (?=$|STOP)", kind="COUNT")
def ends(m: Found, now: Context) -> Any:
    """As in "The rest in two", "en 4"."""
    n = m.item("n")
    assert n
    rated = m.before is not None and m.before.kind == LETTER["NUMBER"]
    if rated or m["lead"] not in ("in", "en") or n.value.whole is None or not 2 <= n.value.whole <= 36:
        return None
    return [m.items[0], Item(LETTER["COUNT"], n.value.whole, n.start, n.end)]
