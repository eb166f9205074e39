"""A text without accents and capitals, letter for letter, so that places in it are places in the original."""

import unicodedata

_SINGLE = {"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u202f": " ", "ß": "s", "–": "-", "—": "-"}


def fold(text: str) -> str:
    """Lower case and bare letters, of the same length as the text."""
    return "".join(_fold(char) for char in text)


def _fold(char: str) -> str:
    if char in _SINGLE:
        return _SINGLE[char]
    low = char.lower()
    if len(low) != 1:
        return char
    base = unicodedata.normalize("NFKD", low)
    return base[0] if base else low
