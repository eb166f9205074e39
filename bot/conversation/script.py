"""Dialogue scripts: the frozen types of a Rasa 3.x script, with the place of every item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ACTION_LISTEN = "action_listen"
DEFAULT_ACTIONS = frozenset({
    ACTION_LISTEN, "action_restart", "action_session_start", "action_default_fallback", "action_deactivate_loop",
    "action_back", "action_extract_slots", "action_revert_fallback_events", "action_unlikely_intent",
    "action_send_text", "action_two_stage_fallback", "action_default_ask_affirmation", "action_default_ask_rephrase",
})  # fmt: skip
DEFAULT_INTENTS = frozenset({"restart", "back", "session_start", "nlu_fallback", "out_of_scope"})
SLOT_TYPES = frozenset({"text", "bool", "float", "list", "categorical", "any"})
MAPPING_TYPES = frozenset({"from_entity", "from_intent", "from_trigger_intent", "from_text", "custom"})
KEYS = frozenset({"version", "intents", "entities", "slots", "responses", "actions", "forms", "session_config",
                  "rules", "stories", "nlu", "e2e_actions"})  # fmt: skip


OTHER = "__other__"


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


def _truth(value: Any) -> bool | None:
    """A value as yes or no; None when it is neither."""
    if isinstance(value, str):
        word = value.strip().lower()
        return float(word) == 1.0 if word.isnumeric() else {"true": True, "false": False}.get(word)
    return value == 1 if isinstance(value, bool | int | float) else None


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
    # The whole mapping as written, by which two slots share one; and the action that fills a custom slot.
    text: str = ""
    action: str | None = None


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
        found = self._numbers(value)
        return found if any(found) else None

    def _numbers(self, value: Any) -> tuple[float, ...]:
        if self.type == "text":
            return (1.0,)
        if self.type == "list":
            return (1.0 if value else 0.0,)
        if self.type == "bool":
            meant = _truth(value)
            return () if meant is None else (1.0, float(meant))
        if self.type == "float":
            try:
                bounded = max(self.minimum, min(self.maximum, float(value)))
            except (TypeError, ValueError):
                return ()
            return (1.0, (bounded - self.minimum) / ((self.maximum - self.minimum) or 1.0))
        wanted = str(value).lower()
        options = [option.lower() for option in self.values]
        # Rasa adds a last value that stands for all the others.
        options += [] if OTHER in options else [OTHER]
        place = options.index(wanted if wanted in options else OTHER)
        return tuple(1.0 if index == place else 0.0 for index in range(len(options)))


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
    """One line of a rule or story: kind is intent, action, loop, slot, checkpoint or or.

    A checkpoint's `value` holds the slots on which it depends.
    """

    kind: str
    name: str | None = None
    value: Any = None
    entities: tuple[Mapping[str, Any], ...] = ()
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


class _Any:
    """A slot that is set, to whatever."""


ANY_VALUE: Any = _Any()


def any_value(value: Any) -> bool:
    """Whether a step only asks that the slot is set."""
    return value is ANY_VALUE
