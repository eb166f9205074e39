"""Which instalment of a plan a message means: by its place, its month, its day, or the day asked for instead."""

import re
from collections.abc import Sequence
from datetime import date

from bot.domain.mentions import MONTHS, ORDINALS
from bot.domain.words import plain

_PAYMENT = (
    r"(?:payments?|instal?l?ments?|ones?|versements?|echeances?|mensualites?|paiements?|cuotas?|plazos?|pagos?|raten?"
    r"|zahlung(?:en)?|teilzahlung(?:en)?)"
)
_LAST = r"last|final|dernier|derniere|ultim[ao]|letzte[nr]?"
# "The one in January", "celle de janvier", "die vom Januar".
_THE_ONE = (
    rf"(?:{_PAYMENT}|celle|celui|la|die|the one) "
    r"(?:d[eu] |du mois d[eu] |d'|del? |of |im |vom |von |fur |for |in |en )?"
)
# Nothing can be paid before the day that is named: the next payment is meant.
_NOT_BEFORE = re.compile(
    r"\b(?:until|till|not before|earliest|only pay|avant|pas avant|a partir|au plus tot|hasta|antes|no puedo"
    r"|erst|fruhestens|nicht vor)\b"
)


def instalment_meant(text: str, due: Sequence[date], wanted: Sequence[date]) -> int:
    """The place of the instalment among the days that are still due; the next one where nothing points to another."""
    words = plain(text)
    if re.search(rf"\b(?:{_LAST}) {_PAYMENT}\b", words):
        return len(due) - 1
    for place, names in enumerate(ORDINALS[: len(due)]):
        if re.search(rf"\b(?:{names}) {_PAYMENT}\b", words):
            return place
    for place, day in enumerate(due):
        month = f"(?:{MONTHS[day.month - 1]})"
        named = rf"\b{month} {_PAYMENT}\b|\b{_THE_ONE}{month}(?! ?\d)|\b(?:{MONTHS[day.month - 1]})-?rate\b"
        if re.search(named, words):
            return place
    if not wanted or _NOT_BEFORE.search(words):
        return 0
    new = wanted[0]
    near = min(range(len(due)), key=lambda place: abs(due[place] - new))
    return near if (due[near].year, due[near].month) == (new.year, new.month) else 0


def day_beside(said: str, day: date, due: date) -> date:
    """The day asked for: one without a month ("on the 15th") lies in the month of the instalment that is meant."""
    bare = re.search(r"\d", said) is not None and not re.search(r"\d\s*[./-]\s*\d", said)
    if not bare or any(re.search(rf"\b(?:{names})", plain(said)) for names in MONTHS):
        return day
    try:
        return due.replace(day=day.day)
    except ValueError:
        return day
