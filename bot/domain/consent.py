"""A wish for messages again: consent is put on record for the one word that asks for them, never for a guess."""

import re

# What our texts and the carriers name for it, in every language (CTIA: START and UNSTOP undo an opt-out).
START = frozenset({"start", "unstop", "reprendre", "reprise", "alta", "reanudar", "anmelden", "weiter senden"})
_EDGES = re.compile(r"^\W+|\W+$")


def wants_messages(text: str) -> bool:
    """Whether the whole text is the word that brings messages back."""
    return _EDGES.sub("", text).lower() in START
