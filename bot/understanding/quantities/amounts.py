"""Sums of money: a figure with its currency before or after, in words or slang, with cents, as a range or a rate."""

import re
from decimal import Decimal
from functools import cache
from typing import Any

from bot.domain.money import exponent
from bot.understanding.quantities.context import Context
from bot.understanding.quantities.grammar import LETTER, Found, Item, Rules
from bot.understanding.quantities.lexer import Coin
from bot.understanding.quantities.numbers import BIG, Num
from bot.understanding.quantities.words import money

SUMS = Rules()
RATES = Rules()
_MOST = Decimal(10) ** 12
# Less than this is seldom a sum when no currency and no rate is told.
_LEAST_BARE = 5
Sum = tuple[Decimal, Coin]


def minor(value: Sum, currency: str | None, below: bool = False) -> dict[str, Any] | None:
    """The sum in minor units, below nothing where it is told so; a name or sign that currencies share is read as the customer's own one."""
    figure, coin = value
    code = coin.code
    shared = coin.family == "*" or currency in money.SHARING.get(coin.family, ())
    if currency and shared:
        code = currency
    total = figure * coin.factor * 10 ** exponent(code or "EUR")
    whole = int(total.to_integral_value())
    return {"minor": -whole if below else whole, "currency": code} if total <= _MOST * 1000 else None


def below_nothing(text: str, start: int) -> bool:
    """Whether a minus is glued to the sum that begins here; in a text of several lines a dash begins an item."""
    before = text[: max(start - 1, 0)]
    ranged = before.rstrip()[-1:].isdigit()
    return text[start - 1 : start] == "-" and before[-1:] in ("", " ", "(") and not ranged and "\n" not in text


@cache
def _nations() -> tuple[tuple[str, str], ...]:
    stems = ((stem, nation) for nation, stems in money.NATIONS.items() for stem in stems.split(", "))
    return tuple(sorted(stems, key=lambda pair: -len(pair[0])))


def _nation(word: str) -> str | None:
    if word in ("us", "uk"):
        return {"us": "us", "uk": "gb"}[word]
    return next((nation for stem, nation in _nations() if len(stem) > 2 and word.startswith(stem)), None)


@SUMS.on("country:OTHER coin:COIN", "coin:COIN country:OTHER", kind="COIN")
def of_country(m: Found, now: Context) -> Coin | None:
    """As in "Canadian dollars", "francs suisses"."""
    coin, nation = m["coin"], _nation(str(m["country"]))
    if nation is None:
        return None
    family = money.FAMILY.get(coin.code or "", "")
    return Coin(money.OF_NATION.get(family, {}).get(nation, coin.code), coin.factor)


@SUMS.on("part:FRACTION ONE? n:NUMBER", kind="NUMBER")
def fraction_of(m: Found, now: Context) -> Num | None:
    """As in "Half a million"."""
    return Num(Decimal(m["part"]) * m["n"].value) if m["n"].value in BIG else None


@SUMS.on("n:NUMBER percent:PERCENT", kind="DONE")
def percent(m: Found, now: Context) -> Any:
    """A share of the debt, "half" when it is 50 per cent; what is all of it, more or nothing is none."""
    part = m["n"].value
    if not 0 < part < 100:
        return "percent"
    return [
        Item(LETTER["SHARE"], "half" if part == 50 else f"{part.normalize():f}%", m.items[0].start, m.items[-1].end)
    ]


@SUMS.on("a:NUMBER by:DASH|RANGE|OR|AND|PREP b:NUMBER LIGHT? DASH? coin:COIN|SIGN|CENT", "BETWEEN a:NUMBER by:AND b:NUMBER LIGHT? coin:COIN|SIGN",
         "coin:SIGN a:NUMBER by:DASH|RANGE b:NUMBER(?!COIN|SIGN)", kind="AMOUNT")  # fmt: skip
def between(m: Found, now: Context) -> list[Item] | None:
    """As in "50 to 60 euros", "entre 50 et 60 €": two sums of the same currency."""
    a, b, by = m.item("a"), m.item("b"), m.item("by")
    assert a and b and by
    loose = by.kind in (LETTER["AND"], LETTER["PREP"])
    if (loose and m.items[0].kind != LETTER["BETWEEN"]) or m.item("coin") is None or now.starts_date(m.before):
        return None
    if by.kind != LETTER["OR"] and a.value.value >= b.value.value:
        return None
    coin = m["coin"] if isinstance(m["coin"], Coin) else Coin(m["coin"], Decimal("0.01"))
    return [
        Item(LETTER["AMOUNT"], (a.value.value, coin), a.start, a.end),
        Item(LETTER["AMOUNT"], (b.value.value, coin), b.start, m.items[-1].end),
    ]


@SUMS.on("n:NUMBER coin:COIN|SIGN AND? m:NUMBER cent:CENT", "coin:SIGN n:NUMBER AND? m:NUMBER cent:CENT", "one:ONE coin:COIN AND? m:NUMBER cent:CENT",
         "n:NUMBER coin:COIN|SIGN AND? one:ONE cent:CENT", kind="AMOUNT")  # fmt: skip
def with_cents(m: Found, now: Context) -> Sum | None:
    """As in "Twenty dollars and 43 cents"."""
    whole = m["n"].value if m["n"] else Decimal(1)
    cents = m["m"].value if m["m"] else Decimal(1)
    return (whole + cents / 100, m["coin"]) if cents < 100 and whole == int(whole) else None


@SUMS.on(
    "n:NUMBER coin:COIN|SIGN and:AND? m:NUMBER(?=$|STOP|COMMA)",
    "coin:SIGN n:NUMBER and:AND m:NUMBER(?=$|STOP)",
    kind="AMOUNT",
)
def with_bare_cents(m: Found, now: Context) -> Sum | None:
    """As in "Fifteen dollars 50": two figures at the end of what is said."""
    whole, cents = m["n"], m["m"]
    coin = m.item("coin")
    assert coin
    if whole.whole is None or cents.whole is None or not 10 <= cents.whole <= 99 or (cents.raw and len(cents.raw) != 2):
        return None
    if coin.kind == LETTER["SIGN"] and m.item("n") is m.items[0] and _glued_right(m):
        return None
    return whole.value + cents.value / 100, coin.value


def _glued_right(m: Found) -> bool:
    """Whether a sign belongs to the figure after it: "the 15 $20"."""
    n, coin = m.items[0], m.item("coin")
    assert coin
    following = m.after if coin is m.items[-1] else m.items[m.items.index(coin) + 1]
    glued = following is not None and following.kind == LETTER["NUMBER"] and following.start == coin.end
    return glued and n.end < coin.start


@SUMS.on("n:NUMBER coin:SIGN|COIN big:NUMBER", "coin:SIGN n:NUMBER big:NUMBER", kind="AMOUNT")
def with_big(m: Found, now: Context) -> Sum | None:
    """As in "75 USD million"."""
    big = m["big"]
    return (m["n"].value * big.value, m["coin"]) if big.value in BIG and not big.raw else None


@SUMS.on("n:NUMBER LIGHT? DASH? coin:COIN|SIGN", kind="AMOUNT")
def currency_after(m: Found, now: Context) -> Sum | None:
    """As in "50 euros", "2 millions de €"."""
    return None if m.items[-1].kind == LETTER["SIGN"] and _glued_right(m) else (m["n"].value, m["coin"])


@SUMS.on("coin:SIGN n:NUMBER", kind="AMOUNT")
def currency_before(m: Found, now: Context) -> Sum | None:
    """As in "$50", "EUR 125"."""
    return m["n"].value, m["coin"]


@SUMS.on("ONE DASH? coin:COIN", kind="AMOUNT")
def one_of(m: Found, now: Context) -> Sum | None:
    """As in "Un euro", "a grand"."""
    return None if now.denied(m.items[0].start) else (Decimal(1), m["coin"])


@SUMS.on("n:NUMBER|ONE DASH? cent:CENT", kind="AMOUNT")
def cents(m: Found, now: Context) -> Sum | None:
    """As in "50 centimes"; "not giving a penny" is no sum."""
    return (
        None if m["n"].value == 1 and now.denied(m.items[0].start) else (m["n"].value, Coin(m["cent"], Decimal("0.01")))
    )


@SUMS.on("coin:COIN n:NUMBER", kind="AMOUNT")
def name_before(m: Found, now: Context) -> Sum | None:
    """As in "Ringgit 42"."""
    after = m.after
    return (m["n"].value, m["coin"]) if after is None or after.kind in (LETTER["STOP"], LETTER["COMMA"]) else None


@SUMS.on("^coin:COIN$", kind="AMOUNT")
def figure_alone(m: Found, now: Context) -> Sum | None:
    """Slang that is a figure by itself, when it is all that was said."""
    coin = m["coin"]
    return (Decimal(1), coin) if coin.factor != 1 else None


_BARE = Coin(None)
_OWED = frozenset(
    "it this them that amount bill invoice debt balance sum total somme facture montant dette loyer importe deuda factura recibo betrag betrags rechnung summe schuld".split()
)


@RATES.on("n:NUMBER|AMOUNT by:PER|EVERY|SLASH|ONE|INTRO|LIGHT|PREP ONE|NUMBER? unit:UNIT(?!NEXT|LAST|THIS|PARTOF)",
          "n:NUMBER|AMOUNT by:RATE", kind="AMOUNT")  # fmt: skip
def rate(m: Found, now: Context) -> list[Item] | None:
    """As in "40 par mois", "40 a month": the figure is money, and the month no date."""
    n, by = m.item("n"), m.item("by")
    assert n and by
    if m["unit"] in ("h", "min", "b"):
        return None
    articles = {
        LETTER["INTRO"]: ("le", "al", "el", "au"),
        LETTER["LIGHT"]: ("im", "la", "die"),
        LETTER["PREP"]: ("por",),
    }
    if by.kind in articles and by.value not in articles[by.kind]:
        return None
    if by.kind == LETTER["RATE"] and n.kind == LETTER["NUMBER"] and now.starts_date(m.before):
        return None
    rest = Item(LETTER["DONE"], None, by.start, m.items[-1].end)
    if n.kind == LETTER["AMOUNT"]:
        return [n, rest]
    if now.starts_date(m.before) and (n.value.whole or 99) <= 31:
        return None
    return [Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end), rest]


@RATES.on("EVERY (NUMBER|ONE|ORDINAL)? UNIT|WEEKDAY|WEEKEND", "PER UNIT", kind="DONE")
def repeated(m: Found, now: Context) -> bool:
    """As in "Every Friday" names no day."""
    return True


@RATES.on(
    "count:COUNT by:LIGHT|PREP|APPROX|RANGE APPROX? n:NUMBER(?!COUNTED|UNIT|MONTH|SLASH|DASH)",
    "count:COUNT n:NUMBER(?=$|STOP|COMMA|NOW)",
    kind="AMOUNT",
)
def each(m: Found, now: Context) -> list[Item]:
    """As in "4 versements de 30"."""
    n = m.item("n")
    assert n
    return [m.items[0], Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end)]


@RATES.on(
    "(PAY|AMOUNT) (LIGHT|APPROX|NOW|PAY|COMMA|OR){0,2} n:NUMBER(?=$|STOP|COMMA|NOW|OR|IN|RELDAY|DONE|PAY|WEEKDAY|(INTRO NUMBER)|((PREP|RANGE)? INTRO? ORDINAL|WEEKDAY|RELDAY|THIS|NEXT))",
    kind="AMOUNT",
)
def paid(m: Found, now: Context) -> list[Item] | None:
    """As in "I can pay 50 now": a figure after a verb of paying, with nothing after it that it could count."""
    n = m.item("n")
    assert n
    plain = n.value.raw.isdigit() or not n.value.raw
    if n.value.value < _LEAST_BARE or (plain and len(n.value.raw) > 5) or (not n.value.raw and n.value.value < 10):
        return None
    if m.items[0].kind == LETTER["AMOUNT"] and len(m.items) == 2:
        return None
    return [*m.items[:-1], Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end)]


@RATES.on("(PAY|OVER|LIGHT|APPROX|AMOUNT|STOP|COMMA) n:NUMBER", kind="AMOUNT")
def with_decimals(m: Found, now: Context) -> list[Item] | None:
    """As in "The payment of 85.31": two decimals are cents."""
    n = m.item("n")
    assert n
    if (
        not re.fullmatch(r"[\d.,' ]+[.,]\d\d", n.value.raw)
        or now.starts_date(m.before)
        or (m.after is not None and m.after.kind in (LETTER["PERCENT"], LETTER["UNIT"]))
    ):
        return None
    return [m.items[0], Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end)]


@RATES.on(
    "AMOUNT (PREP|INTRO|WEEKDAY|ORDINAL|NUMBER|RELDAY|NOW|THIS|NEXT){1,4} AND n:NUMBER (?=(PREP|RANGE)? INTRO? (ORDINAL|NUMBER|WEEKDAY|RELDAY|THIS|NEXT))",
    kind="AMOUNT",
)
def and_then(m: Found, now: Context) -> list[Item]:
    """As in "50 on Friday and 60 on Monday"."""
    n = m.item("n")
    assert n
    return [*m.items[:-1], Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end)]


@RATES.on("share:SHARE (LIGHT|INTRO){1,2} of:OTHER|DAYPART|UNIT", kind="DONE")
def share_of_other(m: Found, now: Context) -> Any:
    """As in "The rest of your evening" is no share of the debt."""
    return None if m["of"] in _OWED else True


@RATES.on("^n:NUMBER NOW", kind="AMOUNT")
def now_only(m: Found, now: Context) -> list[Item] | None:
    """As in "100 now is all I can do"."""
    n = m.items[0]
    return [Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end), m.items[1]] if n.value.value >= 10 else None


@RATES.on("^(APPROX|COMMA){0,2} DASH? n:NUMBER (STOP|COMMA|NOW|PAY){0,2}$", kind="AMOUNT")
def alone(m: Found, now: Context) -> list[Item] | None:
    """A number that is the whole message; five digits and more in a row are a postal code or a reference."""
    n = m.item("n")
    assert n
    if n.value.raw.isdigit() and len(n.value.raw) > 4:
        return None
    if now.language == "de" and re.fullmatch(r"\d{1,2}\.\d{1,2}", n.value.raw) and int(n.value.raw.split(".")[1]) <= 12:
        return None
    return [Item(LETTER["AMOUNT"], (n.value.value, _BARE), n.start, n.end)]
