"""Words, word pairs and character n-grams of a text, weighted by how telling they are."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
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
        if second:
            yield f"p {first} {second}"
        yield from _inside(first)


@lru_cache(maxsize=20_000)
def _inside(word: str) -> tuple[str, ...]:
    """A word and the 3 and 4 characters inside it; most words of a language come again."""
    padded = f" {word} "
    grams = [padded[start : start + size] for size in (3, 4) for start in range(len(padded) - size + 1)]
    return ("w " + word, *grams)


class Bags:
    """Texts as counts of their n-grams and signs: counted once, whatever is learned from them."""

    def __init__(self, terms: list[str], counts: Any) -> None:
        self.terms = terms
        self.counts = counts

    @classmethod
    def of(cls, texts: Sequence[str], marks: Sequence[Sequence[str]]) -> "Bags":
        """Count the n-grams of texts with their signs."""
        from scipy.sparse import csr_matrix

        place: dict[str, int] = {}
        columns, ends = [], [0]
        for text, mark in zip(texts, marks, strict=True):
            columns += [place.setdefault(term, len(place)) for term in _all(text, mark)]
            ends.append(len(columns))
        ones = np.ones(len(columns), dtype=np.float32)
        counts = csr_matrix((ones, np.array(columns, dtype=np.int32), ends), shape=(len(texts), len(place)))
        counts.sum_duplicates()
        terms = list(place)
        order = sorted(range(len(terms)), key=terms.__getitem__)
        return cls([terms[number] for number in order], counts[:, order])

    def learn(self, chosen: NDArray[np.int64], at_least: int = 2) -> "tuple[Vocabulary, Any]":
        """The vocabulary of the chosen texts, and their vectors; rarer n-grams teach nothing about other texts."""
        counts = self.counts[chosen]
        seen = np.bincount(counts.indices, minlength=len(self.terms))
        known = np.flatnonzero(seen >= at_least)
        idf = (np.log((1 + len(chosen)) / (1 + seen[known])) + 1).astype(np.float32)
        rows = counts[:, known].tocsr()
        rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
        return Vocabulary([self.terms[number] for number in known], idf), unit_rows(rows)


def unit_rows(rows: Any) -> Any:
    """The rows of a sparse matrix at unit length."""
    from scipy.sparse import diags

    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ rows).tocsr()


class Vocabulary:
    """The n-grams of the examples with their inverse document frequencies."""

    def __init__(self, terms: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.terms = list(terms)
        self.idf = idf
        self._index = {term: number for number, term in enumerate(self.terms)}

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
        counts = Counter(filter(lambda number: number is not None, map(self._index.get, _all(text, marks))))
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
    pairs = (f"s {first} {second}" for first in marks for second in marks if first < second)
    return chain(features(text), ("s " + mark for mark in marks), pairs)
