"""Rules and stories become the events of example conversations, as Rasa 3.6 makes them before it trains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Path_, Script, Step, any_value
from bot.conversation.tracker import NOT_SET, Event, Tracker

SNIPPET = "..."
MOST_VARIANTS = 256
MOST_STORIES = 4000


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation to learn from. `path` is the rule, or the last part of the story."""

    path: Path_
    events: tuple[Event, ...]
    is_rule: bool

    def tracker(self, script: Script) -> Tracker:
        """The conversation played to its end."""
        tracker = Tracker(self.path.name, script, training=True)
        for event in self.events:
            tracker.apply(dict(event))
        return tracker


def examples(script: Script) -> list[Example]:
    """All conversations that stories and rules stand for, stories first."""
    found = [Example(path, tuple(events), False) for path, events in _stories(script)]
    for rule in script.rules:
        for steps in _variants((*rule.conditions, Step("snippet"), *rule.steps), len(rule.conditions)):
            found.append(Example(rule, tuple(_rule_events(script, rule, steps)), True))
    return found


def _variants(steps: Sequence[Step], untouched: int = 0) -> Iterator[tuple[Step, ...]]:
    choices = [step.options if step.kind == "or" and i >= untouched else (step,) for i, step in enumerate(steps)]
    for index, variant in enumerate(product(*choices)):
        if index >= MOST_VARIANTS:
            return
        yield variant


def _rule_events(script: Script, rule: Path_, steps: Sequence[Step]) -> list[Event]:
    events: list[Event] = []
    for step in steps:
        if step.kind == "snippet":
            if not rule.conversation_start:
                events.append({"event": "action", "name": SNIPPET})
            continue
        events += _events(script, step, events)
    if not rule.wait_for_user_input:
        events.append({"event": "action", "name": SNIPPET})
    _first_action(events)
    _listen(events)
    for event in events:
        # In a rule, nothing means that nothing may be set, which differs from not being told.
        if event["event"] == "active_loop" and event["name"] is None:
            event["name"] = NOT_SET
        if event["event"] == "slot" and event["value"] is None:
            event["value"] = NOT_SET
    return events


def _first_action(events: list[Event]) -> None:
    """Nobody can foresee what a conversation begins with, so that it teaches nothing."""
    for event in events:
        if event["event"] == "user":
            return
        if event["event"] == "action" and not event.get("implied"):
            event["unpredictable"] = True
            return


def _listen(events: list[Event]) -> None:
    last = events[-1] if events else None
    if last is None or (last["event"], last.get("name")) != ("action", ACTION_LISTEN):
        events.append({"event": "action", "name": ACTION_LISTEN, "implied": True})


def _events(script: Script, step: Step, before: list[Event]) -> list[Event]:
    if step.kind == "intent":
        made = list(before[-1:])
        _listen(made)
        made = made[1:] if before else made
        parsed = {"intent": {"name": step.name}, "entities": [dict(entity) for entity in step.entities]}
        return [*made, {"event": "user", "text": None, "parse_data": parsed}, *_filled(script, step)]
    if step.kind == "action":
        return [{"event": "action", "name": step.name}]
    if step.kind == "loop":
        return [{"event": "active_loop", "name": step.name}]
    if step.kind == "slot":
        return [{"event": "slot", "name": step.name, "value": _value(script, step)}]
    return []


def _value(script: Script, step: Step) -> Any:
    """The value of a slot step; one that is only named has some value where that can be told."""
    if not any_value(step.value):
        return step.value
    slot = script.slots.get(str(step.name))
    return {"text": "filled", "list": ["filled"]}.get(slot.type if slot else "")


def _filled(script: Script, step: Step) -> Iterator[Event]:
    """The slots that a step's entities fill outside forms."""
    for slot in script.slots.values():
        values = [
            entity.get("value")
            for mapping in slot.mappings
            if mapping.type == "from_entity" and not (mapping.conditions and mapping.conditions[0][0] is not None)
            for entity in step.entities
            if (entity.get("entity"), entity.get("role"), entity.get("group"))
            == (mapping.entity, mapping.role, mapping.group)
        ]
        if values:
            yield {"event": "slot", "name": slot.name, "value": values if slot.type == "list" else values[-1]}


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a story between checkpoints."""

    path: Path_
    starts: tuple[Step, ...]
    steps: tuple[Step, ...]
    ends: tuple[str, ...]


def _parts(story: Path_) -> Iterator[_Part]:
    starts: list[Step] = []
    steps: list[Step] = []
    ends: list[str] = []
    for step in story.steps:
        if step.kind == "checkpoint":
            if steps:
                ends.append(str(step.name))
            else:
                starts.append(step)
            continue
        if ends:
            yield _Part(story, tuple(starts), tuple(steps), tuple(ends))
            starts, steps, ends = [Step("checkpoint", name) for name in ends], [], []
        steps.append(step)
    if steps:
        yield _Part(story, tuple(starts), tuple(steps), tuple(ends))


def _stories(script: Script) -> Iterator[tuple[Path_, list[Event]]]:
    """Every way from a story's beginning to its end, through checkpoints; no part is passed twice on one way."""
    parts = [part for story in script.stories for part in _parts(story)]
    count = 0
    work: list[tuple[_Part, tuple[_Part, ...], list[Event]]] = [(p, (), []) for p in reversed(parts) if not p.starts]
    while work and count < MOST_STORIES:
        part, passed, before = work.pop()
        for steps in _variants(part.steps):
            events = [dict(event) for event in before]
            mine: list[Event] = []
            for step in steps:
                mine += _events(script, step, [*events, *mine])
            if not part.starts:
                _first_action(mine)
            events += mine
            if not part.ends:
                _listen(events)
                count += 1
                yield part.path, events
                continue
            for following in reversed(parts):
                if following not in (*passed, part) and _continues(script, following, part.ends, events):
                    work.append((following, (*passed, part), events))


def _continues(script: Script, part: _Part, ends: Sequence[str], events: list[Event]) -> bool:
    for start in part.starts:
        if start.name not in ends:
            continue
        if not start.value:
            return True
        slots = Tracker.from_events("", script, events).slots
        if all(slots.get(name) == value for name, value in start.value):
            return True
    return False
