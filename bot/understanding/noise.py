"""Training examples as somebody types them in a hurry."""

import random
import re
from collections.abc import Mapping, Sequence

from bot.understanding.normal import plain

# How people shorten, in the order in which it is tried; written for plain text (no accents).
_SHORT: Mapping[str, Sequence[tuple[str, str]]] = {
    "fr": (
        (r"\bqu(?=[eiao])", "k"), (r"\bc'est\b", "c"), (r"\bj'ai\b", "g"), (r"\bje (?=[bcdfgjlmnpqrstvx])", "j"),
        (r"\bje suis\b", "chui"), (r"\bpas\b", "pa"), (r"\btout\b", "tt"), (r"\btous\b", "ts"), (r"\bpour\b", "pr"),
        (r"\bavant\b", "avt"), (r"\bdemain\b", "2main"), (r"\bbonjour\b", "bjr"), (r"\bdans\b", "ds"),
        (r"\bvous\b", "vs"), (r"\bnous\b", "ns"), (r"\btoujours\b", "tjs"), (r"\bbeaucoup\b", "bcp"),
        (r"\bparce que\b", "pcq"), (r"\bquand\b", "qd"), (r"\bplus\b", "+"), (r"\bfacture\b", "fact"),
        (r"\bmessages?\b", "msg"), (r"\bquelqu'un\b", "qqn"), (r"\bs'il vous plait\b", "svp"), (r"\bc'", "c"),
        (r"\bd'", "d"), (r"\bl'", "l"), (r"\bn'", "n"), (r"(?<=\w{3})er\b", "é"), (r"(?<=\w{3})ez\b", "é"),
        (r"(?<=\w{3})es\b", "e"), (r"ss", "s"), (r"ll", "l"),
    ),
    "en": (
        (r"\byou\b", "u"), (r"\byour\b", "ur"), (r"\bare\b", "r"), (r"\bplease\b", "pls"), (r"\bthanks\b", "thx"),
        (r"\btomorrow\b", "tmrw"), (r"\bto\b", "2"), (r"\bfor\b", "4"), (r"\bwith\b", "w"), (r"\bbecause\b", "cos"),
        (r"\bmessages?\b", "msg"), (r"\bpayment\b", "pmt"), (r"\baccount\b", "acct"), (r"\bcan't\b", "cant"),
        (r"\bdon't\b", "dont"), (r"\bi'm\b", "im"), (r"\bi've\b", "ive"), (r"\bnext week\b", "nxt wk"), (r"'", ""),
        (r"(?<=\w{2})ing\b", "in"), (r"ll", "l"),
    ),
    "es": (
        (r"\bporque\b", "xq"), (r"\bpor que\b", "xq"), (r"\bpor\b", "x"), (r"\bque\b", "q"), (r"\btambien\b", "tb"),
        (r"\bpara\b", "pa"), (r"\bfavor\b", "fa"), (r"\bmensajes?\b", "msj"), (r"\bmucho\b", "mxo"), (r"\bh(?=\w)", ""),
        (r"qu(?=[ei])", "k"), (r"ll", "y"), (r"v", "b"),
    ),
    "de": (
        (r"\bnicht\b", "net"), (r"\bund\b", "u"), (r"\bich\b", "i"), (r"\bhabe\b", "hab"), (r"\beine?\b", "ne"),
        (r"\bist\b", "is"), (r"\bbitte\b", "bidde"), (r"\bmit freundlichen grussen\b", "mfg"), (r"\bviele\b", "vl"),
        (r"(?<=\w{3})en\b", "n"), (r"ss", "s"),
    ),
}  # fmt: skip
_RULES = {language: tuple((re.compile(old), new) for old, new in rules) for language, rules in _SHORT.items()}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def noisy(text: str, language: str, rng: random.Random) -> str:
    """A copy without accents, shortened and with slips of the thumb; each at random."""
    if language == "de" and rng.random() < 0.5:
        text = text.lower().translate(_UMLAUTS)
    words = plain(text)
    for rule, by in _RULES.get(language, ()):
        if rng.random() < 0.4:
            words = rule.sub(by, words)
    letters: list[str] = []
    for char in words:
        slip = rng.random() if char.isalpha() else 1.0
        if slip < 0.015:
            continue
        letters.append(char)
        if slip < 0.03:
            letters.append(char)
        elif slip < 0.045 and len(letters) > 1 and letters[-2].isalpha():
            letters[-1], letters[-2] = letters[-2], letters[-1]
    return "".join(letters) or text
