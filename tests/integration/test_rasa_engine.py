"""`engine: rasa`: turns are played by a Rasa server; when it is dead or slow nothing is lost and a person is called."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession, web

from bot.app import App, build
from bot.chatting import Chat
from bot.domain.readings import Reading
from bot.i18n import LANGUAGES
from bot.importing import check
from bot.ports import SetClock
from bot.rasa.project import write_project
from bot.settings import load
from bot.show import show

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CUSTOMER = {"ref": "C-1", "name": "Claire Martin", "language": "fr", "time_zone": "Europe/Paris", "jurisdiction": "FR",
            "identity": {"birth_date": "1984-03-09"}, "contacts": [{"channel": "sms", "address": "+33612345678"}]}  # fmt: skip
INVOICE = {"number": "F-1", "currency": "EUR", "amount_minor": 12990, "issued_on": "2026-09-25", "due_on": "2026-10-25"}


class Reader:
    """Hears the same in every message."""

    def read(self, text: str, **_: Any) -> Reading:
        return Reading(text=text, intent="thank", confidence=0.9, language="fr")


class StandIn:
    """Speaks Rasa's protocols: it runs one action, says one response, and keeps the events that it was given."""

    def __init__(self, ours: int, action: str) -> None:
        self.ours, self.action = ours, action
        self.events: list[dict[str, Any]] = []
        self.said: dict[str, Any] = {}
        self.heard: dict[str, Any] = {}

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_put("/conversations/{id}/tracker/events", self.put)
        app.router.add_post("/webhooks/rest/webhook", self.message)
        app.router.add_get("/conversations/{id}/tracker", self.tracker)
        return app

    async def put(self, request: web.Request) -> web.Response:
        self.events = await request.json()
        return web.json_response({})

    async def message(self, request: web.Request) -> web.Response:
        self.heard = body = await request.json()
        now = datetime.now(UTC).timestamp() + 1
        user = {"event": "user", "text": body["message"], "timestamp": now, "metadata": body["metadata"],
                "parse_data": {"intent": {"name": "thank"}, "entities": []}}  # fmt: skip
        self.events.append(user)
        tracker = {"sender_id": body["sender"], "events": self.events, "slots": {}}
        async with ClientSession(f"http://127.0.0.1:{self.ours}") as us:
            acted = await us.post("/webhook", json={"next_action": self.action, "sender_id": body["sender"],
                                                    "tracker": tracker})  # fmt: skip
            if acted.status >= 400:
                return web.json_response([])
            asked = {"response": "utter_thank", "arguments": {}, "tracker": tracker, "channel": {"name": "rest"}}
            self.said = await (await us.post("/nlg", json=asked)).json()
        self.events += [
            {"event": "action", "name": "utter_thank", "timestamp": now},
            {"event": "bot", "text": self.said["text"], "timestamp": now, "metadata": {}},
            {"event": "action", "name": "action_listen", "timestamp": now},
        ]
        # As Rasa's channels do: every paragraph leaves as a message of its own.
        parts = self.said["text"].split("\n\n")
        return web.json_response([{"recipient_id": body["sender"], "text": part} for part in parts])

    async def tracker(self, request: web.Request) -> web.Response:
        return web.json_response({"events": self.events})


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def serving(app: web.Application, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
async def opened(tmp_path: Path, monkeypatch: Any) -> AsyncIterator[Callable[..., Any]]:
    monkeypatch.setattr("bot.app.load_reader", lambda settings, progress: Reader())
    apps: list[App] = []

    async def open_app(url: str, ours: int) -> tuple[App, Chat]:
        settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
        rasa = {"url": url, "listen": f"127.0.0.1:{ours}", "timeout_seconds": 0.5}
        app = await build(replace(settings, raw={**settings.raw, "engine": "rasa", "rasa": rasa}), SetClock(NOW))
        apps.append(app)
        await app.store.import_rows([check(1, {"customer": CUSTOMER, "invoice": INVOICE})], False)
        customer = await app.store.customer_id("C-1")
        assert customer is not None
        return app, Chat(app, customer, "webchat", None)

    yield open_app
    for app in apps:
        await app.close()


async def test_a_turn_is_played_by_the_server_and_kept_by_us(opened: Any) -> None:
    port, ours = free_port(), free_port()
    rasa = StandIn(ours, "action_tell_status")
    async with serving(rasa.app(), port):
        app, chat = await opened(f"http://127.0.0.1:{port}", ours)
        answer = await chat.turn({"text": "merci"})
        assert [reply["response"] for reply in answer["replies"]] == ["utter_disclosure", "utter_thank"]
        assert rasa.said["text"] == app.catalogues.translate(app.script.responses["utter_thank"][0].text or "", "fr")
        dossier = await app.store.dossier(await app.store.customer_id("C-1"))
        kinds = [event["event"] for event in dossier.events]
        assert kinds.count("session_started") == 1 and "user" in kinds and kinds[-1] == "action"
        # A second turn is told all that came before, whatever the server remembers.
        rasa.events = []
        await chat.turn({"text": "encore merci"})
        assert [event.get("text") for event in rasa.events if event["event"] == "user"] == ["merci", "encore merci"]


async def test_a_slash_does_not_command_the_server(opened: Any) -> None:
    port, ours = free_port(), free_port()
    rasa = StandIn(ours, "action_tell_status")
    async with serving(rasa.app(), port):
        _, chat = await opened(f"http://127.0.0.1:{port}", ours)
        await chat.turn({"text": "/contact_reminder"})
        assert not rasa.heard["message"].strip().startswith("/")


async def test_a_text_of_two_paragraphs_stays_one_reply(opened: Any) -> None:
    port, ours = free_port(), free_port()
    rasa = StandIn(ours, "action_tell_status")
    async with serving(rasa.app(), port):
        app, chat = await opened(f"http://127.0.0.1:{port}", ours)
        wording = app.script.responses["utter_thank"][0]
        app.script.responses["utter_thank"] = (replace(wording, text="Un.\n\nDeux."),)
        answer = await chat.turn({"text": "merci"})
        assert [(r["response"], r["text"]) for r in answer["replies"]][1:] == [("utter_thank", "Un.\n\nDeux.")]
        dossier = await app.store.dossier(await app.store.customer_id("C-1"))
        assert [e["text"] for e in dossier.events if e["event"] == "bot"] == ["Un.\n\nDeux."]


async def test_what_a_doubtful_message_may_mean_reaches_the_server(opened: Any) -> None:
    port, ours = free_port(), free_port()
    rasa = StandIn(ours, "action_tell_status")
    async with serving(rasa.app(), port):
        app, chat = await opened(f"http://127.0.0.1:{port}", ours)
        app.turns.reader.read = lambda text, **_: Reading(
            text=text, intent="pay_now", confidence=0.1, language="fr", second="promise_to_pay"
        )
        await chat.turn({"text": "vendredi payer"})
        reading = rasa.heard["metadata"]["reading"]
        assert reading["intent"]["name"] == "nlu_fallback"
        assert [guess["name"] for guess in reading["intent_ranking"]] == ["pay_now", "promise_to_pay"]


async def unanswered(app: App, chat: Chat) -> None:
    """The customer is told, a person is called, and the message is on record."""
    answer = await chat.turn({"text": "merci"})
    assert answer["replies"][-1]["response"] == "utter_technical_fault"
    assert answer["status"] == "awaiting_agent"
    document = show(await app.store.dossier(await app.store.customer_id("C-1")), app.campaigns.strategies, NOW)
    assert "merci" in [row["text"] for row in document["exchanges"]]
    assert [handoff["reason"] for handoff in document["handoffs"]] == ["technical_fault"]


async def test_a_dead_server_leads_to_a_person(opened: Any) -> None:
    await unanswered(*await opened(f"http://127.0.0.1:{free_port()}", free_port()))


async def test_a_slow_server_leads_to_a_person(opened: Any) -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    port, app = free_port(), web.Application()
    app.router.add_route("*", "/{path:.*}", never)
    async with serving(app, port):
        await unanswered(*await opened(f"http://127.0.0.1:{port}", free_port()))


async def test_a_failing_action_leads_to_a_person(opened: Any, monkeypatch: Any) -> None:
    port, ours = free_port(), free_port()
    async with serving(StandIn(ours, "action_nobody_wrote").app(), port):
        await unanswered(*await opened(f"http://127.0.0.1:{port}", ours))


def test_the_project_holds_scripts_reader_and_addresses(tmp_path: Path) -> None:
    folder = write_project(load(), tmp_path)
    examples = {f"nlu_{language}.yml" for language in LANGUAGES}
    assert {path.name for path in (folder / "data").iterdir()} == {"rules.yml", "stories.yml", *examples}
    config = yaml.safe_load((folder / "config.yml").read_text("utf-8"))
    assert set(config) <= {"recipe", "language", "assistant_id", "pipeline", "policies"}
    assert config["pipeline"][-1]["name"] == "relance_reader.RelanceReader" and (folder / "relance_reader.py").is_file()
    told = yaml.safe_load((folder / "endpoints.yml").read_text("utf-8"))
    assert told["action_endpoint"]["url"].endswith(":5055/webhook") and told["nlg"]["url"].endswith(":5055/nlg")
