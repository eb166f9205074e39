"""The state of a dialogue, changed only by applying recorded events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Script

State = dict[str, dict[str, Any]]
NOT_SET = "should_not_be_set"
Event = dict[str, Any]


class Present:
    """What a sequence of events amounts to: slots, message, action, loop, what is to follow."""

    __slots__ = ("action", "features", "followup", "loop", "message", "paused", "script", "slots", "touched")

    def __init__(self, script: Script) -> None:
        self.script = script
        self.reset()

    def reset(self) -> None:
        """Go back to where every conversation begins."""
        self.reset_slots()
        self.message: dict[str, Any] = {}
        self.action: str | None = None
        self.loop: dict[str, Any] = {}
        self.paused = False
        self.followup: str | None = ACTION_LISTEN

    def reset_slots(self) -> None:
        """Give all slots their initial values."""
        self.slots: dict[str, Any] = {name: slot.initial for name, slot in self.script.slots.items()}
        self.slots["requested_slot"] = None
        self.touched: set[str] = set()
        self.features: dict[str, Any] | None = None

    def copy(self) -> "Present":
        """An independent copy."""
        other = object.__new__(Present)
        other.script, other.message, other.action = self.script, self.message, self.action
        other.slots, other.loop, other.touched = dict(self.slots), dict(self.loop), set(self.touched)
        other.paused, other.followup, other.features = self.paused, self.followup, self.features
        return other

    @property
    def loop_name(self) -> str | None:
        """The form that is being filled."""
        name = self.loop.get("name")
        return None if name == NOT_SET else name

    def take(self, event: Event) -> None:
        """Let one event have its effect; those that take others back are the tracker's business."""
        effect = _EFFECTS.get(str(event.get("event")))
        if effect is not None:
            effect(self, event)

    def state(self, only_touched: bool = False) -> State:
        """What policies see: user, previous action, slots, loop; absent what is not set."""
        state: State = {}
        user = self._user_state()
        if user:
            state["user"] = user
        features = self._slot_features()
        if only_touched:
            features = {name: value for name, value in features.items() if name in self.touched}
        if features:
            state["slots"] = features
        if self.action:
            state["prev_action"] = {"action_name": self.action}
        if self.loop:
            state["active_loop"] = {"name": self.loop["name"]}
        return state

    def _user_state(self) -> dict[str, Any]:
        intent = (self.message.get("intent") or {}).get("name")
        user: dict[str, Any] = {"intent": intent} if intent else {}
        entities = self.message.get("entities")
        if entities:
            labels = {label for entity in entities for label in _labels(entity)}
            used = self.script.intents.get(str(intent)) if intent else None
            kept = labels if used is None else labels & used
            if kept:
                user["entities"] = tuple(sorted(kept))
        return user

    def _slot_features(self) -> dict[str, Any]:
        if self.features is None:
            found: dict[str, Any] = {}
            for name, slot in self.script.slots.items():
                value = self.slots.get(name)
                if value is None or not slot.influence:
                    continue
                feature = NOT_SET if value == NOT_SET else slot.feature(value)
                if feature:
                    found[name] = feature
            self.features = found
        return self.features

    def _heard(self, event: Event) -> None:
        parsed = event.get("parse_data") or {}
        self.message = {
            "text": event.get("text"),
            "intent": parsed.get("intent") or {},
            "entities": parsed.get("entities") or [],
            "intent_ranking": parsed.get("intent_ranking") or [],
            "message_id": event.get("message_id"),
            "metadata": event.get("metadata") or {},
        }
        self.followup = None

    def _acted(self, event: Event) -> None:
        self.action = event["name"]
        self.followup = None
        if self.loop:
            self.loop["is_interrupted"] = False
            if event["name"] == self.loop.get("name"):
                self.loop["rejected"] = False

    def _set(self, event: Event) -> None:
        name, value = event["name"], event.get("value")
        if name not in self.slots:
            return
        slot = self.script.slots.get(name)
        if slot is not None and slot.type == "list" and value and not isinstance(value, list):
            value = [value]
        self.slots[name] = value
        self.touched.add(name)
        self.features = None

    def _looped(self, event: Event) -> None:
        name = event.get("name")
        self.loop = (
            {"name": name, "is_interrupted": False, "rejected": False, "trigger_message": self.message} if name else {}
        )

    def _interrupted(self, event: Event) -> None:
        if self.loop:
            self.loop["is_interrupted"] = bool(event.get("is_interrupted", True))

    def _rejected(self, event: Event) -> None:
        if self.loop and event.get("name") == self.loop.get("name"):
            self.loop["rejected"] = True

    def _restarted(self, event: Event) -> None:
        self.reset()
        self.followup = "action_session_start"

    def _slots_reset(self, event: Event) -> None:
        self.reset_slots()

    def _session(self, event: Event) -> None:
        self.reset()

    def _followed(self, event: Event) -> None:
        self.followup = event.get("name")

    def _paused(self, event: Event) -> None:
        self.paused = event.get("event") == "pause"


_EFFECTS = {
    "user": Present._heard, "action": Present._acted, "slot": Present._set, "active_loop": Present._looped,
    "loop_interrupted": Present._interrupted, "action_execution_rejected": Present._rejected,
    "session_started": Present._session, "restart": Present._restarted, "reset_slots": Present._slots_reset,
    "followup": Present._followed, "pause": Present._paused, "resume": Present._paused,
}  # fmt: skip


def _labels(entity: Mapping[str, Any]) -> list[str]:
    """An entity's name, and its name with role and with group, as states know it."""
    name = str(entity.get("entity"))
    return [name, *(f"{name}#{entity[key]}" for key in ("role", "group") if entity.get(key) is not None)]


@dataclass(slots=True)
class Moment:
    """The state before an action, and whether that action is hidden from stories.

    `open_ended`: a follow-up was set or a form had just run, so that the turn is hidden as its beginning was.
    """

    state: State
    touched: State | None
    hidden: bool
    open_ended: bool
    previous: str | None


class Tracker:
    """One conversation's dialogue: slots, loop, latest message and the states that policies look at."""

    def __init__(self, sender_id: str, script: Script, training: bool = False) -> None:
        self.sender_id = sender_id
        self.script = script
        self.training = training
        self.events: list[Event] = []
        # The events still in effect: what was taken back stays on record in `events` and is gone here.
        self.applied: list[Event] = []
        self.present = Present(script)
        self.latest_rejected: str | None = None
        # Where the session begins that was running when the turn began.
        self._session = 0
        self._loops: set[str] = set()
        self._moments: list[Moment] = []
        # Replays the applied events alone: a form's happy path leaves no trace in it. None: to be replayed anew.
        self._past: Present | None = Present(script)

    @classmethod
    def from_events(cls, sender_id: str, script: Script, events: Iterable[Mapping[str, Any]]) -> "Tracker":
        """The tracker that these events lead to."""
        tracker = cls(sender_id, script)
        for event in events:
            tracker.apply(dict(event))
        return tracker

    def copy(self) -> "Tracker":
        """An independent copy."""
        other = object.__new__(Tracker)
        other.sender_id, other.script, other.training = self.sender_id, self.script, self.training
        other.events, other.applied, other.present = list(self.events), list(self.applied), self.present.copy()
        other.latest_rejected, other._loops, other._session = self.latest_rejected, set(self._loops), self._session
        other._moments, other._past = list(self._moments), self._past.copy() if self._past else None
        return other

    @property
    def slots(self) -> dict[str, Any]:
        """The values of all slots."""
        return self.present.slots

    @property
    def latest_message(self) -> dict[str, Any]:
        """What the customer said last."""
        return self.present.message

    @property
    def latest_action(self) -> str | None:
        """The name of the action executed last."""
        return self.present.action

    @property
    def active_loop(self) -> dict[str, Any]:
        """The form that is being filled and how it stands, or nothing."""
        return self.present.loop

    @property
    def followup_action(self) -> str | None:
        """What is to be done next whatever policies say."""
        return self.present.followup

    @property
    def paused(self) -> bool:
        """Whether a person has taken over."""
        return self.present.paused

    @property
    def loop(self) -> str | None:
        """The name of the form that is being filled."""
        return self.present.loop_name

    @property
    def intent(self) -> str | None:
        """The latest message's intent."""
        return (self.latest_message.get("intent") or {}).get("name")

    def apply(self, event: Event) -> None:
        """Apply one event in rasa-sdk's JSON shape; unknown ones are kept and change nothing."""
        self.events.append(event)
        kind = event.get("event")
        if kind == "action":
            self.latest_rejected = None
        elif kind == "action_execution_rejected":
            self.latest_rejected = event.get("name")
        elif kind == "active_loop" and event.get("name"):
            self._loops.add(event["name"])
        self._keep(event)
        if kind in ("rewind", "undo"):
            self.present.reset()
            for old in self.applied:
                self.present.take(old)
        else:
            self.present.take(event)

    def _keep(self, event: Event) -> None:
        """Bring the events in effect up to date."""
        kind = event.get("event")
        if kind in ("restart", "session_started"):
            self.applied, self._moments, self._past = [], [], Present(self.script)
        elif kind == "undo":
            self._drop_till("action")
        elif kind == "rewind":
            # A customer's message follows upon listening, which is taken back with it.
            self._drop_till("user")
            self._drop_till("action")
        elif kind == "action" and event["name"] in self._loops and not self._begins_or_strays(event["name"]):
            self._fold(event["name"])
        else:
            self.applied.append(event)
            if self._past is not None:
                self._advance(self._past, event)

    def _drop_till(self, kind: str) -> None:
        self._past = None
        while self.applied and self.applied.pop().get("event") != kind:
            pass

    def _begins_or_strays(self, form: str) -> bool:
        """Whether a form runs for the first time, or comes back from another path."""
        following: str | None = None
        for event in reversed(self.applied):
            kind = event.get("event")
            if kind == "active_loop" and event.get("name") is None:
                return True
            if kind == "action_execution_rejected" and event.get("name") == form:
                return True
            if kind == "user" and following not in (None, form):
                return True
            if kind == "action":
                if event["name"] == form:
                    return False
                following = event["name"]
        return True

    def _fold(self, form: str) -> None:
        """Forget the messages and actions since the form ran last: it goes on as if nothing lay between."""
        self._past = None
        index = len(self.applied)
        while index:
            index -= 1
            event = self.applied[index]
            if event.get("event") == "action" and event["name"] == form:
                return
            if event.get("event") in ("action", "user"):
                del self.applied[index]

    def _advance(self, past: Present, event: Event) -> None:
        if event.get("event") == "action":
            self._moments.append(self._moment(past, bool(event.get("hide_rule_turn"))))
        past.take(event)

    def _moment(self, past: Present, hidden: bool) -> Moment:
        open_ended = bool(past.followup) or past.action == past.loop_name
        touched = past.state(only_touched=True) if self.training else None
        return Moment(past.state(), touched, hidden, open_ended, past.action)

    def moments(self) -> list[Moment]:
        """The states before every action in effect, and the present one at the end."""
        if self._past is None:
            self._moments, self._past = [], Present(self.script)
            for event in self.applied:
                self._advance(self._past, event)
        return [*self._moments, self._moment(self._past, False)]

    @property
    def states(self) -> list[State]:
        """The states that policies look at, the present one at the end."""
        return [moment.state for moment in self.moments()]

    def begin_turn(self) -> None:
        """From here on actions see the events of the last session only: of more than that Rasa does not tell them."""
        starts = (i for i, e in enumerate(reversed(self.events), 1) if e.get("name") == "action_session_start")
        self._session = len(self.events) - next(starts, len(self.events))

    def current_state(self) -> dict[str, Any]:
        """The dictionary that rasa_sdk.Tracker is made of."""
        return {
            "sender_id": self.sender_id,
            "slots": self.slots,
            "latest_message": self.latest_message,
            "events": self.events[self._session :],
            "paused": self.paused,
            "followup_action": self.followup_action,
            "active_loop": self.active_loop,
            "latest_action_name": self.latest_action,
        }
