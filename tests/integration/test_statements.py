"""A bank statement over a scratch book: booked once, a stranger's money waits for a person and is lost to nobody."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import build
from bot.domain.transfer import creditor_reference
from bot.importing import check
from bot.ports import Agent, SetClock
from bot.reconciling import import_statement, quarantine, record_by_hand
from bot.settings import UsageError, load
from bot.understanding.reader import Reader

ROW: dict[str, Any] = {
    "customer": {"ref": "C-1", "name": "Claire", "contacts": [{"channel": "email", "address": "c@example.org"}]},
    "invoice": {"number": "F-1", "currency": "EUR", "amount_minor": 10000, "issued_on": "2026-09-01", "due_on": "2026-10-01"},
}  # fmt: skip


async def test_transfers_are_booked_once_and_named_invoices_first(tmp_path: Path) -> None:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(settings, SetClock(datetime(2026, 11, 24, 11, tzinfo=UTC)), reader=Reader(None))  # type: ignore[arg-type]
    later = {**ROW["invoice"], "number": "F-2026-2", "amount_minor": 5000, "due_on": "2026-10-20"}
    await app.store.import_rows([check(1, ROW), check(2, {**ROW, "invoice": later})], False)
    file = tmp_path / "bank.csv"
    file.write_text(
        "booked_on,amount,text,reference\n2026-11-20,50.00,facture F-2026-2,\n2026-11-21,40.00,,"
        f"{creditor_reference('C-1')}\n2026-11-22,17.00,un cadeau,\n2026-11-22,-3.00,frais,\n"
    )
    report = await import_statement(settings, file, True, [], "EUR")
    assert report["accepted"] == 2 and await app.store.pending_notices() == []
    report = await import_statement(settings, file, False, [], "EUR")
    assert (report["accepted"], report["quarantined"], report["ignored"]) == (2, 1, 1)
    await app.worker.tick()
    assert (await import_statement(settings, file, False, [], "EUR"))["known"] == 3
    await app.worker.tick()
    mine = await app.store.customer_id("C-1")
    dossier = await app.store.dossier(mine or "")
    assert dossier is not None
    assert {i.number: dossier.open_minor[i.id] for i in dossier.invoices} == {"F-1": 6000, "F-2026-2": 0}
    receipts = [row.response for row in dossier.exchanges if row.purpose == "receipt"]
    assert len(receipts) == 2
    (waiting,) = await quarantine(settings, None, None)
    assert waiting["amount_minor"] == 1700 and waiting["reason"]
    await quarantine(settings, waiting["event"], "C-1")
    await app.worker.tick()
    dossier = await app.store.dossier(mine or "")
    assert dossier is not None and dossier.balance().minor == 4300
    assert await quarantine(settings, None, None) == []
    await app.close()


async def test_cash_is_recorded_by_an_agent_with_its_proof_and_booked_once(tmp_path: Path) -> None:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(settings, SetClock(datetime(2026, 11, 24, 11, tzinfo=UTC)), reader=Reader(None))  # type: ignore[arg-type]
    await app.store.import_rows([check(1, ROW)], False)
    await app.store.save_agent(Agent("a1", "alix@example.org", "Alix", "agent", ""))
    day = date(2026, 11, 23)
    for proof, new in (("Receipt 12", True), ("receipt 12 ", False)):
        told = await record_by_hand(settings, "C-1", "40,00", "cash", proof, "alix@example.org", day, "F-1")
        assert told == {"new": new, "amount_minor": 4000, "currency": "EUR"}
    await app.worker.tick()
    dossier = await app.store.dossier(await app.store.customer_id("C-1") or "")
    assert dossier is not None and dossier.balance().minor == 6000
    (note,) = [row for row in dossier.exchanges if row.purpose == "by_hand"]
    assert "Alix took 4000 EUR in cash: Receipt 12" in note.text
    for wrong in (("C-9", "5", "cash", "x", "alix@example.org", None), ("C-1", "5", "cash", "", "alix@example.org", None),
                  ("C-1", "-5", "cash", "x", "alix@example.org", None), ("C-1", "5", "gold", "x", "alix@example.org", None),
                  ("C-1", "5", "cash", "x", "nobody@example.org", None), ("C-1", "5", "cash", "x", "alix@example.org", "F-9")):  # fmt: skip
        ref, amount, kind, proof, by, invoice = wrong
        with pytest.raises(UsageError):
            await record_by_hand(settings, ref, amount, kind, proof, by, day, invoice)
    await app.close()
