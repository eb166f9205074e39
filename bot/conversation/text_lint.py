"""What a text that we write of our own accord must hold, and how it must sound: in every wording and language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.dialogue import Reply
from bot.conversation.replies import render
from bot.conversation.responses import placeholders
from bot.conversation.script import Finding, Script, Step, Variation
from bot.domain.governor.parts import Evidence
from bot.domain.sms import segments
from bot.i18n import LANGUAGES, Catalogues

SMS_SEGMENTS, CHAT_LONGEST, SUBJECT_LONGEST = 2, 4096, 120
# What is told only to whom it concerns, once they have proved who they are.
PERSONAL = frozenset({
    "customer_name", "customer_ref", "amount", "lines", "number", "numbers", "description", "open", "rest", "monthly",
    "total", "link", "claim", "what", "due_on", "paid", "sum", "open_lines", "open_total",
})  # fmt: skip
# What any of these shows: which claim it is, and by when.
CLAIM, DAY = frozenset({"claim", "numbers", "what", "amount"}), frozenset({"deadline", "date", "due_on", "claim"})
# Said before anything is known of who writes.
BEFORE = re.compile(r"utter_(disclosure|ask_identity_form_\w+|waiting\w*|technical_fault|not_understood\w*)")
_CAPITALS = re.compile(r"\b[A-ZÄÖÜÉÈÀÑÓ]{4,}\b")
_SPOKEN = frozenset({"STOP", "IBAN", "SEPA"})
_LINK = "https://pay.example.org/pay/01m8a0knptbk5qf76j2gwp60rx.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy"
_SUM = {"minor": 128990, "currency": "EUR"}
# Values as long as they usually are, so that lengths are measured on what people get.
SAMPLE: Mapping[str, Any] = {
    "customer_name": "Claire Martin", "creditor_name": "Fibrelane", "customer_ref": "C-1001", "link": _LINK,
    "creditor_contact": "+33 4 72 00 00 00", "amount": _SUM, "rest": _SUM, "total": _SUM, "monthly": _SUM, "count": 3,
    "numbers": ["F-2026-0042"], "deadline": "2026-12-11", "date": "2026-12-04", "due_on": "2026-10-25",
    "shifted": "2026-12-06", "card": "Visa 4242",
    "lines": [{"number": "F-2026-0042", "due_on": "2026-10-25", "amount": _SUM}],
}  # fmt: skip


@dataclass(frozen=True)
class Tone:
    """The words of dialogues/tone.yml by language."""

    never: Mapping[str, Mapping[str, re.Pattern[str]]] = field(default_factory=dict)
    in_contacts: Mapping[str, Mapping[str, re.Pattern[str]]] = field(default_factory=dict)
    understanding: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    card_hint: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, document: Any, place: str) -> "Tone":
        """Read the file; raises ValueError naming the place and the remedy."""
        known = ("never", "never_in_contacts", "understanding", "card_hint")
        if not isinstance(document, Mapping) or set(document) - set(known):
            raise ValueError(f"{place}:1: write {', '.join(known)}, each with words by language")
        never, in_contacts = (
            {
                str(kind): _patterns(words, f"{place}: {name}.{kind}")
                for kind, words in (document.get(name) or {}).items()
            }
            for name in known[:2]
        )
        told = (_patterns(document.get(name) or {}, f"{place}: {name}") for name in known[2:])
        return cls(never, in_contacts, *told)


def _patterns(words: Any, place: str) -> Mapping[str, re.Pattern[str]]:
    if not isinstance(words, Mapping) or set(words) - set(LANGUAGES):
        raise ValueError(f"{place}: give the words of {', '.join(LANGUAGES)}, such as en: [immediately]")
    found = {}
    for language, listed in words.items():
        if (
            not isinstance(listed, list)
            or not listed
            or not all(isinstance(word, str) and word.strip() for word in listed)
        ):
            raise ValueError(f"{place}.{language}: a list of words is expected, not {listed!r}")
        either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in listed)
        found[str(language)] = re.compile(rf"(?i)(?<!\w)(?:{either})(?!\w)")
    return found


@dataclass(frozen=True)
class TextLint:
    """Checks the responses of a script. `contacts` are those that open a contact."""

    script: Script
    catalogues: Catalogues
    evidence: Evidence
    tone: Tone
    contacts: frozenset[str]

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, in the order of the script."""
        yield from self._before_identity()
        for name, wordings in self.script.responses.items():
            for wording in wordings:
                yield from self._sound(name, wording)
                if name in self.contacts:
                    yield from self._parts(name, wording)
                    yield from self._lengths(name, wording)
                    yield from self._lost(name, wording)
            if name in self.contacts:
                yield from self._turns(name, wordings)
        yield from self._signature()

    def _before_identity(self) -> Iterator[Finding]:
        told = {name: "" for name in self.script.responses if BEFORE.fullmatch(name)}
        for path in (*self.script.rules, *self.script.stories):
            proved = any(
                s.kind == "slot" and s.name == "identified" and s.value for s in (*path.conditions, *path.steps)
            )
            if not proved:
                told |= dict.fromkeys(_said(path.steps), path.name)
        for name, where in told.items():
            for wording in self.script.responses.get(name, ()):
                for value in sorted(placeholders(wording) & PERSONAL):
                    by = f"said by rule {where!r}" if where else "said to anybody"
                    yield _error(wording, "before_identity", f"{name} is {by} and names {{{value}}} before identity is "
                                 "proved", "take it out, or say it in a rule with `- identified: true`")  # fmt: skip

    def _parts(self, name: str, wording: Variation) -> Iterator[Finding]:
        text = wording.text or ""
        named = frozenset(re.findall(r"\{(\w+)\}", text))
        # A letter shows below its text how to pay.
        links = text.count("{link}") or int(wording.channel == "letter")
        wrong: list[tuple[bool, str, str, str]] = [
            ("creditor_name" not in named, "sender", "does not say who writes", "name {creditor_name}"),
            (not named & CLAIM, "claim", "does not say what it is about", "name {claim}, or {amount} and {numbers}"),
            (not named & DAY, "day", "names no day", "name {deadline} or {date}"),
            (links != 1, "one_action", f"has {links} links to act on", "give {link} once"),
        ]
        if wording.channel is None:
            wrong += [
                ("customer_name" not in named, "greeting", "greets nobody", "begin with {customer_name}"),
                ("creditor_contact" not in named, "ways", "offers one way to reach us", "name {creditor_contact}"),
                (not wording.subject, "subject", "has no subject for e-mails", "add metadata: {subject: ...}"),
            ]
        for found, rule, what, remedy in wrong:
            if found:
                yield _error(wording, rule, f"{name} {what}", remedy)

    def _sound(self, name: str, wording: Variation) -> Iterator[Finding]:
        for language in LANGUAGES:
            for text in filter(None, (wording.text, wording.subject)):
                shown = self.catalogues.translate(text, language)
                asked = {**self.tone.never, **(self.tone.in_contacts if name in self.contacts else {})}
                for kind, words in asked.items():
                    match = words[language].search(shown) if language in words else None
                    if match:
                        yield _error(wording, f"tone_{kind}", f"{name}: {match.group()!r} in {language} is {kind}",
                                     "say what is, and offer a way")  # fmt: skip
                loud = [word for word in _CAPITALS.findall(re.sub(r"\{\w+\}", "", shown)) if word not in _SPOKEN]
                if name in self.contacts and (loud or "!" in shown):
                    yield _error(wording, "loud", f"{name} raises its voice in {language}: {(loud or ['!'])[0]!r}",
                                 "write calmly: no capitals, no exclamation mark")  # fmt: skip
            first = name == "utter_reminder" and ("tone", "friendly") in wording.condition
            hears = self.tone.understanding.get(language)
            if first and hears and not hears.search(self.catalogues.translate(wording.text or "", language)):
                yield _error(wording, "understanding", f"{name}: no understanding is shown in {language}",
                             "add such a phrase, or list yours in tone.yml")  # fmt: skip

    def _lengths(self, name: str, wording: Variation) -> Iterator[Finding]:
        for language in LANGUAGES:
            for claim in self._claims(wording.channel):
                shown = self._rendered(name, wording, language, claim)
                if shown is None:
                    return
                if wording.channel == "sms" and segments(shown.text) > SMS_SEGMENTS:
                    yield _error(wording, "too_long", f"{name}: {segments(shown.text)} SMS in {language}",
                                 f"shorten it to {SMS_SEGMENTS}")  # fmt: skip
                    break
                if len(shown.text) > CHAT_LONGEST or len(shown.subject or "") > SUBJECT_LONGEST:
                    yield _error(wording, "too_long", f"{name}: too long in {language}",
                                 f"a message has {CHAT_LONGEST} letters, a subject {SUBJECT_LONGEST}")  # fmt: skip
                    break

    def _claims(self, channel: str | None) -> Sequence[str]:
        """The sentences that may stand for {claim} in this channel."""
        parts = [n for n in self.script.responses if n.startswith("utter_part_claim_")] or [""]
        found = []
        for part in parts:
            mine = [w for w in self.script.responses.get(part, ()) if w.channel in (channel, None)]
            found.append(next((w.text or "" for w in sorted(mine, key=lambda w: w.channel != channel)), ""))
        return found

    def _rendered(self, name: str, wording: Variation, language: str, claim: str) -> Any:
        longest = {"what": "utter_part_one_invoice", "consequence": "utter_part_last_suspension_referral",
                   "cause": "utter_part_cause_unconfirmed"}  # fmt: skip
        values: dict[str, Any] = {**SAMPLE, "claim": {"text": claim}}
        for value, part in longest.items():
            mine = [w for w in self.script.responses.get(part, ()) if w.channel in (wording.channel, None)]
            chosen = next(iter(sorted(mine, key=lambda w: w.channel != wording.channel)), None)
            values[value] = {"text": (chosen.text if chosen else "") or ""}
        try:
            reply = Reply(name, wording.text, values, list(wording.buttons), subject=wording.subject)
            return render(reply, {}, language, wording.channel or "email", self.catalogues)
        except (KeyError, ValueError):
            return None  # a value that only its action knows; that it is declared is checked elsewhere

    def _lost(self, name: str, wording: Variation) -> Iterator[Finding]:
        named, text = placeholders(wording), wording.text or ""
        ours = self.evidence.shown(text, "en", named)
        for language in LANGUAGES:
            shown = self.catalogues.translate(text, language)
            for part in sorted(ours - self.evidence.shown(shown, language, named)):
                yield _error(wording, "lost_part", f"{name}: the {language} text does not say {part.replace('_', ' ')}",
                             "translate it, or list its words in jurisdictions/elements.yml")  # fmt: skip

    def _turns(self, name: str, wordings: Sequence[Variation]) -> Iterator[Finding]:
        """The same sentence is not read twice in a row, in no language."""
        groups: dict[Any, list[Variation]] = {}
        for wording in wordings:
            groups.setdefault((wording.channel, wording.condition), []).append(wording)
        for group in groups.values():
            for language in LANGUAGES:
                texts = [self.catalogues.translate(wording.text or "", language) for wording in group]
                if len(set(texts)) < len(texts):
                    yield _error(group[-1], "same_words", f"{name}: two wordings are the same in {language}",
                                 "write the second anew")  # fmt: skip

    def _signature(self) -> Iterator[Finding]:
        for wording in self.script.responses.get("utter_signature", ()):
            for language in LANGUAGES if wording.channel == "email" else ():
                hint = self.tone.card_hint.get(language)
                if hint and not hint.search(self.catalogues.translate(wording.text or "", language)):
                    yield _error(wording, "card_hint", f"utter_signature warns of no card number in {language}",
                                 "ask people never to send card details by message")  # fmt: skip


def _said(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if step.kind == "or":
            yield from _said(step.options)
        elif step.kind == "action" and str(step.name).startswith("utter_"):
            yield str(step.name)


def _error(wording: Variation, rule: str, message: str, remedy: str) -> Finding:
    return Finding("error", wording.place.file, wording.place.line, rule, message, remedy)
