"""Examples made ready for learning, and a model learned from them."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding import quantities
from bot.understanding.encoder import Encoder, VectorCache
from bot.understanding.examples import Example, key_of
from bot.understanding.kernel import WORDS, fit_votes, targets
from bot.understanding.marks import signs
from bot.understanding.model import FORMAT, SIGN_WEIGHT, Dense, Model, Text, points, sign_rows
from bot.understanding.ngrams import Bags, unit_rows
from bot.understanding.noise import noisy
from bot.understanding.regression import fit, unit, within_class_whitening

Floats = NDArray[np.float32]
# Told how much of a work is done, in 0..1.
Share = Callable[[float], None]

AXES = 160
OUTSIDE = "out_of_scope"


def unseen(done: float) -> None:
    """Nobody watches."""


def stamp_of(examples: Sequence[Example]) -> str:
    """The hash of what a model learns from."""
    told = (FORMAT, Encoder.installed(), [(e.text, e.intent, e.language) for e in examples])
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass
class Material:
    """Examples made ready for learning: labels, signs, vectors, and a hurried copy of each text."""

    examples: Sequence[Example]
    intents: list[str]
    texts: list[Text]
    hurried: list[str]
    labels: NDArray[np.int64]
    marks: list[tuple[str, ...]]
    vectors: Floats | None
    _bags: Bags | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, examples: Sequence[Example], cache: Path | None, encoded: bool = True, share: Share = unseen
    ) -> "Material":
        """Read values, make the hurried copies, encode unless told not to."""
        intents = sorted({example.intent for example in examples})
        place = {intent: number for number, intent in enumerate(intents)}
        day = date(2026, 1, 15)  # any day: signs tell that a day is named, not which
        texts = [Text(e.text, quantities.find(e.text, language=e.language, today=day)) for e in examples]
        vectors = cls.encode(examples, cache, share) if encoded and Encoder.installed() else None
        return cls(
            examples, intents, texts,
            # The copy of a text is always the same, so that adding one example changes nothing else.
            [noisy(e.text, e.language, random.Random(e.text)) for e in examples],
            np.array([place[e.intent] for e in examples]),
            [signs(text.text, text.found) for text in texts], vectors,
        )  # fmt: skip

    @staticmethod
    def encode(examples: Sequence[Example], cache: Path | None, share: Share = unseen) -> Floats:
        """The vectors of the examples, from the cache where they are known."""
        kept = VectorCache(cache / "vectors.npz" if cache else None)
        return kept.vectors(Encoder(), [example.text for example in examples], share)

    def bags(self) -> Bags:
        """The n-grams of the texts and then of their hurried copies."""
        if self._bags is None:
            texts = [text.text for text in self.texts] + self.hurried
            self._bags = Bags.of(texts, [*self.marks, *self.marks])
        return self._bags

    def learn(self, chosen: NDArray[np.int64]) -> Model:
        """A model, not yet calibrated, of the chosen examples."""
        labels, classes = self.labels[chosen], len(self.intents)
        vocabulary, rows = self.bags().learn(np.concatenate([chosen, chosen + len(self.texts)]))
        stamp = stamp_of([self.examples[n] for n in chosen])
        if self.vectors is None:
            weights, bias = fit(rows, np.concatenate([labels, labels]), classes, c=10.0, rounds=20)
            return Model(stamp, self.intents, vocabulary, weights, bias, None)
        # One row an example: its own words, and how they look in a hurry.
        words = unit_rows(rows[: len(chosen)] + rows[len(chosen) :])
        dense, votes = self._dense(self.vectors[chosen], chosen, labels, words)
        return Model(
            stamp, self.intents, vocabulary, WORDS * (words.T @ votes), np.zeros(classes, np.float32), dense
        )  # fmt: skip

    def _dense(
        self, vectors: Floats, chosen: NDArray[np.int64], labels: NDArray[np.int64], words: Any
    ) -> tuple[Dense, Floats]:
        """What stands on the encoder, and the votes in the order of `chosen`."""
        classes, given = len(self.intents), sign_rows([self.marks[number] for number in chosen])
        mean = vectors.mean(axis=0)
        centred = unit(vectors - mean)
        whitening = within_class_whitening(centred, labels, classes, shrinkage=0.8)
        placed = unit(centred @ whitening)
        weights, bias = fit(np.concatenate([placed, SIGN_WEIGHT * given], axis=1), labels, classes, c=5.0, rounds=50)
        _, directions = np.linalg.eigh(placed.T @ placed)
        axes = np.ascontiguousarray(directions[:, -AXES:]).astype(np.float32)
        known = points(placed, axes, given)
        votes = fit_votes(known, words, targets(labels, classes))
        # In-scope examples first: what is out of scope votes too, but is no place to be near to.
        outside = labels == (self.intents.index(OUTSIDE) if OUTSIDE in self.intents else -1)
        order = np.argsort(outside, kind="stable")
        keys = np.array([key_of(self.examples[number]) for number in chosen[order]])
        inside = int((~outside).sum())
        return Dense(mean, whitening, weights, bias, axes, known[order], votes[order], keys, inside), votes
