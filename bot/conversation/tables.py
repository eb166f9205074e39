"""The look-up tables of a script, made from its rules and stories, with the contradictions found on the way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.conversation.policies import (
    BY_INTENT,
    INTERRUPTED,
    LEAVE_THE_LOOP,
    ByRule,
    RuleKey,
    Tables,
    by_rules,
    place_of,
    text_of,
)
from bot.conversation.script import ACTION_LISTEN, Finding, Path_, Script
from bot.conversation.tracker import NOT_SET, State, Tracker
from bot.conversation.training import SNIPPET, Example, examples

_by_identity: dict[int, tuple[Script, Tables]] = {}


def tables(script: Script) -> Tables:
    """The look-up tables of a script; contradictions found on the way are among its findings."""
    kept = _by_identity.get(id(script))
    if kept is None or kept[0] is not script:
        kept = _by_identity[id(script)] = (script, _build(script))
    return kept[1]


def _build(script: Script) -> Tables:
    known = _configured(script.policies)
    found = [(example, example.tracker(script)) for example in examples(script)]
    rules = [(example, tracker) for example, tracker in found if example.is_rule]
    stories = [(example, tracker) for example, tracker in found if not example.is_rule]
    _learn_rules(known, rules)
    _learn_stories(known, stories)
    _learn_unhappy_paths(known, rules, stories)
    _note_rule_only(known, rules, stories)
    known.findings += _incomplete(script, rules)
    check = _Check(script, known)
    for example, _ in rules:
        check.play(example, collect=True)
    for example, _ in (*stories, *rules):
        check.play(example, collect=False)
    known.hidden = check.not_in_stories()
    known.findings += check.findings
    return known


def _configured(policies: Sequence[Mapping[str, Any]]) -> Tables:
    known = Tables()
    names = {policy.get("name") for policy in policies}
    known.with_rules = "RulePolicy" in names or not policies
    if not known.with_rules:
        known.fallback = None
    for policy in policies:
        name = policy.get("name")
        if name == "RulePolicy":
            known.fallback_at = float(policy.get("core_fallback_threshold", 0.3))
            known.fallback = policy.get("core_fallback_action_name", "action_default_fallback")
            if not policy.get("enable_fallback_prediction", True):
                known.fallback = None
        elif name in ("MemoizationPolicy", "AugmentedMemoizationPolicy"):
            known.max_history = policy.get("max_history")
            known.augmented = str(name).startswith("Augmented")
    return known


Played = Sequence[tuple[Example, Tracker]]


def _samples(tracker: Tracker) -> Iterator[tuple[list[State], list[State], str]]:
    """What is to be learnt of a conversation: the states (all of them, and as a rule sees them) before each action."""
    moments = tracker.moments()
    actions = [event for event in tracker.applied if event["event"] == "action"]
    states = [moment.state for moment in moments]
    touched = [moment.touched or {} for moment in moments]
    for index, event in enumerate(actions):
        if not event.get("unpredictable"):
            yield states[: index + 1], touched[: index + 1], event["name"]


def _since_snippet(states: Sequence[State]) -> list[State]:
    kept: list[State] = []
    for state in reversed(states):
        if state.get("prev_action", {}).get("action_name") == SNIPPET:
            break
        kept.insert(0, state)
    return kept


def _learn_rules(known: Tables, rules: Played) -> None:
    learnt: dict[str, RuleKey] = {}
    ambiguous: set[str] = set()
    for _, tracker in rules:
        for _, states, action in _samples(tracker):
            key = _since_snippet(states)
            text = text_of(key)
            if not key or text in ambiguous:
                continue
            if text in learnt and learnt[text].action != action:
                ambiguous.add(text)
                del learnt[text]
            else:
                learnt[text] = RuleKey(tuple(key), action, text)
    for rule_key in learnt.values():
        if rule_key.action != SNIPPET:
            known.rules.setdefault(place_of(rule_key.states[-1]), []).append(rule_key)


def _learn_stories(known: Tables, stories: Played) -> None:
    said_by: dict[str, tuple[str, Path_]] = {}
    for example, tracker in stories:
        for states, _, action in _samples(tracker):
            text = text_of(states[-known.max_history :] if known.max_history else states)
            other = said_by.setdefault(text, (action, example.path))
            if other[0] == action:
                known.stories.setdefault(text, action)
                continue
            known.stories.pop(text, None)
            finding = _against(
                example.path, f"story {example.path.name!r} says {action}", other[1], "story", other[0],
                " after the same turns", "let them differ earlier, or raise max_history",
            )  # fmt: skip
            if finding not in known.findings:
                known.findings.append(finding)
    for text, (action, _) in list(said_by.items()):
        if known.stories.get(text) != action:
            known.stories.pop(text, None)


def _learn_unhappy_paths(known: Tables, rules: Played, stories: Played) -> None:
    """When a form was left for another path, and when it comes back from one."""
    learnt: dict[str, RuleKey] = {}
    for played in (rules, stories):
        for _, tracker in played:
            for states, touched, action in _samples(tracker):
                mine = touched if played is rules else states
                loop = mine[-1].get("active_loop", {}).get("name")
                loop = None if loop == NOT_SET else loop
                if not loop:
                    continue
                before = mine[-2].get("prev_action") if len(mine) > 1 else None
                key = _since_snippet([{"prev_action": before}, mine[-1]] if before else [mine[-1]])
                listens = mine[-1].get("prev_action", {}).get("action_name") == ACTION_LISTEN
                if not key or (listens != (action == loop)):
                    continue
                text = text_of(key)
                learnt[text] = RuleKey(tuple(key), INTERRUPTED if listens else LEAVE_THE_LOOP, text)
    known.unhappy = list(learnt.values())


def _note_rule_only(known: Tables, rules: Played, stories: Played) -> None:
    def mentioned(played: Played, kind: str, touched: bool) -> set[str]:
        states = [m.touched or {} if touched else m.state for _, tracker in played for m in tracker.moments()[:-1]]
        if kind == "slots":
            return {name for state in states for name in state.get("slots", {})}
        return {str(state["active_loop"]["name"]) for state in states if "active_loop" in state}

    known.rule_only_slots = frozenset(mentioned(rules, "slots", True) - mentioned(stories, "slots", False) - {NOT_SET})
    known.rule_only_loops = frozenset(mentioned(rules, "loops", True) - mentioned(stories, "loops", False) - {NOT_SET})


def _against(path: Path_, says: str, other: Path_, kind: str, action: str, when: str = "", remedy: str = "") -> Finding:
    where = f"{other.place.file}:{other.place.line}"
    return Finding("error", path.place.file, path.place.line, "contradiction",
                   f"{says} where {kind} {other.name!r} ({where}) says {action}{when}", remedy)  # fmt: skip


class _Check:
    """Plays rules and stories against the tables: what contradicts, and which rules stories speak of too."""

    def __init__(self, script: Script, known: Tables) -> None:
        self.script, self.known = script, known
        self.sources: defaultdict[str, list[tuple[Path_ | None, str]]] = defaultdict(list)
        self.in_stories: set[str] = set()
        self.findings: list[Finding] = []

    def play(self, example: Example, collect: bool) -> None:
        """Compare what the rules say with what the example says, action by action."""
        whole = example.tracker(self.script)
        running = Tracker("", self.script)
        foreseeable = False  # the first action never is
        for event in whole.applied:
            if event["event"] == "action" and event["name"] != SNIPPET:
                if foreseeable and not event.get("unpredictable"):
                    self._compare(example, running, event["name"], collect)
                foreseeable = True
            elif event["event"] == "action":
                foreseeable = False
            running.apply(dict(event))

    def _compare(self, example: Example, tracker: Tracker, action: str, collect: bool) -> None:
        said = by_rules(self.known, tracker)
        loop = tracker.loop
        if loop and said.action != action and said.action == loop:
            tracker.apply({"event": "action_execution_rejected", "name": loop})
            said = by_rules(self.known, tracker)
        if collect:
            by_itself = said.source.startswith(("default ", "loop "))
            self.sources[said.source].append(
                (None if by_itself else example.path, action if not by_itself else str(said.action))
            )
            return
        # A rule has to be foreseen by rules; where they are silent they would fall back.
        predicted = said.action or (self.known.fallback or ACTION_LISTEN if example.is_rule else None)
        if predicted == action and not example.is_rule:
            self.in_stories.add(said.source)
        if predicted is None or predicted == action or self._gives_way(example, said):
            return
        for path, other in self.sources[said.source]:
            if other != action:
                self.findings.append(self._contradiction(example, action, path, other, said))

    def _gives_way(self, example: Example, said: ByRule) -> bool:
        """A rule that only ends in listening leaves the word to a story that goes on."""
        if example.is_rule or said.source.count("prev_action") > 1 or said.action != ACTION_LISTEN:
            return False
        start = said.source[:-2]
        keys = [key for keys in self.known.rules.values() for key in keys]
        if not any(key.text.startswith(start) and key.text != said.source for key in keys):
            return False
        for keys in self.known.rules.values():
            keys[:] = [key for key in keys if key.text != said.source]
        return True

    def _contradiction(self, example: Example, action: str, path: Path_ | None, other: str, said: ByRule) -> Finding:
        kind = "rule" if example.is_rule else "story"
        says = f"{kind} {example.path.name!r} says {action}"
        place = example.path.place
        if path is None:
            return Finding("error", place.file, place.line, "contradiction",
                           f"{says} where {other} always follows ({said.source})", "drop that step")  # fmt: skip
        remedy = (
            "give one of them a condition that tells them apart, or drop it" if example.is_rule
            else "rules win: change the story's step, or give the rule a condition"
        )  # fmt: skip
        return _against(example.path, says, path, "rule", other, "", remedy)

    def not_in_stories(self) -> frozenset[str]:
        """The sources of predictions that no story speaks of."""
        usual = {f"default {intent}" for intent in BY_INTENT}
        loops = {text for form in self.script.forms for text in (f"loop {form}", f"loop {form} listens")}
        return frozenset((set(self.sources) | usual | loops) - self.in_stories)


def _incomplete(script: Script, rules: Played) -> Iterator[Finding]:
    """Rules that do not say what an action sets, although others do."""
    slots: defaultdict[str, dict[str, Path_]] = defaultdict(dict)
    loops: defaultdict[str, dict[str | None, Path_]] = defaultdict(dict)
    seen = {slot.name for slot in script.slots.values() if slot.influence and slot.type != "any"}
    for example, tracker in rules:
        last: str | None = None
        for event in tracker.events:
            if event["event"] in ("action", "user"):
                last = event["name"] if event["event"] == "action" else None
            elif last and event["event"] == "slot" and event["name"] in seen:
                slots[last].setdefault(event["name"], example.path)
            elif last and event["event"] == "active_loop":
                loops[last].setdefault(event["name"], example.path)
    for example, tracker in rules:
        states = tracker.states
        following = [state.get("prev_action", {}).get("action_name") for state in states[1:]] + [ACTION_LISTEN]
        for state, action in zip(states, following, strict=True):
            previous = state.get("prev_action", {}).get("action_name")
            if not previous or SNIPPET in (previous, action):
                continue
            yield from _missing(example.path, str(previous), state, slots, loops)


def _missing(
    path: Path_, action: str, state: State, slots: Mapping[str, Mapping[str, Path_]],
    loops: Mapping[str, Mapping[str | None, Path_]],
) -> Iterator[Finding]:  # fmt: skip
    place = path.place
    for name in sorted(set(slots.get(action, ())) - set(state.get("slots", {}))):
        other = slots[action][name]
        yield Finding("error", place.file, place.line, "incomplete",
                      f"rule {path.name!r} does not say that {action} sets the slot {name}, as rule {other.name!r} "
                      f"({other.place.file}:{other.place.line}) does",
                      "add slot_was_set after it (null when it is not set), or wait_for_user_input: false")  # fmt: skip
    expected = loops.get(action) or {}
    if expected and state.get("active_loop", {}).get("name") not in expected:
        names = sorted("null" if name == NOT_SET else str(name) for name in expected)
        other = next(iter(expected.values()))
        yield Finding("error", place.file, place.line, "incomplete",
                      f"rule {path.name!r} does not say the active_loop after {action} ({', '.join(names)}), as rule "
                      f"{other.name!r} ({other.place.file}:{other.place.line}) does",
                      "add active_loop after it, or wait_for_user_input: false")  # fmt: skip
