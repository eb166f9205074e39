"""Which wording of a response is said."""

import re
import zlib
from collections.abc import Mapping
from typing import Any

from bot.conversation.script import Script, Variation

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def choose(script: Script, name: str, slots: Mapping[str, Any], channel: str, seed: str | int = "") -> Variation | None:
    """The wording for this moment: channel and condition before channel before condition before the default.

    Within a group the choice follows `seed`, so that a replay says the same; a number takes the wordings in turn.
    """
    fitting = [v for v in script.responses.get(name, ()) if _fits(v, slots, channel)]
    if not fitting:
        return None
    best = max(_rank(variation) for variation in fitting)
    group = [variation for variation in fitting if _rank(variation) == best]
    if isinstance(seed, int):
        return group[seed % len(group)]
    return group[zlib.crc32(f"{name}:{seed}".encode()) % len(group)]


def placeholders(variation: Variation) -> frozenset[str]:
    """The names in braces of the text and of button titles."""
    texts = [
        variation.text or "",
        variation.subject or "",
        *(str(button.get("title", "")) for button in variation.buttons),
    ]
    return frozenset(name for text in texts for name in _PLACEHOLDER.findall(text))


def _rank(variation: Variation) -> tuple[bool, bool]:
    return variation.channel is not None, bool(variation.condition)


def _fits(variation: Variation, slots: Mapping[str, Any], channel: str) -> bool:
    if variation.channel is not None and variation.channel != channel:
        return False
    return all(_equal(slots.get(name), value) for name, value in variation.condition)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return bool(value == wanted)
