"""How well messages are understood: trained on four fifths of the examples, asked about the rest."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from bot.understanding import care
from bot.understanding.examples import Example
from bot.understanding.material import OUTSIDE, Material
from bot.understanding.model import Model, Text
from bot.understanding.reader import Meaning, Reader, judge
from bot.understanding.training import calibrate, held_out

# Any day: what a message means does not hang on it.
DAY = date(2026, 1, 15)


@dataclass(frozen=True, slots=True)
class Judged:
    """One test message: what it means, what was understood, and the CPU milliseconds that it took.

    `meaning` is the whole reader's (commands, values, short answers, then the model), `unaided` the model's alone.
    """

    example: Example
    meaning: Meaning
    unaided: Meaning
    inside: float
    took_ms: float

    @property
    def right(self) -> bool:
        """Whether the main intent was understood."""
        return self.meaning.intent == self.example.intent


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1 of one intent over `count` test messages that mean it."""

    intent: str
    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True, slots=True)
class CareQuality:
    """How often a care intent is heard where it is meant, and by mistake: as the main meaning, or at least beside it."""

    intent: str
    recall_main: float
    recall: float
    alarms_main: float
    alarms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judged test messages, how many examples were learned from and how long that took (CPU seconds)."""

    judged: Sequence[Judged]
    learned: int
    training_s: float

    def languages(self) -> list[str]:
        """The languages of the test messages."""
        return sorted({one.example.language for one in self.judged})

    def of(self, language: str) -> "Evaluation":
        """The test messages of one language."""
        mine = [one for one in self.judged if one.example.language == language]
        return Evaluation(mine, self.learned, self.training_s)

    def unaided(self) -> "Evaluation":
        """The same messages as the model alone reads them: no commands, no short answers."""
        return Evaluation([replace(one, meaning=one.unaided) for one in self.judged], self.learned, self.training_s)

    @property
    def accuracy(self) -> float:
        """The share of messages whose main intent was understood."""
        return _share(one.right for one in self.judged)

    def qualities(self) -> list[Quality]:
        """Precision, recall and F1 by intent."""
        pairs = Counter((one.example.intent, one.meaning.intent) for one in self.judged)
        found = []
        for intent in sorted({meant for meant, _ in pairs}):
            hits = pairs[intent, intent]
            meant = sum(count for (truth, _), count in pairs.items() if truth == intent)
            said = sum(count for (_, answer), count in pairs.items() if answer == intent)
            precision = hits / said if said else 0.0
            found.append(Quality(intent, precision, hits / meant, 2 * hits / (meant + said), meant))
        return found

    @property
    def macro_f1(self) -> float:
        """The mean F1 over the intents."""
        qualities = self.qualities()
        return sum(quality.f1 for quality in qualities) / max(len(qualities), 1)

    def confusions(self) -> list[tuple[str, str, int]]:
        """Meant, understood and how often, most frequent first."""
        pairs = Counter((one.example.intent, one.meaning.intent) for one in self.judged if not one.right)
        return [(meant, said, count) for (meant, said), count in pairs.most_common()]

    def care(self) -> list["CareQuality"]:
        """How each care intent is heard; false alarms are counted among the messages that mean none of them."""
        found = []
        plain = [one for one in self.judged if one.example.intent not in care.INTENTS]
        for intent in care.INTENTS:
            mine = [one for one in self.judged if one.example.intent == intent]
            found.append(CareQuality(
                intent,
                _share(one.right for one in mine),
                _share(intent in (one.meaning.intent, *one.meaning.also) for one in mine),
                _share(one.meaning.intent == intent for one in plain),
                _share(intent in (one.meaning.intent, *one.meaning.also) for one in plain),
            ))  # fmt: skip
        return found

    def out_of_scope(self) -> list[tuple[float, float]]:
        """Points (in-scope messages lost, out-of-scope messages caught) as the edge of the known is moved."""
        inside = [one.inside for one in self.judged if one.example.intent != OUTSIDE]
        outside = [one.inside for one in self.judged if one.example.intent == OUTSIDE]
        if not inside:
            return []
        edges = np.quantile(inside, [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5])
        return [(_share(x < edge for x in inside), _share(x < edge for x in outside)) for edge in edges]

    def slowest(self, most: int = 5) -> list[Judged]:
        """The messages that took longest."""
        return sorted(self.judged, key=lambda one: -one.took_ms)[:most]

    def time_ms(self) -> tuple[float, float]:
        """CPU milliseconds a message: median and 95th percentile."""
        times = sorted(one.took_ms for one in self.judged)
        return statistics.median(times), times[int(len(times) * 0.95)]


def evaluate(examples: Sequence[Example], cache: Path | None, progress: Callable[[str], None]) -> Evaluation:
    """Hold a fifth of the examples out, learn from the rest, and read what was held out.

    Thresholds are set within the part that is learned from: a fifth of it is held back from a rehearsal.
    """
    begun = time.process_time()
    material = Material.of(examples, cache)
    held = held_out(examples)
    progress(f"Learning from {int((~held).sum()):,} examples, {int(held.sum()):,} are kept for the test ...")
    learned = np.flatnonzero(~held)
    model = material.learn(learned)
    kept = held_out([example for example, out in zip(examples, held, strict=True) if not out])
    model.calibration = calibrate(material.learn(learned[~kept]), material, learned[kept])
    took = time.process_time() - begun
    progress("Reading the test messages ...")
    model.warm()
    tests = [pair for pair, kept in zip(zip(examples, material.texts, strict=True), held, strict=True) if kept]
    return Evaluation(read(model, tests), int((~held).sum()), took)


def read(model: Model, tests: Iterable[tuple[Example, Text]]) -> list[Judged]:
    """Read messages one at a time as customers send them, and ask the model alone as well."""
    reader = Reader(model)
    judged = []
    for example, text in tests:
        start = time.process_time()
        reading = reader.read(example.text, language=example.language, today=DAY)
        took = (time.process_time() - start) * 1000
        meaning = Meaning(reading.intent, reading.confidence, reading.second, reading.margin, reading.also)
        unaided = judge(model, text.text, text.found)
        judged.append(Judged(example, meaning, unaided, model.scores([text])[0].inside, took))
    return judged


def figures(evaluation: Evaluation) -> Mapping[str, float]:
    """The headline figures, for machines."""
    median, slow = evaluation.time_ms()
    return {
        "accuracy": evaluation.accuracy, "macro_f1": evaluation.macro_f1,
        "macro_f1_unaided": evaluation.unaided().macro_f1,
        **{f"macro_f1_{language}": evaluation.of(language).macro_f1 for language in evaluation.languages()},
        "median_ms": median, "p95_ms": slow, "training_s": evaluation.training_s,
    }  # fmt: skip


def _share(outcomes: Iterable[bool]) -> float:
    known = list(outcomes)
    return sum(known) / len(known) if known else 0.0
