"""Days that somebody names because they will not do: "I can't pay this month", "pas avant vendredi, pas jeudi"."""

import re

from bot.domain.words import plain

_CLAUSE = re.compile(r"[.,;:!?]\s|\b(?:but|mais|pero|sino|aber|sondern|rather|plutot|mejor|lieber|however|although)\b")
_NOT = re.compile(
    r"\b(?:not|cannot|never|impossible|unable)\b|n't\b"
    r"|\b(?:pas|jamais|impossible)\b"
    r"|\bno (?:pued\w+|podr\w+|me|voy|lleg\w+|tengo|sera|es|antes)\b|\bno\W*$|\b(?:nunca|imposible|tampoco)\b"
    r"|\b(?:nicht|nie|kein\w*|unmoglich)\b"
)
# "Not before the 5th" names the 5th; "why not on the 5th?" proposes it.
_NAMED = re.compile(
    r"\b(?:before|until|till|unless|earlier|sooner|avant|jusqu\w*|plus tot|antes|hasta|vor|bis|fruher|erst"
    r"|why not|pourquoi pas|por que no|warum nicht|wieso nicht|problem|probleme|problema)\b"
)


def ruled_out(text: str, start: int, end: int) -> bool:
    """Whether the day that stands between these places of the text is one that the writer cannot keep."""
    before, after = plain(text[:start]), plain(text[end:])
    lead = _CLAUSE.split(f"{before} ")[-1]
    rest = _CLAUSE.split(f" {after}")[0]
    clause = f"{lead} {rest}"
    return bool(_NOT.search(clause.strip())) and not _NAMED.search(clause)
