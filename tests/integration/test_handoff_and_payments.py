"""Whatever happens in whatever order: the bot is silent while a person holds the conversation, and money adds up."""

import asyncio
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App, build
from bot.chatting import Chat
from bot.conversation.handoff import Desk, NotYours
from bot.conversation.turn import Answer
from bot.domain.messages import OUT, first_broken
from bot.importing import check
from bot.ports import Agent, PaymentNotice, SetClock
from bot.settings import load
from bot.understanding.reader import Reader
from bot.worker import Worker

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
ROW = {
    "customer": {"ref": "C-1", "name": "Claire", "identity": {"birth_date": "1984-03-09", "postal_code": "69003"}},
    "invoice": {
        "number": "F-1",
        "currency": "EUR",
        "amount_minor": 10000,
        "issued_on": "2026-09-01",
        "due_on": "2026-10-01",
    },
}
# Every message here is a button: no model is needed to read it.
BUTTONS_ONLY = Reader(None)  # type: ignore[arg-type]
AGENTS = [Agent(f"a{n}", f"a{n}@example.org", f"Agent {n}", "agent", "") for n in (1, 2)]
ACTS = st.lists(
    st.sampled_from(["ask", "pay", "human", "hardship", "take1", "take2", "say1", "say2", "back1", "back2", "close1", "tick"]),
    min_size=3, max_size=14,
)  # fmt: skip
WORDS = {"ask": "/ask_amount_due", "pay": "/pay_now", "human": "/request_human", "hardship": "/report_hardship"}


async def opened(folder: str) -> tuple[App, Chat, SetClock]:
    clock = SetClock(NOW)
    found = load(environ={"RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(found, clock, reader=BUTTONS_ONLY)
    await app.store.import_rows([check(1, ROW)], False)
    mine = await app.store.customer_id("C-1")
    assert mine is not None
    dossier = await app.store.dossier(mine)
    assert dossier is not None
    work = app.turns.case_for(dossier, "webchat")
    work.identify("test")
    await app.store.commit(work.changes(dossier.conversation.version))
    return app, Chat(app, mine, "webchat", None), clock


async def play(acts: list[str], folder: str) -> None:
    app, chat, clock = await opened(folder)
    desk = Desk(app.store, app.turns)
    try:
        for act in acts:
            clock.at += timedelta(minutes=1)
            before = await app.store.dossier(chat.customer_id)
            assert before is not None
            held = before.conversation.status == "with_agent"
            awaited = before.conversation.status == "awaiting_agent"
            last = before.conversation.log_seq
            agent = AGENTS[int(act[-1]) - 1] if act[-1].isdigit() else AGENTS[0]
            try:
                if act in WORDS:
                    await chat.turn({"payload": WORDS[act]})
                elif act.startswith("take"):
                    await desk.take(chat.customer_id, agent)
                elif act.startswith("say"):
                    await app.delivery.deliver(await desk.say(chat.customer_id, agent, "Bonjour"))
                elif act.startswith("back"):
                    await desk.give_back(chat.customer_id, agent)
                elif act.startswith("close"):
                    await desk.close(chat.customer_id, agent, "done")
                else:
                    await app.worker.tick()
            except NotYours:
                pass
            rows = [row for row in await app.store.log(chat.customer_id) if row.seq > last]
            spoken = [row for row in rows if row.direction == OUT and row.author == "bot" and row.state == "sent"]
            if held and not act.startswith("back"):
                assert not spoken, f"the bot said {spoken[0].response} after {act} while a person held the conversation"
            if awaited:
                assert all(row.purpose == "reply" for row in spoken), "unasked words while a person was awaited"
        after = await app.store.dossier(chat.customer_id)
        assert after is not None
        head = after.conversation
        assert first_broken(await app.store.log(chat.customer_id), head.log_seq, head.log_hash) is None
        assert (head.status == "with_agent") == (head.agent_id is not None)
    finally:
        await app.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ACTS)
def test_the_bot_is_silent_while_a_person_holds_the_conversation(acts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(acts, folder))


async def pay_in_disorder(folder: str) -> None:
    app, chat, _ = await opened(folder)
    await chat.turn({"payload": "/pay_now"})
    dossier = await app.store.dossier(chat.customer_id)
    assert dossier is not None
    link = dossier.links[0]
    notices = [
        PaymentNotice("sandbox", f"e{n}", "payment_succeeded", link.id, "EUR", 700, NOW) for n in range(10)
    ] * 3 + [
        PaymentNotice("sandbox", "other", "payment_succeeded", link.id, "USD", 700, NOW),
        PaymentNotice("sandbox", "nobody", "payment_succeeded", "no-such-link", "EUR", 700, NOW),
        PaymentNotice("sandbox", "none", "payment_succeeded", link.id, "EUR", 0, NOW),
    ]  # fmt: skip
    random.Random(7).shuffle(notices)
    await asyncio.gather(*(app.store.add_notice(notice) for notice in notices))
    for _ in range(30):
        pending = await app.store.pending_notices()
        await asyncio.gather(*(app.payments.settle(notice) for notice in pending + pending), return_exceptions=True)
    after = await app.store.dossier(chat.customer_id)
    assert after is not None
    assert after.balance().minor == 3000 and len(after.payments) == 10
    assert sum(a.amount_minor for a in after.allocations) == 7000
    assert await app.store.pending_notices() == []
    await app.close()


def test_notices_repeated_shuffled_and_settled_at_once_are_each_booked_once() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(pay_in_disorder(folder))


def told(number: int, kind: str, minor: int, payment: int, link: str = "", **more: Any) -> PaymentNotice:
    return PaymentNotice("sandbox", f"v{number}", kind, link, more.pop("currency", "EUR"), minor,
                         NOW + timedelta(minutes=number), {"payment": f"pi{payment}", **more})  # fmt: skip


async def pay_back_in_disorder(folder: str) -> None:
    app, chat, clock = await opened(folder)
    await chat.turn({"payload": "/pay_now"})
    dossier = await app.store.dossier(chat.customer_id)
    assert dossier is not None
    link = dossier.links[0].id
    notices = [
        told(1, "payment_succeeded", 4000, 1, link), told(2, "payment_succeeded", 4000, 1, link),  # one payment, two events
        told(3, "payment_succeeded", 5000, 2, link), told(4, "payment_succeeded", 3000, 3, link),  # 2,000 too much
        told(5, "payment_refunded", 1000, 3), told(6, "payment_refunded", 9000, 3),  # more than was paid
        told(7, "payment_reversed", 5000, 2), told(8, "payment_reversed", 100, 3, currency="USD"),
        told(9, "payment_reversed", 4000, 1), told(10, "payment_reinstated", 4000, 1),
        told(11, "payment_reversed", 700, 99),  # of a payment that is not ours
    ] * 3  # fmt: skip
    random.Random(3).shuffle(notices)
    for notice in notices:
        await app.store.add_notice(notice)
        if notice.event_id in ("v5", "v7", "v9"):
            await app.payments.settle_pending()
    for _ in range(4):
        await app.payments.settle_pending()
    assert [notice.event_id for notice in await app.store.pending_notices()] == ["v11"]
    clock.at += timedelta(days=4)
    await app.payments.settle_pending()
    assert await app.store.pending_notices() == []
    after = await app.store.dossier(chat.customer_id)
    assert after is not None
    received = sum(payment.amount_minor for payment in after.payments)
    assert received == 4000 + 5000 + 3000 - 1000 - 5000 - 4000 + 4000
    assert after.open_minor[after.invoices[0].id] == 10000 - sum(a.amount_minor for a in after.allocations)
    assert sum(after.open_minor.values()) == 10000 - received
    notes = [row.content["notice"] for row in after.exchanges if row.purpose == "quarantine"]
    assert sorted(notes) == ["v6", "v8"]
    await app.close()


def test_refunds_and_returned_payments_open_what_they_settled_once_in_whatever_order() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(pay_back_in_disorder(folder))


async def take_back_by_the_bank(folder: str) -> None:
    app, chat, _ = await opened(folder)
    await chat.turn({"payload": "/pay_now"})
    before = await app.store.dossier(chat.customer_id)
    assert before is not None
    await app.store.add_notice(told(1, "payment_succeeded", 10000, 1, before.links[0].id))
    await app.store.add_notice(told(2, "payment_reversed", 10000, 1, reason="chargeback"))
    await app.worker.tick()
    after = await app.store.dossier(chat.customer_id)
    assert after is not None
    assert after.open_minor == {after.invoices[0].id: 10000}
    assert [dispute.reason for dispute in after.disputes] == ["chargeback"] and after.balance().minor == 0
    assert [handoff.reason for handoff in after.handoffs] == ["dispute_invoice"]
    assert after.conversation.status == "awaiting_agent"
    await app.close()


def test_after_a_chargeback_nothing_is_asked_for_until_a_person_has_looked() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take_back_by_the_bank(folder))


async def chat_beside_a_server(folder: str) -> dict[str, Any]:
    server, _, clock = await opened(folder)
    mine = await build(server.settings, clock, reader=BUTTONS_ONLY)
    customer_id = await server.store.customer_id("C-1")
    assert customer_id is not None

    async def too_late(customer_id: str) -> list[Answer]:
        await server.worker.answer(customer_id)
        return await Worker.answer(mine.worker, customer_id)

    mine.worker.answer = too_late  # type: ignore[method-assign]
    try:
        return await Chat(mine, customer_id, "webchat", None).turn({"payload": "/ask_amount_due"})
    finally:
        await mine.close()
        await server.close()


def test_a_chat_shows_the_answer_that_a_server_on_the_same_book_gave_first(tmp_path: Path) -> None:
    told = asyncio.run(chat_beside_a_server(str(tmp_path)))
    assert [reply["response"] for reply in told["replies"]] == ["utter_disclosure", "utter_balance"]
    assert told["intent"] == "ask_amount_due" and told["status"] == "automated"


async def disputed(folder: str) -> tuple[App, Chat, Desk]:
    app, chat, _ = await opened(folder)
    desk = Desk(app.store, app.turns)
    await app.store.save_agent(AGENTS[0])
    await chat.turn({"payload": '/dispute_invoice{"invoice_ref": "F-1"}'})
    await desk.take(chat.customer_id, AGENTS[0])
    return app, chat, desk


async def seen(app: App, chat: Chat) -> Any:
    dossier = await app.store.dossier(chat.customer_id)
    assert dossier is not None
    return dossier


async def test_who_was_right_to_object_is_asked_for_nothing_more(tmp_path: Path) -> None:
    app, chat, desk = await disputed(str(tmp_path))
    before = await seen(app, chat)
    told = await desk.close_dispute(chat.customer_id, AGENTS[0], before.disputes[0].id, "upheld", minor=4000)
    after = await seen(app, chat)
    assert after.balance().minor == 6000 and not after.holds_in_force(NOW)
    assert "F-1" in told[-1].text and "40" in told[-1].text and "60" in told[-1].text
    (note,) = after.adjustments
    assert (note.kind, note.amount_minor, note.source) == ("credit_note", 4000, "Agent 1") and not after.payments
    await app.close()


async def test_a_rejected_objection_is_explained_and_the_claim_runs_again(tmp_path: Path) -> None:
    app, chat, desk = await disputed(str(tmp_path))
    before = await seen(app, chat)
    with pytest.raises(ValueError, match="why the invoice stands"):
        await desk.close_dispute(chat.customer_id, AGENTS[0], before.disputes[0].id, "rejected")
    with pytest.raises(ValueError, match="at most what is open"):
        await desk.close_dispute(chat.customer_id, AGENTS[0], before.disputes[0].id, "upheld", minor=10001)
    told = await desk.close_dispute(
        chat.customer_id, AGENTS[0], before.disputes[0].id, "rejected", "La fibre a été livrée le 3 septembre."
    )
    after = await seen(app, chat)
    assert "livrée le 3 septembre" in told[-1].text
    assert after.balance().minor == 10000 and not after.disputed and not after.holds_in_force(NOW)
    await app.close()


async def test_what_is_paid_beyond_the_debt_is_given_back_by_a_person(tmp_path: Path) -> None:
    app, chat, _ = await opened(str(tmp_path))
    await chat.turn({"payload": "/pay_now"})
    link = (await seen(app, chat)).links[-1]
    for number in (1, 2):
        notice = PaymentNotice("sandbox", f"e{number}", "payment_succeeded", link.id, "EUR", 10000, NOW)
        await app.store.add_notice(notice)
        told = (await app.payments.settle_pending())[-1]
    after = await seen(app, chat)
    assert [errand.reason for errand in after.errands()] == ["overpaid"]
    assert "100" in told.text and "collègue" in told.text and "soldé" not in told.text
    await app.close()
