"""From example files to a calibrated model, in seconds; what was computed before is not computed again."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.amending import amend
from bot.understanding.care import ears
from bot.understanding.examples import Example, read_examples
from bot.understanding.material import OUTSIDE, Material, Share, stamp_of, unseen
from bot.understanding.model import NEIGHBOURS, Calibration, Model, load
from bot.understanding.regression import softmax

log = logging.getLogger(__name__)
Floats = NDArray[np.float32]

HELD_OUT = 0.2
# The share of in-scope messages that may be taken for out of scope.
LOST_IN_SCOPE = 0.01
# A calibration serves until so many of the examples have changed.
CALIBRATION_SERVES = 0.05


def cached(paths: Sequence[Path], cache: Path) -> Model | None:
    """The model of these example files when it was trained before; raises ExamplesError."""
    file = _file(read_examples(paths), cache)
    try:
        return load(file) if file.is_file() else None
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("%s is damaged: training again", file.name)
        return None


def load_or_train(paths: Sequence[Path], cache: Path, progress: Callable[[str], None]) -> Model:
    """The model of these example files: from the cache when nothing changed, else trained now and kept."""
    model = cached(paths, cache)
    if model is not None:
        return model
    examples = read_examples(paths)
    told = -10

    def percent(done: float) -> None:
        nonlocal told
        if int(100 * done) >= told + 10:
            told = int(100 * done)
            progress(f"Learning from {len(examples):,} examples: {told} %")

    model = train(examples, cache, _earlier(cache), percent)
    file = _file(examples, cache)
    model.save(file)
    for old in cache.glob("understanding-*.npz"):
        if old != file:
            old.unlink(missing_ok=True)
    return model


def train(
    examples: Sequence[Example], cache: Path | None = None, earlier: Model | None = None, share: Share = unseen
) -> Model:
    """Train and calibrate on examples; `earlier`: a model that a few new examples may amend, else train from nothing."""
    if earlier is not None:
        amended = amend(earlier, examples, cache, stamp_of(examples))
        if amended is not None:
            return amended
    share(0.0)
    material = Material.of(examples, cache, share=lambda done: share(0.05 + 0.4 * done))
    share(0.45)
    model = material.learn(np.arange(len(examples)))
    share(0.75)
    if earlier is not None and _still_serves(earlier, model):
        return replace(model, calibration=earlier.calibration)
    held = held_out(examples)
    if held.all() or not held.any():
        return model
    rehearsal = material.learn(np.flatnonzero(~held))
    share(0.97)
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


def calibrate(model: Model, material: Material, held: NDArray[np.int64]) -> Calibration:
    """Temperatures, the edge of the known and the care thresholds, from examples that `model` has not seen."""
    labels = material.labels[held]
    vectors = material.vectors[held] if material.vectors is not None else None
    raw = model.raw([material.texts[number] for number in held], vectors)
    warmth = _temperature(raw.votes, labels)
    if raw.dense is None or raw.near is None:
        found = Calibration((1.0, warmth), share=HELD_OUT)
    else:
        outside = model.intents.index(OUTSIDE) if OUTSIDE in model.intents else -1
        inside = labels != outside
        scope = tuple(
            (float(value[inside].mean()), float(value[inside].std()) or 1.0)
            for value in (model.of_known(raw.dense).max(axis=1), model.of_known(raw.votes).max(axis=1), raw.near)
        )
        found = Calibration((_temperature(raw.dense, labels), warmth), scope, share=HELD_OUT)
        model.calibration = found
        familiar = model.familiarity(raw)
        found = replace(found, outside_below=float(np.quantile(familiar[inside], LOST_IN_SCOPE)))
    model.calibration = found
    probabilities = np.stack([score.probabilities for score in model.judge(raw)])
    written = [material.texts[number].text for number in held]
    meant = [model.intents[label] for label in labels]
    return replace(found, care=ears(model.intents, probabilities, written, meant))


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


def _file(examples: Sequence[Example], cache: Path) -> Path:
    return cache / f"understanding-{stamp_of(examples)}.npz"


def _earlier(cache: Path) -> Model | None:
    for file in sorted(cache.glob("understanding-*.npz"), key=lambda file: file.stat().st_mtime, reverse=True):
        try:
            return load(file)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
