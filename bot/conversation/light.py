"""A short answer in the light of the question that is open: what no classifier can know from the words alone."""

import re
from dataclasses import replace

from bot.domain.readings import Entity, Reading
from bot.domain.words import plain

SHORT = 8
_EVERYTHING = frozenset({"all", "everything", "tout", "tous", "toutes", "todo", "todos", "todas", "alles", "alle"})


def in_light(question: str, reading: Reading) -> Reading:
    """The reading as the open question turns it; button payloads and words of care are left alone."""
    if reading.text.lstrip().startswith("/"):
        return reading
    words = re.findall(r"[\w']+", plain(reading.text))
    if question == "stop_scope" and _EVERYTHING & set(words) and set(words) <= _EVERYTHING | {"stop", "stopp"}:
        everything = Entity("channel", reading.text, "all", 0, len(reading.text))
        return replace(reading, intent="stop_contact", confidence=1.0, entities=(everything,), command=True)
    return reading
