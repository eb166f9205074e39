"""Where one visit ends and another begins: questions about identity are asked and answered within one."""

from typing import Any

from bot.conversation.tracker import Tracker

# What a visitor answered or wanted; the tries stay counted, or every new page would give three more.
_OF_A_VISIT = ("birth_date", "postal_code", "registration_number", "wanted", "requested_slot", "identity_visit")


def other_visit(tracker: Tracker, address: str | None, now: float) -> list[dict[str, Any]]:
    """The events that close the identity form where another visit left it open; none when this visit is asked."""
    if tracker.loop != "identity_form" or tracker.slots.get("identity_visit") == address:
        return []
    slots = [
        {"event": "slot", "name": name, "value": None, "timestamp": now}
        for name in _OF_A_VISIT
        if tracker.slots.get(name) is not None
    ]
    return [{"event": "active_loop", "name": None, "timestamp": now}, *slots]
