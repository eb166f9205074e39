"""What every store must do."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.case import Case
from bot.domain.messages import NOTE, OUT, Exchange, first_broken
from bot.domain.money import Money
from bot.domain.plans import schedule
from bot.importing import check
from bot.intake import take_in
from bot.ports import Owing, PaymentNotice, SetClock, Stale, Store, new_id
from bot.storage.sqlite import SqliteStore, StorageError, open_store

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
ROW = {
    "customer": {"ref": "C-1", "name": "Claire", "language": "fr", "identity": {"postal_code": "69003"},
                 "contacts": [{"channel": "sms", "address": "+33612345678", "consent": True}]},
    "invoice": {"number": "F-1", "currency": "EUR", "amount_minor": 10000, "issued_on": "2026-09-01", "due_on": "2026-10-01",
                "lines": [{"text": "Fibre", "amount_minor": 10000}]},
}  # fmt: skip


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = await open_store(f"sqlite:///{tmp_path}/folder/book.sqlite3")
    yield made
    await made.close()


async def customer(store: Store, **invoice: object) -> str:
    row = {**ROW, "invoice": {**ROW["invoice"], **invoice}}
    await store.import_rows([check(1, row)], False)
    found = await store.customer_id("C-1")
    assert found is not None
    return found


async def work_on(store: Store, customer_id: str) -> tuple[Case, int]:
    dossier = await store.dossier(customer_id)
    assert dossier is not None
    return Case(dossier, NOW, "webchat", new_id), dossier.conversation.version


async def test_what_is_put_comes_back_equal(store: Store) -> None:
    mine = await customer(store)
    work, version = await work_on(store, mine)
    work.promise(date(2026, 12, 1), Money("EUR", 10000))
    plan = work.propose_plan(schedule(10000, 3, date(2026, 12, 5)), "EUR")
    work.accept_plan(plan, "3 fois")
    work.issue_link(Money("EUR", 3333), "installment", plan.id)
    work.dispute("faux", None)
    work.hold("dispute", "faux", NOW + timedelta(days=3))
    work.hand_off("dispute_invoice", "faux", timedelta(hours=4), proposal={"count": 3})
    await store.commit(
        work.changes(version, events=({"event": "session_started"}, {"event": "slot", "name": "x", "value": {"é": 1}}))
    )
    found = await store.dossier(mine)
    assert found is not None
    for part in ("promises", "plans", "links", "disputes", "holds", "handoffs"):
        assert getattr(found, part) == getattr(work.dossier, part)
    assert [event["event"] for event in found.events] == ["session_started", "slot"]
    assert found.conversation.status == "awaiting_agent" and found.conversation.version == version + 1
    assert [row.purpose for row in found.exchanges if row.direction == NOTE] == [
        "promise", "agreement", "dispute", "hold", "handoff"]  # fmt: skip


async def test_a_change_to_what_has_moved_on_is_refused_whole(store: Store) -> None:
    mine = await customer(store)
    first, version = await work_on(store, mine)
    second, _ = await work_on(store, mine)
    first.note("x", "first")
    second.promise(date(2026, 12, 1), Money("EUR", 1))
    await store.commit(first.changes(version))
    with pytest.raises(Stale):
        await store.commit(second.changes(version))
    found = await store.dossier(mine)
    assert found is not None and found.promises == () and len(await store.log(mine)) == 1


async def test_of_many_writers_at_one_version_one_wins_and_the_chain_is_whole(store: Store) -> None:
    mine = await customer(store)
    works = [await work_on(store, mine) for _ in range(20)]
    for number, (work, _) in enumerate(works):
        work.note("x", str(number))
    done = await asyncio.gather(*(store.commit(w.changes(v)) for w, v in works), return_exceptions=True)
    assert sum(result is None for result in done) == 1 and sum(isinstance(r, Stale) for r in done) == 19
    found = await store.dossier(mine)
    assert found is not None
    head = found.conversation
    assert first_broken(await store.log(mine), head.log_seq, head.log_hash) is None


async def test_a_message_is_kept_once_and_waits_until_it_is_handled(store: Store) -> None:
    mine, clock = await customer(store), SetClock(NOW)
    assert await take_in(store, clock, mine, "sms", "bonjour", "SM1")
    assert not await take_in(store, clock, mine, "sms", "bonjour", "SM1")
    assert await store.unhandled() == [mine]
    work, version = await work_on(store, mine)
    waiting = next(row for row in work.dossier.exchanges if row.state == "received")
    await store.commit(work.changes(version, handled=(waiting.id,)))
    assert await store.unhandled() == []


async def test_the_replies_to_one_message_are_found_by_its_id_and_by_nobody_else(store: Store) -> None:
    mine, clock = await customer(store), SetClock(NOW)
    await take_in(store, clock, mine, "sms", "bonjour", "SM1")
    work, version = await work_on(store, mine)
    asked = next(row for row in work.dossier.exchanges if row.state == "received")
    said = tuple(
        Exchange(new_id(), mine, NOW, OUT, "bot", "sms", text, "reply", state="queued", in_reply_to=asked.id)
        for text in ("Bonjour.", "Que puis-je faire ?")
    )
    await store.commit(work.changes(version, said, handled=(asked.id,)))
    assert [row.text for row in await store.replies(mine, "sms", "SM1")] == ["Bonjour.", "Que puis-je faire ?"]
    assert await store.replies(mine, "webchat", "SM1") == () == await store.replies("another", "sms", "SM1")


async def test_an_unanswered_message_is_seen_however_long_ago_it_came(store: Store) -> None:
    mine, clock = await customer(store), SetClock(NOW)
    await take_in(store, clock, mine, "sms", "ancien", "SM1")
    for number in range(100):
        work, version = await work_on(store, mine)
        work.note("x", str(number))
        await store.commit(work.changes(version))
    found = await store.dossier(mine, exchanges=10)
    assert found is not None and any(row.text == "ancien" for row in found.exchanges)


async def test_a_delivery_state_changes_only_from_what_it_was(store: Store) -> None:
    mine = await customer(store)
    work, version = await work_on(store, mine)
    row = replace(work.note("reply", "bonjour"), direction="out", state="queued")
    await store.commit(replace(work.changes(version), exchanges=(row,)))
    assert [found.id for found in await store.outbox(NOW)] == [row.id]
    assert await store.move(row, "sending", attempts=1)
    assert not await store.move(row, "sending", attempts=1), "a second hand comes too late"
    assert [found.id for found in await store.interrupted()] == [row.id]
    assert await store.outbox(NOW) == []


async def test_a_deferred_message_waits_for_its_instant(store: Store) -> None:
    mine = await customer(store)
    work, version = await work_on(store, mine)
    row = replace(work.note("reminder", "x"), direction="out", state="queued", not_before=NOW + timedelta(hours=9))
    await store.commit(replace(work.changes(version), exchanges=(row,)))
    assert await store.outbox(NOW) == []
    assert len(await store.outbox(NOW + timedelta(hours=9))) == 1


async def test_a_notice_is_kept_once_and_settled_once(store: Store) -> None:
    mine = await customer(store)
    notice = PaymentNotice("sandbox", "e1", "payment_succeeded", "l1", "EUR", 100, NOW)
    assert await store.add_notice(notice) and not await store.add_notice(notice)
    for _ in range(2):
        work, version = await work_on(store, mine)
        work.note("payment", "100")
        await store.close_notice(notice, "settled", work.changes(version))
    assert await store.pending_notices() == [] and len(await store.log(mine)) == 1


async def test_who_owes_is_marked_anew_by_every_fact_that_a_contact_depends_on(store: Store) -> None:
    mine = await customer(store)

    async def mark() -> list[Owing]:
        found, after = await store.owing()
        assert after is not None and await store.owing(after) == ([], None)
        return list(found)

    (first,) = await mark()
    assert await mark() == [first]
    work, version = await work_on(store, mine)
    work.opt_out("sms")
    row = Exchange(new_id(), mine, NOW, OUT, "bot", "sms", "Bonjour", "reminder", state="queued")
    await store.commit(work.changes(version, (row,)))
    (queued,) = await mark()
    await store.move(row, "failed")
    (failed,) = await mark()
    await customer(store, number="F-2")
    (more,) = await mark()
    assert len({first, queued, failed, more}) == 4
    assert {one.customer_id for one in (first, queued, failed, more)} == {mine}
    for amount in ("F-1", "F-2"):
        await customer(store, number=amount, paid_minor=10000)
    found, after = await store.owing()
    assert found == [] and after == mine, "a page may hold nobody who owes and yet be followed by others"


async def test_importing_again_changes_nothing_and_more_money_is_booked_once(store: Store) -> None:
    row = check(1, ROW)
    assert await store.import_rows([row], True) == ["created"]
    assert await store.customer_id("C-1") is None, "a dry run leaves no trace"
    assert await store.import_rows([row], False) == ["created"]
    assert await store.import_rows([row], False) == ["unchanged"]
    paid = check(1, {**ROW, "invoice": {**ROW["invoice"], "paid_minor": 4000}})
    assert await store.import_rows([paid, paid], False) == ["updated", "unchanged"]
    found = await store.dossier(str(await store.customer_id("C-1")))
    assert found is not None and found.balance().minor == 6000 and len(found.payments) == 1


async def test_an_import_never_undoes_an_opt_out(store: Store) -> None:
    mine = await customer(store)
    work, version = await work_on(store, mine)
    work.opt_out("sms")
    await store.commit(work.changes(version))
    await customer(store, amount_minor=20000)
    found = await store.dossier(mine)
    assert found is not None and found.contact_points[0].opted_out_at is not None


async def test_raw_tampering_is_found(store: SqliteStore, tmp_path: Path) -> None:
    mine = await customer(store)
    for number in range(4):
        work, version = await work_on(store, mine)
        work.note("x", str(number))
        await store.commit(work.changes(version))
    file = tmp_path / "folder" / "book.sqlite3"
    for change in ("update exchanges set text='y' where seq=2", "delete from exchanges where seq=4",
                   "update exchanges set seq=9 where seq=1"):  # fmt: skip
        copy = tmp_path / "copy.sqlite3"
        with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        with sqlite3.connect(copy) as target:
            target.execute(change)
        target.close()
        source.close()
        other = await open_store(f"sqlite:///{copy}")
        found = await other.dossier(mine)
        assert found is not None
        head = found.conversation
        assert first_broken(await other.log(mine), head.log_seq, head.log_hash) is not None, change
        await other.close()
        copy.unlink()


@pytest.mark.parametrize(("content", "said"), [(b"this is no database, it is a text" * 50, "not a database")])
async def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "book.sqlite3").write_bytes(content)
    with pytest.raises(StorageError, match=rf"book\.sqlite3.*{said}.*backup"):
        await open_store(f"sqlite:///{tmp_path}/book.sqlite3")


async def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    made = await open_store(f"sqlite:///{tmp_path}/book.sqlite3")
    await made.close()
    with sqlite3.connect(tmp_path / "book.sqlite3") as raw:
        raw.execute("update alembic_version set version_num='9999'")
    raw.close()
    with pytest.raises(StorageError, match="later version"):
        await open_store(f"sqlite:///{tmp_path}/book.sqlite3")


async def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    from bot.storage.tables import metadata

    made = await open_store(f"sqlite:///{tmp_path}/book.sqlite3")
    await made.close()
    engine = create_engine(f"sqlite:///{tmp_path}/book.sqlite3")
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert found == []
