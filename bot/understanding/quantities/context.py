"""What rules know of the message and of the customer besides the items that they match."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.understanding.quantities.grammar import LETTER, Item
from bot.understanding.quantities.tense import Tenses

_STARTS = {LETTER[kind] for kind in ("INTRO", "WEEKDAY", "MONTH", "SHORTMONTH")}
_DENIAL = re.compile(
    r"\b(?:not|no|t|wont|dont|never|single|pas|jamais|ni|aucun|sans|sin|ningun|nicht|kein\w*|nie|without)\b"
)


@dataclass(frozen=True)
class Context:
    """The customer's day, the language, whether months come first in 03/04, and the text in plain letters."""

    today: date
    language: str
    month_first: bool | None
    folded: str
    original: str

    @cached_property
    def _tenses(self) -> Tenses:
        return Tenses(self.folded, self.original, self.language)

    def was(self, place: int) -> bool:
        """Whether what is said at this place is told of the past."""
        return self._tenses.past(place)

    def starts_date(self, item: Item | None) -> bool:
        """Whether the word before a number makes it a day ("le 12")."""
        return (
            item is not None and item.kind in _STARTS and self.folded[item.start : item.end] not in ("the", "el dia el")
        )

    def denied(self, place: int) -> bool:
        """Whether the words before say that there is none ("not giving a penny")."""
        return _DENIAL.search(self.folded, max(0, place - 40), place) is not None

    def may(self, month: Item, after: Item | None) -> bool:
        """Whether an English "may" in small letters is the verb: "the 5th may be hard"."""
        follows = after is not None and after.kind in (LETTER["OTHER"], LETTER["PAY"], LETTER["NOUN"])
        return self.language == "en" and follows and self.original[month.start : month.end] == "may"
