"""A text without accents and capitals in which every place can be traced back to the original."""

import unicodedata

_SINGLE = {
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\u2007": " ", "\t": " ", "\r": "\n", "ß": "s", "–": "-", "—": "-", "‑": "-", "−": "-", "º": "º", "ª": "ª", "°": "º",
    "€": "€", "£": "£", "$": "$", "¥": "¥",
}  # fmt: skip


class _Letters(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _letter(chr(code))
        if len(self) < 4096:
            self[code] = folded
        return folded


def fold(text: str) -> tuple[str, list[int] | None]:
    """Lower case and bare letters; the places in the original, or None where they are the same.

    Loose combining marks (typed apart, or piled up as zalgo) are dropped, which is the only thing that moves places.
    """
    if text.isascii():
        return text.lower().replace("\t", " ").replace("`", "'"), None
    folded = text.translate(_TABLE)
    if "\0" not in folded:
        return folded, None
    places = [place for place, char in enumerate(folded) if char != "\0"]
    return folded.replace("\0", ""), [*places, len(text)]


def _letter(char: str) -> str:
    if char in _SINGLE:
        return _SINGLE[char]
    if unicodedata.combining(char) or char in "\0\u200b\u200c\u200d\u2060\ufeff\u00ad":
        return "\0"
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    low = char.lower()[0]
    form = unicodedata.decomposition(low)
    if form.startswith(("<super>", "<sub>", "<fraction>", "<circle>")):
        return low  # a squared or numbered sign is no digit of a number
    base = [c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c)]
    return base[0] if len(base) == 1 else low


_TABLE = _Letters()
