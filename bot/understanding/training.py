"""From example files to a calibrated model, in seconds; what was computed before is not computed again."""

import hashlib
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding import quantities
from bot.understanding.encoder import Encoder, VectorCache
from bot.understanding.examples import Example, ExamplesError, read_examples
from bot.understanding.kernel import fit_votes, targets
from bot.understanding.marks import signs
from bot.understanding.model import (
    CARE_BESIDE,
    NEIGHBOURS,
    SIGN_WEIGHT,
    Calibration,
    Dense,
    Model,
    Text,
    load,
    points,
    sign_rows,
)
from bot.understanding.ngrams import Vocabulary
from bot.understanding.noise import noisy
from bot.understanding.regression import fit, softmax, unit, within_class_whitening

log = logging.getLogger(__name__)
Floats = NDArray[np.float32]

FORMAT = 5
HELD_OUT = 0.2
# Recall before precision: a care intent may be heard by mistake in this share of the messages that mean another.
CARE_FALSE_ALARMS = 0.01
CARE_AT_LEAST = 0.20
# The share of in-scope messages that may be taken for out of scope.
LOST_IN_SCOPE = 0.01
# A calibration serves until so many of the examples have changed.
CALIBRATION_SERVES = 0.05
AXES = 96
CARE = ("report_sensitive", "legal_threat", "stop_contact", "request_human", "report_hardship", "dispute_invoice",
        "wrong_person")  # fmt: skip
OUTSIDE = "out_of_scope"


def load_or_train(paths: Sequence[Path], cache: Path, progress: Callable[[str], None]) -> Model:
    """The model of these example files: from the cache when nothing changed, else trained now and kept."""
    if not paths:
        raise ExamplesError("dialogues/nlu: no example files; add fr.yml, en.yml, ...")
    examples = read_examples(paths)
    stamp = stamp_of(examples)
    file = cache / f"understanding-{stamp}.npz"
    if file.is_file():
        try:
            return load(file)
        except (OSError, ValueError, KeyError, TypeError):
            progress(f"{file.name} is damaged: training again")
    progress(f"Learning from {len(examples):,} examples (some seconds) ...")
    model = train(examples, cache, _earlier(cache))
    model.save(file)
    for old in cache.glob("understanding-*.npz"):
        if old != file:
            old.unlink(missing_ok=True)
    return model


def stamp_of(examples: Sequence[Example]) -> str:
    """The hash of what a model learns from."""
    told = (FORMAT, Encoder.installed(), [(e.text, e.intent, e.language) for e in examples])
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def train(examples: Sequence[Example], cache: Path | None = None, earlier: Model | None = None) -> Model:
    """Train and calibrate on examples; deterministic. `earlier`: a model whose calibration may still serve."""
    material = Material.of(examples, cache)
    model = material.learn(np.arange(len(examples)))
    if earlier is not None and _still_serves(earlier, model):
        return replace(model, calibration=earlier.calibration)
    held = held_out(examples)
    if held.all() or not held.any():
        return model
    rehearsal = material.learn(np.flatnonzero(~held))
    return replace(model, calibration=calibrate(rehearsal, material, np.flatnonzero(held)))


def held_out(examples: Sequence[Example], share: float = HELD_OUT) -> NDArray[np.bool_]:
    """Which examples are kept for testing: a share of each intent of each language, by the hash of the text.

    An example once held out stays so as others are added, but for those at the edge of its group.
    """
    groups: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for number, example in enumerate(examples):
        key = hashlib.sha256(example.text.encode("utf-8", "surrogatepass")).hexdigest()
        groups.setdefault((example.intent, example.language), []).append((key, number))
    held = np.zeros(len(examples), dtype=bool)
    for group in groups.values():
        for _, number in sorted(group)[: round(len(group) * share)]:
            held[number] = True
    return held


@dataclass
class Material:
    """Examples made ready for learning: labels, signs, vectors, and a hurried copy of each text."""

    intents: list[str]
    texts: list[Text]
    hurried: list[str]
    labels: NDArray[np.int64]
    marks: list[tuple[str, ...]]
    vectors: Floats | None

    @classmethod
    def of(cls, examples: Sequence[Example], cache: Path | None, encoded: bool = True) -> "Material":
        """Read values, make the hurried copies, encode unless told not to."""
        intents = sorted({example.intent for example in examples})
        place = {intent: number for number, intent in enumerate(intents)}
        day = date(2026, 1, 15)  # any day: signs tell that a day is named, not which
        texts = [Text(e.text, quantities.find(e.text, language=e.language, today=day)) for e in examples]
        vectors = None
        if encoded and Encoder.installed():
            kept = VectorCache(cache / "vectors.npz" if cache else None)
            vectors = kept.vectors(Encoder(), [example.text for example in examples])
        return cls(
            intents, texts,
            # The copy of a text is always the same, so that adding one example changes nothing else.
            [noisy(e.text, e.language, random.Random(e.text)) for e in examples],
            np.array([place[e.intent] for e in examples]),
            [signs(text.text, text.found) for text in texts], vectors,
        )  # fmt: skip

    def learn(self, chosen: NDArray[np.int64]) -> Model:
        """A model, not yet calibrated, of the chosen examples."""
        labels, classes = self.labels[chosen], len(self.intents)
        marks = [self.marks[number] for number in chosen]
        written = [self.texts[number].text for number in chosen]
        everything = written + [self.hurried[number] for number in chosen]
        vocabulary = Vocabulary.of(everything, marks=[*marks, *marks])
        matrix = vocabulary.matrix(everything, [*marks, *marks])
        sparse, sparse_bias = fit(matrix, np.concatenate([labels, labels]), classes, c=10.0, rounds=20)
        dense = self._dense(chosen, labels, marks) if self.vectors is not None else None
        return Model(self._stamp(chosen), self.intents, vocabulary, sparse, sparse_bias, dense)

    def _dense(self, chosen: NDArray[np.int64], labels: NDArray[np.int64], marks: list[tuple[str, ...]]) -> Dense:
        assert self.vectors is not None
        vectors, classes = self.vectors[chosen], len(self.intents)
        mean = vectors.mean(axis=0)
        centred = unit(vectors - mean)
        whitening = within_class_whitening(centred, labels, classes, shrinkage=0.8)
        placed = unit(centred @ whitening)
        rows = np.concatenate([placed, SIGN_WEIGHT * sign_rows(marks)], axis=1)
        weights, bias = fit(rows, labels, classes, c=5.0, rounds=50)
        _, directions = np.linalg.eigh(placed.T @ placed)
        axes = np.ascontiguousarray(directions[:, -AXES:]).astype(np.float32)
        # In-scope examples first: what is out of scope votes too, but is no place to be near to.
        outside = labels == (self.intents.index(OUTSIDE) if OUTSIDE in self.intents else -1)
        order = np.argsort(outside, kind="stable")
        known = points(placed[order], axes, sign_rows([marks[number] for number in order]))
        votes = fit_votes(known, targets(labels[order], classes))
        return Dense(mean, whitening, weights, bias, axes, known, votes, int((~outside).sum()))

    def _stamp(self, chosen: NDArray[np.int64]) -> str:
        told = [(self.texts[n].text, int(self.labels[n])) for n in chosen]
        return hashlib.sha256(repr((FORMAT, told)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def calibrate(model: Model, material: Material, held: NDArray[np.int64]) -> Calibration:
    """Temperatures, the edge of the known and the care thresholds, from examples that `model` has not seen."""
    labels = material.labels[held]
    vectors = material.vectors[held] if material.vectors is not None else None
    raw = model.raw([material.texts[number] for number in held], vectors)
    warmth = _temperature(raw.sparse, labels)
    if raw.dense is None or raw.votes is None or raw.near is None:
        found = Calibration((1.0, warmth, 1.0), share=HELD_OUT)
    else:
        outside = model.intents.index(OUTSIDE) if OUTSIDE in model.intents else -1
        inside = labels != outside
        scope = tuple(
            (float(value[inside].mean()), float(value[inside].std()) or 1.0)
            for value in (raw.dense.max(axis=1), raw.sparse.max(axis=1), raw.near)
        )
        temperatures = (_temperature(raw.dense, labels), warmth, _temperature(raw.votes, labels))
        found = Calibration(temperatures, scope, share=HELD_OUT)
        model.calibration = found
        familiar = model.familiarity(raw)
        found = replace(found, outside_below=float(np.quantile(familiar[inside], LOST_IN_SCOPE)))
    model.calibration = found
    probabilities = np.stack([score.probabilities for score in model.judge(raw)])
    return replace(found, care=care_thresholds(model.intents, probabilities, labels))


def heard_alike(probabilities: Floats, intent: int) -> Floats:
    """The probability of an intent where it comes near to the likeliest one, else 0."""
    own = probabilities[:, intent]
    result: Floats = np.where(own >= CARE_BESIDE * probabilities.max(axis=1), own, 0)
    return result


def care_thresholds(intents: Sequence[str], probabilities: Floats, labels: NDArray[np.int64]) -> dict[str, float]:
    """For each care intent the probability that other messages exceed in CARE_FALSE_ALARMS of cases only."""
    found = {}
    caring = np.isin(labels, [intents.index(intent) for intent in CARE if intent in intents])
    for intent in CARE:
        if intent in intents:
            others = heard_alike(probabilities[~caring], intents.index(intent))
            edge = float(np.quantile(others, 1 - CARE_FALSE_ALARMS)) if len(others) else 0.5
            found[intent] = round(min(max(edge, CARE_AT_LEAST), 0.5), 4)
    return found


def _temperature(logits: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature that makes the probabilities of these logits honest (Guo et al. 2017)."""
    tried = [1.3**step for step in range(-6, 7)]
    rows = np.arange(len(labels))
    return min(tried, key=lambda t: -float(np.log(softmax(logits / t)[rows, labels] + 1e-9).mean()))


def _still_serves(earlier: Model, model: Model) -> bool:
    if earlier.intents != model.intents or (earlier.dense is None) != (model.dense is None):
        return False
    if not earlier.calibration.share or earlier.dense is None or model.dense is None:
        return False
    before, after = len(earlier.dense.known), len(model.dense.known)
    return after >= NEIGHBOURS and abs(after - before) <= CALIBRATION_SERVES * before


def _earlier(cache: Path) -> Model | None:
    for file in sorted(cache.glob("understanding-*.npz"), key=lambda file: file.stat().st_mtime, reverse=True):
        try:
            return load(file)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
