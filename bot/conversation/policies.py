"""Which action comes next: rules, then remembered stories, as Rasa 3.6's RulePolicy and MemoizationPolicy decide.

A rule or story is turned into keys: the states that lead to an action. A rule's key has to be contained in the
conversation's last states, a story's has to equal them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Finding, Path_, Script, Step, any_value
from bot.conversation.tracker import NOT_SET, State, Tracker

_BY_INTENT = {"restart": "action_restart", "back": "action_back", "session_start": "action_session_start"}
MOST_VARIANTS = 256


@dataclass(frozen=True, slots=True)
class Prediction:
    """The next action. `hide`: rules alone speak in this turn, so that stories do not see it."""

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
    path: Path_
    text: str


@dataclass
class Tables:
    """Everything that prediction looks up, made once for a script."""

    rules: dict[tuple[str, str], list[RuleKey]] = field(default_factory=dict)
    unhappy: list[tuple[tuple[State, ...], str, bool]] = field(default_factory=list)
    stories: dict[str, str] = field(default_factory=dict)
    in_stories: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    max_history: int | None = None
    augmented: bool = False
    fallback_at: float = 0.3
    fallback: str | None = "action_default_fallback"


def tables(script: Script) -> Tables:
    """The look-up tables of a script; contradictions found on the way are among its findings."""
    key = _Identity(script)
    found = _by_identity.get(key)
    if found is None:
        found = _by_identity[key] = _build(script)
    return found


class _Identity:
    """Hashes a script by identity: its mappings cannot be hashed, and it lives as long as the process."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def __hash__(self) -> int:
        return id(self.script)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.script is self.script


_by_identity: dict[_Identity, Tables] = {}


def predict(script: Script, tracker: Tracker) -> Prediction:
    """The next action for a tracker: the surest policy wins, rules before stories."""
    known = tables(script)
    if tracker.followup_action:
        return Prediction(tracker.followup_action, 1.0, "followup")
    by_rule = _by_rules(script, known, tracker)
    candidates = [p for p in (by_rule, _by_stories(known, tracker)) if p and p.action != tracker.latest_rejected]
    if candidates:
        return max(candidates, key=lambda p: (p.confidence, p.policy == "RulePolicy"))
    if known.fallback and known.fallback != tracker.latest_rejected:
        return Prediction(known.fallback, known.fallback_at, "RulePolicy")
    return Prediction(ACTION_LISTEN, 0.0, "none")


def _by_rules(script: Script, known: Tables, tracker: Tracker) -> Prediction | None:
    if tracker.latest_action in (ACTION_LISTEN, None) and tracker.intent in _BY_INTENT:
        return Prediction(_BY_INTENT[str(tracker.intent)], 1.0, "RulePolicy")
    loop = tracker.loop
    if loop and not tracker.active_loop.get("rejected"):
        action = ACTION_LISTEN if tracker.latest_action == loop else loop
        return Prediction(action, 1.0, "RulePolicy", hide=f"loop:{loop}" not in known.in_stories)
    states = [*tracker.states[:-1], tracker.state()]
    best = _best_rule(known, states)
    if loop:
        conditions = [value for key, value, _ in known.unhappy if _contained(key, states)]
        general_listen = best and best.action == ACTION_LISTEN and "active_loop" not in best.states[-1]
        if general_listen and "do_not_predict_loop" not in conditions:
            return Prediction(loop, 1.0, "RulePolicy", hide=f"loop:{loop}" not in known.in_stories)
        if "do_not_validate" in conditions and best:
            return Prediction(best.action, 1.0, "RulePolicy", best.text not in known.in_stories, interrupted=True)
    if best is None:
        return None
    return Prediction(best.action, 1.0, "RulePolicy", hide=best.text not in known.in_stories)


def _best_rule(known: Tables, states: Sequence[State]) -> RuleKey | None:
    present = states[-1]
    previous = str(present.get("prev_action", ""))
    intent = str(present.get("user", {}).get("intent", ""))
    best: RuleKey | None = None
    for place in ((previous, intent), (previous, ""), ("", intent), ("", "")):
        for key in known.rules.get(place, ()):
            if (best is None or len(key.text) > len(best.text)) and _contained(key.states, states):
                best = key
    return best


def _contained(key: Sequence[State], states: Sequence[State]) -> bool:
    if len(key) > len(states):
        return False
    return all(_fits(wanted, found) for wanted, found in zip(reversed(key), reversed(states), strict=False))


def _fits(wanted: State, found: State) -> bool:
    if not wanted:
        return not found
    for name, value in wanted.items():
        have = found.get(name)
        if name == "slots":
            have = have or {}
            for slot, feature in value.items():
                if (have.get(slot) is not None) if feature == NOT_SET else (have.get(slot) != feature):
                    return False
        elif name == "user":
            have = have or {}
            if value.get("intent") not in (None, have.get("intent")):
                return False
            if value.get("entities") and not set(value["entities"]) <= set(have.get("entities") or ()):
                return False
        elif (have is not None) if value == NOT_SET else (have != value):
            return False
    return True


def _by_stories(known: Tables, tracker: Tracker) -> Prediction | None:
    if not known.stories:
        return None
    states = _seen_by_stories(tracker)
    lengths = [len(states)] if known.max_history is None else [min(known.max_history, len(states))]
    if known.augmented:
        lengths += range(lengths[0] - 1, 0, -1)
    for length in lengths:
        tail = list(states[-length:])
        action = known.stories.get(_key(tail))
        if action is None and known.augmented and length < len(states):
            action = known.stories.get(_key([{}, *tail]))
        if action is not None:
            return Prediction(action, 1.0, "MemoizationPolicy")
    return None


def _seen_by_stories(tracker: Tracker) -> list[State]:
    """The states without the turns in which only rules spoke."""
    seen: list[State] = []
    past = tracker.states[:-1]
    for index, state in enumerate([*past, tracker.state()]):
        # A state is hidden when the action that follows it was a rule's; the present one is always seen.
        if index < len(past) and index < len(tracker.hidden) and tracker.hidden[index]:
            continue
        if index and tracker.hidden[index - 1 : index] == [True] and state.get("prev_action"):
            earlier = seen[-1].get("prev_action") if seen else None
            state = {**state, "prev_action": ACTION_LISTEN} if index < len(past) or earlier is None else state
        seen.append(state)
    return seen


def _key(states: Sequence[State]) -> str:
    return json.dumps(states, sort_keys=True, separators=(",", ":"))


# Building the tables.


def _build(script: Script) -> Tables:
    known = Tables()
    for policy in script.policies:
        name = policy.get("name")
        if name == "RulePolicy":
            known.fallback_at = float(policy.get("core_fallback_threshold", 0.3))
            known.fallback = policy.get("core_fallback_action_name", "action_default_fallback")
            if not policy.get("enable_fallback_prediction", True):
                known.fallback = None
        elif name in ("MemoizationPolicy", "AugmentedMemoizationPolicy"):
            known.max_history = policy.get("max_history")
            known.augmented = name.startswith("Augmented")
    for rule in script.rules:
        for steps in _variants(rule.steps):
            _add_rule(script, known, rule, steps)
    remembered: dict[str, tuple[str, Path_]] = {}
    for story in _joined(script.stories):
        for steps in _variants(story.steps):
            _add_story(script, known, story, steps, remembered)
    return known


def _variants(steps: Sequence[Step]) -> Iterable[tuple[Step, ...]]:
    choices = [step.options if step.kind == "or" else (step,) for step in steps]
    for index, variant in enumerate(product(*choices)):
        if index >= MOST_VARIANTS:
            return
        yield variant


class _Walk:
    """Plays the steps of a rule or story and notes the states before each action."""

    def __init__(self, script: Script, start: State | None) -> None:
        self.script = script
        self.states: list[State] = [] if start is None else [start]
        self.slots: dict[str, Any] = {}
        self.loop: str | None = None
        self.user: dict[str, Any] = {}
        self.previous: str | None = None

    def now(self) -> State:
        state: State = {}
        if self.user:
            state["user"] = dict(self.user)
        if self.previous:
            state["prev_action"] = self.previous
        if self.slots:
            state["slots"] = dict(self.slots)
        if self.loop:
            state["active_loop"] = self.loop
        return state

    def set(self, step: Step, rule: bool) -> None:
        """Take over a slot or loop step."""
        if step.kind == "loop":
            self.loop = step.name or (NOT_SET if rule else None)
            return
        slot = self.script.slots.get(str(step.name))
        if slot is None or not slot.influence:
            return
        if step.value is None:
            if rule:
                self.slots[slot.name] = NOT_SET
            else:
                self.slots.pop(slot.name, None)
            return
        feature = slot.feature("x" if any_value(step.value) and slot.type == "text" else step.value)
        if feature is not None:
            self.slots[slot.name] = feature

    def hear(self, step: Step) -> None:
        """Take over a customer's turn."""
        self.user = {"intent": step.name}
        if step.entities:
            self.user["entities"] = tuple(sorted(step.entities))
        self.previous = ACTION_LISTEN


def _add_rule(script: Script, known: Tables, rule: Path_, steps: Sequence[Step]) -> None:
    walk = _Walk(script, {} if rule.conversation_start else None)
    for step in rule.conditions:
        walk.set(step, rule=True)
    states: list[State] = list(walk.states)
    # What follows an unknown past teaches nothing: a first action is where the rule begins, not what it predicts.
    heard = bool(rule.conversation_start)
    for step in steps:
        if step.kind == "intent":
            walk.hear(step)
            heard = True
        elif step.kind in ("loop", "slot"):
            walk.set(step, rule=True)
        elif step.kind == "action":
            if heard:
                states.append(walk.now())
                _keep_rule(known, rule, tuple(states), str(step.name))
            walk.previous, heard = step.name, True
    if rule.wait_for_user_input and heard:
        states.append(walk.now())
        _keep_rule(known, rule, tuple(states), ACTION_LISTEN)


def _keep_rule(known: Tables, rule: Path_, states: tuple[State, ...], action: str) -> None:
    text = _key(states)
    last = states[-1]
    place = (str(last.get("prev_action", "")), str(last.get("user", {}).get("intent", "")))
    mine = known.rules.setdefault(place, [])
    for other in mine:
        if other.text == text and other.action != action:
            where, there = rule.place, other.path.place
            known.findings.append(Finding(
                "error", where.file, where.line, "contradiction",
                f"rule {rule.name!r} says {action} where rule {other.path.name!r} ({there.file}:{there.line}) says "
                f"{other.action}", "give one of them a condition that tells them apart, or drop it"))  # fmt: skip
    mine.append(RuleKey(states, action, rule, text))
    loop = last.get("active_loop")
    if not loop or loop == NOT_SET:
        return
    before = states[-2].get("prev_action") if len(states) > 1 else None
    key = ({"prev_action": before}, last) if before else (last,)
    after_listen = last.get("prev_action") == ACTION_LISTEN
    if after_listen and action == loop:
        known.unhappy.append((key, "do_not_validate", True))
    elif not after_listen and action != loop:
        known.unhappy.append((key, "do_not_predict_loop", False))


def _joined(stories: Sequence[Path_]) -> list[Path_]:
    """Stories with their checkpoints followed: a fragment that begins with one continues those that end with it."""
    whole = [s for s in stories if not (s.steps and s.steps[0].kind == "checkpoint")]
    tails: dict[str, list[Path_]] = {}
    for story in stories:
        if story.steps and story.steps[0].kind == "checkpoint":
            tails.setdefault(str(story.steps[0].name), []).append(story)
    done: list[Path_] = []
    work = list(whole)
    while work and len(done) < 2000:
        story = work.pop()
        last = story.steps[-1] if story.steps else None
        if last is not None and last.kind == "checkpoint" and len(story.steps) < 60:
            body = story.steps[:-1]
            work += [
                Path_(f"{story.name} > {tail.name}", (*body, *tail.steps[1:]), place=story.place)
                for tail in tails.get(str(last.name), ())
            ]
            continue
        done.append(story)
    return done


def _add_story(
    script: Script, known: Tables, story: Path_, steps: Sequence[Step], remembered: dict[str, tuple[str, Path_]]
) -> None:
    walk = _Walk(script, {})
    states: list[State] = [{}]
    actions: list[str] = []
    listening = True
    for step in (*steps, Step("end")):
        if step.kind in ("intent", "end"):
            if not listening:
                states.append(walk.now())
                actions.append(ACTION_LISTEN)
                _remember(known, story, states, ACTION_LISTEN, remembered)
            if step.kind == "intent":
                walk.hear(step)
                listening = True
        elif step.kind in ("loop", "slot"):
            walk.set(step, rule=False)
            if step.kind == "loop" and step.name:
                known.in_stories.add(f"loop:{step.name}")
        elif step.kind == "action":
            states.append(walk.now())
            _remember(known, story, states, str(step.name), remembered)
            walk.previous, listening = step.name, False


def _remember(
    known: Tables, story: Path_, states: Sequence[State], action: str, remembered: dict[str, tuple[str, Path_]]
) -> None:
    best = _best_rule(known, states)
    if best is not None:
        if best.action == action:
            known.in_stories.add(best.text)
        elif "active_loop" not in states[-1]:
            where, there = story.place, best.path.place
            known.findings.append(Finding(
                "error", where.file, where.line, "contradiction",
                f"story {story.name!r} says {action} where rule {best.path.name!r} ({there.file}:{there.line}) says "
                f"{best.action}", "rules win: change the story's step, or give the rule a condition"))  # fmt: skip
    tail = states if known.max_history is None else states[-known.max_history :]
    key = _key(list(tail))
    other = remembered.get(key)
    if other is not None and other[0] != action:
        where, there = story.place, other[1].place
        known.findings.append(Finding(
            "error", where.file, where.line, "contradiction",
            f"story {story.name!r} says {action} where story {other[1].name!r} ({there.file}:{there.line}) says "
            f"{other[0]} after the same turns", "let them differ earlier, or raise max_history"))  # fmt: skip
        known.stories.pop(key, None)
        return
    remembered[key] = (action, story)
    known.stories[key] = action
