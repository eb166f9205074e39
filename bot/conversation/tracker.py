"""The state of a dialogue, changed only by applying recorded events."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.conversation.script import ACTION_LISTEN, Script

State = dict[str, Any]
NOT_SET = "should_not_be_set"


class Tracker:
    """One conversation's dialogue: slots, loop, latest message and the states that policies look at."""

    def __init__(self, sender_id: str, script: Script) -> None:
        self.sender_id = sender_id
        self.script = script
        self.events: list[dict[str, Any]] = []
        # The events still in effect: what was taken back stays on record in `events` and is gone here.
        self.applied: list[dict[str, Any]] = []
        self._clear()
        self.states: list[State] = [{}]
        self.hidden: list[bool] = []

    @classmethod
    def from_events(cls, sender_id: str, script: Script, events: Iterable[Mapping[str, Any]]) -> "Tracker":
        """The tracker that these events lead to."""
        tracker = cls(sender_id, script)
        for event in events:
            tracker.apply(dict(event))
        return tracker

    def _clear(self) -> None:
        self.slots: dict[str, Any] = {name: slot.initial for name, slot in self.script.slots.items()}
        self.slots["requested_slot"] = None
        self.latest_message: dict[str, Any] = {}
        self.latest_action: str | None = None
        self.active_loop: dict[str, Any] = {}
        self.paused = False
        self.followup_action: str | None = ACTION_LISTEN
        self.latest_rejected: str | None = None
        self._features: dict[str, tuple[float, ...]] | None = None

    @property
    def loop(self) -> str | None:
        """The name of the form that is being filled."""
        return self.active_loop.get("name")

    @property
    def intent(self) -> str | None:
        """The latest message's intent."""
        return (self.latest_message.get("intent") or {}).get("name")

    def apply(self, event: dict[str, Any]) -> None:
        """Apply one event in rasa-sdk's JSON shape; unknown ones are kept and change nothing."""
        self.events.append(event)
        self.applied.append(event)
        self.latest_rejected = None
        kind = event.get("event")
        handler = _HANDLERS.get(str(kind))
        if handler is not None:
            handler(self, event)

    def state(self) -> State:
        """What policies see of the present: user, previous action, slots, loop; absent what is not set."""
        state: State = {}
        if self.latest_message:
            user: dict[str, Any] = {}
            if self.intent:
                user["intent"] = self.intent
                entities = self._used_entities()
                if entities:
                    user["entities"] = entities
            if user:
                state["user"] = user
        if self.latest_action:
            state["prev_action"] = self.latest_action
        features = self._slot_features()
        if features:
            state["slots"] = features
        if self.loop:
            state["active_loop"] = self.loop
        return state

    def _used_entities(self) -> tuple[str, ...]:
        used = self.script.intents.get(self.intent or "")
        names = {str(entity.get("entity")) for entity in self.latest_message.get("entities") or ()}
        names &= self.script.entities
        return tuple(sorted(names if used is None else names & used))

    def _slot_features(self) -> dict[str, tuple[float, ...]]:
        if self._features is None:
            found = {}
            for name, slot in self.script.slots.items():
                if slot.influence and self.slots.get(name) is not None:
                    feature = slot.feature(self.slots[name])
                    if feature is not None:
                        found[name] = feature
            self._features = found
        return self._features

    def current_state(self) -> dict[str, Any]:
        """The dictionary that rasa_sdk.Tracker is made of."""
        return {
            "sender_id": self.sender_id,
            "slots": self.slots,
            "latest_message": self.latest_message,
            "events": self.events,
            "paused": self.paused,
            "followup_action": self.followup_action,
            "active_loop": self.active_loop,
            "latest_action_name": self.latest_action,
        }

    # What each event does.

    def _user(self, event: dict[str, Any]) -> None:
        self.latest_message = {
            "text": event.get("text"),
            "intent": (event.get("parse_data") or {}).get("intent") or {},
            "entities": (event.get("parse_data") or {}).get("entities") or [],
            "intent_ranking": (event.get("parse_data") or {}).get("intent_ranking") or [],
            "message_id": event.get("message_id"),
            "metadata": event.get("metadata") or {},
        }
        self.followup_action = None

    def _action(self, event: dict[str, Any]) -> None:
        self.states[-1] = self.state()
        self.hidden.append(bool(event.get("hide_rule_turn")))
        if self.active_loop and event["name"] == self.loop:
            self.active_loop["rejected"] = False
            self.active_loop.pop("interrupted", None)
        self.latest_action = event["name"]
        if self.followup_action == event["name"]:
            self.followup_action = None
        self.states.append({})

    def _slot(self, event: dict[str, Any]) -> None:
        self.slots[event["name"]] = event.get("value")
        self._features = None

    def _loop(self, event: dict[str, Any]) -> None:
        name = event.get("name")
        trigger = dict(self.latest_message)
        self.active_loop = {"name": name, "rejected": False, "trigger_message": trigger} if name else {}

    def _interrupted(self, event: dict[str, Any]) -> None:
        if self.active_loop:
            self.active_loop["interrupted"] = bool(event.get("is_interrupted", True))

    def _rejected(self, event: dict[str, Any]) -> None:
        self.latest_rejected = event.get("name")
        if event.get("name") == self.loop:
            self.active_loop["rejected"] = True

    def _session(self, event: dict[str, Any]) -> None:
        # A session begins the history anew, as Rasa's applied events do.
        self._clear()
        self.states, self.hidden, self.applied = [{}], [], [event]

    def _restarted(self, event: dict[str, Any]) -> None:
        self._clear()
        self.states, self.hidden = [{}], []

    def _reset_slots(self, event: dict[str, Any]) -> None:
        self.slots = {name: slot.initial for name, slot in self.script.slots.items()} | {"requested_slot": None}
        self._features = None

    def _rewound(self, event: dict[str, Any]) -> None:
        """Take the latest customer message back, with all that followed it."""
        self._take_back("user")

    def _undone(self, event: dict[str, Any]) -> None:
        """Take the latest action back, with all that followed it."""
        self._take_back("action")

    def _take_back(self, kind: str) -> None:
        before = self.applied[:-1]
        last = max((i for i, old in enumerate(before) if old.get("event") == kind), default=len(before))
        recorded = self.events
        fresh = Tracker.from_events(self.sender_id, self.script, before[:last])
        self.__dict__.update(fresh.__dict__)
        self.events = recorded
        # What was taken back is not answered again: the next thing to do is to listen.
        self.followup_action = ACTION_LISTEN

    def _followup(self, event: dict[str, Any]) -> None:
        self.followup_action = event.get("name")

    def _paused(self, event: dict[str, Any]) -> None:
        self.paused = event.get("event") == "pause"


_HANDLERS = {
    "user": Tracker._user, "action": Tracker._action, "slot": Tracker._slot, "active_loop": Tracker._loop,
    "loop_interrupted": Tracker._interrupted, "action_execution_rejected": Tracker._rejected,
    "session_started": Tracker._session, "restart": Tracker._restarted, "reset_slots": Tracker._reset_slots,
    "rewind": Tracker._rewound, "undo": Tracker._undone, "followup": Tracker._followup,
    "pause": Tracker._paused, "resume": Tracker._paused,
}  # fmt: skip
