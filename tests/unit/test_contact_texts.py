"""Every message that we write of our own accord, as it is read: in all languages, wordings and channels."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from actions.remind import CAUSES, part
from bot.conversation.dialogue import Reply
from bot.conversation.loading import load_script
from bot.conversation.replies import Rendered, render
from bot.conversation.responses import choose
from bot.conversation.script import Script
from bot.i18n import LANGUAGES, Catalogues, day, present
from bot.typography import for_sms, french, segments
from tests.unit.calendar_play import ROOT

LINK = "https://pay.fibrelane.example/pay/01m8a0knptbk5qf76j2gwp60rx.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy"
ASSISTANT = {"en": "automated assistant of Fibrelane", "fr": "assistant automatique de Fibrelane",
             "es": "asistente automático de Fibrelane", "de": "utomatische"}  # fmt: skip
TONES = {"utter_reminder": ("friendly", "firm", "final")}
CONTACTS = (
    "utter_pre_due", "utter_reminder", "utter_charge_failed", "utter_final_notice", "utter_promise_due",
    "utter_promise_broken", "utter_installment_due", "utter_installment_missed", "utter_installment_due_charge",
)  # fmt: skip
CASES = [(name, tone) for name in CONTACTS for tone in TONES.get(name, ("friendly",))]


@cache
def script() -> Script:
    return load_script([ROOT / "dialogues"], {})


@cache
def catalogues() -> Catalogues:
    return Catalogues(Path(ROOT / "locales"))


def values(name: str, number: str, consequence: Any, channel: str, cause: str) -> dict[str, Any]:
    count = {"one": 1, "several": 2, "many": 4}[number]
    kind = "coming" if name == "utter_pre_due" else "claim"
    sum_ = {"minor": 128990, "currency": "EUR"}
    said: dict[str, Any] = {
        "amount": sum_, "count": count, "numbers": [f"F-2026-004{n}" for n in range(count)],
        "lines": [{"number": f"F-2026-004{n}", "due_on": "2026-10-25", "amount": sum_} for n in range(count)],
        "claim": part(f"{kind}_{number}"), "what": part("one_invoice" if count == 1 else "several_invoices"),
        "due_on": "2026-10-25", "date": "2026-12-04", "deadline": "2026-12-11", "link": LINK,
        "consequence": consequence, "cause": part(f"cause_{cause}"), "card": "Visa •••• 4242", "shifted": "2027-02-08",
    }  # fmt: skip
    slots = {"tone": "friendly", "channel": channel}
    for key, value in said.items():
        if isinstance(value, dict) and set(value) == {"response"}:
            wording = choose(script(), value["response"], slots, channel)
            assert wording is not None and wording.text is not None, value
            said[key] = {"text": wording.text}
    return said


def written(
    name: str, tone: str, language: str, channel: str, turn: int, number: str = "one", consequences: str = "suspension",
    cause: str = "funds",
) -> Rendered:  # fmt: skip
    kind = {"utter_reminder": "warning", "utter_final_notice": "last"}.get(name)
    consequence = part(f"{kind}_{consequences}") if kind and consequences else ""
    slots = {
        "tone": tone, "customer_name": "Claire Martin", "creditor_name": "Fibrelane", "customer_ref": "C-1001",
        "creditor_contact": "+33 4 72 00 00 00" if channel == "sms" else
        {"either": ["+33 4 72 00 00 00", "factures@fibrelane.example"]},
    }  # fmt: skip
    wording = choose(script(), name, slots, channel, turn)
    assert wording is not None
    reply = Reply(name, wording.text, values(name, number, consequence, channel, cause), subject=wording.subject)
    return render(reply, slots, language, channel, catalogues())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "tone"), CASES)
def test_an_sms_is_short_says_who_writes_and_how_to_stop(name: str, tone: str, language: str) -> None:
    for turn in range(2):
        for number in ("one", "several", "many"):
            for consequences in ("suspension", "referral", "suspension_referral", ""):
                text = written(name, tone, language, "sms", turn, number, consequences).text
                assert segments(text) <= 2, (segments(text), len(text), text)
                assert for_sms(ASSISTANT[language]).casefold() in text.casefold()
                assert "STOP" in text and "Fibrelane" in text and (LINK in text or name.endswith("_charge"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["utter_promise_due_charge", "utter_agreed_charge_failed", "utter_plan_bend", "utter_plan_respread"]
)
def test_an_sms_about_a_charge_or_a_plan_is_short_too(name: str, language: str) -> None:
    text = written(name, "friendly", language, "sms", 0, "many").text
    assert segments(text) <= 2, (segments(text), len(text), text)
    assert for_sms(ASSISTANT[language]).casefold() in text.casefold() and "STOP" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", sorted({*CAUSES.values(), "declined"}))
def test_a_failed_charge_is_met_with_help_in_one_or_two_segments(language: str, cause: str) -> None:
    for turn in range(2):
        assert segments(written("utter_charge_failed", "friendly", language, "sms", turn, cause=cause).text) <= 2
        text = written("utter_charge_failed", "friendly", language, "email", turn, cause=cause).text
        assert not re.search(r"suspen|recobro|recouvrement|collection|Inkasso|ausgesetzt|rappel|Mahnung", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "tone"), CASES)
def test_nobody_reads_the_same_twice_in_a_row(name: str, tone: str, language: str) -> None:
    for channel in ("email", "sms", "telegram"):
        told = [written(name, tone, language, channel, turn) for turn in range(4)]
        assert all(one.text != other.text for one, other in pairwise(told))
        if channel == "email":
            assert all(one.subject and one.subject != other.subject for one, other in pairwise(told))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_stage_has_a_letter_of_its_own(language: str) -> None:
    """A letter is the formal record of its stage: its words stand, its date and sums change."""
    letters = [written(name, tone, language, "letter", 0).text for name, tone in CASES]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["utter_reminder", "utter_final_notice"])
def test_only_what_the_creditor_configured_is_named_as_a_consequence(name: str, language: str) -> None:
    suspended = {"en": "suspended", "fr": "suspendu", "es": "suspenderse", "de": "ausgesetzt"}[language]
    referred = {"en": "collection", "fr": "recouvrement", "es": "recobro", "de": "Inkasso"}[language]
    for turn in range(2):
        for tone in ("firm", "final"):
            none = written(name, tone, language, "email", turn, consequences="").text
            assert suspended not in none and referred not in none
            one = written(name, tone, language, "email", turn, consequences="suspension").text
            assert suspended in one and referred not in one
            both = written(name, tone, language, "email", turn, consequences="suspension_referral").text
            assert suspended in both and referred in both


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_message_speaks_of_no_earlier_one(language: str) -> None:
    for tone in ("friendly", "firm"):
        for turn in range(2):
            for channel in ("email", "sms"):
                text = written("utter_reminder", tone, language, channel, turn).text
                assert not re.search(r"despite|again|malgré|malgre|revient|pese a|vuelve a|[Tt]rotz|noch einmal", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_invoices_are_listed_in_one_message(language: str) -> None:
    text = written("utter_reminder", "friendly", language, "email", 0, "several").text
    assert "F-2026-0040" in text and "F-2026-0041" in text and text.count("•") == 2


def test_the_words_that_were_found_wanting_are_gone() -> None:
    wanting = {
        "fr": [
            "avant le {deadline}",
            "ouverte",
            "à la fin",
            "échéancier l'évite",
            "authentique que",
            "va regarder",
            "START",
        ],
        "es": ["como tarde", "Nos dijo", "objeción", "suma en disputa", "Para qué día", "colaborador", "Bienvenido de"],
        "de": ["Akte", "ruhen", "als Kunden", "in {count} Zahlungen", "Der {date}"],
        "en": ["reminders rest", "in spite of", "door page", "keeps your service", "Every part", "} is open"],
    }
    for language, words in wanting.items():
        source = (ROOT / "locales" / language / "LC_MESSAGES" / "messages.po").read_text("utf-8")
        source = re.sub(r'"\n"', "", source)
        told = re.findall(r'^msgstr "(.*)"$', source, re.MULTILINE)
        for word in words:
            assert not [text for text in told if word in text], (language, word)


def test_french_and_spanish_are_set_as_people_set_them() -> None:
    assert french("Total : 3 ; oui ! non ?") == "Total\u00a0: 3\u00a0; oui\u00a0! non\u00a0?"
    assert french("https://x.example/a?b=1") == "https://x.example/a?b=1"
    shown = catalogues().translate("You are welcome. Is there anything else I can do for you?", "fr")
    assert shown.endswith("\u00a0?")
    assert day("2026-12-04", "es") == "viernes 4 de diciembre de 2026"
    assert day("2026-12-01", "fr") == "mardi 1er décembre 2026"
    row = {"number": "F-1", "due_on": "2026-10-25", "amount": {"minor": 500, "currency": "EUR"}}
    assert present(row, "fr") == "F-1, 25 octobre 2026\u00a0: 5,00\u00a0€"
    assert present(row, "en") == "F-1, 25 October 2026: €5.00"
    both = {"either": ["+33 4", "a@b.example"]}
    assert [present(both, language) for language in ("fr", "en", "es", "de")] == [
        "+33 4 ou a@b.example", "+33 4 or a@b.example", "+33 4 o a@b.example", "+33 4 oder a@b.example"
    ]  # fmt: skip


def test_an_sms_keeps_to_the_letters_that_leave_it_its_room() -> None:
    assert for_sms("déjà reçu\u00a0: 5,00\u202f€ – garçon, œuvre, más") == "déjà reçu : 5,00 €".replace("ç", "c") + (
        " - garcon, oeuvre, mas"
    )
    assert segments("a" * 160) == 1 and segments("a" * 161) == 2 and segments("a" * 307) == 3
    assert segments("€" * 80) == 1 and segments("ж" * 71) == 2
