"""Time that is asked for on top of a day already named: "another week", "une semaine de plus", "noch einen Monat"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.plans import add_months
from bot.domain.words import plain

_NUMBERS = {
    1: "a|an|one|another|un|une|una|otro|otra|ein|eine|einen|einer|weitere|weiteren",
    2: "two|deux|dos|zwei", 3: "three|trois|tres|drei", 4: "four|quatre|cuatro|vier",
}  # fmt: skip
_UNITS = {
    "d": "days?|jours?|dias?|tage?n?", "w": "weeks?|semaines?|semanas?|wochen?",
    "f": "fortnights?|quinzaines?|quincenas?",
    "m": "months?|mois|mes|meses|monate?n?",
}  # fmt: skip
_PERIOD = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS.values())}) (?:(?:more|extra|further|additional|autres?|weitere\w*"
    rf"|petite?s?|mas) )?"
    rf"(?P<unit>{'|'.join(_UNITS.values())})\b"
)
_ON_TOP = re.compile(
    r"\b(?:later|more|another|further|extra|additional|longer|back|plus tard|de plus|supplementaires?|encore|autres?"
    r"|mas|otr[ao]s?|despues|adicional(?:es)?|spater|noch|weitere\w*|langer|mehr|nach hinten"
    r"|postpone\w*|delay\w*|decal\w+|repouss\w+|report(?:er|ez|e)|retras\w+|aplaz\w+|verschieb\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Step:
    """So many days (d), weeks (w), fortnights (f) or months (m)."""

    number: int
    unit: str

    def after(self, day: date) -> date:
        """The day that lies so much later."""
        if self.unit == "m":
            return add_months(day, self.number)
        return day + timedelta(days=self.number * {"d": 1, "w": 7, "f": 14}[self.unit])


def on_top(text: str) -> Step | None:
    """How much more time is asked for than a day named before gives; None where none is."""
    words = plain(text)
    found = _PERIOD.search(words)
    if found is None or not _ON_TOP.search(words):
        return None
    said = found["n"]
    number = int(said) if said.isdigit() else next(n for n, names in _NUMBERS.items() if said in names.split("|"))
    unit = next(unit for unit, names in _UNITS.items() if re.fullmatch(names, found["unit"]))
    return Step(number, unit) if number else None
