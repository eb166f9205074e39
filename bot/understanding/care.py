"""Listens for what a customer's care depends on: what the model thinks and the words that say it, weighed together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.care_words import DENIED, MEANT_OTHERWISE, SAID, UNLESS_DENIED
from bot.understanding.normal import plain

Floats = NDArray[np.float32]

# Recall before precision: a care intent may be heard by mistake in this share of the messages that mean another,
# and be noted beside the main meaning in this share.
FALSE_ALARMS = 0.01
NOTED_BY_MISTAKE = 0.03
# Fewer messages teach nothing.
LEAST = 5
ROUNDS = 25
RESTRAINT = 0.02
LONGEST = 2000

_DENIED = re.compile(
    r"(?:\b|(?=n't))(?:not|n't|never|no|sin|without|ni|pas|sans|jamais|nicht|ned|net|kein\w*|nie|nunca|tampoco)\b"
    r"(?: [\w']+){0,3}$"
)


def _joined(table: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    return {intent: re.compile("|".join(f"(?:{phrase})" for phrase in phrases)) for intent, phrases in table.items()}


_SAID, _UNLESS_DENIED, _OTHERWISE = _joined(SAID), _joined(UNLESS_DENIED), _joined(MEANT_OTHERWISE)
_DENIALS = _joined(DENIED)
INTENTS = tuple(_SAID)


@dataclass(frozen=True, slots=True)
class Words:
    """The care intents whose words a text uses, whose words it turns to another meaning, and that it denies."""

    said: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()


def listen(text: str) -> Words:
    """What the words of a text say of care."""
    words = plain(text[:LONGEST]).replace("ß", "ss")
    left = {intent: pattern.sub(" ", words) for intent, pattern in _DENIALS.items()}
    turned = frozenset(intent for intent, pattern in _OTHERWISE.items() if pattern.search(words))
    said = frozenset(
        intent
        for intent, pattern in _SAID.items()
        if pattern.search(left.get(intent, words)) or _undenied(intent, left.get(intent, words))
    )
    # "I am not ill, I lost my job" denies nothing that matters.
    denied = frozenset(intent for intent, rest in left.items() if rest != words) - said
    return Words(said - turned, turned, denied)


def says(text: str) -> frozenset[str]:
    """The care intents whose words a text uses, denials and other meanings of the same words left aside."""
    return listen(text).said


def _undenied(intent: str, words: str) -> bool:
    pattern = _UNLESS_DENIED.get(intent)
    return pattern is not None and any(
        not _DENIED.search(words[max(0, match.start() - 40) : match.start()].rstrip())
        for match in pattern.finditer(words)
    )


@dataclass(frozen=True, slots=True)
class Ear:
    """How one care intent is heard: what each sign weighs, from where it is the meaning, from where it is noted."""

    weights: tuple[float, ...]
    heard_from: float
    noted_from: float

    def hears(self, signs: Floats) -> float:
        """How surely, in 0..1."""
        return float(_sure(signs @ np.array(self.weights)))


def signs_of(names: Sequence[str], probabilities: Floats, words: Words, intent: str) -> Floats:
    """What speaks for a care intent: its probability, how it stands against what is no care, and its words."""
    own = float(probabilities[names.index(intent)])
    other = max((float(p) for name, p in zip(names, probabilities, strict=True) if name not in _SAID), default=0.0)
    return np.array([np.log(own + 1e-4), np.log((own + 1e-3) / (other + 1e-3)), float(intent in words.said),
                     float(intent in words.turned), 1.0])  # fmt: skip


def ears(names: Sequence[str], probabilities: Floats, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Ear]:
    """What messages that the model did not learn from teach about hearing each care intent."""
    listened = [listen(text) for text in texts]
    plain_ones = np.array([label not in _SAID for label in labels])
    found = {}
    for intent in INTENTS:
        truth = np.array([label == intent for label in labels])
        if intent not in names or truth.sum() < LEAST or plain_ones.sum() < LEAST:
            continue
        rows = np.stack([signs_of(names, p, words, intent) for p, words in zip(probabilities, listened, strict=True)])
        kept = truth | plain_ones
        weights = _fitted(rows[kept], truth[kept].astype(np.float64))
        others = _sure(rows[plain_ones] @ weights)
        heard, noted = (float(np.quantile(others, 1 - share)) for share in (FALSE_ALARMS, NOTED_BY_MISTAKE))
        found[intent] = Ear(tuple(round(float(w), 4) for w in weights), round(heard, 5), round(noted, 5))
    return found


def _fitted(rows: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """A small logistic regression, by Newton's steps, held back so that a few messages cannot rule."""
    weights = np.zeros(rows.shape[1])
    restraint = RESTRAINT * len(rows) ** 0.5 * np.eye(rows.shape[1])
    for _ in range(ROUNDS):
        sure = _sure(rows @ weights)
        slope = rows.T @ (sure - truth) + restraint @ weights
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows + restraint
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def _sure(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return result
