"""Words, word pairs and character n-grams of a text, weighted by how telling they are."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.understanding.normal import plain

LONGEST = 1000


def features(text: str) -> Iterator[str]:
    """The n-grams of a text: words, word pairs, and 2 to 5 characters inside padded words."""
    words = plain(text[:LONGEST]).replace("'", " ' ").split()
    for first, second in zip(words, [*words[1:], ""], strict=False):
        yield "w " + first
        if second:
            yield f"p {first} {second}"
        padded = f" {first} "
        for size in (2, 3, 4, 5):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


class Vocabulary:
    """The n-grams of the examples with their inverse document frequencies."""

    def __init__(self, terms: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.terms = list(terms)
        self.idf = idf
        self._index = {term: number for number, term in enumerate(self.terms)}

    @classmethod
    def of(cls, texts: Iterable[str], at_least: int = 2) -> "Vocabulary":
        """Learn from texts; n-grams of a single text teach nothing about others."""
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            count += 1
            seen.update(set(features(text)))
        terms = sorted(term for term, times in seen.items() if times >= at_least)
        idf = np.array([math.log((1 + count) / (1 + seen[term])) + 1 for term in terms], dtype=np.float32)
        return cls(terms, idf)

    def vector(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The indices of the known n-grams of a text and their weights, of unit length."""
        counts = Counter(number for term in features(text) if (number := self._index.get(term)) is not None)
        if not counts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        index = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(times)) * self.idf[index]
        return index, (weights / np.linalg.norm(weights)).astype(np.float32)
