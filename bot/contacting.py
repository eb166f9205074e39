"""`relance may-contact`: one contact or charge judged by the jurisdiction packs, as JSON."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from bot.domain.governor.attempt import CHANNELS, CUSTOMER_TYPES, DEBT_TYPES, PURPOSES, ROLES, Attempt, Past, zone
from bot.domain.governor.judge import Governor
from bot.domain.governor.times import DAYS, minutes
from bot.domain.governor.verdict import Verdict

KEYS = (
    "jurisdiction", "role", "customer_type", "debt_type", "time_zone", "at", "channel", "purpose", "consent",
    "opted_out", "holds", "preferences", "history", "elements", "author", "place", "debt", "payment_link", "attested",
)  # fmt: skip
_PAST_KEYS = ("at", "channel", "direction", "purpose", "debt", "place", "conversation")
_WISHES = ("channel", "not_before", "not_after", "days", "language")
# Marks of the caller's own, which change nothing.
_INERT = frozenset(
    {"id", "ref", "case", "name", "note", "customer", "customer_ref", "invoice", "response", "state", "text"}
)
_PLACES = ("work", "other_than_home_or_cell")
# The shape's names for what was written in other words in the facts.
_ROLE_NAMES = {"first_party": "creditor", "third_party": "collector"}


def may_contact(item: Mapping[str, Any], governor: Governor, elements: frozenset[str]) -> dict[str, Any]:
    """Judge one line; raises ValueError that lists the names when one is unknown."""
    _known("key", item, KEYS)
    for key in ("at", "channel"):
        if item.get(key) in (None, ""):
            # What is absent takes the safest reading: without instant or channel nothing is shown to be lawful.
            return {"verdict": "refused", "rule": f"{key}_unknown", "basis": "house", "source": "house"}
    return answer(governor.judge(read(item, governor, elements)))


def answer(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the machine interface gives it."""
    until = {"not_before": verdict.not_before.isoformat()} if verdict.not_before else {}
    said = {"rule": verdict.rule, "basis": verdict.basis, "source": verdict.source}
    return {"verdict": verdict.verdict, **until, **said}


def read(item: Mapping[str, Any], governor: Governor, elements: frozenset[str]) -> Attempt:
    """One JSON line as an attempt; what is absent takes the safest reading."""
    at = _instant(item["at"], "at")
    channel = _name("channel", item["channel"], CHANNELS)
    role = item.get("role") or "collector"
    holds = governor.packs.everywhere.blocks["holds"]
    contained = _list(item.get("elements"), "elements")
    return Attempt(
        at=at,
        channel=channel,
        purpose=_name("purpose", item.get("purpose") or ("charge" if channel == "charge" else "reminder"), PURPOSES),
        jurisdictions=tuple(_text(j, "jurisdiction").upper() for j in _list(item.get("jurisdiction"), "jurisdiction")),
        role=_name("role", _ROLE_NAMES.get(str(role), role), ROLES),
        customer_type=_name("customer_type", item.get("customer_type") or "consumer", CUSTOMER_TYPES),
        debt_type=_name("debt_type", item.get("debt_type") or "invoice", DEBT_TYPES),
        zones=tuple(_zone(z) for z in _list(item.get("time_zone"), "time_zone")),
        consent=_flag(item, "consent"),
        opted_out=frozenset(_opted_out(item.get("opted_out"), at)),
        holds=tuple(_in_force(item.get("holds"), "kind", "hold", [h.id for h in holds], at)),
        preferences=_wishes(item.get("preferences")),
        history=tuple(_past(entry) for entry in _list(item.get("history"), "history")),
        elements=frozenset(e if e in elements else _name("element", e, sorted(elements)) for e in contained),
        author=_name("author", item.get("author") or "bot", ("bot", "agent", "admin")).replace("admin", "agent"),
        place=_name("place", item["place"], _PLACES) if item.get("place") else None,
        debt=str(item["debt"]) if item.get("debt") else None,
        payment_link=_flag(item, "payment_link"),
        attested=_flag(item, "attested"),
    )


def _past(entry: Any) -> Past:
    if not isinstance(entry, Mapping):
        raise ValueError('history holds objects such as {"at": "...", "channel": "sms", "direction": "out"}')
    _known("key of history", entry, _PAST_KEYS)
    direction = _name("direction", entry.get("direction") or "out", ("in", "out"))
    return Past(
        at=_instant(entry.get("at"), "history.at"),
        channel=_name("channel", entry.get("channel"), CHANNELS),
        outbound=direction == "out",
        # A contact of unknown purpose counts.
        purpose=_name("purpose", entry.get("purpose") or ("reminder" if direction == "out" else "reply"), PURPOSES),
        debt=str(entry["debt"]) if entry.get("debt") else None,
        place=_name("place", entry["place"], _PLACES) if entry.get("place") else None,
        conversation=_flag(entry, "conversation"),
    )


def _opted_out(value: Any, at: datetime) -> Iterable[str]:
    found = _in_force(value, "channel", "channel", [*CHANNELS, "all"], at)
    return CHANNELS if "all" in found else found


def _in_force(value: Any, key: str, what: str, known: list[str], at: datetime) -> list[str]:
    """Names of what binds: a bare name, or an object whose end, if it is given, has not come."""
    found = []
    for entry in _list(value, f"{what}s"):
        if isinstance(entry, Mapping):
            _known(f"key of a {what}", entry, (key, "at", "since", "until", "ended_at", "reason"))
            name, end = entry.get(key), entry.get("until") or entry.get("ended_at")
            if end is not None and at >= _end(end, at):
                _name(what, name, known)
                continue
        else:
            name = entry
        found.append(_name(what, name, known))
    return found


def _end(value: Any, at: datetime) -> datetime:
    """An end given as an instant, or as a day: then the hold binds through that day."""
    text = str(value)
    if len(text) == 10:
        return _instant(f"{text}T23:59:59.999999+00:00", "until").replace(tzinfo=at.tzinfo)
    return _instant(text, "until")


def _wishes(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"preferences is an object with {', '.join(_WISHES)}")
    _known("preference", value, _WISHES)
    made = {key: wish for key, wish in value.items() if wish not in (None, "", [])}
    for key in ("not_before", "not_after"):
        if key in made:
            try:
                minutes(made[key], 0)
            except ValueError:
                raise ValueError(f'preferences.{key} {made[key]!r} is no time of day; write "18:00"') from None
    if "days" in made:
        made["days"] = [_name("day", day, DAYS) for day in _list(made["days"], "days")]
    if "channel" in made:
        made["channel"] = [_name("channel", name, CHANNELS) for name in _list(made["channel"], "channel")]
    return made


def _instant(value: Any, place: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(value, place))
    except ValueError:
        raise ValueError(f'{place} {value!r} is no instant; write "2026-11-24T20:30:00+01:00"') from None
    if at.tzinfo is None:
        raise ValueError(f"{place} {value!r} has no offset; write 2026-11-24T20:30:00+01:00")
    if not 2000 <= at.year < 2200:
        raise ValueError(f"{place} {value!r} is too far away; write a year from 2000 to 2199")
    return at


def _zone(value: Any) -> str:
    try:
        return zone(_text(value, "time_zone")).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"time_zone {value!r} is unknown; write a name such as Europe/Paris") from None


def _list(value: Any, place: str) -> list[Any]:
    """A list; a bare value is a list of one, an absent one is empty."""
    if value is None or value == "":
        return []
    if isinstance(value, Mapping):
        raise ValueError(f"{place} is a list, not an object")
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{place} is a text, not {value!r}")
    return value


def _flag(item: Mapping[str, Any], key: str) -> bool:
    value = item.get(key)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{key} is true or false, not {value!r}")
    return bool(value)


def _known(what: str, item: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in item:
        if key not in known and key not in _INERT:
            raise ValueError(_unknown(what, key, known))


def _name(what: str, value: Any, known: Iterable[str]) -> str:
    names = list(known)
    if value not in names:
        raise ValueError(_unknown(what, value, names))
    return str(value)


def _unknown(what: str, value: Any, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(value), list(known), 1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"unknown {what} {value!r}{hint}; there are: {', '.join(known)}"
