"""`python -m tests.benchmarks.retries [FAILURES]`: schedules of tries on the same made-up failures.

What is assumed stands in `bot/simulation/retries.py`; nothing is fitted to a real book. The reference is a fixed
schedule of eight tries in two weeks, and each world is set so that it recovers the share named (vendors tell 47 to
57 %). `relance simulate --retries --customers N` gives the same as JSON.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from bot.simulation.retries import compare, sensitivity

SEED = 1


def table(rows: Sequence[Mapping[str, Any]]) -> None:
    print(
        "| schedule | recovered | tries a failure | tries a recovery | median days | tries before the promised day | beyond rules |"
    )
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row['schedule']} | {row['recovered_share']:.1%} | {row['tries_per_failure']} | {row['tries_per_recovery']} "
              f"| {row['median_days']} | {row['tries_before_the_promised_day']} | {row['beyond_network_rules']} |", flush=True)  # fmt: skip


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    found = compare(number, SEED)
    print(f"\nRetries: {number:,} failed charges, seed {SEED}; the reference is set to recover 50 %")
    table(found["schedules"])
    for name, world in sensitivity(max(200, number // 3), SEED).items():
        print(f"\n{name} ({world['failures']:,} failed charges)")
        table(world["schedules"])


if __name__ == "__main__":
    main()
