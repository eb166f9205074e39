"""What kind of values a message carries, as signs for the classifier: a day or none, a sum or none, nothing else."""

import re
from collections.abc import Iterable

from bot.domain.readings import Entity

_WORD = re.compile(r"\w+")
SIGNS = ("amount", "share", "count", "date", "time", "invoice_ref", "phone", "email", "channel", "language",
         "bare", "question", "short", "long")  # fmt: skip


def signs(text: str, found: Iterable[Entity]) -> tuple[str, ...]:
    """The signs of a text, in the order of SIGNS. `found`: its values; `bare`: nothing stands beside them."""
    kinds = set()
    rest = list(text)
    for entity in found:
        kinds.add(entity.kind)
        rest[entity.start : entity.end] = " " * (entity.end - entity.start)
    words = len(_WORD.findall(text[:1000]))
    given = {
        "bare": bool(kinds) and not _WORD.search("".join(rest)), "question": "?" in text, "short": words <= 3,
        "long": words >= 25,
    }  # fmt: skip
    return tuple(sign for sign in SIGNS if sign in kinds or given.get(sign))
