"""The small parts of a script: entities of a step, wordings of a response, mappings of a slot."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.lined_yaml import pairs, plain
from bot.conversation.script import Mapping_, Place, Variation


def entity(raw: Any) -> Mapping[str, Any]:
    """An entity of a step: its name alone, or with value, role and group."""
    if not isinstance(raw, dict):
        return {"entity": str(raw), "value": ""}
    made: dict[str, Any] = {}
    for key, value in pairs(raw):
        if key in ("role", "group"):
            made[key] = value
        else:
            made |= {"entity": str(key), "value": value}
    return {key: value for key, value in made.items() if value is not None}


def variation(raw: Mapping[str, Any], place: Place) -> Variation:
    """One wording of a response."""
    buttons = tuple(dict(pairs(button)) for button in raw.get("buttons") or ())
    condition = tuple((item["name"], item["value"]) for item in raw.get("condition") or ())
    metadata = raw.get("metadata") or {}
    values = frozenset(metadata.get("values") or ())
    return Variation(
        raw.get("text"), buttons, raw.get("channel"), condition, values, raw.get("custom"), raw.get("image"), place,
        metadata.get("subject"),
    )  # fmt: skip


def mapping(raw: Mapping[str, Any]) -> Mapping_:
    """One way to fill a slot."""

    def names(key: str) -> frozenset[str]:
        value = raw.get(key) or ()
        return frozenset([value] if isinstance(value, str) else value)

    conditions = tuple((c.get("active_loop"), c.get("requested_slot")) for c in raw.get("conditions") or ())
    return Mapping_(raw["type"], raw.get("entity"), raw.get("role"), raw.get("group"), raw.get("value"),
                    names("intent"), names("not_intent"), conditions, str(plain(raw)), raw.get("action"))  # fmt: skip
