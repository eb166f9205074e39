"""`python -m tests.benchmarks.governor`: the cost of one verdict, and of a book of due contacts planned and judged.

Times are those of the processor, on one core; the wall clock of a busy machine says little about a program.
"""

import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.campaigns import load_strategies
from bot.domain.cadence import due
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.outlook import judge
from bot.packs import load_packs
from tests.fuzz.cases import attempts
from tests.unit.dossiers import dossier, message

ROOT = Path(__file__).resolve().parents[2]
VERDICTS, ROUNDS, CONTACTS, BOOK = 20_000, 5, 100_000, 1000
MOST_MICROSECONDS, MOST_SECONDS = 50.0, 60.0
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def verdicts(governor: Governor) -> dict[str, float]:
    """Microseconds a verdict: over everyday attempts, and over generated ones dense in edges, delays and long histories."""
    everyday = [attempt for attempt in attempts(5, 4 * VERDICTS) if _everyday(attempt)][:VERDICTS]
    edges = list(attempts(6, VERDICTS))
    return {"everyday": _cost(governor.judge, everyday), "at the edges": _cost(governor.judge, edges)}


def _everyday(attempt: Any) -> bool:
    return len(attempt.history) <= 4 and not attempt.preferences and len(attempt.zones) == 1


def _cost(job: Callable[[Any], Any], items: Sequence[Any]) -> float:
    for item in items[:2000]:
        job(item)
    rounds = []
    gc.disable()
    for _ in range(ROUNDS):
        started = time.process_time()
        for item in items:
            job(item)
        rounds.append((time.process_time() - started) / len(items))
    gc.enable()
    return min(rounds) * 1e6  # what else runs on the machine only adds


def book() -> list[Dossier]:
    """Customers with a debt of 3 to 60 days and what they were sent before."""
    made = []
    lands = (("FR", "Europe/Paris"), ("GB", "Europe/London"), ("DE", "Europe/Berlin"), ("ES", "Europe/Madrid"))
    for number in range(BOOK):
        facts = dossier(3 + number % 58)
        land, zone = lands[number % 4]
        sent = tuple(
            replace(message(NOON - timedelta(days=8 * n + 8), state="sent", id=f"m{n}", sent_at=NOON - timedelta(days=8 * n + 8)),
                    content={"about": f"stage:friendly:i{n}", "wait_days": 7})
            for n in range(number % 3)
        )  # fmt: skip
        made.append(replace(facts, customer=replace(facts.customer, jurisdiction=land, time_zone=zone), exchanges=sent))
    return made


def planned(governor: Governor) -> tuple[float, int]:
    """Seconds to plan and judge 100,000 contacts, and how many of them were due."""
    strategies = load_strategies(ROOT / "dialogues" / "strategies")
    customers, found = book(), 0
    started = time.process_time()
    for number in range(CONTACTS):
        facts = customers[number % BOOK]
        contact = due(facts, strategies, NOON)
        if contact is not None:
            found += judge(contact, facts, NOON, governor).verdict == "allowed"
    return time.process_time() - started, found


def main() -> int:
    """Print the figures; the exit code tells whether they keep to what is promised."""
    governor = Governor(load_packs())
    wrong = 0
    for name, cost in verdicts(governor).items():
        sys.stdout.write(f"a verdict, {name}: {cost:.1f} µs\n")
        wrong += cost > MOST_MICROSECONDS
    seconds, found = planned(governor)
    sys.stdout.write(f"{CONTACTS:,} contacts planned and judged, {found:,} allowed: {seconds:.1f} s\n")
    return 1 if wrong or seconds > MOST_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
