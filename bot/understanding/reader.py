"""Reads a customer's message: commands first, then the model, with the values it carries."""

import re
from collections import OrderedDict
from datetime import date
from typing import Any

import numpy as np

from bot.domain.readings import OUT_OF_SCOPE, Entity, Reading
from bot.understanding import commands, language, quantities
from bot.understanding.model import Model
from bot.understanding.normal import plain

REMEMBERED = 20_000
# What matters most for the customer's care wins over everything else in the same message (intents, rules of reading).
PRIORITY = ("report_sensitive", "legal_threat", "stop_contact", "request_human", "report_hardship", "dispute_invoice",
            "wrong_person")  # fmt: skip
# A care meaning needs less than the lead; where the leader is a plain one, a dispute needs more than a whiff.
CARE_FROM = 0.30
SURE_FROM = {"dispute_invoice": 0.42, "wrong_person": 0.42}
ALSO_FROM = 0.35
NEAR_ENOUGH = 0.33
_CLAUSES = re.compile(r"(?<=[.!?;\n])\s+|\s+(?:mais|but|pero|aber|et puis|and also)\s+", re.IGNORECASE)
_YES = frozenset("oui ok okay d'accord yes yep yeah sure si vale claro ja gerne okey ouais parfait perfect agreed exact "
                 "correct c'est bon ca marche einverstanden genau de acuerdo stimmt right".split()) | {
    "c'est bon", "ca marche", "de acuerdo", "d'accord", "that's right", "c'est ca", "ca me va"}  # fmt: skip
_NO = frozenset({"non", "no", "nope", "nein", "pas d'accord", "nee", "nah", "ne"})
_LETTERS = re.compile(r"[^\W\d_]")
_FILLER = frozenset(
    "le la les du de d l au en a an the on by for um den dem der am bis ab el los las para pour pas plutot rather lieber "
    "c'est it's es ist it is euros euro fois times payments instalments mal raten cuotas plazos mois month monat mes par "
    "per pro por and et y und je me ok oui yes".split()
)


class Reader:
    """Understands texts; equal texts are read once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._seen: OrderedDict[tuple[str, Any], Any] = OrderedDict()

    def warm(self) -> None:
        """Load what the first message would wait for."""
        self.model.warm()

    def read(
        self, text: str, *, language: str | None = None, today: date, currency: str | None = None,
        expecting: frozenset[str] = frozenset(),
    ) -> Reading:  # fmt: skip
        """Read one message. `expecting`: kinds of value that the open question wants (date, count, amount, yes_no)."""
        button = commands.payload(text)
        prior = language
        if button is not None:
            intent, confidence, values = button
            entities = tuple(Entity(str(kind), str(value), value, 0, 0) for kind, value in values.items())
            return Reading(text, intent, confidence, prior or "fr", entities, command=True)
        spoken, _ = _language(text, prior)
        word = commands.command(text)
        if word is not None:
            return Reading(text, word, 1.0, spoken, (), command=True)
        if not _LETTERS.search(text) and not any(char.isdigit() for char in text):
            return Reading(text, OUT_OF_SCOPE, 1.0, prior or spoken)
        found = quantities.find(text[:2000], language=spoken, today=today, currency=currency)
        bare = _bare(text, found, expecting, currency)
        if bare is not None:
            return Reading(text, bare[0], 1.0, prior or spoken, bare[1])
        intent, confidence, second, margin, also = self._classify(text)
        if intent == "inform" and not found and "yes_no" not in expecting:
            intent = second if second and margin < 0.2 else intent
        return Reading(text, intent, confidence, spoken, found, also, second, margin)

    def _classify(self, text: str) -> tuple[str, float, str | None, float, tuple[str, ...]]:
        key = (plain(text[:1000]), "intent")
        known = self._seen.get(key)
        if known is not None:
            self._seen.move_to_end(key)
            return known  # type: ignore[no-any-return]
        answer = self._judge(text[:1000])
        self._seen[key] = answer
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return answer

    def _judge(self, text: str) -> tuple[str, float, str | None, float, tuple[str, ...]]:
        clauses = [part for part in _CLAUSES.split(text) if len(part.split()) >= 2][:6]
        parts = [text, *clauses] if len(clauses) > 1 else [text]
        scores = self.model.scores(parts)
        whole = scores[0].probabilities
        order = np.argsort(-whole)
        names = self.model.intents
        best, second = names[order[0]], names[order[1]] if len(order) > 1 else None
        confidence = float(whole[order[0]])
        margin = confidence - (float(whole[order[1]]) if len(order) > 1 else 0.0)
        meant = {best}
        for part in scores[1:]:
            top = int(part.probabilities.argmax())
            if part.probabilities[top] >= 0.6 and part.nearness >= NEAR_ENOUGH:
                meant.add(names[top])
        for intent in PRIORITY:
            if intent in names and float(whole[names.index(intent)]) >= SURE_FROM.get(intent, CARE_FROM):
                meant.add(intent)
        care = next((intent for intent in PRIORITY if intent in meant), None)
        if care is not None and care != best:
            second, best = best, care
            confidence = max(float(part.probabilities[names.index(care)]) for part in scores)
        if care is None and scores[0].nearness < NEAR_ENOUGH and confidence < 0.6:
            best, second = OUT_OF_SCOPE, best
        also = tuple(sorted(meant - {best, OUT_OF_SCOPE}, key=lambda i: -float(whole[names.index(i)])))
        return best, confidence, second, margin, also


def _language(text: str, prior: str | None) -> tuple[str, bool]:
    return language.identify(text, prior)


def _bare(
    text: str, found: tuple[Entity, ...], expecting: frozenset[str], currency: str | None
) -> tuple[str, tuple[Entity, ...]] | None:
    """A message that is only a value, or a plain yes or no."""
    words = plain(text).strip(" .!?,;")
    if words in _YES:
        return "affirm", ()
    if words in _NO:
        return "deny", ()
    if words.isdigit() and len(words) <= 7:
        number = int(words)
        if "count" in expecting and 1 <= number <= 24:
            return "inform", (Entity("count", words, number, 0, len(text)),)
        if "amount" in expecting and number:
            return "inform", (Entity("amount", words, {"minor": number * 100, "currency": currency}, 0, len(text)),)
        if "date" in expecting and found and found[0].kind == "date":
            return "inform", found
    if not found or any(entity.kind in ("channel", "language", "time") for entity in found):
        return None  # "call me after six" is a wish, not a value
    left = list(text)
    for entity in found:
        left[entity.start : entity.end] = " " * (entity.end - entity.start)
    rest = [word for word in re.findall(r"[\w']+", plain("".join(left))) if word not in _FILLER]
    return ("inform", found) if not rest else None
