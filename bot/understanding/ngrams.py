"""Words, word pairs and character n-grams of a text, weighted by how telling they are."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.normal import plain

LONGEST = 1000
# A figure teaches nothing by its value: "50 par mois" and "40 par mois" are one turn of phrase.
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = re.compile(r"[^\s.,!?;:()\"«»…]+")


def features(text: str) -> Iterator[str]:
    """The n-grams of a text: words, word pairs, and 3 and 4 characters inside padded words."""
    words = _WORDS.findall(_DIGITS.sub("0", plain(text[:LONGEST])).replace("'", " ' "))
    for first, second in zip(words, [*words[1:], ""], strict=False):
        yield "w " + first
        if second:
            yield f"p {first} {second}"
        padded = f" {first} "
        for start in range(len(padded) - 2):
            yield padded[start : start + 3]
        for start in range(len(padded) - 3):
            yield padded[start : start + 4]


class Vocabulary:
    """The n-grams of the examples with their inverse document frequencies."""

    def __init__(self, terms: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.terms = list(terms)
        self.idf = idf
        self._index = {term: number for number, term in enumerate(self.terms)}

    @classmethod
    def of(cls, texts: Sequence[str], at_least: int = 2, marks: Sequence[Sequence[str]] = ()) -> "Vocabulary":
        """Learn from texts with their signs; n-grams found in fewer than `at_least` teach nothing about others."""
        seen: Counter[str] = Counter()
        count = len(texts)
        for number, text in enumerate(texts):
            seen.update(set(_all(text, marks[number] if marks else ())))
        terms = sorted(term for term, times in seen.items() if times >= at_least)
        idf = np.array([math.log((1 + count) / (1 + seen[term])) + 1 for term in terms], dtype=np.float32)
        return cls(terms, idf)

    def extended(self, texts: Sequence[str], marks: Sequence[Sequence[str]], count: int) -> "Vocabulary":
        """With the n-grams that several of these texts share added at the end; `count`: how many texts there are in all."""
        seen: Counter[str] = Counter()
        for text, mark in zip(texts, marks, strict=True):
            seen.update(term for term in set(_all(text, mark)) if term not in self._index)
        more = sorted(term for term, times in seen.items() if times >= 2)
        idf = [math.log((1 + count) / (1 + seen[term])) + 1 for term in more]
        return Vocabulary([*self.terms, *more], np.concatenate([self.idf, np.array(idf, dtype=np.float32)]))

    def vector(self, text: str, marks: Sequence[str] = ()) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The indices of the known n-grams and signs of a text and their weights, of unit length."""
        counts = Counter(number for term in _all(text, marks) if (number := self._index.get(term)) is not None)
        if not counts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        index = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(times)) * self.idf[index]
        return index, (weights / np.linalg.norm(weights)).astype(np.float32)

    def matrix(self, texts: Sequence[str], marks: Sequence[Sequence[str]]) -> Any:
        """The vectors of many texts as one sparse matrix (CSR)."""
        from scipy.sparse import csr_matrix

        rows = [self.vector(text, mark) for text, mark in zip(texts, marks, strict=True)]
        ends = np.cumsum([0, *(len(index) for index, _ in rows)])
        values = (np.concatenate([w for _, w in rows]), np.concatenate([i for i, _ in rows]), ends)
        return csr_matrix(values, shape=(len(texts), len(self.terms)), dtype=np.float32)


def _all(text: str, marks: Sequence[str]) -> Iterator[str]:
    yield from features(text)
    for first in marks:
        yield "s " + first
        for second in marks:
            if first < second:
                yield f"s {first} {second}"
