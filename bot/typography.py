"""How finished texts are set: French spaces, and letters that an SMS can carry."""

import re
import unicodedata

NBSP = "\u00a0"
# GSM 03.38: one of these letters takes one place of a segment, those of the extension two; any other letter would
# halve the room of the whole message.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
_PLAIN = {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "•": "-",
          "œ": "oe", "Œ": "OE"}  # fmt: skip
SINGLE, JOINED = 160, 153
SINGLE_WIDE, JOINED_WIDE = 70, 67


def french(text: str) -> str:
    """French puts a space that does not break before : ; ! ? and inside quotation marks."""
    return re.sub(r"« ", f"«{NBSP}", re.sub(r" ([:;!?»])", rf"{NBSP}\1", text))


def tidy(text: str) -> str:
    """Without the blanks that an empty part leaves behind."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \u00a0]+(?=\n|\Z)", "", text)).strip()


def for_sms(text: str) -> str:
    """The text in the letters of the GSM alphabet where that is possible: accents that it lacks are left out."""
    return "".join(_letter(letter) for letter in text)


def segments(text: str) -> int:
    """How many SMS the text takes."""
    if all(letter in _GSM or letter in _EXTENDED for letter in text):
        size, single, joined = sum(2 if letter in _EXTENDED else 1 for letter in text), SINGLE, JOINED
    else:
        size, single, joined = len(text.encode("utf-16-be")) // 2, SINGLE_WIDE, JOINED_WIDE
    return 1 if size <= single else -(-size // joined)


def _letter(letter: str) -> str:
    if letter in _GSM or letter in _EXTENDED:
        return letter
    if letter in _PLAIN:
        return _PLAIN[letter]
    if letter.isspace():
        return " "
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare and all(part in _GSM for part in bare) else letter
