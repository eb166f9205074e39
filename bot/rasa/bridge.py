"""The bridge to a Rasa server: messages go there, its actions and texts come back here; the record stays ours.

Rasa keeps nothing that matters. Before every turn its tracker is set to the events of our record, and what the turn
adds is taken over, so that a server may be restarted, or be another one, between any two messages.
"""

import contextlib
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.conversation.dialogue import ActionRejected, Message, Reply, Turn, word
from bot.conversation.forms import Perform
from bot.conversation.script import ACTION_LISTEN, Script
from bot.conversation.tracker import Event, Tracker
from bot.i18n import Catalogues

log = logging.getLogger(__name__)

# Rasa's channels send a text in parts wherever a line is empty: a character that nobody sees keeps it whole.
_EMPTY_LINE, _KEPT_LINE = "\n\n", "\n\u200b\n"

# Names that Rasa adds to events and that mean nothing to the record.
_INNER = frozenset({"user_featurization", "entities"})


class RasaUnavailable(Exception):
    """The Rasa server does not answer, or not in time."""


@dataclass
class _Pending:
    """A turn that is being played by Rasa."""

    token: str
    script: Script
    perform: Perform
    channel: str
    language: str
    said: list[tuple[str, Reply]] = field(default_factory=list)
    fault: BaseException | None = None


class Bridge:
    """Plays turns on a Rasa server and serves its action and response endpoints."""

    def __init__(
        self, url: str, listen: str, catalogues: Catalogues, *, timeout: float = 8.0, understands: bool = False
    ) -> None:
        self._url, self._listen, self._timeout = url.rstrip("/"), listen, timeout
        self._catalogues = catalogues
        # Whether Rasa reads free text itself; else it gets our reading with the message.
        self._understands = understands
        self._pending: dict[str, _Pending] = {}
        self._runner: web.AppRunner | None = None
        self._client: ClientSession | None = None

    async def start(self) -> None:
        """Listen for Rasa's questions; raises OSError when the address is taken."""
        app = web.Application(client_max_size=16 * 2**20)
        app.router.add_post("/webhook", self._act)
        app.router.add_post("/nlg", self._word)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        host, _, port = self._listen.rpartition(":")
        await web.TCPSite(self._runner, host or "127.0.0.1", int(port)).start()
        self._client = ClientSession(timeout=ClientTimeout(total=self._timeout))

    async def close(self) -> None:
        """Stop listening."""
        if self._client is not None:
            await self._client.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def respond(
        self, script: Script, tracker: Tracker, message: Message | None, perform: Perform, *, now: float
    ) -> Turn:
        """Play one turn; raises RasaUnavailable, or what an action raised. The tracker is brought up to date."""
        if message is None:
            return Turn()
        sender, token = tracker.sender_id, secrets.token_hex(8)
        waiting = _Pending(token, script, perform, message.input_channel, str(message.metadata.get("language", "en")))
        self._pending[sender] = waiting
        began = time.time()
        shift = now - began
        opening = _opening(tracker, now)
        try:
            await self._call("PUT", f"/conversations/{sender}/tracker/events", _session(tracker.events, shift, began))
            body = {"sender": sender, "message": _plain(message.text), "metadata": self._metadata(message, token)}
            answer = await self._call("POST", "/webhooks/rest/webhook", body)
            if waiting.fault is not None:
                raise waiting.fault
            state = await self._call("GET", f"/conversations/{sender}/tracker?include_events=ALL", None)
        finally:
            self._pending.pop(sender, None)
        turn = Turn(opening, _replies(answer, waiting.said))
        for event in state["events"]:
            if event["event"] not in _INNER and float(event.get("timestamp") or 0) >= began:
                kept = _kept(event, shift)
                if kept["event"] == "user":
                    kept["text"] = message.text
                tracker.apply(kept)
                turn.events.append(kept)
        return turn

    def _metadata(self, message: Message, token: str) -> dict[str, Any]:
        reading: dict[str, Any] = {"entities": message.entities}
        if not self._understands or message.external or message.intent.get("confidence") == 1.0:
            reading["intent"] = dict(message.intent)
            reading["intent_ranking"] = [dict(guess) for guess in message.intent_ranking]
        outside = {"is_external": True} if message.external else {}
        return {**message.metadata, **outside, "turn": token, "reading": reading}

    async def _call(self, method: str, path: str, body: Any) -> Any:
        if self._client is None:
            raise RasaUnavailable("the bridge is not open")
        try:
            async with self._client.request(method, self._url + path, json=body) as response:
                if response.status >= 400:
                    raise RasaUnavailable(f"{method} {path}: {response.status} {(await response.text())[:200]}")
                return await response.json()
        except (TimeoutError, ClientError, OSError) as error:
            raise RasaUnavailable(f"{method} {path}: {error or type(error).__name__}") from error

    # What Rasa asks of us while it plays a turn.

    def _turn_of(self, body: Mapping[str, Any]) -> _Pending | None:
        """The turn that a question belongs to; None when it has been given up meanwhile."""
        tracker = body.get("tracker") or {}
        waiting = self._pending.get(str(body.get("sender_id") or tracker.get("sender_id")))
        heard = next((e for e in reversed(tracker.get("events") or ()) if e.get("event") == "user"), None)
        if waiting is None or heard is None:
            return waiting
        return waiting if (heard.get("metadata") or {}).get("turn") == waiting.token else None

    async def _act(self, request: web.Request) -> web.Response:
        """Rasa's action protocol: run one action of ours."""
        body = await request.json()
        waiting, name = self._turn_of(body), str(body.get("next_action"))
        if waiting is None:
            return web.json_response({"error": "this turn is over", "action_name": name}, status=410)
        state = body.get("tracker") or {}
        tracker = Tracker.from_events(str(state.get("sender_id")), waiting.script, state.get("events") or ())
        try:
            done = await waiting.perform(name, tracker)
        except ActionRejected as rejected:
            return web.json_response({"error": str(rejected), "action_name": name}, status=400)
        except Exception as error:
            # Rasa would go on as if nothing had happened: the turn is given up here, and a person takes over.
            waiting.fault = error
            return web.json_response({"error": "the action failed", "action_name": name}, status=500)
        return web.json_response({"events": done.events, "responses": done.responses})

    async def _word(self, request: web.Request) -> web.Response:
        """Rasa's response protocol: the wording for this channel, stage and language."""
        body = await request.json()
        waiting = self._turn_of(body)
        name, values = str(body.get("response")), dict(body.get("arguments") or {})
        if waiting is None:
            return web.json_response({"text": ""})
        state = body.get("tracker") or {}
        slots = state.get("slots") or {}
        reply = word(waiting.script, name, slots, waiting.channel, values, str(len(state.get("events") or ())))
        if reply is None:
            log.error("no wording of %s fits", name)
            return web.json_response({"text": ""})
        text = reply.text or ""
        with contextlib.suppress(KeyError, ValueError):
            text = self._catalogues.render(text, {**slots, **reply.values}, waiting.language)
        text = text.strip().replace(_EMPTY_LINE, _KEPT_LINE)
        waiting.said.append((text, reply))
        return web.json_response({"text": text, "buttons": [], "metadata": {"utter_action": name}})


def _opening(tracker: Tracker, now: float) -> list[Event]:
    """The beginning of the first session: Rasa takes the slots that we set before it for a session that runs."""
    if any(event.get("event") == "action" for event in tracker.applied):
        return []
    slots = [event for event in tracker.applied if event.get("event") == "slot"]
    made: list[Event] = [
        {"event": "action", "name": "action_session_start", "policy": "session", "confidence": 1.0, "timestamp": now},
        {"event": "session_started", "timestamp": now},
        *({**event, "timestamp": now} for event in slots),
        {"event": "action", "name": ACTION_LISTEN, "policy": "session", "confidence": 1.0, "timestamp": now},
    ]
    for event in made:
        tracker.apply(event)
    return made


def _plain(text: str) -> str:
    """A customer's text as Rasa may see it: a slash at its beginning would command what only we may command."""
    return f"\u200b{text}" if text.lstrip().startswith("/") else text


def _session(events: list[Event], shift: float, began: float) -> list[Event]:
    """The events of the running session, their times as Rasa's clock would have them, all before the turn."""
    # Shifted and rounded, an event of this very instant could else pass for one that the turn added.
    latest = began - 0.001
    starts = [i for i, e in enumerate(events) if e.get("event") == "action" and e.get("name") == "action_session_start"]
    return [
        {**event, "timestamp": min(float(event.get("timestamp") or 0) - shift, latest)}
        for event in events[starts[-1] if starts else 0 :]
    ]


def _kept(event: Mapping[str, Any], shift: float) -> Event:
    """An event of Rasa's for our record: at our time, without the names of its model."""
    kept = {key: value for key, value in event.items() if key not in ("metadata", "timestamp", "parse_data")}
    metadata = {
        k: v for k, v in (event.get("metadata") or {}).items() if k not in ("model_id", "assistant_id", "reading")
    }
    if kept["event"] == "bot" and kept.get("text"):
        kept["text"] = kept["text"].replace(_KEPT_LINE, _EMPTY_LINE)
    parsed = event.get("parse_data")
    if parsed is not None:
        kept["parse_data"] = {key: parsed.get(key) for key in ("intent", "entities", "text", "intent_ranking")}
    return {**kept, "metadata": metadata, "timestamp": float(event.get("timestamp") or 0) + shift}


def _replies(answer: Any, said: list[tuple[str, Reply]]) -> list[Reply]:
    """What Rasa sent, each text again as the response that it was worded from."""
    replies: list[Reply] = []
    worded = list(said)
    for item in answer or ():
        text = str(item.get("text") or "")
        if worded and worded[0][0].strip() == text.strip():
            reply = worded.pop(0)[1]
            reply.buttons += [button for button in item.get("buttons") or () if button not in reply.buttons]
            replies.append(reply)
        elif text or item.get("buttons") or item.get("custom"):
            replies.append(Reply(None, text or None, {}, list(item.get("buttons") or ()), item.get("custom")))
    return replies
