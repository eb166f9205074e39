"""Sums of money, shares of one, and numbers of payments."""

import re
from collections.abc import Iterator
from functools import cache

from bot.domain.money import exponent
from bot.domain.readings import Entity
from bot.understanding.quantities.fold import fold
from bot.understanding.quantities.numbers import DIGITS, pattern, value

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_NAMES = {
    "euro": "EUR", "euros": "EUR", "eur": "EUR", "balles": "EUR", "boules": "EUR", "pavos": "EUR", "dollar": "USD",
    "dollars": "USD", "usd": "USD", "bucks": "USD", "dolares": "USD", "pound": "GBP", "pounds": "GBP", "gbp": "GBP",
    "quid": "GBP", "libras": "GBP", "livres": "GBP", "pfund": "GBP", "chf": "CHF", "francs": "CHF", "franken": "CHF",
    "e": "EUR",
}  # fmt: skip
_MONTHLY = r"(?: ?/ ?| (?:par|per|a|each|every|pro|al|por|im|chaque|cada) ?)(?:mois|month|monat|mes|mensuel)\b|/mois"
_COUNTED = (
    r"(?:fois|mensualites?|versements?|echeances?|paiements?|times|instal?lments?|payments?|parts?|plazos|cuotas|"
    r"pagos|veces|raten|monatsraten|teilzahlungen|zahlungen|mal)"
)
_SHARES = (
    (r"\b(?:la moitie|half|la mitad|die halfte|halfte)\b", "half"),
    (r"\b(?:un tiers|le tiers|a third|un tercio|ein drittel)\b", "third"),
    (r"\b(?:un quart|le quart|a quarter|un cuarto|ein viertel)\b", "quarter"),
    (r"\b(?:le reste|the rest|el resto|den rest|der rest|le solde|the remainder)\b", "rest"),
    (r"\b(?:la totalite|the whole amount|the full amount|in full|todo el importe|den gesamten betrag)\b", "all"),
)


def find(text: str, language: str) -> Iterator[Entity]:
    """Amounts, shares and counts of a text."""
    folded = fold(text)
    lang = language if language in ("fr", "en", "es", "de") else "en"
    money, monthly, count, bare = _patterns(lang)
    for match in money.finditer(folded):
        sign, before, after, name, cents = match.group("sign", "before", "after", "name", "cents")
        written = before or after
        amount = value(written, lang)
        code = _SIGNS.get(sign or "") or _NAMES.get(name or "") or _SIGNS.get(name or "")
        if amount is None or code is None or (name == "e" and not written[-1:].isdigit()):
            continue
        total = amount + (int(cents) / 100 if cents and amount == int(amount) else 0)
        yield Entity(
            "amount", text[match.start() : match.end()].strip(), _minor(total, code), match.start(), match.end()
        )
    for match in monthly.finditer(folded):
        amount = value(match.group(1), lang)
        if amount:
            yield Entity(
                "amount", text[match.start(1) : match.end(1)], _minor(amount, None), match.start(), match.end()
            )
    for match in count.finditer(folded):
        times = value(match.group(1), lang)
        if times is not None and 1 <= times <= 120 and times == int(times):
            yield Entity("count", text[match.start() : match.end()], int(times), match.start(), match.end())
    if bare.fullmatch(folded) and (amount := value(folded.strip(), lang)) is not None:
        yield Entity("amount", text.strip(), _minor(amount, None), 0, len(text))
    for written, share in _SHARES:
        for match in re.finditer(written, folded):
            yield Entity("share", text[match.start() : match.end()], share, match.start(), match.end())


def _minor(amount: float, currency: str | None) -> dict[str, object]:
    return {"minor": round(amount * 10 ** exponent(currency or "EUR")), "currency": currency}


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    number = pattern(language)
    names = "|".join(sorted(_NAMES, key=len, reverse=True))
    money = re.compile(
        rf"(?:(?P<sign>[€$£¥]) ?(?P<before>{DIGITS}))(?!\d)|(?<![\w.,])(?P<after>{number}) ?(?:(?P<name>[€$£¥]|(?:{names})\b))"
        r"(?: ?(?P<cents>\d{2})(?!\d|[ ]?(?:/|fois|times|jours|days)))?"
    )
    monthly = re.compile(rf"(?<![\w.,])({number})(?:{_MONTHLY})")
    equal = r"(?:(?:equal|petites?|monthly|iguales|gleichen?|monatlichen?) )?"
    count = re.compile(rf"(?<![\w.,])({number}) ?(?:x\b|{equal}{_COUNTED}\b)")
    bare = re.compile(rf"\s*(?:{DIGITS})\s*")
    return money, monthly, count, bare
