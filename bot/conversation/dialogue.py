"""One dialogue turn: a message in, events and replies out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation.forms import SAY, ActionRejected, Perform, Performed, extract_slots, run_form, slot_event
from bot.conversation.policies import Prediction, predict
from bot.conversation.responses import choose
from bot.conversation.script import ACTION_LISTEN, Script
from bot.conversation.tables import tables
from bot.conversation.tracker import Event, Tracker

__all__ = ["ActionRejected", "Message", "Performed", "Reply", "Turn", "respond"]

log = logging.getLogger(__name__)

_SHIPPED = frozenset({"text", "image", "attachment", "custom", "buttons", "elements", "response", "template"})
_SAID_BY = {"action_restart": "utter_restart", "action_default_fallback": "utter_default", "action_back": "utter_back"}


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
        self.interrupted = False

    def apply(self, event: Event) -> None:
        event.setdefault("timestamp", self.now)
        self.tracker.apply(event)
        self.turn.events.append(event)

    async def play(self, message: Message | None, max_predictions: int) -> Turn:
        """Session, message, slots, then actions until it is the customer's turn again."""
        self.tracker.begin_turn()
        await self._session()
        if message is not None:
            self._hear(message)
            self._take(await extract_slots(self.script, self.tracker, self.perform, self.now))
        for _ in range(max_predictions):
            if self.tracker.paused and self.tracker.intent != "restart":
                return self.turn
            prediction = predict(self.script, tables(self.script), self.tracker)
            await self._run(prediction)
            if prediction.action in (ACTION_LISTEN, "action_session_start"):
                return self.turn
        # Unlike Rasa, which then hears the customer's next words as if it had not listened.
        log.error("no action_listen after %s predictions in %s", max_predictions, self.tracker.sender_id)
        self._executed(Prediction(ACTION_LISTEN, 0.0, "limit"))
        return self.turn

    async def _session(self) -> None:
        """Begin a session when there is none or the last one has been silent for too long."""
        applied = self.tracker.applied
        last = next((e for e in reversed(applied) if e.get("event") == "user"), None)
        minutes = self.script.session_minutes
        since = float((last or {}).get("timestamp") or self.now)
        expired = minutes > 0 and last is not None and self.now - since > minutes * 60
        # Slots that the surroundings set before the first words are no session yet.
        if expired or not any(e.get("event") not in ("slot", "restart") for e in applied):
            await self._run(Prediction("action_session_start", 1.0, "session"))

    def _begin_session(self) -> Performed:
        """A new session, with what was known in the last one where the domain says so."""
        events: list[Event] = [{"event": "session_started"}]
        if self.script.carry_over_slots:
            kept = {e["name"] for e in self.tracker.applied if e.get("event") == "slot"}
            values = self.tracker.slots
            events += [slot_event(name, values[name], self.now) for name in values if name in kept]
        return Performed([*events, {"event": "action", "name": ACTION_LISTEN, "policy": "session", "confidence": 1.0}])

    def _hear(self, message: Message) -> None:
        self.apply({
            "event": "user", "text": message.text, "input_channel": message.input_channel,
            "parse_data": {
                "intent": dict(message.intent), "entities": message.entities, "text": message.text,
                "intent_ranking": message.intent_ranking,
            },
            "metadata": {**message.metadata, **({"is_external": True} if message.external else {})},
        })  # fmt: skip

    def _executed(self, prediction: Prediction) -> None:
        self.apply({"event": "action", "name": prediction.action, "policy": prediction.policy,
                    "confidence": prediction.confidence, "hide_rule_turn": prediction.hide})  # fmt: skip

    def _take(self, done: Performed) -> None:
        for event in done.in_order():
            if event.get("event") == SAY:
                self._say(event["said"])
                continue
            if event.get("event") == "bot":
                # What an action says by an event of its own is said like any other of its words.
                buttons = (event.get("data") or {}).get("buttons")
                self.turn.replies.append(Reply(None, event.get("text"), {}, list(buttons or ())))
            self.apply(dict(event))

    async def _run(self, prediction: Prediction) -> None:
        self.interrupted = prediction.interrupted
        try:
            done = await self._perform(prediction.action)
        except ActionRejected:
            self.apply({"event": "action_execution_rejected", "name": prediction.action, "policy": prediction.policy,
                        "confidence": prediction.confidence})  # fmt: skip
            return
        if not any(event.get("event") == "action_execution_rejected" for event in done.events):
            if prediction.interrupted:
                self.apply({"event": "loop_interrupted", "is_interrupted": True})
            self._executed(prediction)
        self._take(done)

    async def _perform(self, name: str) -> Performed:
        form = self.script.forms.get(name)
        if form is not None:
            seen = self.tracker
            if self.interrupted:
                seen = self.tracker.copy()
                seen.apply({"event": "loop_interrupted", "is_interrupted": True})
            return await run_form(self.script, seen, form, self.perform, self.now)
        if name in self.script.responses:
            return Performed([], [{"response": name}])
        if name in self.script.actions:
            return await self.perform(name, self.tracker)
        return self._default(name)

    def _default(self, name: str) -> Performed:
        said = [{"response": _SAID_BY[name]}] if _SAID_BY.get(name) in self.script.responses else []
        if name == "action_restart":
            return Performed([{"event": "restart"}], list(said))
        if name == "action_session_start":
            return self._begin_session()
        if name == "action_default_fallback":
            return Performed([{"event": "rewind"}], list(said))
        if name == "action_back":
            return Performed([{"event": "rewind"}, {"event": "rewind"}], list(said))
        if name == "action_deactivate_loop":
            return Performed([{"event": "active_loop", "name": None}, slot_event("requested_slot", None, self.now)])
        return Performed()

    def _say(self, raw: Mapping[str, Any]) -> None:
        """Turn one of rasa-sdk's responses into a reply, and put it on the dialogue's record."""
        name = raw.get("response") or raw.get("template")
        values = {key: value for key, value in raw.items() if key not in _SHIPPED}
        if name:
            slots, seed = self.tracker.slots, str(len(self.tracker.events))
            made = word(self.script, str(name), slots, self.channel, values, seed)
            if made is None:
                log.error("no wording of %s fits the conversation %s", name, self.tracker.sender_id)
                return
            reply = replace(made, buttons=[*made.buttons, *(raw.get("buttons") or ())])
        else:
            reply = Reply(None, raw.get("text"), values, list(raw.get("buttons") or ()), raw.get("custom"))
        if reply.text is None and not reply.buttons:
            return
        self.turn.replies.append(reply)
        self.apply({"event": "bot", "text": reply.text, "metadata": {"utter_action": name} if name else {}})


def word(
    script: Script, name: str, slots: Mapping[str, Any], channel: str, values: Mapping[str, Any], seed: str
) -> Reply | None:
    """The response as it is said at this moment; a value that names a response stands for its wording.

    A number under `variant` among the values takes the wordings in turn. None when no wording fits.
    """
    variant = values.get("variant")
    wording = choose(script, name, slots, channel, variant if isinstance(variant, int) else seed)
    if wording is None:
        return None
    parts = {key: _part(script, value, slots, channel) for key, value in values.items() if key != "variant"}
    return Reply(name, wording.text, parts, list(wording.buttons), wording.custom, wording.subject)


def _part(script: Script, value: Any, slots: Mapping[str, Any], channel: str) -> Any:
    if not isinstance(value, Mapping) or set(value) != {"response"}:
        return value
    wording = choose(script, str(value["response"]), slots, channel)
    return {"text": (wording.text if wording else "") or ""}
