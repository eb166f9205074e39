"""What belongs to one visit: strangers who know a reference share no question, form or language with the customer."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.conversation.tracker import Tracker
from bot.domain.case import Case
from bot.domain.messages import OUT, Exchange

Event = Mapping[str, Any]
# What a visitor answered or wanted; the tries stay counted, or every new page would give three more.
_OF_A_VISIT = ("birth_date", "postal_code", "registration_number", "wanted", "requested_slot", "identity_visit")


def key_of(work: Case) -> str:
    """Whose dialogue this is: the customer's own ("") wherever they are known, else that of the visit alone."""
    return "" if work.known else work.place.key


def own_events(work: Case) -> list[Event]:
    """The dialogue events that this place may see."""
    mine = key_of(work)
    return [
        event for event in work.dossier.events if event.get("visit", "") == mine or (not mine and event.get("proving"))
    ]


def marked(events: Iterable[Event], key: str, work: Case) -> tuple[dict[str, Any], ...]:
    """The events of a turn, with the visit that they belong to; the turn that proves identity belongs to both."""
    if not key:
        return tuple(dict(event) for event in events)
    more = {"visit": key, **({"proving": True} if work.known else {})}
    return tuple({**event, **more} for event in events)


def spoken(work: Case, message: Exchange) -> str:
    """The language of a visit: what we last wrote to it in, else the customer's."""
    said = (row for row in reversed(work.dossier.exchanges) if row.direction == OUT and row.language)
    here = (row.language for row in said if (row.channel, row.address) == (message.channel, message.address))
    return next(here, work.conversation.language)


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
