"""What the door proposes to write as each person of the demo is understood and answered as it says."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import build
from bot.chatting import Chat
from bot.demo import people, rows
from bot.ports import SetClock
from bot.settings import load
from bot.understanding.reader import Reader
from bot.web.site import DemoPerson
from tests.conversations.test_transcripts import reader as reader

SHOWN = {
    "C-1001": "utter_plan_offer", "C-1002": "utter_confirm_promise", "C-1003": "utter_invoice",
    "C-1004": "utter_invoice_copy", "C-1005": "utter_hardship", "C-1006": "utter_handover", "C-1007": "utter_payment_search",
    "C-1008": "utter_dispute_opened", "C-1009": "utter_confirm_promise", "C-1010": "utter_balance", "C-1011": "utter_identity",
    "C-1012": "utter_balance",
}  # fmt: skip


@pytest.mark.parametrize("person", people(), ids=lambda person: person.ref)
def test_what_the_door_proposes_shows_what_it_says(person: DemoPerson, tmp_path: Path, reader: Reader) -> None:
    assert SHOWN[person.ref] in asyncio.run(answer(person, tmp_path, reader))


async def answer(person: DemoPerson, folder: Path, reader: Reader) -> list[str]:
    """The names of the responses to what is proposed, once the person has proved who they are."""
    clock = SetClock(datetime(2026, 11, 24, 11, tzinfo=UTC))
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3", "RELANCE_SECRET": "test"})
    app = await build(settings, clock, reader=reader)
    try:
        await app.store.import_rows(rows(clock.now().date()), False)
        customer_id = await app.store.customer_id(person.ref)
        dossier = await app.store.dossier(customer_id or "")
        assert customer_id is not None and dossier is not None
        work = app.turns.case_for(dossier, "webchat")
        work.identify("test")
        await app.store.commit(work.changes(dossier.conversation.version))
        answer = await Chat(app, customer_id, "webchat", work.address).turn({"text": person.say})
        return [str(reply["response"]) for reply in answer["replies"]]
    finally:
        await app.close()
