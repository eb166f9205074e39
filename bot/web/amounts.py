"""Amounts as people type them into a form."""

import re

from bot.domain.money import Money, from_major

_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]{1,9})"
    r"(?:(?!(?P=mark))[.,](?P<part>[0-9]{1,2}))?"
)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\t", " "))
_SIGNS = re.compile(r"[A-Za-z€$£]*\s*(.*?)\s*[A-Za-z€$£]*")


def read_amount(text: str, currency: str) -> Money:
    """The sum meant by 25, 25.5, 25,50, 1 234,50, 1.234,50 or 1,234.50, with or without a sign; else ValueError."""
    bare = _SIGNS.fullmatch(text.translate(_SPACES).strip())
    match = _AMOUNT.fullmatch(bare[1]) if bare else None
    if match is None:
        raise ValueError(text)
    whole = re.sub(r"[.,' ]", "", match["whole"])
    return from_major(f"{whole}.{match['part']}" if match["part"] else whole, currency)
