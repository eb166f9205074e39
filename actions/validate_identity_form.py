"""Prove identity."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.base import end_form
from bot.domain.case import Case
from bot.ports import case

ASKABLE = ("birth_date", "postal_code", "registration_number")
# House rule: at least two facts before the debt is named (compliance facts, section 15), three tries.
FACTS, TRIES = 2, 3
# So many answers in a row that answer nothing, and a person helps.
UNREAD = 2
# Each visit has its tries; so many failed visits in a day are somebody guessing.
VISITS = 4


class ValidateIdentityForm(FormValidationAction):  # type: ignore[misc]
    """Compares two facts that only the customer should know; never says which one was wrong."""

    def name(self) -> str:
        """The validator of identity_form."""
        return "validate_identity_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        """The facts that the creditor's file holds about this customer, two at the most."""
        return facts(case.get())

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Judge once all facts are given; hand over after three failures or where nothing can be asked."""
        work = case.get()
        wanted = facts(work)
        if int(tracker.get_slot("identity_tries") or 0) >= TRIES or guessed_at(work):
            self._ask_person(dispatcher, "Asks for the account after too many wrong answers.")
            return end_form()
        if not enough(work, wanted):
            self._ask_person(dispatcher, "No facts on file to prove identity with.")
            return end_form()
        given, events, astray = self._given(tracker, wanted)
        if astray is not None:
            unread = 0 if astray else int(tracker.get_slot("identity_unread") or 0) + 1
            if unread >= UNREAD:
                self._ask_person(dispatcher, "Could not answer the identity questions.")
                return [*events, SlotSet("identity_unread", 0), *_asked_again(False), *end_form()]
            dispatcher.utter_message(response="utter_identity_noted" if astray else "utter_identity_reason")
            events += [SlotSet("identity_unread", unread), *_asked_again(True)]
        elif any(given.values()):
            events += [SlotSet("identity_unread", 0), *_asked_again(False)]
        missing = next((name for name in wanted if given[name] is None), None)
        if missing is not None:
            # A slot set here tells the form that it was answered: only the first question of a visit sets this one.
            asked_here = tracker.get_slot("identity_visit") == work.address
            visit = [] if asked_here else [SlotSet("identity_visit", work.address)]
            return [*events, *visit, SlotSet("requested_slot", missing)]
        if all(matches(name, str(given[name]), work.customer.identity[name]) for name in wanted):
            work.identify(" and ".join(wanted))
            return [*events, SlotSet("identity_tries", 0), SlotSet("requested_slot", None)]
        tries = int(tracker.get_slot("identity_tries") or 0) + 1
        work.note("identity", f"facts did not match ({tries})")
        again = [SlotSet(name, None) for name in wanted]
        if tries >= TRIES:
            # Wrong answers close this visit alone: the customer's own goes on.
            self._ask_person(dispatcher, "Could not prove identity in three tries.", failed=True)
            return [*again, SlotSet("identity_tries", tries), *end_form()]
        dispatcher.utter_message(response="utter_identity_mismatch", variant=tries - 1)
        here = [SlotSet("identity_visit", work.address), *_asked_again(True)]
        return [*again, *here, SlotSet("identity_tries", tries), SlotSet("requested_slot", wanted[0])]

    def _ask_person(self, dispatcher: CollectingDispatcher, why: str, failed: bool = False) -> None:
        work = case.get()
        failures = [*_failures(work), *([work.now.isoformat()] if failed else [])]
        asked = work.errand("identity", why, timedelta(hours=24), proposal={"failed": failures})
        dispatcher.utter_message(response="utter_identity_person", by=work.told(asked.due_at))

    def _given(self, tracker: Tracker, wanted: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]], bool | None]:
        """The answers so far; one that is no answer to its question is taken for another one's, or let go.

        Last: None where no answer went astray, else whether it told something new.
        """
        given = {name: tracker.get_slot(name) for name in wanted}
        events: list[dict[str, Any]] = []
        astray: bool | None = None
        for name in wanted:
            if given[name] is None or fits(name, str(given[name])):
                continue
            if both := together(wanted, str(given[name])):
                given |= both
                events += [SlotSet(fact, told) for fact, told in both.items()]
                break
            other = next((n for n in wanted if n != name and fits(n, str(given[name]))), None)
            astray = other is not None and given[other] is None
            if other is not None:
                given[other] = given[name]
                events.append(SlotSet(other, given[name]))
            given[name] = None
            events.append(SlotSet(name, None))
        return given, events, astray


def _asked_again(again: bool) -> list[dict[str, Any]]:
    """Whether the question that follows is put once more, and so in other words."""
    return [SlotSet("identity_again", again)]


def _failures(work: Case) -> list[str]:
    """When visits failed to prove identity, as the open errand about it tells."""
    errand = next((errand for errand in work.dossier.errands() if errand.reason == "identity"), None)
    return list(errand.proposal.get("failed", ()))[-VISITS:] if errand else []


def guessed_at(work: Case) -> bool:
    """Whether so many visits failed lately that somebody may be guessing: then a person looks first."""
    return sum(work.now - datetime.fromisoformat(at) < timedelta(days=1) for at in _failures(work)) >= VISITS


def facts(work: Case) -> list[str]:
    """Which facts to ask this customer for."""
    return [name for name in ASKABLE if work.customer.identity.get(name)][:FACTS]


def enough(work: Case, wanted: list[str]) -> bool:
    """Whether these facts prove who is writing: two of them, or one that only the business itself uses."""
    return len(wanted) >= FACTS or (work.customer.type == "business" and "registration_number" in wanted)


# A message that holds more than one fact of a kind is a guess, not an answer.
_DIGITS_AT_MOST = {"birth_date": 8, "postal_code": 8, "registration_number": 20}


def fits(name: str, given: str) -> bool:
    """Whether a text can be an answer to the question for this fact: one date, one code, one number."""
    digits = sum(char.isdigit() for char in given)
    if not 0 < digits <= _DIGITS_AT_MOST[name]:
        return False
    dated = bool(_dates(given))
    return dated if name == "birth_date" else not dated or digits == len(given.strip())


def together(wanted: list[str], text: str) -> dict[str, str]:
    """All facts from one message that gives them one after the other ("09/03/1984, 69003"); empty where it does not."""
    for cut in re.finditer(r"[\s,;]+", text.strip()):
        halves = text[: cut.start()], text[cut.end() :]
        for first, second in (wanted, wanted[::-1]) if len(wanted) == FACTS else ():
            if fits(first, halves[0]) and fits(second, halves[1]):
                return {first: halves[0], second: halves[1]}
    return {}


def volunteered(work: Case, text: str) -> dict[str, str]:
    """The facts that bare figures give before anybody asks: a date with its year, a whole postal code, or both."""
    bare = re.fullmatch(r"[\d.,;/\s-]+", text.strip()) is not None
    if not bare or not (_dates(text) or sum(char.isdigit() for char in text) >= 5):
        return {}
    one = next(({name: text} for name in facts(work) if fits(name, text)), {})
    return one or together(facts(work), text)


def matches(name: str, given: str, known: str) -> bool:
    """Whether an answer is the fact on file, however it is written."""
    if not fits(name, given):
        return False
    if name == "birth_date":
        return known in _dates(given)
    told, kept = _plain(given), _plain(known)
    if name == "registration_number":
        return told.endswith(kept)
    same_digits = re.sub(r"\D", "", given) == re.sub(r"\D", "", known)
    return same_digits and kept in told


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        ("jan ene", "feb fev fév", "mar mär", "apr avr abr", "may mai", "jun juin", "jul juil", "aug aoû aou ago",
         "sep", "oct okt", "nov", "dec déc dez dic"), 1)
    for name in names.split()
}  # fmt: skip


def _dates(text: str) -> set[str]:
    """All ways to read a date of birth: 09/03/1984, 1984-03-09, 9 mars 1984, a list of readings."""
    found = set(re.findall(r"\d{4}-\d{2}-\d{2}", text))
    for first, second, year in re.findall(r"\b(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4})\b", text):
        found |= {f"{year}-{int(second):02d}-{int(first):02d}", f"{year}-{int(first):02d}-{int(second):02d}"}
    for first, second, short in re.findall(r"\b(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{2})\b", text):
        for century in ("19", "20"):
            year = century + short
            found |= {f"{year}-{int(second):02d}-{int(first):02d}", f"{year}-{int(first):02d}-{int(second):02d}"}
    for compact in re.findall(r"\b(\d{8})\b", text):
        found.add(f"{compact[4:]}-{compact[2:4]}-{compact[:2]}")
    for day, word, year in re.findall(
        r"\b(\d{1,2})(?:er|st|nd|rd|th|\.)?\s*(?:de\s+)?([a-zäéû]{3,})\.?,?\s+(?:de\s+)?(\d{4})", text.lower()
    ):
        month = next((n for name, n in _MONTHS.items() if word.startswith(name)), None)
        month = 7 if word.startswith("juil") else month
        if month:
            found.add(f"{year}-{month:02d}-{int(day):02d}")
    for word, day, year in re.findall(r"\b([a-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", text.lower()):
        month = next((n for name, n in _MONTHS.items() if word.startswith(name)), None)
        if month:
            found.add(f"{year}-{month:02d}-{int(day):02d}")
    return found
