"""A doubtful message is offered what it may have meant, in the customer's language."""

from pathlib import Path
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.misunderstand import OFFERS, Misunderstand
from bot.domain.case import Case
from bot.i18n import LANGUAGES, Catalogues
from bot.ports import case
from tests.unit.dossiers import NOON, dossier

LOCALES = Path(__file__).resolve().parents[2] / "locales"


def heard(text: str, intent: str, *guesses: str) -> dict[str, Any]:
    ranking = [{"name": guess, "confidence": 0.2} for guess in guesses]
    return {"event": "user", "text": text, "parse_data": {"intent": {"name": intent}, "intent_ranking": ranking}}


def answered(*events: dict[str, Any]) -> list[dict[str, Any]]:
    last = events[-1]
    message = {"text": last["text"], "entities": [], **last["parse_data"]}
    tracker = Tracker("c", {}, message, list(events), False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    token = case.set(Case(dossier(), NOON, "webchat", lambda: "x"))
    try:
        Misunderstand().run(dispatcher, tracker, {})
    finally:
        case.reset(token)
    return list(dispatcher.messages)


def test_the_likeliest_meanings_are_offered_once_each_with_a_person() -> None:
    said = answered(heard("hmm", "nlu_fallback", "promise_to_pay", "request_extension", "greet", "ask_status"))
    assert said[0]["response"] == "utter_did_you_mean"
    payloads = [button["payload"] for button in said[0]["buttons"]]
    assert payloads == ["/request_extension", "/ask_status", "/request_human"]


def test_without_a_guess_the_usual_choices_are_shown() -> None:
    assert answered(heard("hmm", "nlu_fallback", "greet"))[0]["response"] == "utter_rephrase"


def test_twice_in_a_row_brings_a_person() -> None:
    said = answered(heard("hmm", "nlu_fallback"), heard("hrm", "nlu_fallback"))
    assert said[0]["response"] == "utter_handover_not_understood"


def test_what_cannot_be_read_is_no_misunderstanding() -> None:
    assert answered(heard("hmm", "nlu_fallback"), heard(" ", "out_of_scope"))[0]["response"] == "utter_nothing_readable"


def test_every_offer_is_translated() -> None:
    catalogues = Catalogues(LOCALES)
    for language in LANGUAGES:
        assert catalogues.missing(list(OFFERS.values()), language) == []
