"""One dialogue turn: a message in, events and replies out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.forms import ActionRejected, Event, Perform, Performed, extract_slots, run_form, slot_event
from bot.conversation.policies import predict
from bot.conversation.responses import choose
from bot.conversation.script import ACTION_LISTEN, Script
from bot.conversation.tracker import Tracker

__all__ = ["ActionRejected", "Message", "Performed", "Reply", "Turn", "respond"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as understood, or with `external` a trigger that no customer wrote."""

    text: str
    intent: Mapping[str, Any]
    entities: list[dict[str, Any]] = field(default_factory=list)
    intent_ranking: list[dict[str, Any]] = field(default_factory=list)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    input_channel: str = "webchat"
    external: bool = False


@dataclass
class Reply:
    """Something to say, not yet in the customer's language: the text with its placeholders, their values, buttons.

    A value {"text": ...} is a part of the text with placeholders of its own.
    """

    response: str | None = None
    text: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    buttons: list[Mapping[str, Any]] = field(default_factory=list)
    custom: Any = None
    subject: str | None = None


@dataclass
class Turn:
    """All new events in order, and what is to be said."""

    events: list[Event] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


async def respond(
    script: Script, tracker: Tracker, message: Message | None, perform: Perform, *, now: float,
    max_predictions: int = 10,
) -> Turn:  # fmt: skip
    """Play one turn on the tracker; `perform` runs a custom action, `now` is the time in seconds since 1970."""
    return await _Turn(script, tracker, perform, now, message.input_channel if message else "webchat").play(
        message, max_predictions
    )


class _Turn:
    def __init__(self, script: Script, tracker: Tracker, perform: Perform, now: float, channel: str) -> None:
        self.script, self.tracker, self.perform, self.now, self.channel = script, tracker, perform, now, channel
        self.turn = Turn()

    def apply(self, event: Event) -> None:
        event.setdefault("timestamp", self.now)
        self.tracker.apply(event)
        self.turn.events.append(event)

    async def play(self, message: Message | None, max_predictions: int) -> Turn:
        self._session(message)
        if message is not None:
            if self.tracker.paused and message.intent.get("name") != "restart":
                self._hear(message)
                return self.turn
            self._hear(message)
            for event in await extract_slots(self.script, self.tracker, self.perform, self.now):
                self.apply(event)
        for _ in range(max_predictions):
            prediction = predict(self.script, self.tracker)
            if prediction.interrupted:
                self.apply({"event": "loop_interrupted", "is_interrupted": True})
            await self._run(prediction.action, prediction.policy, prediction.confidence, prediction.hide)
            if prediction.action == ACTION_LISTEN:
                return self.turn
        log.error("no action_listen after %s predictions in %s", max_predictions, self.tracker.sender_id)
        self._executed(ACTION_LISTEN, "limit", 0.0, False)
        return self.turn

    def _session(self, message: Message | None) -> None:
        """Begin a session when there is none or the last one has been silent for too long."""
        last = next((e for e in reversed(self.tracker.events) if e.get("event") == "user"), None)
        started = any(e.get("event") == "session_started" for e in self.tracker.events)
        minutes = self.script.session_minutes
        since = float((last or {}).get("timestamp") or self.now)
        expired = minutes > 0 and last is not None and self.now - since > minutes * 60
        if (started and not expired) or (message is not None and message.intent.get("name") == "session_start"):
            return
        self._begin_session()
        self._executed(ACTION_LISTEN, "session", 1.0, False)

    def _begin_session(self) -> None:
        carried = dict(self.tracker.slots) if self.script.carry_over_slots else {}
        self._executed("action_session_start", "session", 1.0, False)
        self.apply({"event": "session_started"})
        for name, value in carried.items():
            if name in self.script.slots and value is not None and value != self.tracker.slots.get(name):
                self.apply(slot_event(name, value, self.now))

    def _hear(self, message: Message) -> None:
        self.apply({
            "event": "user", "text": message.text, "input_channel": message.input_channel,
            "parse_data": {
                "intent": dict(message.intent), "entities": message.entities, "text": message.text,
                "intent_ranking": message.intent_ranking,
            },
            "metadata": {**message.metadata, **({"is_external": True} if message.external else {})},
        })  # fmt: skip

    def _executed(self, name: str, policy: str, confidence: float, hide: bool) -> None:
        self.apply({"event": "action", "name": name, "policy": policy, "confidence": confidence,
                    "hide_rule_turn": hide})  # fmt: skip

    async def _run(self, name: str, policy: str, confidence: float, hide: bool) -> None:
        try:
            done = await self._perform(name)
        except ActionRejected:
            self.apply({"event": "action_execution_rejected", "name": name, "policy": policy,
                        "confidence": confidence})  # fmt: skip
            return
        self._executed(name, policy, confidence, hide)
        for event in done.events:
            self.apply(dict(event))
        for raw in done.responses:
            self._say(raw)

    async def _perform(self, name: str) -> Performed:
        form = self.script.forms.get(name)
        if form is not None:
            # The form works on a copy, so that its events are applied once and after its own execution.
            copy = Tracker.from_events(self.tracker.sender_id, self.script, [dict(e) for e in self.tracker.events])
            return await run_form(self.script, copy, form, self.perform, self.now)
        if name in self.script.actions and name not in self.script.responses:
            return await self.perform(name, self.tracker)
        if name in self.script.responses:
            return Performed([], [{"response": name}])
        return self._default(name)

    def _default(self, name: str) -> Performed:
        if name == "action_restart":
            said = [{"response": "utter_restart"}] if "utter_restart" in self.script.responses else []
            return Performed([{"event": "restart"}], list(said))
        if name == "action_session_start":
            self._begin_session()
            return Performed()
        if name == "action_default_fallback":
            said = [{"response": "utter_default"}] if "utter_default" in self.script.responses else []
            return Performed([{"event": "rewind"}], list(said))
        if name == "action_back":
            return Performed([{"event": "rewind"}, {"event": "rewind"}])
        if name == "action_deactivate_loop":
            return Performed([slot_event("requested_slot", None, self.now), {"event": "active_loop", "name": None}])
        return Performed()

    def _say(self, raw: Mapping[str, Any]) -> None:
        """Turn one of rasa-sdk's responses into a reply, and put it on the dialogue's record."""
        name = raw.get("response") or raw.get("template")
        shipped = {"text", "image", "attachment", "custom", "buttons", "elements", "response", "template", "variant"}
        values = {key: self._part(value) for key, value in raw.items() if key not in shipped}
        if name:
            seed = raw["variant"] if isinstance(raw.get("variant"), int) else str(len(self.tracker.events))
            wording = choose(self.script, str(name), self.tracker.slots, self.channel, seed)
            if wording is None:
                log.error("no wording of %s fits the conversation %s", name, self.tracker.sender_id)
                return
            reply = Reply(
                str(name), wording.text, values, [*wording.buttons, *(raw.get("buttons") or ())], wording.custom,
                wording.subject,
            )  # fmt: skip
        else:
            reply = Reply(None, raw.get("text"), values, list(raw.get("buttons") or ()), raw.get("custom"))
        if reply.text is None and not reply.buttons:
            return
        self.turn.replies.append(reply)
        self.apply({"event": "bot", "text": reply.text, "metadata": {"utter_action": name} if name else {}})

    def _part(self, value: Any) -> Any:
        """A value that names a response stands for its wording."""
        if not isinstance(value, Mapping) or set(value) != {"response"}:
            return value
        wording = choose(self.script, str(value["response"]), self.tracker.slots, self.channel)
        return {"text": (wording.text if wording else "") or ""}
