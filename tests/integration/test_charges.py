"""Charges against a provider that is down, answers twice or is killed half-way: each is made once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.domain.dossier import Dossier
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.importing import check
from bot.ports import Charged, ProviderDown, SetClock
from bot.settings import load
from bot.understanding.reader import Reader

NOW = datetime(2026, 11, 25, 12, 5, tzinfo=UTC)
ROW = {
    "customer": {"ref": "C-1", "name": "Claire", "jurisdiction": "FR", "contacts": [{"channel": "email", "address": "c@example.org"}],
                 "payment_methods": [{"provider": "bank", "reference": "pm_1", "network": "visa", "label": "Visa 4242"}]},
    "invoice": {"number": "F-1", "currency": "EUR", "amount_minor": 12990, "issued_on": "2026-10-22", "due_on": "2026-11-22",
                "subscription": {"ref": "S-1"}, "failure": {"code": "insufficient_funds", "at": "2026-11-22T06:00:00Z"}},
}  # fmt: skip


class Bank:
    """A provider that keeps what it took under each key, as real ones do."""

    name = "bank"
    form_targets = ()

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.asked = 0
        self.down = self.cut = False

    async def charge(self, method: PaymentMethod, attempt: ChargeAttempt, dossier: Dossier) -> Charged:
        self.asked += 1
        if self.down:
            raise ProviderDown("bank")
        self.taken.setdefault(attempt.id, attempt.amount_minor)
        if self.cut:
            # The money is taken, and the answer is lost on its way.
            raise ProviderDown("bank")
        return Charged("succeeded", attempt.at, f"pi_{attempt.id}")

    async def checkout_url(self, link: object, dossier: Dossier, amount_minor: int, save: bool = False) -> str:
        return ""

    async def close(self) -> None:
        pass


async def opened(folder: Path) -> tuple[App, Bank, SetClock]:
    clock, bank = SetClock(NOW), Bank()
    found = load(environ={"RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(found, clock, reader=Reader(None))  # type: ignore[arg-type]
    app.worker.charges.provider = bank
    assert await app.store.import_rows([check(1, ROW)], False) == ["created"]
    assert await app.store.import_rows([check(1, ROW)], False) == ["unchanged"]
    return app, bank, clock


async def seen(app: App) -> Dossier:
    customer_id = await app.store.customer_id("C-1")
    dossier = await app.store.dossier(customer_id or "")
    assert dossier is not None
    return dossier


@pytest.mark.parametrize("fault", ["down", "cut"])
async def test_a_charge_whose_answer_is_lost_is_asked_for_again_and_made_once(tmp_path: Path, fault: str) -> None:
    app, bank, clock = await opened(tmp_path)
    setattr(bank, fault, True)
    for _ in range(3):
        counts = await app.worker.tick()
        assert counts["waiting_for_provider"] == 1
        clock.at += timedelta(minutes=1)
    assert (await seen(app)).charges[0].state == "started" and bank.asked == 3
    setattr(bank, fault, False)
    for _ in range(3):
        await app.worker.tick()
        clock.at += timedelta(hours=1)
    dossier = await seen(app)
    assert [charge.state for charge in dossier.charges] == ["succeeded"] and len(bank.taken) == 1
    assert dossier.balance().minor == 0 and len(dossier.payments) == 1
    await app.close()


async def test_a_charge_that_nobody_can_tell_of_any_more_goes_to_a_person_and_locks_the_method(tmp_path: Path) -> None:
    app, bank, clock = await opened(tmp_path)
    bank.cut = True
    await app.worker.tick()
    clock.at += timedelta(hours=30)
    bank.cut = False
    for _ in range(3):
        await app.worker.tick()
        clock.at += timedelta(days=1)
    dossier = await seen(app)
    assert len(bank.taken) == 1 and [charge.state for charge in dossier.charges] == ["started"]
    assert len(dossier.errands()) == 1
    await app.close()


async def test_a_card_number_is_no_reference(tmp_path: Path) -> None:
    row = {
        **ROW,
        "customer": {**ROW["customer"], "payment_methods": [{"provider": "bank", "reference": "4242424242424242"}]},
    }
    with pytest.raises(ValueError, match="never a card"):
        check(1, row)
