"""The intent classifier: a multilingual sentence encoder and n-grams, two regressions, one blended answer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.domain.readings import Entity
from bot.understanding.encoder import Encoder
from bot.understanding.marks import SIGNS, signs
from bot.understanding.ngrams import Vocabulary
from bot.understanding.regression import softmax, unit

Floats = NDArray[np.float32]

DENSE_SHARE = 0.6
SIGN_WEIGHT = 0.3
NEIGHBOURS = 3
# A care intent is heard beside a likelier one when it has at least this share of its probability.
CARE_BESIDE = 0.6


@dataclass(frozen=True, slots=True)
class Text:
    """A text to classify, with the values that were found in it."""

    text: str
    found: tuple[Entity, ...] = ()

    def signs(self) -> tuple[str, ...]:
        """Its signs (marks.SIGNS)."""
        return signs(self.text, self.found)


@dataclass(frozen=True)
class Calibration:
    """What held-out examples taught about trusting the scores.

    `temperatures`: of the dense and the sparse logits. `scope`: mean and deviation of the highest dense logit, the
    highest sparse logit and the nearness of in-scope messages; `outside_below`: the sum of the three standard scores
    under which a message is out of scope. `care`: the probability from which each care intent is heard.
    `share`: the part of the examples that was held out.
    """

    temperatures: tuple[float, float] = (1.0, 1.0)
    scope: tuple[tuple[float, float], ...] = ((0.0, 1.0),) * 3
    outside_below: float = -1e9
    care: Mapping[str, float] = field(default_factory=dict)
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities by intent, and how far inside the known a message is (negative: outside)."""

    probabilities: Floats
    inside: float


@dataclass
class Dense:
    """The half of the model that stands on the encoder."""

    mean: Floats
    whitening: Floats
    weights: Floats
    bias: Floats
    axes: Floats
    known: Floats

    def place(self, vectors: Floats) -> Floats:
        """Encoded texts in the whitened space, of unit length."""
        return unit(unit(vectors - self.mean) @ self.whitening)

    def logits(self, placed: Floats, marks: Floats) -> Floats:
        """One row of logits a text."""
        result: Floats = np.concatenate([placed, SIGN_WEIGHT * marks], axis=1) @ self.weights + self.bias
        return result

    def nearness(self, placed: Floats) -> Floats:
        """The mean cosine with the three nearest examples, along the axes in which examples differ most."""
        close = unit(placed @ self.axes) @ self.known.T
        count = min(NEIGHBOURS, close.shape[1])
        result: Floats = np.partition(close, -count, axis=1)[:, -count:].mean(axis=1)
        return result


@dataclass
class Model:
    """Trained weights; `scores` reads texts in a batch. `stamp` is the hash of the examples it learned from."""

    stamp: str
    intents: list[str]
    vocabulary: Vocabulary
    sparse: Floats
    sparse_bias: Floats
    dense: Dense | None
    calibration: Calibration = Calibration()
    encoder: Encoder = field(default_factory=Encoder)

    def warm(self) -> None:
        """Load the encoder now rather than at the first message."""
        if self.dense is not None:
            self.encoder.encode(["bonjour"])

    def raw(self, texts: Sequence[Text], vectors: Floats | None = None) -> tuple[Floats, Floats | None, Floats | None]:
        """Sparse logits, dense logits and nearness; the last two None without an encoder."""
        marks = [text.signs() for text in texts]
        sparse = np.stack([self._sparse(text.text, mark) for text, mark in zip(texts, marks, strict=True)])
        if self.dense is None:
            return sparse, None, None
        rows = vectors if vectors is not None else self.encoder.encode([text.text for text in texts])
        placed = self.dense.place(rows)
        return sparse, self.dense.logits(placed, sign_rows(marks)), self.dense.nearness(placed)

    def scores(self, texts: Sequence[Text], vectors: Floats | None = None) -> list[Scores]:
        """Read texts; `vectors` when they are encoded already."""
        sparse, dense, near = self.raw(texts, vectors)
        return self.judge(sparse, dense, near)

    def judge(self, sparse: Floats, dense: Floats | None, near: Floats | None) -> list[Scores]:
        """Calibrated scores of raw ones."""
        warmth = self.calibration.temperatures
        probabilities = softmax(sparse / warmth[1])
        if dense is None or near is None:
            return [Scores(row, 1.0) for row in probabilities]
        probabilities = DENSE_SHARE * softmax(dense / warmth[0]) + (1 - DENSE_SHARE) * probabilities
        inside = self.familiarity(sparse, dense, near) - self.calibration.outside_below
        return [Scores(row, float(place)) for row, place in zip(probabilities, inside, strict=True)]

    def familiarity(self, sparse: Floats, dense: Floats, near: Floats) -> Floats:
        """The sum of three standard scores: logits rather than probabilities, which saturate."""
        total = np.zeros(len(near), dtype=np.float32)
        for value, (mean, deviation) in zip(
            (dense.max(axis=1), sparse.max(axis=1), near), self.calibration.scope, strict=True
        ):
            total += (value - mean) / deviation
        return total

    def _sparse(self, text: str, marks: Sequence[str]) -> Floats:
        index, weights = self.vocabulary.vector(text, marks)
        result: Floats = weights @ self.sparse[index] + self.sparse_bias
        return result

    def save(self, file: Path) -> None:
        """Write the model; never leaves half a file."""
        arrays: dict[str, Any] = {
            "stamp": np.array([self.stamp]), "intents": np.array(self.intents),
            "terms": np.array(self.vocabulary.terms), "idf": self.vocabulary.idf,
            "sparse": self.sparse.astype(np.float16), "sparse_bias": self.sparse_bias,
            "calibration": np.frombuffer(msgspec.json.encode(asdict(self.calibration)), dtype=np.uint8),
        }  # fmt: skip
        if self.dense is not None:
            arrays |= {f"dense_{name}": value for name, value in vars(self.dense).items()}
        partial = file.with_suffix(".tmp.npz")
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(partial, **arrays)
        partial.replace(file)


def load(file: Path) -> Model:
    """The model of a file; raises OSError, ValueError or KeyError when it is damaged."""
    with np.load(file, allow_pickle=False) as data:
        dense = None
        if "dense_mean" in data:
            dense = Dense(**{name.removeprefix("dense_"): data[name] for name in data if name.startswith("dense_")})
        calibration = msgspec.json.decode(data["calibration"].tobytes(), type=Calibration)
        return Model(
            str(data["stamp"][0]), data["intents"].tolist(), Vocabulary(data["terms"].tolist(), data["idf"]),
            data["sparse"].astype(np.float32), data["sparse_bias"], dense, calibration,
        )  # fmt: skip


def sign_rows(marks: Sequence[Sequence[str]]) -> Floats:
    """Signs as rows of zeros and ones."""
    rows = np.zeros((len(marks), len(SIGNS)), dtype=np.float32)
    for row, mark in zip(rows, marks, strict=True):
        for sign in mark:
            row[SIGNS.index(sign)] = 1.0
    return rows
