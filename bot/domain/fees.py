"""Questions about fees: whether something is added to what is owed."""

import re

from bot.domain.words import plain

_FEE = (
    r"\b(?:frais|penalites?|majorations?|interets?|late fees?|fees?|penalt(?:y|ies)|surcharges?|interest|recargos?"
    r"|comisiones|intereses|gastos|gebuhren|mahngebuhren|zinsen|mahnkosten)\b"
)
_QUESTION = re.compile(
    r"\b(?:y a.?t.?il|il y a|avez.vous|est.ce que|quels?|combien|are there|is there|do you (?:charge|have)"
    r"|will i|any|what|how much|how high|hay|cobran|cuanto|cuales|fallen|gibt es|kommen|wie hoch|muss ich)\b.*" + _FEE
    + r"|(?:was kostet|combien (?:ca )?coute|how much does|what does|cuanto cuesta)\b.*"
    r"\b(?:ratenzahlung|raten|plusieurs fois|echelonnement|delai|instal\w*|plan|later|plazos|aplazar)\b.*"
)  # fmt: skip


def names_fees(text: str) -> bool:
    """Whether a message speaks of something added to what is owed."""
    return re.search(_FEE, plain(text)) is not None


def asks_about_fees(text: str) -> bool:
    """Whether a message asks what is charged on top."""
    return _QUESTION.search(plain(text)) is not None
