"""Examples made ready for learning, and a model learned from them."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding import quantities
from bot.understanding.encoder import Encoder, VectorCache
from bot.understanding.examples import Example, key_of
from bot.understanding.kernel import fit_votes, targets
from bot.understanding.marks import signs
from bot.understanding.model import SIGN_WEIGHT, Dense, Model, Text, points, sign_rows
from bot.understanding.ngrams import Vocabulary
from bot.understanding.noise import noisy
from bot.understanding.regression import fit, unit, within_class_whitening

Floats = NDArray[np.float32]
# Told how much of a work is done, in 0..1.
Share = Callable[[float], None]

FORMAT = 6
AXES = 96
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
        return Model(stamp_of([self.examples[n] for n in chosen]), self.intents, vocabulary, sparse, sparse_bias, dense)

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
        keys = np.array([key_of(self.examples[number]) for number in chosen[order]])
        return Dense(mean, whitening, weights, bias, axes, known, votes, keys, int((~outside).sum()))
