"""One way to write a text for comparing: lower case, no accents, plain apostrophes, single spaces."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "ß": "ss", "œ": "oe", "æ": "ae"})


def plain(text: str) -> str:
    """The text in its plain form; at most one mark is taken off each letter, so that zalgo stays linear."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_APOSTROPHES))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", letters).strip()
