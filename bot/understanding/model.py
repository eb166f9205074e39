"""The intent classifier: a regression on the sentence encoder and the votes of examples, by meaning and by words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.domain.readings import OUT_OF_SCOPE, Entity
from bot.understanding.care import Ear
from bot.understanding.encoder import Encoder
from bot.understanding.kernel import alike
from bot.understanding.marks import SIGNS, signs
from bot.understanding.ngrams import Vocabulary
from bot.understanding.regression import softmax, unit

Floats = NDArray[np.float32]

# What a model file holds and how it is read; files of another format are not.
FORMAT = 8
# The weights of the encoder's regression and of the examples' votes (cross-validated).
SHARES = (0.3, 0.7)
SIGN_WEIGHT = 0.3
# Votes lie in 0..1; as logits they are stretched, and the temperature does the rest.
STRETCH = 10.0
NEIGHBOURS = 3
# Texts compared with all examples at once.
BATCH = 64


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

    `temperatures`: of the dense logits and of the votes (of the n-grams' logits where there is no encoder). `scope`:
    mean and deviation of the highest dense logit, the highest vote and the nearness of in-scope messages;
    `outside_below`: the sum of the three standard scores under which a message is out of scope. `care`: how each care
    intent is heard.
    `share`: the part of the examples that was held out.
    """

    temperatures: tuple[float, float] = (1.0, 1.0)
    scope: tuple[tuple[float, float], ...] = ((0.0, 1.0),) * 3
    outside_below: float = -1e9
    care: Mapping[str, Ear] = field(default_factory=dict)
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities by intent, and how far inside the known a message is (negative: outside)."""

    probabilities: Floats
    inside: float


@dataclass(frozen=True, slots=True)
class Raw:
    """What the halves of the model say of some texts, one row a text; without an encoder `votes` are n-grams' logits."""

    votes: Floats
    dense: Floats | None = None
    near: Floats | None = None


@dataclass
class Dense:
    """The half of the model that stands on the encoder.

    `known`: the examples along the axes in which they differ most, with their signs; in-scope ones come first, and
    `inside` counts them. `votes`: what each of them says for each intent. `keys`: which example each is.
    """

    mean: Floats
    whitening: Floats
    weights: Floats
    bias: Floats
    axes: Floats
    known: Floats
    votes: Floats
    keys: NDArray[np.str_]
    inside: int

    def place(self, vectors: Floats) -> Floats:
        """Encoded texts in the whitened space, of unit length."""
        return unit(unit(vectors - self.mean) @ self.whitening)

    def points(self, placed: Floats, marks: Floats) -> Floats:
        """Placed texts as rows comparable with `known`."""
        return points(placed, self.axes, marks)

    def logits(self, placed: Floats, marks: Floats) -> Floats:
        """One row of logits a text."""
        result: Floats = np.concatenate([placed, SIGN_WEIGHT * marks], axis=1) @ self.weights + self.bias
        return result

    def neighbours(self, placed: Floats, marks: Floats) -> tuple[Floats, Floats]:
        """The votes of the examples for what is meant, and how alike the three nearest in-scope ones are."""
        close = alike(self.points(placed, marks), self.known)
        count = min(NEIGHBOURS, self.inside)
        near: Floats = np.log(np.partition(close[:, : self.inside], -count, axis=1)[:, -count:]).mean(axis=1)
        return close @ self.votes, near


def points(placed: Floats, axes: Floats, marks: Floats) -> Floats:
    """Placed texts along a few axes, of unit length, with their signs."""
    result: Floats = np.concatenate([unit(placed @ axes), SIGN_WEIGHT * marks], axis=1)
    return result


@dataclass
class Model:
    """Trained weights; `scores` reads texts in a batch. `stamp` is the hash of the examples it learned from.

    `sparse`: what each n-gram adds to the votes; without an encoder, its weights in a regression.
    `amended`: how many examples it has learned since it was last trained from nothing.
    """

    stamp: str
    intents: list[str]
    vocabulary: Vocabulary
    sparse: Floats
    sparse_bias: Floats
    dense: Dense | None
    calibration: Calibration = Calibration()
    amended: int = 0
    encoder: Encoder = field(default_factory=Encoder)

    def warm(self) -> None:
        """Load the encoder now rather than at the first message."""
        if self.dense is not None:
            self.encoder.encode(["bonjour"])

    def raw(self, texts: Sequence[Text], vectors: Floats | None = None) -> Raw:
        """Logits, votes and nearness, not yet calibrated; `vectors` when the texts are encoded already."""
        marks = [text.signs() for text in texts]
        sparse = np.stack([self._sparse(text.text, mark) for text, mark in zip(texts, marks, strict=True)])
        if self.dense is None:
            return Raw(sparse + self.sparse_bias)
        rows = vectors if vectors is not None else self.encoder.encode([text.text for text in texts])
        placed, given = self.dense.place(rows), sign_rows(marks)
        parts = [self.dense.neighbours(placed[n : n + BATCH], given[n : n + BATCH]) for n in range(0, len(rows), BATCH)]
        votes, near = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Raw(STRETCH * (votes + sparse), self.dense.logits(placed, given), near)

    def scores(self, texts: Sequence[Text], vectors: Floats | None = None) -> list[Scores]:
        """Read texts; `vectors` when they are encoded already."""
        return self.judge(self.raw(texts, vectors))

    def judge(self, raw: Raw) -> list[Scores]:
        """Calibrated scores of raw ones."""
        warmth = self.calibration.temperatures
        votes = softmax(raw.votes / warmth[1])
        if raw.dense is None:
            return [Scores(row, 1.0) for row in votes]
        probabilities: Floats = SHARES[0] * softmax(raw.dense / warmth[0]) + SHARES[1] * votes
        inside = self.familiarity(raw) - self.calibration.outside_below
        return [Scores(row, float(place)) for row, place in zip(probabilities, inside, strict=True)]

    def familiarity(self, raw: Raw) -> Floats:
        """The sum of three standard scores of the known meanings: logits rather than probabilities, which saturate."""
        assert raw.dense is not None and raw.near is not None
        dense, votes = self.of_known(raw.dense), self.of_known(raw.votes)
        total = np.zeros(len(raw.near), dtype=np.float32)
        for value, (mean, deviation) in zip(
            (dense.max(axis=1), votes.max(axis=1), raw.near), self.calibration.scope, strict=True
        ):
            total += (value - mean) / deviation
        return total

    def of_known(self, scores: Floats) -> Floats:
        """The columns of the meanings: being sure that a message is out of scope makes it no more familiar."""
        kept = [number for number, intent in enumerate(self.intents) if intent != OUT_OF_SCOPE]
        return scores[:, kept] if kept else scores

    def _sparse(self, text: str, marks: Sequence[str]) -> Floats:
        index, weights = self.vocabulary.vector(text, marks)
        result: Floats = weights @ self.sparse[index]
        return result

    def save(self, file: Path) -> None:
        """Write the model; never leaves half a file."""
        arrays: dict[str, Any] = {
            "format": np.array(FORMAT), "stamp": np.array([self.stamp]), "amended": np.array(self.amended), "intents": np.array(self.intents),
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
    """The model of a file; raises OSError, ValueError or KeyError when it is damaged or of another format."""
    with np.load(file, allow_pickle=False) as data:
        if int(data["format"]) != FORMAT:
            raise ValueError(f"{file.name} is of another format")
        dense = None
        if "dense_mean" in data:
            kept = {name.removeprefix("dense_"): data[name] for name in data if name.startswith("dense_")}
            dense = Dense(**{**kept, "inside": int(kept["inside"])})
        calibration = msgspec.json.decode(data["calibration"].tobytes(), type=Calibration)
        return Model(
            str(data["stamp"][0]), data["intents"].tolist(), Vocabulary(data["terms"].tolist(), data["idf"]),
            data["sparse"].astype(np.float32), data["sparse_bias"], dense, calibration,
            int(data["amended"]),
        )  # fmt: skip


def sign_rows(marks: Sequence[Sequence[str]]) -> Floats:
    """Signs as rows of zeros and ones."""
    rows = np.zeros((len(marks), len(SIGNS)), dtype=np.float32)
    for row, mark in zip(rows, marks, strict=True):
        for sign in mark:
            row[SIGNS.index(sign)] = 1.0
    return rows
