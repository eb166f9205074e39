"""Whatever somebody says who is cared for, nothing that comes back presses for payment."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot.app
from bot.app import App, build
from bot.chatting import Chat
from bot.domain.care import CARES, TAKES, TELLS, Care
from bot.importing import check
from bot.ports import SetClock
from bot.settings import load
from bot.understanding.reader import Reader

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
# Said by nobody, or of an action that the customer did.
NOT_SAID = ("contact_", "nlu_fallback")


@pytest.fixture
async def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    # Every message here is a button: no model is needed to read it.
    monkeypatch.setattr(bot.app, "load_reader", lambda settings, progress: Reader(None))  # type: ignore[arg-type]
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    made = await build(settings, SetClock(NOON))
    yield made
    await made.close()


async def held(app: App, ref: str, kind: str) -> Chat:
    """A proved customer with something overdue, whom a hold protects."""
    row = {
        "customer": {"ref": ref, "name": "Claire", "language": "en", "identity": {"birth_date": "1984-03-09"}},
        "invoice": {"number": f"F-{ref}", "currency": "EUR", "amount_minor": 12345, "issued_on": "2026-09-01",
                    "due_on": "2026-10-01"},
    }  # fmt: skip
    await app.store.import_rows([check(1, row)], False)
    mine = await app.store.customer_id(ref)
    assert mine is not None
    dossier = await app.store.dossier(mine)
    assert dossier is not None
    work = app.turns.case_for(dossier, "webchat")
    work.identify("test")
    work.hold(kind, "reported by the customer")
    await app.store.commit(work.changes(dossier.conversation.version))
    return Chat(app, mine, "webchat", work.address)


@pytest.mark.parametrize("care", CARES, ids=lambda care: care.hold)
async def test_nothing_that_is_said_presses_for_payment(app: App, care: Care) -> None:
    for intent in sorted(app.turns.script.intents):
        if intent.startswith(NOT_SAID):
            continue
        chat = await held(app, intent, care.hold)
        # Twice, because the second answer to the same words often is another one.
        replies = [r for _ in range(2) for r in (await chat.turn({"payload": f"/{intent}"}))["replies"]]
        said = "\n".join(f"{reply['text']} {reply.get('buttons') or ''}" for reply in replies)
        place = f"{intent}: {said}"
        assert not any(str(reply["response"]).startswith("utter_consequences") for reply in replies), place
        for button in [button for reply in replies for button in reply.get("buttons") or ()]:
            assert care.offers(button.get("payload", "")), place
        dossier = await app.store.dossier(chat.customer_id)
        assert dossier is not None
        if TELLS not in care.allows:
            assert "123.45" not in said and f"F-{intent}" not in said, place
        if TAKES not in care.allows:
            assert not [link for link in dossier.links if intent != "request_invoice_copy"], place
            assert "/pay/" not in said or "/invoices.pdf" in said, place
            assert "payment page" not in said and "secure page" not in said, place


async def test_who_is_short_of_money_and_wants_to_pay_may(app: App) -> None:
    chat = await held(app, "C-1", "vulnerability_signal")
    answer = await chat.turn({"payload": "/pay_now"})
    names = [reply["response"] for reply in answer["replies"]]
    assert names[-2:] == ["utter_care_if_you_wish", "utter_payment_link"]
    again = await chat.turn({"payload": "/pay_now"})
    assert [reply["response"] for reply in again["replies"]] == ["utter_payment_link"], "it is said once in a while"


async def test_an_offer_made_before_is_not_put_again(app: App) -> None:
    chat = await held(app, "C-1", "dispute")
    await chat.turn({"payload": '/request_installments{"count": 3}'})
    dossier = await app.store.dossier(chat.customer_id)
    assert dossier is not None
    work = app.turns.case_for(dossier, "webchat")
    work.hold("bankruptcy", "told by the court")
    await app.store.commit(work.changes(dossier.conversation.version))
    for payload in ("/affirm", "/ask_identity", "/deny"):
        answer = await chat.turn({"payload": payload})
        assert "utter_plan_stands" not in [reply["response"] for reply in answer["replies"]], payload
    dossier = await app.store.dossier(chat.customer_id)
    assert dossier is not None and not [plan for plan in dossier.plans if plan.accepted_at]
