"""What cannot wait for the colleague who holds the conversation."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import bot.app
from bot.app import App, build
from bot.chatting import Chat
from bot.conversation.handoff import Desk
from bot.importing import check
from bot.ports import Agent, SetClock
from bot.settings import load
from bot.understanding.reader import Reader

ROW = {
    "customer": {"ref": "C-1", "name": "Claire", "language": "fr", "identity": {"birth_date": "1984-03-09"},
                 "contacts": [{"channel": "sms", "address": "+33612345678", "consent": True}]},
    "invoice": {"number": "F-1", "currency": "EUR", "amount_minor": 10000, "issued_on": "2026-09-01",
                "due_on": "2026-10-01"},
}  # fmt: skip
MARIE = Agent("a1", "marie@example.org", "Marie", "agent", "")


async def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[App, Chat, Desk]:
    # Every message here is a button or a rule's: no model is needed to read it.
    monkeypatch.setattr(bot.app, "load_reader", lambda settings, progress: Reader(None))  # type: ignore[arg-type]
    clock = SetClock(datetime(2026, 11, 24, 11, tzinfo=UTC))
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(settings, clock)
    await app.store.import_rows([check(1, ROW)], False)
    mine = await app.store.customer_id("C-1")
    assert mine is not None
    return app, Chat(app, mine, "webchat", None), Desk(app.store, app.turns)


def names(answer: dict[str, Any]) -> list[str]:
    return [reply["response"] for reply in answer["replies"] if reply["response"] != "utter_disclosure"]


async def test_danger_is_given_a_helpline_while_a_colleague_holds_the_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, chat, desk = await opened(tmp_path, monkeypatch)
    try:
        await desk.take(chat.customer_id, MARIE)
        answer = await chat.turn({"text": "j'ai envie d'en finir avec la vie"})
        assert names(answer) == ["utter_danger"] and "3114" in answer["replies"][0]["text"]
        dossier = await app.store.dossier(chat.customer_id)
        assert dossier is not None and dossier.conversation.status == "with_agent"
        assert dossier.exchanges[-2].state in ("sent", "delivered") or dossier.exchanges[-1].state == "sent"
        request = dossier.handoff()
        assert request is not None and request.urgent
        assert names(await chat.turn({"payload": "/ask_amount_due"})) == []
    finally:
        await app.close()


async def test_an_errand_stands_in_the_queue_and_is_done_without_taking_the_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, chat, desk = await opened(tmp_path, monkeypatch)
    try:
        assert names(await chat.turn({"payload": "/ask_privacy"})) == ["utter_privacy"]
        await chat.turn({"payload": "/ask_privacy"})
        rows = await app.store.queue()
        assert [(row.reason, row.status) for row in rows] == [("ask_privacy", "to_do")]
        assert names(await chat.turn({"payload": "/request_human"})) == ["utter_handover"]
        assert {row.reason for row in await app.store.queue()} == {"ask_privacy", "request_human"}
        dossier = await app.store.dossier(chat.customer_id)
        assert dossier is not None
        await desk.finish(chat.customer_id, MARIE, dossier.errands()[0].id, "copy sent")
        assert [row.reason for row in await app.store.queue()] == ["request_human"]
        dossier = await app.store.dossier(chat.customer_id)
        assert dossier is not None and dossier.conversation.status == "awaiting_agent"
    finally:
        await app.close()
