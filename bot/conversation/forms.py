"""Slots filled from messages, and forms that ask for them, as Rasa 3.6 does both."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Form, Mapping_, Script, Slot
from bot.conversation.tracker import Event, Tracker

REQUESTED = "requested_slot"
# An event of the engine's own: words that are said once the events before it count.
SAY = "say"


class ActionRejected(Exception):
    """An action declines to run now; other policies decide."""


@dataclass
class Performed:
    """What an action did: events and responses in rasa-sdk's shapes."""

    events: list[Event] = field(default_factory=list)
    responses: list[Mapping[str, Any]] = field(default_factory=list)

    def in_order(self) -> list[Event]:
        """Words and events in the order in which Rasa lets them happen: an action speaks before its events count."""
        return [*({"event": SAY, "said": said} for said in self.responses), *self.events]


Perform = Callable[[str, Tracker], Awaitable[Performed]]


def slot_event(name: str, value: Any, now: float) -> Event:
    """The event that sets a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": now}


async def extract_slots(script: Script, tracker: Tracker, perform: Perform, now: float) -> Performed:
    """What the latest message fills, by the domain's mappings; the first that matches wins."""
    done = Performed()
    performed: set[str] = set()
    for slot in script.slots.values():
        for mapping in slot.mappings:
            if not _applies(script, tracker, slot.name, mapping):
                continue
            if mapping.type == "custom":
                if mapping.action and mapping.action in script.actions and mapping.action not in performed:
                    performed.add(mapping.action)
                    _only_slots(done, await perform(mapping.action, tracker))
                continue
            found, value = _value(tracker, slot, mapping)
            if found and (value is not None or tracker.slots.get(slot.name) is not None):
                done.events.append(slot_event(slot.name, value, now))
                break
    if "action_validate_slot_mappings" not in script.actions:
        return done
    seen = tracker.copy()
    for event in done.events:
        seen.apply(event)
    checked = Performed()
    _only_slots(checked, await perform("action_validate_slot_mappings", seen))
    judged = {event["name"] for event in checked.events}
    checked.events += [event for event in done.events if event["name"] not in judged]
    return Performed(checked.events, [*done.responses, *checked.responses])


def _only_slots(done: Performed, more: Performed) -> None:
    done.events += [event for event in more.events if event.get("event") == "slot"]
    done.responses += more.responses


def _applies(script: Script, tracker: Tracker, slot: str, mapping: Mapping_) -> bool:
    """Whether a mapping may fill its slot at this moment."""
    if mapping.type == "from_entity" and mapping.entity not in script.entities:
        return False
    if mapping.type == "from_intent" and not mapping.intents <= set(script.intents):
        return False
    if not _intent_fits(script, tracker, mapping) or not _conditions_met(tracker, slot, mapping):
        return False
    form = script.forms.get(tracker.loop or "")
    if mapping.type != "from_entity" or form is None or slot not in form.required_slots:
        return True
    # An entity that could fill several slots of the form fills only the one that is asked for.
    return tracker.slots.get(REQUESTED) == slot or _is_unique(script, form, mapping)


def _intent_fits(script: Script, tracker: Tracker, mapping: Mapping_) -> bool:
    unwanted = mapping.not_intents
    form = script.forms.get(tracker.loop or "")
    if form and (not mapping.conditions or any(loop == form.name for loop, _ in mapping.conditions)):
        unwanted = unwanted | form.ignored_intents
    return tracker.intent in mapping.intents or (not mapping.intents and tracker.intent not in unwanted)


def _conditions_met(tracker: Tracker, slot: str, mapping: Mapping_) -> bool:
    if not mapping.conditions or mapping.type == "from_trigger_intent":
        return True
    requested = tracker.slots.get(REQUESTED)
    if tracker.active_loop.get("rejected") and requested == slot:
        return False
    return any(
        (loop and loop == tracker.loop and wanted in (None, requested)) or (loop is None and tracker.loop is None)
        for loop, wanted in mapping.conditions
    )


def _is_unique(script: Script, form: Form, mapping: Mapping_) -> bool:
    counts = Counter(
        other.text
        for name in form.required_slots
        if name in script.slots
        for other in script.slots[name].mappings
        if other.type == "from_entity"
    )
    return counts[mapping.text] == 1


def _value(tracker: Tracker, slot: Slot, mapping: Mapping_) -> tuple[bool, Any]:
    values: list[Any] = []
    if mapping.type == "from_entity":
        values = [
            entity.get("value")
            for entity in tracker.latest_message.get("entities") or ()
            if (entity.get("entity"), entity.get("role"), entity.get("group"))
            == (mapping.entity, mapping.role, mapping.group)
        ]
    elif mapping.type == "from_intent":
        values = [mapping.value]
    elif mapping.type == "from_trigger_intent":
        loops = [loop for loop, _ in mapping.conditions]
        values = [mapping.value] if tracker.loop and (not loops or tracker.loop in loops) else []
    elif mapping.type == "from_text":
        values = [tracker.latest_message.get("text")]
    if not values:
        return False, None
    return True, values if slot.type == "list" else values[-1]


async def run_form(script: Script, tracker: Tracker, form: Form, perform: Perform, now: float) -> Performed:
    """One run of a form: open it, check what came in, ask for the next slot or end.

    Raises ActionRejected when the message answered none of its questions.
    """
    return await _Run(script, tracker, form, perform, now).run()


class _Run:
    """A form's run: the events so far are its own, the tracker stays as it was."""

    def __init__(self, script: Script, tracker: Tracker, form: Form, perform: Perform, now: float) -> None:
        self.script, self.tracker, self.form, self.perform, self.now = script, tracker, form, perform, now
        self.opening = tracker.loop != form.name
        self.asked = None if self.opening else tracker.slots.get(REQUESTED)
        self.done = Performed()

    async def run(self) -> Performed:
        """Play the run to its end."""
        if self.opening:
            await self._open()
        if not self._ended():
            await self._go_on()
        if self._ended():
            self._add({"event": "active_loop", "name": None, "timestamp": self.now})
        return self.done

    def _add(self, *events: Event) -> None:
        self.done.events += events

    def _say(self, *said: Mapping[str, Any]) -> None:
        self._add(*({"event": SAY, "said": one} for one in said))

    async def _open(self) -> None:
        self._add({"event": "active_loop", "name": self.form.name, "timestamp": self.now})
        opened = self.tracker.copy()
        opened.apply(self.done.events[0])
        extracted = await extract_slots(self.script, opened, self.perform, self.now)
        self._say(*extracted.responses)
        for event in extracted.events:
            opened.apply(event)
        if f"validate_{self.form.name}" not in self.script.actions:
            self._add(*extracted.events)
            return
        filled = {name: opened.slots[name] for name in self.form.required_slots if opened.slots.get(name) is not None}
        events = await self._validated(filled, opened, opened.slots.get(REQUESTED))
        judged = {event["name"] for event in events if event.get("event") == "slot"}
        self._add(*events, *(event for event in extracted.events if event["name"] not in judged))

    async def _go_on(self) -> None:
        events: list[Event] = []
        # What was checked while opening is not checked again.
        if all(event.get("event") in ("active_loop", SAY) for event in self.done.events):
            events = await self._check()
            self._add(*events)
        if not any(event.get("event") == "action_execution_rejected" for event in events):
            await self._ask()

    async def _check(self) -> list[Event]:
        straight = self.tracker.latest_action == ACTION_LISTEN and not self.tracker.active_loop.get("is_interrupted")
        if self.tracker.active_loop and not straight:
            return await self._validated({}, self.tracker, self.asked)
        filled = self._just_filled()
        events = await self._validated(filled, self.tracker, self.asked)
        checked = any(e.get("event") == "slot" and e["name"] != REQUESTED for e in events)
        refused = any(e.get("event") == "action_execution_rejected" for e in events)
        if self.asked and not filled and not checked and not refused:
            raise ActionRejected(self.form.name)
        return events

    def _just_filled(self) -> dict[str, Any]:
        """The form's slots that were set since the customer spoke."""
        wanted = {*self.form.required_slots, *([self.asked] if self.asked else [])}
        filled: list[tuple[str, Any]] = []
        for event in reversed(self.tracker.events):
            if event.get("event") in ("user", "restart"):
                break
            if event.get("event") == "slot" and event["name"] in wanted:
                filled.append((event["name"], event.get("value")))
        return dict(reversed(filled))

    async def _validated(self, filled: Mapping[str, Any], tracker: Tracker, asked: str | None) -> list[Event]:
        validator = f"validate_{self.form.name}"
        if validator not in self.script.actions:
            return []
        seen = self._apart(tracker, asked, [slot_event(name, value, self.now) for name, value in filled.items()])
        checked = await self.perform(validator, seen)
        self._say(*checked.responses)
        return [dict(event) for event in checked.events]

    def _apart(self, tracker: Tracker, asked: str | None, events: list[Event]) -> Tracker:
        """A tracker in which the form has just run and these events are all that it brought."""
        apart = tracker.copy()
        apart.apply(slot_event(REQUESTED, asked, self.now))
        apart.apply({"event": "action", "name": self.form.name, "timestamp": self.now})
        for event in events:
            if event.get("event") != SAY:
                apart.apply(event)
        return apart

    def _ended(self) -> bool:
        """Whether the events so far end the form: the question withdrawn, or the loop closed."""
        events = self.done.events
        if any(event.get("event") == "action_execution_rejected" for event in events):
            return False
        asked = next((e for e in reversed(events) if e.get("event") == "slot" and e["name"] == REQUESTED), None)
        loop = next((e for e in reversed(events) if e.get("event") == "active_loop"), None)
        return (asked is not None and asked.get("value") is None) or (loop is not None and loop.get("name") is None)

    async def _ask(self) -> None:
        if self._ended():
            self._add(slot_event(REQUESTED, None, self.now))
            return
        named = (e.get("value") for e in self.done.events if e.get("event") == "slot" and e["name"] == REQUESTED)
        following = next(named, None)
        seen = self._apart(self.tracker, self.asked, self.done.events)
        if not following:
            following = next((name for name in self.form.required_slots if seen.slots.get(name) is None), None)
            self._add(slot_event(REQUESTED, following, self.now))
        if not following:
            return
        question = question_for(self.script, self.form.name, following)
        if question in self.script.responses:
            self._say({"response": question})
        elif question is not None:
            asked_by = await self.perform(question, seen)
            self._add(*asked_by.in_order())


def question_for(script: Script, form: str, slot: str) -> str | None:
    """The first that exists of the four names under which a form's question may be written."""
    for name in (f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}"):
        if name in script.actions or name in script.responses:
            return name
    return None
