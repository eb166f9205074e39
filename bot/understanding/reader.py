"""Reads a customer's message: commands first, then the model, with the values it carries."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.domain.danger import life_at_risk
from bot.domain.readings import OUT_OF_SCOPE, Entity, Reading
from bot.understanding import answers, commands, language, quantities
from bot.understanding.care import Words, listen, signs_of
from bot.understanding.model import Model, Scores, Text

REMEMBERED = 20_000
LONGEST = 2000
# What matters most for the customer's care wins over everything else in the same message (intents, rules of reading).
PRIORITY = ("report_sensitive", "legal_threat", "stop_contact", "request_human", "report_hardship", "dispute_invoice",
            "wrong_person")  # fmt: skip
# What a short wish ("everything at once", "that is too much") never drowns.
GRAVE = frozenset({"report_sensitive", "legal_threat", "stop_contact"})
# Where no calibration says better.
CARE_FROM = 0.3
# Beside a likelier care intent another is the meaning from this share of its probability.
CARE_BESIDE = 0.6
# From here on a further meaning is as good as the first: then the order of care decides between them.
SURE = 0.45
# From here on one clause speaks for the whole message.
CLEAR_CLAUSE = 0.75
ALSO_FROM = 0.3
CLAUSES = 5
_CLAUSES = re.compile(
    r"(?<=[.!?;\n])\s+|,\s+(?=\w+ \w+ \w+)|\s+(?:mais|but|pero|aber|et puis|and also)\s+", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The main intent of a text, how sure, what comes second and by how much, and what else is meant."""

    intent: str
    confidence: float
    second: str | None
    margin: float
    also: tuple[str, ...]


class Reader:
    """Understands texts; equal texts are read once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._seen: OrderedDict[tuple[str, tuple[str, ...]], Meaning] = OrderedDict()

    def learn(self, model: Model) -> None:
        """Read with another model from now on; the encoder, which is the same, stays loaded."""
        model.encoder = self.model.encoder
        self.model = model
        self._seen.clear()

    def warm(self) -> None:
        """Load what the first message would wait for."""
        self.model.warm()

    def read(
        self, text: str, *, language: str | None = None, today: date, currency: str | None = None,
        expecting: frozenset[str] = frozenset(),
    ) -> Reading:  # fmt: skip
        """Read one message. `expecting`: what the open question wants (date, count, amount; terms: bargaining is open)."""
        button = commands.payload(text)
        prior = language
        if button is not None:
            intent, confidence, values = button
            entities = tuple(Entity(str(kind), str(value), value, 0, 0) for kind, value in values.items())
            return Reading(text, intent, confidence, prior or "fr", entities, command=True)
        spoken, _ = _language(text, prior)
        word = at_once(text)
        if word is not None:
            return Reading(text, word, 1.0, spoken, (), command=True)
        if not _LETTERS.search(text) and not any(char.isdigit() for char in text):
            return Reading(text, OUT_OF_SCOPE, 1.0, prior or spoken)
        found = quantities.find(text[:LONGEST], language=spoken, today=today, currency=currency)
        short = answers.answer(text, found, expecting, language=spoken, today=today, currency=currency)
        if short is not None and not (short.wish and self._classify(text[:LONGEST], found).intent in GRAVE):
            return Reading(text, short.intent, 1.0, prior or spoken, short.entities)
        meant = self._classify(text[:LONGEST], found)
        return Reading(text, meant.intent, meant.confidence, spoken, found, meant.also, meant.second, meant.margin)

    def _classify(self, text: str, found: tuple[Entity, ...]) -> Meaning:
        key = (text, tuple(entity.kind for entity in found))
        known = self._seen.get(key)
        if known is not None:
            self._seen.move_to_end(key)
            return known
        meaning = judge(self.model, text, found)
        self._seen[key] = meaning
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return meaning


def at_once(text: str) -> str | None:
    """What is understood before any model: danger to life, a stop word, a plain request to be left alone."""
    return "report_sensitive" if life_at_risk(text) else commands.command(text)


def judge(model: Model, text: str, found: tuple[Entity, ...]) -> Meaning:
    """What the model makes of a text: care first, then the likeliest meaning, or none that it knows."""
    parts = [Text(text, found), *_clauses(text, found)]
    scores = model.scores(parts)
    return weigh(model, scores, listen(text))


def weigh(model: Model, scores: Sequence[Scores], words: Words) -> Meaning:
    """The meaning of a message from the scores of the whole (first) and of its clauses, and what its words say."""
    names, whole = model.intents, scores[0].probabilities
    order = np.argsort(-whole)
    best, second = names[order[0]], names[order[1]] if len(order) > 1 else None
    confidence = float(whole[order[0]])
    margin = confidence - (float(whole[order[1]]) if len(order) > 1 else 0.0)
    highest = np.max([score.probabilities for score in scores], axis=0)
    heard, noted = {}, []
    for intent in PRIORITY:
        if intent in names:
            own, clause = float(whole[names.index(intent)]), float(highest[names.index(intent)])
            ear = model.calibration.care.get(intent)
            sure = ear.hears(signs_of(names, whole, words, intent)) if ear else own
            loud = sure >= (ear.heard_from if ear else CARE_FROM)
            loud = loud and intent not in words.denied and (best not in PRIORITY or own >= CARE_BESIDE * confidence)
            unlikely = intent in words.denied or (ear and intent in words.turned and sure < ear.heard_from)
            if loud or ((clause >= CLEAR_CLAUSE or intent == best) and not unlikely):
                heard[intent] = max(own, sure if loud else 0.0, clause if clause >= CLEAR_CLAUSE else 0.0)
            elif ear and sure >= ear.noted_from:
                noted.append(intent)
    if heard:
        first = next((intent for intent in PRIORITY if heard.get(intent, 0.0) >= SURE), None)
        care = first or max(heard, key=lambda intent: heard[intent])
        if care != best:
            best, second, confidence = care, best, heard[care]
    elif best in PRIORITY:  # its words turn it round
        plain = next(n for n in order if names[n] not in PRIORITY)
        best, second, confidence = names[plain], best, float(whole[plain])
    elif scores[0].inside < 0 and len(scores) == 1:
        best, second = OUT_OF_SCOPE, best
    also = [names[n] for n in np.argsort(-highest) if highest[n] >= ALSO_FROM and names[n] not in (best, OUT_OF_SCOPE)]
    also += [intent for intent in (*heard, *noted) if intent != best and intent not in also]
    return Meaning(best, confidence, second, margin, tuple(also))


def _clauses(text: str, found: tuple[Entity, ...]) -> list[Text]:
    """The clauses of a message that has several, with the values that stand in each."""
    edges = [0, *(place for match in _CLAUSES.finditer(text) for place in match.span()), len(text)]
    spans = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if len(text[a:b].split()) >= 2]
    if len(spans) < 2:
        return []
    return [Text(text[a:b], tuple(e for e in found if a <= e.start and e.end <= b)) for a, b in spans[:CLAUSES]]


def _language(text: str, prior: str | None) -> tuple[str, bool]:
    return language.identify(text, prior)
