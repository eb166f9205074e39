"""Conversations as people have them: every transcript beside this file is played on the whole program.

A step is one of: `say` (or `payload`) with what must come of it, `tick` (the clock moves and what is due happens),
`pay` (a payment notice for the newest link), `approve` (an agent takes over and grants a plan: count, first_on, part). Expectations: intent, replies (response names, in order), contains,
lacks, status, plus `show` (paths into the dossier's JSON).
"""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import App, build, load_reader
from bot.chatting import Chat
from bot.conversation.handoff import Desk
from bot.domain.messages import OUT
from bot.importing import check
from bot.ports import Agent, SetClock, new_id
from bot.settings import Settings, load
from bot.show import show
from bot.understanding.reader import Reader

HERE = Path(__file__).parent
TRANSCRIPTS = [
    (path.stem, talk) for path in sorted(HERE.glob("*.yml")) for talk in yaml.safe_load(path.read_text("utf-8"))
]
CUSTOMER = {
    "ref": "C-1", "name": "Claire Martin", "language": "fr", "time_zone": "Europe/Paris", "jurisdiction": "FR",
    "identity": {"birth_date": "1984-03-09", "postal_code": "69003"},
    "contacts": [{"channel": "sms", "address": "+33612345678", "consent": True},
                 {"channel": "email", "address": "claire@example.org", "consent": True}],
}  # fmt: skip
INVOICE = {"number": "F-2026-0042", "currency": "EUR", "amount_minor": 12990, "issued_on": "2026-09-25",
           "due_on": "2026-10-25", "description": "Fibre", "lines": [{"text": "Fibre 1 Gb/s", "amount_minor": 12990}]}  # fmt: skip


@pytest.fixture(scope="session")
def reader(model_cache: Path) -> Reader:
    database = f"sqlite:///{model_cache.parent}/book.sqlite3"
    return load_reader(load(environ={"RELANCE_DATABASE": database, "RELANCE_SECRET": "s"}))


@pytest.mark.parametrize(("language", "talk"), TRANSCRIPTS, ids=[f"{lang}: {t['name']}" for lang, t in TRANSCRIPTS])
def test_transcript(language: str, talk: dict[str, Any], tmp_path: Path, reader: Reader) -> None:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "test"})
    asyncio.run(play(settings, language, talk, reader))


async def play(settings: Settings, language: str, talk: dict[str, Any], reader: Reader) -> None:
    clock = SetClock(instant(talk.get("at", "2026-11-24T10:00:00+01:00")))
    app = await build(settings, clock, reader=reader)
    try:
        customer = {**CUSTOMER, "language": language[:2], **talk.get("customer", {})}
        invoices = talk.get("invoices", [{}])
        rows = [check(n, {"customer": customer, "invoice": {**INVOICE, **i}}) for n, i in enumerate(invoices)]
        assert all(outcome in ("created", "updated") for outcome in await app.store.import_rows(rows, False))
        channel = talk.get("channel", "webchat")
        chat = await chat_for(app, channel, talk.get("identified", False))
        for number, step in enumerate(talk["steps"], 1):
            if "at" in step:
                clock.at = instant(step["at"])
            await play_step(app, chat, step, f"{talk['name']}, step {number}")
    finally:
        await app.close()


async def chat_for(app: App, channel: str, identified: bool) -> Chat:
    customer_id = await app.store.customer_id("C-1")
    assert customer_id is not None
    dossier = await app.store.dossier(customer_id)
    assert dossier is not None
    work = app.turns.case_for(dossier, channel)
    if identified:
        work.identify("test")
        await app.store.commit(work.changes(dossier.conversation.version))
    return Chat(app, customer_id, channel, work.address)


async def play_step(app: App, chat: Chat, step: dict[str, Any], place: str) -> None:
    told: list[dict[str, Any]] = []
    if "say" in step or "payload" in step:
        answer = await chat.turn({"text": step["say"]} if "say" in step else {"payload": step["payload"]})
        told = answer["replies"]
        if "intent" in step:
            assert answer["intent"] == step["intent"], f"{place}: read as {answer['intent']}"
        if "status" in step:
            assert answer["status"] == step["status"], place
    elif "tick" in step:
        assert isinstance(app.clock, SetClock)
        app.clock.at = instant(step["tick"])
        told = await sent_by(app, chat, app.worker.tick)
    elif "pay" in step:
        told = await pay(app, chat, step)
    elif "approve" in step:
        told = await approve(app, chat, step["approve"])
    names = [reply["response"] for reply in told]
    if "replies" in step:
        wanted = step["replies"]
        assert [n for n in names if n != "utter_disclosure" or n in wanted] == wanted, f"{place}: {names}"
    text = "\n".join(reply["text"] for reply in told)
    for part in listed(step.get("contains")):
        assert part in text.replace("\u00a0", " ").replace("\u202f", " "), f"{place}: {part!r} is not in {text!r}"
    for part in listed(step.get("lacks")):
        assert part not in text, f"{place}: {part!r} is in {text!r}"
    if "show" in step:
        dossier = await app.store.dossier(chat.customer_id)
        assert dossier is not None
        seen = show(dossier, app.campaigns.strategies, app.clock.now(), app.campaigns.governor)
        for path, value in step["show"].items():
            assert at_path(seen, path) == value, f"{place}: {path} is {at_path(seen, path)!r}"


async def sent_by(app: App, chat: Chat, act: Callable[[], Any]) -> list[dict[str, Any]]:
    before = {row.id for row in await app.store.log(chat.customer_id)}
    await act()
    rows = await app.store.log(chat.customer_id)
    return [
        {"text": row.text, "response": row.response}
        for row in rows
        if row.id not in before and row.direction == OUT and row.state in ("sent", "delivered")
    ]


async def pay(app: App, chat: Chat, step: dict[str, Any]) -> list[dict[str, Any]]:
    dossier = await app.store.dossier(chat.customer_id)
    assert dossier is not None and dossier.links, "there is a link to pay with"
    link = dossier.links[-1]
    sum_ = link.amount_minor if step["pay"] is True else step["pay"]
    notice = app.provider.notice(link, sum_, step.get("card", "accepted") == "accepted", new_id(), app.clock.now())
    assert await app.store.add_notice(notice)
    assert not await app.store.add_notice(notice), "a repeated notice is dropped"
    return await sent_by(app, chat, app.worker.pass_once)


async def approve(app: App, chat: Chat, terms: dict[str, Any]) -> list[dict[str, Any]]:
    desk, agent = Desk(app.store, app.turns), Agent("a1", "agent@example.org", "Agent", "agent", "")
    await desk.take(chat.customer_id, agent)

    async def decide() -> None:
        first_on = date.fromisoformat(terms["first_on"])
        for row in await desk.approve(chat.customer_id, agent, terms["count"], first_on, terms.get("part")):
            await app.delivery.deliver(row)

    return await sent_by(app, chat, decide)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]


def at_path(document: Any, path: str) -> Any:
    for part in path.split("."):
        if part == "#":
            document = len(document)
        else:
            document = document[int(part)] if isinstance(document, list) else document[part]
    return json.loads(json.dumps(document, default=str))


def test_there_are_enough_transcripts_in_every_language() -> None:
    languages = {language[:2] for language, _ in TRANSCRIPTS}
    assert languages == {"fr", "en", "es", "de"} and len(TRANSCRIPTS) >= 60
