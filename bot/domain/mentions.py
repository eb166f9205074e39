"""Which of a customer's invoices a message means: by number, sum, month, or place in the list."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.accounts import Invoice
from bot.domain.words import plain

# Beginnings of the months' names in the four languages, in plain letters; "may", "mars" and "mar" stand alone only.
MONTHS = (
    r"janv\w*|january|jan\b|enero|januar|janner", r"fevr\w*|february|feb\b|febrero|februar",
    r"mars\b|march\b|marzo|marz\b", r"avril|april|abril", r"mai\b|may\b|mayo\b", r"juin|june|junio|juni\b",
    r"juillet|july|julio|juli\b", r"aout|august|agosto", r"sept\w*|septiembre",
    r"octobre|october|octubre|oktober|oct\b|okt\b",
    r"novembre|november|noviembre|nov\b", r"decembre|december|diciembre|dezember|dec\b|dez\b",
)  # fmt: skip
ORDINALS = (
    r"premiere?|1(?:ere?|re|st)|first|primer[ao]?|erste[nr]?",
    r"deuxieme|seconde?|2(?:e|eme|nd)|second|segund[ao]|zweite[nr]?",
    r"troisieme|3(?:e|eme|rd)|third|tercer[ao]?|dritte[nr]?", r"quatrieme|4(?:e|eme|th)|fourth|cuart[ao]|vierte[nr]?",
)  # fmt: skip
_LAST = r"derniere?|last|latest|newest|most recent|ultim[ao]|letzte[nr]?|plus recente|mas reciente|neueste[nr]?"
_OLDEST = r"plus ancienne|oldest|mas antigua|alteste[nr]?"
# After an ordinal these count something else than invoices.
_OTHER_THINGS = (
    r"(?! (?:fois|time|vez|mal|rappel|reminder|mois|month|mes|monat|mahnung|relance|semaine|week|friday|vendredi"
    r"|payment|instal|versement|echeance|mensualite|paiement|cuota|plazo|pago|rate|zahlung))"
)
# What bills are called, and the words that stand for one ("the second one") at the end of what is said.
_BILL = re.compile(r"\b(?:invoices?|bills?|factures?|facturas?|recibos?|rechnung(?:en)?)\b")
_STANDS = (
    r"(?: ones?)?(?:,? (?:please|s'il vous plait|svp|por favor|bitte|only|seulement|now|maintenant|ahora|jetzt))*\W*$"
)
# "The October bill", "la facture d'octobre", "Rechnung vom Oktober": the month is the bill's name, not when it is paid.
_BEFORE_BILL = re.compile(rf"(\w+) ?{_BILL.pattern}")
_AFTER_BILL = re.compile(
    rf"{_BILL.pattern} (?:du mois |del mes |mensuelle )?"
    r"(?:d'|de |du |del |of |for |from |vom |von |fur |aus )?(\w+)"
)
# To pay it, in the form in which it is wished, never "paid"; and what makes something else of the sentence.
_PAY = re.compile(
    r"\b(?:pay|paying|settle|payer(?:ai)?|paye|paie|regler(?:ai)?|regle|solder|pagar(?:la|lo|e)?|pago|pague|abonar(?:la)?"
    r"|zahlen?|zahle|bezahlen?|begleichen?|begleiche|uberweisen?|ubernehme\w*)\b"
)
_ONLY = re.compile(
    r"^\W*(?:and |et |y |und )?(?:only|just|seulement|uniquement|juste|solo|solamente|unicamente|nur|bloss)\b"
    r"|\b(?:only|seulement|uniquement|solamente|unicamente)\W*$"
)
_NOT_TO_PAY = re.compile(
    r"\b(?:not|cannot|never|already|why|pas|jamais|deja|pourquoi|no|nunca|ya|por que|nicht|nie|kein\w*|schon|bereits"
    r"|warum|wieso|have paid|ai paye|avons (?:paye|regle)|ai regle|he pagado)\b|n't\b"
)
_BOTH = re.compile(r"\b(?:les deux|toutes(?: les)?|both|all of them|all|las dos|ambas|todas|beide|alle)\b")


def invoices_meant(
    text: str, entities: Sequence[Mapping[str, Any]], invoices: Sequence[Invoice], open_minor: Mapping[str, int]
) -> list[Invoice]:
    """The invoices that the message points to, of those given (oldest first); empty when it points to none.

    Numbers decide before sums, sums before months, months before "the second one".
    """
    words = plain(text)
    refs = [plain(str(e.get("value") or "")) for e in entities if e.get("entity") == "invoice_ref"]
    for found in (
        [i for i in invoices if plain(i.number) in words or any(ref and ref in plain(i.number) for ref in refs)],
        [i for i in invoices if _sums(entities) & {i.amount_minor, open_minor.get(i.id, 0)}],
        [i for i in invoices if _month(i) & _months(words)],
        [i for i in invoices if i.due_on.month in _months(words)],
        _placed(words, invoices),
    ):
        if found:
            return found
    return list(invoices) if _BOTH.search(words) and len(words.split()) <= 4 else []


def wants_to_pay(text: str) -> bool:
    """Whether paying is wished for, or one thing out of several; refusing, asking why and having paid are not."""
    words = plain(text)
    return bool(_PAY.search(words) or _ONLY.search(words)) and not _NOT_TO_PAY.search(words)


def invoices_to_pay(text: str, entities: Sequence[Mapping[str, Any]], invoices: Sequence[Invoice]) -> list[Invoice]:
    """The invoices that somebody who wants to pay singles out, of those given (oldest first); empty when none.

    Here a sum is what is to be paid and a day is when: only numbers, places and "the October invoice" single out.
    """
    words = plain(text)
    refs = [plain(str(e.get("value") or "")) for e in entities if e.get("entity") == "invoice_ref"]
    numbered = [i for i in invoices if plain(i.number) in words or any(ref and ref in plain(i.number) for ref in refs)]
    if numbered:
        return numbered
    billed = _BILL.search(words) is not None
    placed = _placed(words, invoices, "" if billed else _STANDS)
    return placed or [i for i in invoices if _month(i) & _months(_month_of_bill(words))]


def names_bill_by_month(text: str) -> bool:
    """Whether a month stands beside the word invoice as its name."""
    return bool(_months(_month_of_bill(plain(text))))


def _month_of_bill(words: str) -> str:
    """The words beside "invoice" that may be its month."""
    split = words.replace("rechnung", " rechnung")
    return " ".join([*_BEFORE_BILL.findall(split), *_AFTER_BILL.findall(split)])


def _sums(entities: Sequence[Mapping[str, Any]]) -> set[int]:
    values = [e.get("value") for e in entities if e.get("entity") == "amount"]
    return {int(value["minor"]) for value in values if isinstance(value, Mapping) and value.get("minor")}


def _months(words: str) -> set[int]:
    return {number for number, names in enumerate(MONTHS, 1) if re.search(rf"\b(?:{names})", words)}


def _month(invoice: Invoice) -> set[int]:
    """The month that people call an invoice by: of its issue; of its text where that names one."""
    named = _months(plain(invoice.description))
    return named or {invoice.issued_on.month}


def _placed(words: str, invoices: Sequence[Invoice], end: str = "") -> list[Invoice]:
    if not invoices:
        return []
    newest = max(invoices, key=_issued)
    oldest = min(invoices, key=_issued)
    for names, invoice in ((_LAST, newest), (_OLDEST, oldest)):
        if re.search(rf"\b(?:{names})\b{_OTHER_THINGS}{end}", words):
            return [invoice]
    for place, names in enumerate(ORDINALS):
        if place < len(invoices) and re.search(rf"\b(?:{names})\b{_OTHER_THINGS}{end}", words):
            return [invoices[place]]
    return []


def _issued(invoice: Invoice) -> tuple[date, str]:
    return invoice.issued_on, invoice.number
