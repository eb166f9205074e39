"""Webhook chaos: notices doubled and shuffled, the worker killed again and again, and every ledger exact at the end.

`python -m tests.chaos --notices 100000 --kills 20` is the full size; the tests play a small one.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.accounting import prove
from bot.app import App, build, open_book
from bot.domain.dossier import Dossier
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.domain.money import Money
from bot.importing import check
from bot.ports import Charged, PaymentNotice, SetClock, Store
from bot.settings import Settings, load
from bot.understanding.reader import Reader

NOW = datetime(2026, 11, 25, 12, 5, tzinfo=UTC)
TO_A_CUSTOMER = 50
DUPLICATES = 0.3
SUBSCRIBERS = 5  # one customer in so many has a saved card whose failed charge is due


class FileBank:
    """A provider outside the worker's life: what it took stands in a file before it answers."""

    name = "sandbox"
    form_targets = ()

    def __init__(self, file: Path) -> None:
        self._file = file

    async def charge(self, method: PaymentMethod, attempt: ChargeAttempt, dossier: Dossier) -> Charged:
        with self._file.open("a") as taken:
            taken.write(f"{attempt.id} {attempt.about} {attempt.amount_minor}\n")
        await asyncio.sleep(0)
        return Charged("succeeded", attempt.at, f"bank-{attempt.id}")

    async def checkout_url(self, link: object, dossier: Dossier, amount_minor: int, save: bool = False) -> str:
        return ""

    async def close(self) -> None:
        pass


@dataclass
class Plot:
    """What will be told, and what must come of it: received sums by customer, how many notices nobody can book."""

    notices: list[PaymentNotice] = field(default_factory=list)
    received: dict[str, int] = field(default_factory=dict)
    strange: int = 0


def settings_of(folder: Path) -> Settings:
    return load(environ={"RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3", "RELANCE_SECRET": "chaos"})


async def opened(folder: Path) -> App:
    return await build(settings_of(folder), SetClock(NOW), reader=Reader(None))  # type: ignore[arg-type]


def row(number: int) -> dict[str, Any]:
    due, card = (
        number % SUBSCRIBERS == 0,
        [{"provider": "sandbox", "reference": "x", "network": "visa", "label": "Visa"}],
    )
    return {
        "customer": {"ref": f"C-{number}", "name": f"C {number}", "payment_methods": card if due else []},
        "invoice": {"number": f"F-{number}", "currency": "EUR", "amount_minor": 1_000_000, "issued_on": "2026-10-22",
                    "due_on": "2026-11-22", **({"subscription": {"ref": f"S-{number}"}, "failure": {
                        "code": "insufficient_funds", "at": "2026-11-22T06:00:00Z"}} if due else {})},
    }  # fmt: skip


async def prepare(folder: Path, customers: int) -> dict[str, str]:
    """A book with one invoice and one payment link a customer; the links by customer id."""
    app = await opened(folder)
    await app.store.import_rows([check(n, row(n)) for n in range(customers)], False)
    links = {}
    for number in range(customers):
        customer_id = await app.store.customer_id(f"C-{number}")
        dossier = await app.store.dossier(customer_id or "")
        assert dossier is not None
        work = app.turns.case_for(dossier, "webchat")
        links[dossier.customer.id] = work.issue_link(Money("EUR", 1_000_000), "balance").id
        await app.store.commit(work.changes(dossier.conversation.version))
    await app.close()
    return links


def plot(links: dict[str, str], count: int, chance: random.Random) -> Plot:
    """Payments, refunds, returns and returns undone, strangers among them; then doubled and shuffled."""
    made, owners, number = Plot(), list(links), 0
    unique = int(count * (1 - DUPLICATES))

    def tell(kind: str, minor: int, payment: str, link: str = "", currency: str = "EUR", **more: Any) -> None:
        nonlocal number
        number += 1
        at = NOW - timedelta(days=10) + timedelta(seconds=chance.randint(0, 800_000))
        detail = {"payment": payment, "received_at": NOW.isoformat(), **more}
        made.notices.append(PaymentNotice("stripe", f"e{number}", kind, link, currency, minor, at, detail))

    while len(made.notices) < unique:
        owner = chance.choice(owners)
        payment, sum_ = f"pi_{number}", chance.randint(100, 9000)
        kind = chance.random()
        if kind < 0.02:
            tell("payment_succeeded", sum_, payment, links[owner], currency="USD")
            made.strange += 1
            continue
        if kind < 0.04:
            tell("payment_succeeded", sum_, payment, "nobody")
            made.strange += 1
            continue
        for _ in range(chance.choice((1, 1, 2))):  # a provider tells one payment in several events
            tell("payment_succeeded", sum_, payment, links[owner])
        left = sum_
        if chance.random() < 0.3:
            back = chance.randint(1, left)
            tell("payment_refunded", back, payment)
            left -= back
        if left and chance.random() < 0.2:
            back = chance.randint(1, left)
            tell("payment_reversed", back, payment, reason="returned")
            if chance.random() < 0.5:
                tell("payment_reinstated", back, payment)
            else:
                left -= back
        made.received[owner] = made.received.get(owner, 0) + left
    made.notices += chance.choices(made.notices, k=count - len(made.notices)) if count > len(made.notices) else []
    chance.shuffle(made.notices)
    return made


def worker(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.chaos", "--work", str(folder)])


async def labour(folder: Path) -> None:
    """The worker's process: settle and charge until nothing waits any more and the feed is over."""
    app = await opened(folder)
    app.worker.charges.provider = FileBank(folder / "bank")
    while True:
        over = (folder / "over").exists()
        made = await app.worker.charges.run()
        await app.worker.payments.settle_pending()
        if over and not made and not await app.store.pending_notices():
            break
        await asyncio.sleep(0.01)
    await app.close()


async def chaos(folder: Path, count: int, kills: int, seed: int) -> dict[str, Any]:
    """Play it; the report says what came of it, `faults` is empty when everything is exact."""
    started = time.perf_counter()
    chance = random.Random(seed)
    links = await prepare(folder, max(5, count // TO_A_CUSTOMER))
    story = plot(links, count, chance)
    store = await open_book(settings_of(folder))
    running, killed = worker(folder), 0
    step = max(1, len(story.notices) // (kills + 1))
    for start in range(0, len(story.notices), step):
        batch = story.notices[start : start + step]
        for at in range(0, len(batch), 200):
            await asyncio.gather(*(store.add_notice(notice) for notice in batch[at : at + 200]))
        await asyncio.sleep(chance.uniform(0.3, 3.0))
        if killed < kills:
            running.send_signal(signal.SIGKILL)
            running.wait()
            killed += 1
            running = worker(folder)
    (folder / "over").touch()
    await asyncio.to_thread(running.wait)
    faults = await judge(store, story, folder)
    await store.close()
    return {"notices": len(story.notices), "customers": len(links), "killed": killed, "faults": faults[:20],
            "seconds": round(time.perf_counter() - started, 1)}  # fmt: skip


async def judge(store: Store, story: Plot, folder: Path) -> list[str]:
    """What is not as it must be."""
    report = await prove(store)
    faults = list(report["faults"])
    lines = [line.split() for line in (folder / "bank").read_text().splitlines()] if (folder / "bank").exists() else []
    taken = {key: (about, int(minor)) for key, about, minor in lines}
    charged: dict[str, int] = {}
    for about, minor in taken.values():
        charged[about] = charged.get(about, 0) + minor
    if len({about for about, _ in taken.values()}) != len(taken):
        faults.append("a charge was made twice")
    after = ""
    while page := await store.customers(after):
        for customer_id in page:
            dossier = await store.dossier(customer_id, exchanges=0)
            assert dossier is not None
            invoice = dossier.invoices[0].id
            wanted = story.received.get(customer_id, 0) + charged.get(f"invoice:{invoice}", 0)
            came = sum(payment.amount_minor for payment in dossier.payments)
            if came != wanted or dossier.open_minor[invoice] != max(0, 1_000_000 - wanted):
                faults.append(f"{dossier.customer.ref}: {came} came in, {wanted} were told")
            if any(attempt.state == "started" for attempt in dossier.charges):
                faults.append(f"{dossier.customer.ref}: a charge is still open")
        after = page[-1]
    if await store.pending_notices():
        faults.append("notices were left behind")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--notices", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path)
    given = parser.parse_args()
    if given.work is not None:
        asyncio.run(labour(given.work))
        return
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(chaos(Path(folder), given.notices, given.kills, given.seed))
    sys.stdout.write(json.dumps(report) + "\n")
    sys.exit(1 if report["faults"] else 0)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
