"""A few new examples learned at once: the model is amended where they stand, and left as it is elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.examples import Example, key_of
from bot.understanding.kernel import PENALTY, WORDS, alike, targets
from bot.understanding.material import OUTSIDE, Material
from bot.understanding.model import SIGN_WEIGHT, Dense, Model, sign_rows
from bot.understanding.ngrams import Vocabulary, unit_rows
from bot.understanding.regression import Floats, refit, softmax

# More changes than this share of the examples, in sum, and everything is learned anew.
AMENDED_AT_MOST = 0.02
# So many of the examples next to the new ones are heard again with them.
NEXT = 400
C_DENSE, ROUNDS = 5.0, 12
_TAUGHT = 0.98


def amend(earlier: Model, examples: Sequence[Example], cache: Path | None, stamp: str) -> Model | None:
    """The earlier model with the added and relabelled examples; None when too much changed, or some were removed."""
    dense = earlier.dense
    if dense is None or earlier.intents != sorted({example.intent for example in examples}):
        return None
    texts = {(example.text, example.language) for example in examples}
    number = {key_of(example): n for n, example in enumerate(examples)}
    kept = np.array([key in number for key in dense.keys.tolist()], dtype=bool)
    before = set(dense.keys.tolist())
    added = [n for key, n in number.items() if key not in before]
    relabelled = len({(examples[n].text, examples[n].language) for n in added})
    changed = earlier.amended + len(added)
    if not added or changed > AMENDED_AT_MOST * len(examples) or int((~kept).sum()) > len(added):
        return None
    if len(before) - int((~kept).sum()) + relabelled < len(texts):
        return None
    rows = np.array([number[key] for key in dense.keys[kept].tolist()] + added)
    return _Amendment(earlier, dense, examples, rows, kept, len(added), cache).model(stamp, changed)


class _Amendment:
    """The work of one amendment. `rows`: the number of each known example, the `new` added ones last."""

    def __init__(
        self, earlier: Model, dense: Dense, examples: Sequence[Example], rows: NDArray[np.int64],
        kept: NDArray[np.bool_], new: int, cache: Path | None,
    ) -> None:  # fmt: skip
        self.earlier, self.dense, self.new = earlier, dense, new
        place = {intent: number for number, intent in enumerate(earlier.intents)}
        self.labels = np.array([place[examples[row].intent] for row in rows])
        fresh = Material.of([examples[row] for row in rows[-new:]], None, encoded=False)
        self.vectors = Material.encode(examples, cache)[rows[-new:]]
        self.keys = np.array([*dense.keys[kept].tolist(), *(key_of(examples[row]) for row in rows[-new:])])
        given = sign_rows([text.signs() for text in fresh.texts])
        points = dense.points(dense.place(self.vectors), given)
        self.known = np.concatenate([dense.known[kept], points])
        self.votes = np.concatenate([dense.votes[kept], np.zeros((new, len(earlier.intents)), dtype=np.float32)])
        likeness = alike(points, self.known).max(axis=0)
        likeness[-new:] = 2
        self.near = np.sort(np.argsort(-likeness)[: NEXT + new])
        self.material = Material.of([examples[rows[n]] for n in self.near], None, encoded=False)
        self.near_vectors = Material.encode(examples, cache)[rows[self.near]]

    def model(self, stamp: str, changed: int) -> Model:
        """The amended model."""
        vocabulary, sparse = self._vote()
        weights, bias = self._weights()
        outside = self.labels == (self.earlier.intents.index(OUTSIDE) if OUTSIDE in self.earlier.intents else -1)
        order = np.argsort(outside, kind="stable")
        dense = replace(
            self.dense, weights=weights, bias=bias, known=self.known[order], votes=self.votes[order],
            keys=self.keys[order], inside=int((~outside).sum()),
        )  # fmt: skip
        return replace(
            self.earlier, stamp=stamp, vocabulary=vocabulary, sparse=sparse, dense=dense, amended=changed
        )  # fmt: skip

    def _vote(self) -> tuple[Vocabulary, Floats]:
        """Solve for the votes of the neighbourhood, those elsewhere standing; gives the n-grams and what they add."""
        vocabulary, words = self._words()
        classes = len(self.earlier.intents)
        more = np.zeros((len(vocabulary.terms) - len(self.earlier.sparse), classes), dtype=np.float32)
        sparse = np.concatenate([self.earlier.sparse, more])
        here = self.known[self.near]
        missing = targets(self.labels[self.near], classes) - words @ sparse
        missing -= alike(here, self.known) @ self.votes + PENALTY * self.votes[self.near]
        kernel = alike(here, here) + WORDS * (words @ words.T).toarray() + PENALTY * np.eye(len(here))
        change = np.linalg.solve(kernel.astype(np.float64), missing).astype(np.float32)
        self.votes[self.near] += change
        return vocabulary, sparse + WORDS * (words.T @ change)

    def _words(self) -> tuple[Vocabulary, Any]:
        """The vocabulary with what is new in the new examples, and the n-grams of the neighbourhood as rows."""
        texts, marks = [text.text for text in self.material.texts], self.material.marks
        fresh = np.flatnonzero(self.near >= len(self.known) - self.new)
        vocabulary = self.earlier.vocabulary.extended(
            [text for n in fresh for text in (texts[n], self.material.hurried[n])],
            [marks[n] for n in fresh for _ in range(2)], 2 * len(self.known),
        )  # fmt: skip
        return vocabulary, unit_rows(vocabulary.matrix(texts, marks) + vocabulary.matrix(self.material.hurried, marks))

    def _wanted(self, logits: Floats) -> Floats:
        """What the neighbours say already, and for the new ones their meaning."""
        wanted = softmax(logits)
        fresh = self.near >= len(self.known) - self.new
        classes = len(self.earlier.intents)
        taught = np.full((len(wanted), classes), (1 - _TAUGHT) / classes, dtype=np.float32)
        taught += _TAUGHT * np.eye(classes, dtype=np.float32)[self.labels[self.near]]
        wanted[fresh] = taught[fresh]
        return wanted

    def _weights(self) -> tuple[Floats, Floats]:
        placed, given = self.dense.place(self.near_vectors), sign_rows(self.material.marks)
        rows = np.concatenate([placed, SIGN_WEIGHT * given], axis=1)
        wanted = self._wanted(self.dense.logits(placed, given))
        return refit(rows, wanted, (self.dense.weights, self.dense.bias), C_DENSE, ROUNDS)
