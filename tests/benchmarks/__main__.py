"""`make bench`: how fast a turn is, with every commit durable. Figures are printed, never asserted."""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.app import App, build
from bot.importing import check
from bot.intake import take_in
from bot.ports import new_id
from bot.settings import load

FREE = ("bonjour", "combien je vous dois ?", "c'est quoi cette facture ?", "je peux payer en 3 fois ?", "plutôt 40 € par mois",
        "je paie vendredi", "non", "quels sont les moyens de paiement ?", "que se passe-t-il si je ne paie pas ?", "merci beaucoup")  # fmt: skip
BUTTONS = ("/ask_amount_due", "/explain_invoice", "/pay_now", "/ask_payment_methods", "/request_extension",
           '/promise_to_pay{"date": "2027-01-05"}', "/deny", "/thank", "/ask_consequences", "/greet")  # fmt: skip
TURNS = 640


async def book(folder: Path, customers: int, secret: str = "bench") -> tuple[App, list[str]]:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{folder}/bench.sqlite3", "RELANCE_SECRET": secret})
    app = await build(settings)
    app.reader.warm()
    rows = [
        check(n, {
            "customer": {"ref": f"B-{n}", "name": f"Customer {n}", "identity": {"postal_code": "1"}},
            "invoice": {"number": f"F-{n}", "currency": "EUR", "amount_minor": 12990, "issued_on": "2026-09-01",
                        "due_on": "2026-10-01", "lines": [{"text": "Fibre", "amount_minor": 12990}]},
        })
        for n in range(customers)
    ]  # fmt: skip
    await app.store.import_rows(rows, False)
    ids = await app.store.customers(limit=customers)
    for one in ids:
        dossier = await app.store.dossier(one)
        assert dossier is not None
        work = app.turns.case_for(dossier, "webchat")
        work.identify("benchmark")
        await app.store.commit(work.changes(dossier.conversation.version))
    return app, ids


async def talk(app: App, customers: Sequence[str], words: Sequence[str], taken: list[float]) -> None:
    """Ten turns with each customer, one customer after the other."""
    for number, customer_id in ((n, one) for one in customers for n in range(len(words))):
        # No text is said twice in the same words, so that none is answered from memory.
        text = words[number] if words[number].startswith("/") else f"{words[number]} {len(taken)}"
        start = time.perf_counter()
        await take_in(app.store, app.clock, customer_id, "webchat", text, new_id())
        await app.worker.answer(customer_id)
        taken.append((time.perf_counter() - start) * 1000)


def level(words: Sequence[str], customers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Path("var/cache")
        if cache.is_dir():
            (Path(folder) / "cache").symlink_to(cache.resolve())
        asyncio.run(measure(words, customers, Path(folder)))


async def measure(words: Sequence[str], customers: int, folder: Path) -> None:
    app, ids = await book(folder, TURNS // 10)
    taken: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(talk(app, ids[n::customers], words, taken) for n in range(customers)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    taken.sort()
    p95, p99 = taken[int(len(taken) * 0.95)], taken[int(len(taken) * 0.99)]
    kind = "buttons" if words is BUTTONS else "free text"
    print(
        f"| {kind} | {customers} | {len(taken) / wall:,.0f} | {statistics.median(taken):.1f} | {p95:.1f} | {p99:.1f} "
        f"| {cpu / len(taken) * 1000:.2f} |", flush=True,
    )  # fmt: skip
    await app.close()


def training() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3"}
        for label in ("from nothing", "cached"):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "bot.cli", "train"], env=env, check=True, stderr=subprocess.DEVNULL)
            print(f"train, {label}: {time.perf_counter() - start:.1f} s (whole process)")
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot.cli", "tick"], env=env, check=True, stdout=subprocess.DEVNULL)
        print(f"start with a cached model, one tick, end: {time.perf_counter() - start:.1f} s (whole process)")


def main() -> None:
    subprocess.run([sys.executable, "-m", "bot.cli", "train"], check=True, stderr=subprocess.DEVNULL,
                   env={**os.environ, "RELANCE_DATABASE": "sqlite:///var/bench.sqlite3"})  # fmt: skip
    print(
        "Every message is committed before it is acknowledged, every turn before it is sent (SQLite, synchronous=FULL)."
    )
    print("| input | conversations at once | turns/s | p50 ms | p95 ms | p99 ms | CPU ms a turn |")
    print("|---|---|---|---|---|---|---|")
    for words in (BUTTONS, FREE):
        for customers in (1, 8, 32):
            level(words, customers)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    training()
    for module in ("intents", "negotiation", "retries"):
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.{module}"], check=True)


if __name__ == "__main__":
    main()
