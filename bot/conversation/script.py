"""Dialogue scripts: Rasa 3.x YAML read into frozen types, with the place of every item."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ACTION_LISTEN = "action_listen"
DEFAULT_ACTIONS = frozenset({
    ACTION_LISTEN, "action_restart", "action_session_start", "action_default_fallback", "action_deactivate_loop",
    "action_back", "action_extract_slots", "action_revert_fallback_events",
})  # fmt: skip
DEFAULT_INTENTS = frozenset({"restart", "back", "session_start", "nlu_fallback", "out_of_scope"})
SLOT_TYPES = frozenset({"text", "bool", "float", "list", "categorical", "any"})
MAPPING_TYPES = frozenset({"from_entity", "from_intent", "from_trigger_intent", "from_text", "custom"})
KEYS = frozenset({"version", "intents", "entities", "slots", "responses", "actions", "forms", "session_config",
                  "rules", "stories", "nlu", "e2e_actions"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a script: where, which rule found it, what it is and how to mend it."""

    severity: str
    file: str
    line: int
    rule: str
    message: str
    remedy: str


class ScriptErrors(Exception):
    """The script cannot be run; `findings` name every place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.file}:{f.line}: {f.message}" for f in findings))
        self.findings = list(findings)


@dataclass(frozen=True, slots=True)
class Place:
    """A file and a line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Mapping_:
    """One way to fill a slot from a message."""

    type: str
    entity: str | None = None
    role: str | None = None
    group: str | None = None
    value: Any = None
    intents: frozenset[str] = frozenset()
    not_intents: frozenset[str] = frozenset()
    conditions: tuple[tuple[str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that the dialogue remembers."""

    name: str
    type: str
    mappings: tuple[Mapping_, ...]
    influence: bool
    values: tuple[str, ...] = ()
    initial: Any = None
    minimum: float = 0.0
    maximum: float = 1.0
    place: Place = field(default=Place("", 0), compare=False)

    def feature(self, value: Any) -> tuple[float, ...] | None:
        """How a value appears in the dialogue's state; None when it does not."""
        if not self.influence or value is None or self.type == "any":
            return None
        if self.type == "text":
            return (1.0,)
        if self.type == "list":
            return (1.0,) if value else None
        if self.type == "bool":
            return (1.0, 1.0 if value else 0.0)
        if self.type == "float":
            span = self.maximum - self.minimum or 1.0
            bounded = max(self.minimum, min(self.maximum, float(value)))
            return (1.0, (bounded - self.minimum) / span)
        wanted = str(value).lower()
        found = tuple(1.0 if option.lower() == wanted else 0.0 for option in self.values)
        return found if any(found) else None


@dataclass(frozen=True, slots=True)
class Variation:
    """One wording of a response; `subject` heads it where the channel shows one."""

    text: str | None
    buttons: tuple[Mapping[str, Any], ...] = ()
    channel: str | None = None
    condition: tuple[tuple[str, Any], ...] = ()
    values: frozenset[str] = frozenset()
    custom: Any = None
    image: str | None = None
    place: Place = field(default=Place("", 0), compare=False)
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """Slots to ask for, in order."""

    name: str
    required_slots: tuple[str, ...]
    ignored_intents: frozenset[str] = frozenset()
    place: Place = field(default=Place("", 0), compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a rule or story: kind is intent, action, loop, slot, checkpoint or or."""

    kind: str
    name: str | None = None
    value: Any = None
    entities: tuple[str, ...] = ()
    options: tuple["Step", ...] = ()
    place: Place = field(default=Place("", 0), compare=False)


@dataclass(frozen=True, slots=True)
class Path_:
    """A rule or story: its conditions and steps."""

    name: str
    steps: tuple[Step, ...]
    conditions: tuple[Step, ...] = ()
    conversation_start: bool = False
    wait_for_user_input: bool = True
    place: Place = field(default=Place("", 0), compare=False)


@dataclass(frozen=True)
class Script:
    """A whole dialogue script. `version` is the first 12 hexadecimal digits of a SHA-256 over its sources."""

    intents: Mapping[str, frozenset[str] | None]
    entities: frozenset[str]
    slots: Mapping[str, Slot]
    responses: Mapping[str, tuple[Variation, ...]]
    forms: Mapping[str, Form]
    actions: tuple[str, ...]
    rules: tuple[Path_, ...]
    stories: tuple[Path_, ...]
    session_minutes: float
    carry_over_slots: bool
    policies: tuple[Mapping[str, Any], ...]
    version: str
    places: Mapping[str, Place] = field(default_factory=dict)

    def knows_action(self, name: str) -> bool:
        """Whether a rule or story may name this action."""
        return name in self.actions or name in self.responses or name in self.forms or name in DEFAULT_ACTIONS


class _Lines(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A YAML loader that remembers the line of every mapping."""


def _mapping_with_line(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    pairs = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in pairs and loader.strict:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        pairs[key] = loader.construct_object(value_node, deep=True)
        if isinstance(key, str):
            pairs.setdefault(_LINES, {})[key] = key_node.start_mark.line + 1
    return pairs


class _LineKey:
    """The key under which a mapping keeps the lines of its keys; no YAML can write it."""


_LINES: Any = _LineKey()
_Lines.strict = True
_Lines.add_constructor("tag:yaml.org,2002:map", _mapping_with_line)


def load_script(folders: Sequence[Path], config: Mapping[str, Any]) -> Script:
    """Read all scripts below the folders; raises ScriptErrors with every fault found."""
    return _Loader(config).load(folders)


class _Loader:
    """Collects the parts of a script from several files."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.errors: list[Finding] = []
        self.intents: dict[str, frozenset[str] | None] = dict.fromkeys(sorted(DEFAULT_INTENTS))
        self.entities: set[str] = set()
        self.slots: dict[str, Slot] = {}
        self.responses: dict[str, tuple[Variation, ...]] = {}
        self.forms: dict[str, Form] = {}
        self.actions: list[str] = []
        self.rules: list[Path_] = []
        self.stories: list[Path_] = []
        self.session: dict[str, Any] = {}
        self.places: dict[str, Place] = {}

    def load(self, folders: Sequence[Path]) -> Script:
        digest = hashlib.sha256()
        for path in sorted({p for folder in folders for p in folder.rglob("*.yml")} | {
            p for folder in folders for p in folder.rglob("*.yaml")}):  # fmt: skip
            source = path.read_bytes()
            # Examples do not change what the bot says, so that an example added leaves the script's version alone.
            if source.lstrip().startswith(b"version") and b"\nnlu:" in source:
                continue
            self._file(path, source, digest)
        if self.errors:
            raise ScriptErrors(self.errors)
        minutes = self.session.get("session_expiration_time", 60)
        return Script(
            intents=self.intents, entities=frozenset(self.entities), slots=self.slots, responses=self.responses,
            forms=self.forms, actions=tuple(self.actions), rules=tuple(self.rules), stories=tuple(self.stories),
            session_minutes=float(minutes), carry_over_slots=self.session.get("carry_over_slots_to_new_session", True),
            policies=tuple(self.config.get("policies") or ()), version=digest.hexdigest()[:12], places=self.places,
        )  # fmt: skip

    def _file(self, path: Path, source: bytes, digest: Any) -> None:
        name = str(path)
        try:
            document = yaml.load(source.decode("utf-8"), Loader=_Lines)
        except UnicodeDecodeError:
            self._wrong(Place(name, 1), "encoding", "the file is not UTF-8", "save it as UTF-8")
            return
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "broken YAML"
            line = mark.line + 1 if mark else 1
            self._wrong(Place(name, line), "yaml", problem, "check indentation, quotes and colons")
            return
        if not isinstance(document, dict) or not KEYS & {key for key in document if isinstance(key, str)}:
            return
        digest.update(source)
        lines = document.get(_LINES, {})
        for key, read in (("intents", self._intents), ("entities", self._entities), ("slots", self._slots),
                          ("responses", self._responses), ("forms", self._forms), ("actions", self._actions),
                          ("rules", self._rules), ("stories", self._stories)):  # fmt: skip
            if document.get(key) is not None:
                try:
                    read(document[key], Place(name, lines.get(key, 1)))
                except (TypeError, AttributeError, KeyError, ValueError) as error:
                    self._wrong(Place(name, lines.get(key, 1)), "shape", f"`{key}` has an unexpected shape ({error})",
                                "compare with the format in dialogues/README.md")  # fmt: skip
        self.session.update({k: v for k, v in (document.get("session_config") or {}).items() if k is not _LINES})

    def _wrong(self, place: Place, rule: str, message: str, remedy: str) -> None:
        self.errors.append(Finding("error", place.file, place.line, rule, message, remedy))

    def _intents(self, items: list[Any], place: Place) -> None:
        for item in items:
            if isinstance(item, str):
                self.intents[item] = None
                continue
            for name, options in _pairs(item):
                options = options or {}
                used = options.get("use_entities")
                self.intents[name] = None if used in (None, True) else frozenset(used or ())

    def _entities(self, items: list[Any], place: Place) -> None:
        for item in items:
            self.entities.update([item] if isinstance(item, str) else [name for name, _ in _pairs(item)])

    def _actions(self, items: list[Any], place: Place) -> None:
        self.actions += [item if isinstance(item, str) else next(_pairs(item))[0] for item in items]

    def _slots(self, items: dict[str, Any], place: Place) -> None:
        for name, spec in _pairs(items):
            here = Place(place.file, items[_LINES][name])
            if spec.get("type") not in SLOT_TYPES:
                self._wrong(here, "slot_type", f"slot {name}: type {spec.get('type')!r} is unknown",
                            f"use one of {', '.join(sorted(SLOT_TYPES))}")  # fmt: skip
                continue
            if "mappings" not in spec:
                self._wrong(here, "slot_mappings", f"slot {name} has no mappings", "add `mappings:` ([] for none)")
                continue
            mappings = []
            for raw in spec["mappings"] or ():
                if raw.get("type") not in MAPPING_TYPES:
                    self._wrong(here, "slot_mapping", f"slot {name}: mapping type {raw.get('type')!r} is unknown",
                                f"use one of {', '.join(sorted(MAPPING_TYPES))}")  # fmt: skip
                    continue
                mappings.append(_mapping(raw))
            self.slots[name] = Slot(
                name, spec["type"], tuple(mappings), spec.get("influence_conversation", spec["type"] != "any"),
                tuple(str(value) for value in spec.get("values") or ()), spec.get("initial_value"),
                float(spec.get("min_value", 0.0)), float(spec.get("max_value", 1.0)), here,
            )  # fmt: skip

    def _responses(self, items: dict[str, Any], place: Place) -> None:
        for name, variations in _pairs(items):
            here = Place(place.file, items[_LINES][name])
            if not name.startswith("utter_"):
                self._wrong(
                    here, "response_name", f"response {name} does not begin with utter_", f"call it utter_{name}"
                )
            if name in self.responses:
                first = self.responses[name][0].place
                self._wrong(here, "duplicate", f"response {name} also stands at {first.file}:{first.line}",
                            "keep one of them")  # fmt: skip
            made = []
            for raw in variations or ():
                extra = set(raw) - {_LINES, "text", "buttons", "channel", "condition", "metadata", "custom", "image",
                                    "id", "attachment", "elements", "quick_replies", "template"}  # fmt: skip
                if extra:
                    self._wrong(here, "response_key", f"response {name}: unknown key {sorted(extra)[0]!r}",
                                "put extras under `metadata:`")  # fmt: skip
                made.append(_variation(raw, here))
            self.responses[name] = tuple(made)
            self.places[name] = here

    def _forms(self, items: dict[str, Any], place: Place) -> None:
        for name, spec in _pairs(items):
            here = Place(place.file, items[_LINES][name])
            spec = spec or {}
            extra = set(spec) - {_LINES, "required_slots", "ignored_intents"}
            if extra:
                self._wrong(here, "form_key", f"form {name}: unknown key {sorted(extra)[0]!r}",
                            "a form has required_slots and ignored_intents")  # fmt: skip
            ignored = spec.get("ignored_intents") or ()
            ignored = [ignored] if isinstance(ignored, str) else ignored
            self.forms[name] = Form(name, tuple(spec.get("required_slots") or ()), frozenset(ignored), here)

    def _rules(self, items: list[Any], place: Place) -> None:
        for item in items:
            here = Place(place.file, item[_LINES].get("rule", place.line))
            extra = set(item) - {
                _LINES,
                "rule",
                "steps",
                "condition",
                "conversation_start",
                "wait_for_user_input",
                "metadata",
            }
            if extra or "rule" not in item:
                key = sorted(extra)[0] if extra else "rule"
                self._wrong(here, "rule_key", f"rule {item.get('rule')!r}: unknown or missing key {key!r}",
                            "a rule has rule, condition, steps, conversation_start, wait_for_user_input")  # fmt: skip
                continue
            self.rules.append(Path_(
                item["rule"], self._steps(item.get("steps"), here), self._steps(item.get("condition"), here),
                bool(item.get("conversation_start", False)), bool(item.get("wait_for_user_input", True)), here,
            ))  # fmt: skip

    def _stories(self, items: list[Any], place: Place) -> None:
        for item in items:
            here = Place(place.file, item[_LINES].get("story", place.line))
            self.stories.append(Path_(str(item.get("story")), self._steps(item.get("steps"), here), place=here))

    def _steps(self, items: Any, place: Place) -> tuple[Step, ...]:
        steps: list[Step] = []
        for item in items or ():
            line = next(iter(item.get(_LINES, {}).values()), place.line) if isinstance(item, dict) else place.line
            steps += self._step(item, Place(place.file, line))
        return tuple(steps)

    def _step(self, item: Any, place: Place) -> list[Step]:
        if isinstance(item, dict):
            if "intent" in item:
                entities = tuple(e if isinstance(e, str) else next(_pairs(e))[0] for e in item.get("entities") or ())
                return [Step("intent", str(item["intent"]).lstrip("/"), None, entities, (), place)]
            if "action" in item:
                return [Step("action", item["action"], place=place)]
            if "active_loop" in item:
                return [Step("loop", item["active_loop"], place=place)]
            if "checkpoint" in item:
                return [Step("checkpoint", item["checkpoint"], place=place)]
            if "or" in item:
                options = tuple(step for option in item["or"] for step in self._step(option, place))
                return [Step("or", options=options, place=place)]
            if "slot_was_set" in item:
                made = []
                for slot in item["slot_was_set"] or ():
                    pairs = [(slot, _ANY_VALUE)] if isinstance(slot, str) else list(_pairs(slot))
                    made += [Step("slot", name, value, place=place) for name, value in pairs]
                return made
        self._wrong(place, "unknown_step", f"unknown step {str(item)[:60]}",
                    "a step is intent, action, active_loop, slot_was_set, or, checkpoint")  # fmt: skip
        return []


class _Any:
    """A slot that is set, to whatever."""


_ANY_VALUE: Any = _Any()


def any_value(value: Any) -> bool:
    """Whether a step only asks that the slot is set."""
    return value is _ANY_VALUE


def _pairs(item: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in item.items() if key is not _LINES)


def _variation(raw: Mapping[str, Any], place: Place) -> Variation:
    buttons = tuple(dict(_pairs(button)) for button in raw.get("buttons") or ())
    condition = tuple((item["name"], item["value"]) for item in raw.get("condition") or ())
    metadata = raw.get("metadata") or {}
    values = frozenset(metadata.get("values") or ())
    return Variation(
        raw.get("text"), buttons, raw.get("channel"), condition, values, raw.get("custom"), raw.get("image"), place,
        metadata.get("subject"),
    )  # fmt: skip


def _mapping(raw: Mapping[str, Any]) -> Mapping_:
    def names(key: str) -> frozenset[str]:
        value = raw.get(key) or ()
        return frozenset([value] if isinstance(value, str) else value)

    conditions = tuple((c.get("active_loop"), c.get("requested_slot")) for c in raw.get("conditions") or ())
    return Mapping_(raw["type"], raw.get("entity"), raw.get("role"), raw.get("group"), raw.get("value"),
                    names("intent"), names("not_intent"), conditions)  # fmt: skip
