"""`python -m tests.fuzz [--cases 1000000] [--seed 1]`: the governor against the rules restated by hand."""

import argparse
import random
import sys
import time

from bot.domain.governor.judge import Governor
from bot.packs import load_packs
from tests.fuzz.cases import attempts, contradiction

SHOWN = 10


def main() -> int:
    """Judge the cases; the exit code tells whether both statements agree on all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    governor, chance = Governor(load_packs()), random.Random(asked.seed)
    started, wrong = time.perf_counter(), 0
    for number, attempt in enumerate(attempts(asked.seed, asked.cases), 1):
        if told := contradiction(attempt, governor, chance):
            wrong += 1
            if wrong <= SHOWN:
                sys.stdout.write(f"{told}\n  {attempt}\n")
        if number % 50_000 == 0:
            sys.stderr.write(f"{number} cases, {wrong} contradictions, {time.perf_counter() - started:.0f} s\n")
    sys.stdout.write(f"{asked.cases} cases, seed {asked.seed}: {wrong} contradictions\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
