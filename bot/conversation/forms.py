"""Slots filled from messages, and forms that ask for them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Form, Mapping_, Script
from bot.conversation.tracker import Tracker

Event = dict[str, Any]


class ActionRejected(Exception):
    """An action declines to run now; other policies decide."""


@dataclass
class Performed:
    """What an action did: events and responses in rasa-sdk's shapes."""

    events: list[Event] = field(default_factory=list)
    responses: list[Mapping[str, Any]] = field(default_factory=list)


Perform = Callable[[str, Tracker], Awaitable[Performed]]


def slot_event(name: str, value: Any, now: float) -> Event:
    """The event that sets a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": now}


async def extract_slots(script: Script, tracker: Tracker, perform: Perform, now: float) -> list[Event]:
    """What the latest message fills, by the domain's mappings; the first that matches wins."""
    filled: dict[str, Any] = {}
    for slot in script.slots.values():
        for mapping in slot.mappings:
            if not _applies(script, tracker, slot.name, mapping):
                continue
            found, value = _value(tracker, mapping)
            if found:
                filled[slot.name] = value
                break
    events = [slot_event(name, value, now) for name, value in filled.items() if tracker.slots.get(name) != value or
              name == tracker.slots.get("requested_slot")]  # fmt: skip
    if "action_validate_slot_mappings" in script.actions:
        done = await perform("action_validate_slot_mappings", tracker)
        events += [event for event in done.events if event.get("event") == "slot"]
    return events


def _applies(script: Script, tracker: Tracker, slot: str, mapping: Mapping_) -> bool:
    if mapping.type == "custom":
        return False
    if mapping.intents and tracker.intent not in mapping.intents:
        return False
    if tracker.intent in mapping.not_intents:
        return False
    form = script.forms.get(tracker.loop or "")
    if form and slot in form.required_slots and tracker.intent in form.ignored_intents:
        return False
    if mapping.type == "from_trigger_intent":
        return False  # only at the activation of a form
    if mapping.type == "from_entity" and not mapping.conditions and form and slot in form.required_slots:
        shared = [other for other in form.required_slots if other != slot and _shares(script, other, mapping)]
        # An entity that could fill several slots of the form fills only the one that is asked for.
        if shared and tracker.slots.get("requested_slot") != slot:
            return False
    if not mapping.conditions:
        return mapping.type != "from_text" or tracker.loop is None or tracker.slots.get("requested_slot") == slot
    return any(
        (loop is None or loop == tracker.loop) and (wanted is None or wanted == tracker.slots.get("requested_slot"))
        for loop, wanted in mapping.conditions
    )


def _shares(script: Script, other: str, mapping: Mapping_) -> bool:
    slot = script.slots.get(other)
    return bool(slot) and any(
        m.type == "from_entity" and (m.entity, m.role, m.group) == (mapping.entity, mapping.role, mapping.group)
        for m in (slot.mappings if slot else ())
    )


def _value(tracker: Tracker, mapping: Mapping_) -> tuple[bool, Any]:
    if mapping.type == "from_entity":
        values = [
            entity.get("value")
            for entity in tracker.latest_message.get("entities") or ()
            if entity.get("entity") == mapping.entity
            and mapping.role in (None, entity.get("role"))
            and mapping.group in (None, entity.get("group"))
        ]
        return (True, values[-1]) if values else (False, None)
    if mapping.type == "from_intent":
        return bool(mapping.intents) or tracker.intent is not None, mapping.value
    text = tracker.latest_message.get("text")
    return (text is not None, text)


async def run_form(script: Script, tracker: Tracker, form: Form, perform: Perform, now: float) -> Performed:
    """One run of a form: open it, check what came in, ask for the next slot or end.

    Raises ActionRejected when the message answered none of its questions.
    """
    done = Performed()

    async def take(events: list[Event]) -> None:
        for event in events:
            tracker.apply(event)
            done.events.append(event)

    opening = tracker.loop != form.name
    asked = tracker.slots.get("requested_slot")
    if opening:
        await take([{"event": "active_loop", "name": form.name, "timestamp": now}])
        filled = _prefilled(script, tracker, form)
        asked = None
    elif tracker.latest_action == ACTION_LISTEN and not tracker.active_loop.get("interrupted"):
        filled = _just_filled(tracker, form)
        if not filled and asked and tracker.slots.get(asked) is None:
            raise ActionRejected(form.name)
        if not filled and asked:
            raise ActionRejected(form.name)
    else:
        filled = {}
    required = await _validate(script, tracker, form, filled, perform, take, done, now)
    if tracker.loop != form.name:  # a validation closed the form
        return done
    following = next((name for name in required if tracker.slots.get(name) is None), None)
    if following is None:
        await take([
            slot_event("requested_slot", None, now),
            {"event": "active_loop", "name": None, "timestamp": now},
        ])  # fmt: skip
        return done
    await take([slot_event("requested_slot", following, now)])
    question = question_for(script, form.name, following)
    if question is None:
        return done
    if question in script.actions:
        asked_by = await perform(question, tracker)
        await take(list(asked_by.events))
        done.responses += asked_by.responses
    else:
        done.responses.append({"response": question})
    return done


def question_for(script: Script, form: str, slot: str) -> str | None:
    """The first that exists of the four names under which a form's question may be written."""
    for name in (f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}"):
        if name in script.actions or name in script.responses:
            return name
    return None


def _prefilled(script: Script, tracker: Tracker, form: Form) -> dict[str, Any]:
    """Slots of the form that are set already when it opens, the triggering intent's values included."""
    filled = {name: tracker.slots[name] for name in form.required_slots if tracker.slots.get(name) is not None}
    for name in form.required_slots:
        slot = script.slots.get(name)
        for mapping in slot.mappings if slot else ():
            if mapping.type == "from_trigger_intent" and (not mapping.intents or tracker.intent in mapping.intents):
                filled[name] = mapping.value
    return filled


def _just_filled(tracker: Tracker, form: Form) -> dict[str, Any]:
    """The form's slots that this message set."""
    filled: dict[str, Any] = {}
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "slot" and event["name"] in form.required_slots and event.get("value") is not None:
            filled.setdefault(event["name"], event["value"])
    return filled


async def _validate(
    script: Script, tracker: Tracker, form: Form, filled: Mapping[str, Any], perform: Perform,
    take: Callable[[list[Event]], Awaitable[None]], done: Performed, now: float,
) -> tuple[str, ...]:  # fmt: skip
    for name, value in filled.items():
        if tracker.slots.get(name) != value:
            await take([slot_event(name, value, now)])
    validator = f"validate_{form.name}"
    if validator not in script.actions:
        return form.required_slots
    checked = await perform(validator, tracker)
    done.responses += checked.responses
    requested = next(
        (e for e in reversed(checked.events) if e.get("event") == "slot" and e["name"] == "requested_slot"), None
    )
    await take([e for e in checked.events if e is not requested])
    # rasa-sdk's FormValidationAction names the next slot itself where required_slots are dynamic.
    if requested is not None:
        return (requested["value"],) if requested.get("value") else ()
    return form.required_slots
