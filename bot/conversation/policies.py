"""Which action comes next: rules, then remembered stories, as Rasa 3.6's RulePolicy and MemoizationPolicy decide.

A rule or story is turned into keys: the states that lead to an action. A rule's key has to be contained in the
conversation's last states, a story's has to equal them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Finding, Script
from bot.conversation.tracker import NOT_SET, Moment, State, Tracker

BY_INTENT = {"restart": "action_restart", "back": "action_back", "session_start": "action_session_start"}
INTERRUPTED, LEAVE_THE_LOOP = "interrupted", "leave the loop"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The next action. `hide`: rules alone speak in this turn, so that stories do not see it.

    `interrupted`: a form comes back from another path and has nothing to check. `forced`: stories are not asked.
    """

    action: str
    confidence: float
    policy: str
    hide: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class RuleKey:
    """States that must be found at the end of the conversation for a rule to predict its action."""

    states: tuple[State, ...]
    action: str
    text: str


Place = tuple[str, str]


@dataclass
class Tables:
    """Everything that prediction looks up, made once for a script."""

    rules: dict[Place, list[RuleKey]] = field(default_factory=dict)
    unhappy: list[RuleKey] = field(default_factory=list)
    stories: dict[str, str] = field(default_factory=dict)
    rule_only_slots: frozenset[str] = frozenset()
    rule_only_loops: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    with_rules: bool = True
    max_history: int | None = None
    augmented: bool = False
    fallback_at: float = 0.3
    fallback: str | None = "action_default_fallback"


@dataclass(frozen=True, slots=True)
class ByRule:
    """What the rules say: an action or none, and the place in the tables that said it."""

    action: str | None
    source: str
    interrupted: bool = False
    forced: bool = False


def predict(script: Script, known: Tables, tracker: Tracker) -> Prediction:
    """The next action for a tracker: the surest policy wins, rules before stories."""
    followup = tracker.followup_action
    if followup and script.knows_action(followup):
        return Prediction(followup, 1.0, "followup")
    by_rule = by_rules(known, tracker) if known.with_rules else ByRule(None, "")
    hide = by_rule.source in known.hidden
    rejected = tracker.latest_rejected
    if by_rule.action is not None and by_rule.action != rejected:
        return Prediction(by_rule.action, 1.0, "RulePolicy", hide, by_rule.interrupted)
    if not by_rule.forced:
        story = _by_stories(script, known, tracker)
        if story is not None and story != rejected:
            return Prediction(story, 1.0, "MemoizationPolicy", False, by_rule.interrupted)
    if known.fallback and known.fallback != rejected:
        return Prediction(known.fallback, known.fallback_at, "RulePolicy", hide, by_rule.interrupted)
    return Prediction(ACTION_LISTEN, 0.0, "RulePolicy", hide)


def by_rules(known: Tables, tracker: Tracker) -> ByRule:
    """What the rules say about the conversation as it stands."""
    if tracker.latest_action == ACTION_LISTEN and tracker.intent in BY_INTENT:
        return ByRule(BY_INTENT[str(tracker.intent)], f"default {tracker.intent}")
    loop = tracker.loop
    if loop and not tracker.active_loop.get("rejected"):
        if tracker.latest_action == loop:
            return ByRule(ACTION_LISTEN, f"loop {loop} listens", forced=True)
        if tracker.latest_action:
            return ByRule(loop, f"loop {loop}", forced=True)
    states = tracker.states
    best = _best_rule(known, states)
    source = best.text if best else text_of(states)
    action = best.action if best else None
    if not loop:
        return ByRule(action, source)
    conditions = {key.action for key in known.unhappy if _contained(key.states, states)}
    if action == ACTION_LISTEN and best is not None and not loop_of(best.states[-1]):
        # General rules end in listening; within a form they give it back the word.
        if LEAVE_THE_LOOP not in conditions:
            return ByRule(loop, source)
        action = None
    return ByRule(action, source, INTERRUPTED in conditions)


def loop_of(state: State) -> str | None:
    """The form of a state, unless the state says that there must be none."""
    name = state.get("active_loop", {}).get("name")
    return None if name == NOT_SET else name


def place_of(state: State) -> Place:
    """Where a key is looked up: by the previous action and the intent of its last state."""
    return (
        str(state.get("prev_action", {}).get("action_name", "")),
        str(state.get("user", {}).get("intent", "")),
    )


def _best_rule(known: Tables, states: Sequence[State]) -> RuleKey | None:
    """The longest of the keys that fit."""
    previous, intent = place_of(states[-1])
    best: RuleKey | None = None
    for place in {(previous, intent), (previous, ""), ("", intent), ("", "")}:
        for key in known.rules.get(place, ()):
            if (best is None or len(key.text) > len(best.text)) and _contained(key.states, states):
                best = key
    return best


def _contained(key: Sequence[State], states: Sequence[State]) -> bool:
    """Whether a key fits the end of the conversation; only a key with a beginning may be as long as all of it."""
    for wanted, found in zip(reversed(key), reversed(states), strict=False):
        begins, began = "prev_action" not in wanted, "prev_action" not in found
        if begins and began:
            continue
        if begins or began or not _fits(wanted, found):
            return False
    return True


def _fits(wanted: State, found: State) -> bool:
    for kind, parts in wanted.items():
        have = found.get(kind, {})
        for name, value in parts.items():
            given = have.get(name)
            if value == NOT_SET:
                if given and given != NOT_SET:
                    return False
            elif value and given != value:
                return False
    return True


def _by_stories(script: Script, known: Tables, tracker: Tracker) -> str | None:
    if not known.stories:
        return None
    states = _seen_by_stories(known, tracker.moments())
    found = known.stories.get(text_of(_tail(states, known.max_history)))
    if found is not None or not known.augmented:
        return found
    return _by_shorter_past(script, known, tracker, states)


def _tail(states: Sequence[State], length: int | None) -> Sequence[State]:
    return states[-length:] if length else states


def _by_shorter_past(script: Script, known: Tables, tracker: Tracker, before: Sequence[State]) -> str | None:
    """Forget the beginning of the conversation bit by bit until a story fits."""
    events: list[dict[str, Any]] | None = _last_actions(tracker.applied, known.max_history)
    events = _from_action(events, 0)
    while events is not None:
        shorter = Tracker.from_events("", script, events)
        states = _tail(_seen_by_stories(known, shorter.moments()), known.max_history)
        if states != before:
            found = known.stories.get(text_of(states))
            if found is not None:
                return found
            before = states
        events = _from_action(shorter.applied, 1)
    return None


def _last_actions(events: list[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
    if not most:
        return events
    actions = 0
    for number, event in enumerate(reversed(events), 1):
        if event.get("event") == "action":
            actions += 1
            if actions > most and event["name"] == ACTION_LISTEN:
                return events[-number:]
    return events


def _from_action(events: list[dict[str, Any]] | None, nth: int) -> list[dict[str, Any]] | None:
    places = [index for index, event in enumerate(events or ()) if event.get("event") == "action"]
    return events[places[nth] :] if events and len(places) > nth else None


def _seen_by_stories(known: Tables, moments: Sequence[Moment]) -> list[State]:
    """The states without the turns in which only rules spoke, and without what only rules know."""
    seen: list[State] = []
    previous: str | None = None
    hidden = False
    for moment in moments:
        if not hidden:
            previous = moment.previous
        # A follow-up and a form's next step belong to the turn in which they stand.
        if not moment.open_ended:
            hidden = moment.hidden
        if hidden:
            continue
        state = _without(known, moment.state)
        listens = state.get("prev_action", {}).get("action_name") == ACTION_LISTEN
        if seen and not listens and not seen[-1].get("user"):
            state.pop("user", None)
        if previous:
            state["prev_action"] = {"action_name": previous}
        seen.append(state)
    return seen


def _without(known: Tables, state: State) -> State:
    """A copy without the slots and forms that stories never mention."""
    kept = dict(state)
    slots = {name: value for name, value in state.get("slots", {}).items() if name not in known.rule_only_slots}
    if "slots" in kept:
        kept["slots"] = slots
        if not slots:
            del kept["slots"]
    if kept.get("active_loop", {}).get("name") in known.rule_only_loops:
        del kept["active_loop"]
    return kept


def text_of(states: Sequence[Mapping[str, Any]]) -> str:
    """States as Rasa writes them: the length of this text decides between rules that fit."""
    return json.dumps(states, sort_keys=True)
