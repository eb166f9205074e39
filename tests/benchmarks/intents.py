"""`python -m tests.benchmarks.intents`: the product's classifier on public intent sets, trained on their own parts.

The sets are not part of the project (RELANCE_INTENTS names their folder); without them this says so and ends.
Banking77 (Casanueva et al. 2020): ten examples an intent (two draws), and the full training part.
CLINC150 (Larson et al. 2019): trained with its 100 out-of-scope examples, calibrated on its validation part; accuracy
over the in-scope test messages, recall over the 1,000 out-of-scope ones.
"""

import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.examples import Example
from bot.understanding.material import OUTSIDE, Material
from bot.understanding.model import Model
from bot.understanding.reader import judge
from bot.understanding.training import calibrate, train

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("RELANCE_INTENTS") or ROOT.parent / "shared" / "data" / "intents")
CACHE = Path("var/cache/benchmarks")
SHOTS = 10


def read(name: str) -> dict[str, list[Example]]:
    """The examples of a set by their part; what belongs to no intent is labelled as the product labels it."""
    parts: dict[str, list[Example]] = {}
    for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        label = OUTSIDE if row["label"] == "oos" else row["label"]
        parts.setdefault(row["split"], []).append(Example(row["text"], label, row["lang"]))
    return parts


def few(examples: Sequence[Example], seed: int) -> list[Example]:
    """SHOTS examples of each intent, drawn by the seed."""
    rng = random.Random(seed)
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.intent, []).append(example)
    return [one for intent in sorted(groups) for one in rng.sample(groups[intent], SHOTS)]


def right(model: Model, tests: Sequence[Example]) -> float:
    """The share of messages understood, in percent, read one by one as customers send them."""
    material = Material.of(tests, None, encoded=False)
    hits = (judge(model, text.text, text.found).intent == test.intent
            for test, text in zip(tests, material.texts, strict=True))  # fmt: skip
    return 100 * sum(hits) / len(tests)


def banking77() -> None:
    parts = read("banking77")
    shots = [right(train(few(parts["train"], seed), CACHE / "few"), parts["test"]) for seed in (0, 1)]
    row("Banking77, 10-shot", "accuracy", sum(shots) / len(shots), 82.5)
    start = time.process_time()
    model = train(parts["train"], CACHE / "banking77")
    took = time.process_time() - start
    row("Banking77, full", "accuracy", right(model, parts["test"]), 93, took)


def clinc150() -> None:
    parts = read("clinc150")
    learned, tuned = parts["train"] + parts["oos_train"], parts["val"] + parts["oos_val"]
    start = time.process_time()
    material = Material.of(learned + tuned, CACHE / "clinc150")
    model = material.learn(np.arange(len(learned)))
    model.calibration = calibrate(model, material, np.arange(len(learned), len(learned + tuned)))
    took = time.process_time() - start
    row("CLINC150", "in-scope accuracy", right(model, parts["test"]), 94.5, took)
    row("CLINC150", "out-of-scope recall", right(model, parts["oos_test"]), 60)


def row(name: str, what: str, found: float, target: float, took: float | None = None) -> None:
    seconds = f"{took:.0f}" if took is not None else ""
    print(
        f"| {name} | {what} | {found:.1f} | {target:.1f} | {'yes' if found >= target else 'no'} | {seconds} |",
        flush=True,
    )


def main() -> None:
    if not FOLDER.is_dir():
        print(f"No public sets at {FOLDER}: set RELANCE_INTENTS to their folder")
        return
    print("| set | measure | % | target % | reached | training, CPU s |")
    print("|---|---|---|---|---|---|")
    chosen = sys.argv[1:] or ["banking77", "clinc150"]
    for name in chosen:
        {"banking77": banking77, "clinc150": clinc150}[name]()


if __name__ == "__main__":
    main()
