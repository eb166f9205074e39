"""What fits into a text message, and how many of them a text costs.

GSM 03.38 alphabet and lengths: 3GPP TS 23.038 section 6.2.1 and TS 23.040 section 9.2.3.24.1.
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
# Signs of fine printing that would halve the room of the whole message, and plain ones that say the same.
_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "œ": "oe", "Œ": "OE", "•": "-",
})  # fmt: skip


def plain(text: str) -> str:
    """The text with typographic signs written in the plain alphabet; letters stay as they are."""
    return text.translate(_PLAIN)


def is_gsm(text: str) -> bool:
    """Whether every character is in the GSM alphabet."""
    return all(char in _BASIC or char in _EXTENDED for char in text)


def segments(text: str) -> int:
    """How many text messages carry this text: 160 or 153 characters each in the GSM alphabet, else 70 or 67."""
    if is_gsm(text):
        length = sum(2 if char in _EXTENDED else 1 for char in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)
