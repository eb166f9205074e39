"""Whoever owes and has not changed is not read again before something can be due; any new fact is seen at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build
from bot.domain.dossier import Dossier
from bot.importing import check
from bot.ports import SetClock
from bot.settings import load
from bot.simulation.play import BUTTONS_ONLY

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
CUSTOMER = {
    "ref": "C-1", "name": "Claire Martin", "language": "fr", "time_zone": "Europe/Paris", "jurisdiction": "FR",
    "contacts": [{"channel": "email", "address": "claire@example.org", "consent": True}],
}  # fmt: skip
INVOICE = {"number": "F-1", "currency": "EUR", "amount_minor": 5000, "issued_on": "2026-11-01", "due_on": "2026-12-24"}


class Book:
    """A book whose reads of dossiers are counted."""

    def __init__(self, app: App, clock: SetClock) -> None:
        self.app, self.clock, self.read = app, clock, 0
        store: Any = app.store
        original = store.dossier

        async def dossier(customer_id: str, exchanges: int = 40) -> Dossier | None:
            self.read += 1
            found: Dossier | None = await original(customer_id, exchanges)
            return found

        store.dossier = dossier

    async def bring(self, **invoice: Any) -> None:
        row = check(1, {"customer": CUSTOMER, "invoice": {**INVOICE, **invoice}})
        assert await self.app.store.import_rows([row], False) != ["unchanged"]

    async def looks(self, at: datetime) -> int:
        self.clock.at, before = at, self.read
        await self.app.campaigns.run()
        return self.read - before


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    clock = SetClock(NOON)
    app = await build(replace(settings), clock, reader=BUTTONS_ONLY)
    try:
        made = Book(app, clock)
        await made.bring()
        yield made
    finally:
        await app.close()


async def test_an_unchanged_customer_rests_until_something_can_be_due(book: Book) -> None:
    assert await book.looks(NOON) == 1
    assert await book.looks(NOON + timedelta(hours=5)) == 0
    days = [await book.looks(NOON + timedelta(days=day)) for day in range(1, 16)]
    assert sum(days) <= 5, "the longer nothing changes, the rarer the look"


async def test_an_import_is_seen_at_once(book: Book) -> None:
    await book.looks(NOON)
    await book.bring(due_on="2026-11-10")
    assert await book.looks(NOON + timedelta(minutes=1)) >= 1
    customer_id = await book.app.store.customer_id("C-1")
    told = await book.app.store.log(customer_id or "")
    assert [row.purpose for row in told if row.direction == "out"] == ["reminder"]


async def test_who_owes_nothing_is_not_read_at_all(book: Book) -> None:
    await book.bring(paid_minor=5000)
    assert await book.looks(NOON + timedelta(days=60)) == 0


async def test_the_day_on_which_something_falls_due_is_not_slept_through(book: Book) -> None:
    sent = []
    for day in range(0, 40):
        before = len(sent)
        await book.looks(NOON + timedelta(days=day))
        customer_id = await book.app.store.customer_id("C-1")
        sent = [row for row in await book.app.store.log(customer_id or "") if row.direction == "out"]
        if len(sent) > before:
            break
    assert (NOON + timedelta(days=day)).date().isoformat() == "2026-12-21", "three days before the due date"
