"""What an author can write that no customer should read is found, with its rule."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.app import load_actions
from bot.checking import contact_responses
from bot.conversation.script import Script, Variation
from bot.conversation.text_lint import TextLint, Tone
from bot.i18n import Catalogues
from bot.packs import load_evidence
from bot.settings import read_yaml
from tests.unit.calendar_play import ROOT
from tests.unit.test_contact_texts import catalogues, script

LETTER = (
    "Hello {customer_name},\n\nthis is the automated assistant of {creditor_name}. {claim}\n\nWe understand: you can pay by "
    "{deadline} here: {link} Or contact us: {creditor_contact}."
)
SMS = "Automated assistant of {creditor_name}. {claim} Pay by {deadline}: {link} STOP to end."


@cache
def tone() -> Tone:
    return Tone.read(read_yaml(ROOT / "dialogues" / "tone.yml"), "tone.yml")


@cache
def contacts() -> frozenset[str]:
    return contact_responses(load_actions())


def found(responses: dict[str, tuple[Variation, ...]], rules: Any = None, texts: Catalogues | None = None) -> set[str]:
    changed: Script = replace(script(), responses={**script().responses, **responses})
    if rules is not None:
        changed = replace(changed, rules=rules)
    lint = TextLint(changed, texts or catalogues(), load_evidence(), tone(), contacts())
    return {finding.rule for finding in lint.findings()}


def wording(text: str = LETTER, **more: Any) -> Variation:
    return replace(script().responses["utter_reminder"][0], text=text, **more)


def test_the_shipped_texts_are_clean_and_so_is_a_plain_reminder() -> None:
    assert found({}) == set()
    assert found({"utter_reminder": (wording(), wording(SMS, channel="sms"))}) <= {"lost_part", "understanding"}


@pytest.mark.parametrize(
    ("text", "more", "rule"),
    [
        (LETTER.replace("{creditor_name}", "us"), {}, "sender"),
        (LETTER.replace("{customer_name}", ""), {}, "greeting"),
        (LETTER.replace("{claim}", ""), {}, "claim"),
        (LETTER.replace("{link}", "{link} {link}"), {}, "one_action"),
        (LETTER.replace("{link}", ""), {}, "one_action"),
        (LETTER.replace("{claim}", "{numbers}").replace("{deadline}", "soon"), {}, "day"),
        (LETTER.replace("{creditor_contact}", ""), {}, "ways"),
        (LETTER, {"subject": None}, "subject"),
        (LETTER, {"subject": "x" * 200}, "too_long"),
        (LETTER + " x" * 4000, {}, "too_long"),
        (SMS + " x" * 90, {"channel": "sms"}, "too_long"),
        (LETTER + " Pay immediately.", {}, "tone_pressing"),
        (LETTER + " You ignored us.", {}, "tone_accusing"),
        (LETTER + " We are disappointed.", {}, "tone_emotional"),
        (LETTER + " PAYMENT needed.", {}, "loud"),
        (LETTER + " Pay now!", {}, "loud"),
        (LETTER.replace("We understand: you", "You"), {}, "understanding"),
    ],
)
def test_each_mistake_is_named(text: str, more: dict[str, Any], rule: str) -> None:
    assert rule in found({"utter_reminder": (wording(text, **more),)})


def test_the_last_level_is_held_to_the_same_courtesy_as_the_first() -> None:
    last = replace(script().responses["utter_final_notice"][0], text=LETTER + " You failed us, pay at once!")
    assert {"tone_accusing", "tone_pressing", "loud"} <= found({"utter_final_notice": (last,)})


def test_the_same_sentence_twice_in_a_row_is_found() -> None:
    assert "same_words" in found({"utter_reminder": (wording(), wording())})


def test_nothing_of_a_claim_is_said_to_somebody_unknown() -> None:
    goodbye = replace(script().responses["utter_goodbye"][0], text="Goodbye {customer_name}, you owe {amount}.")
    assert "before_identity" in found({"utter_goodbye": (goodbye,)})
    disclosure = replace(script().responses["utter_disclosure"][0], text="Hello {customer_name}")
    assert "before_identity" in found({"utter_disclosure": (disclosure,)})


def test_a_translation_that_lost_a_part_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = (ROOT / "locales" / "fr" / "LC_MESSAGES" / "messages.po").read_text("utf-8")
    (folder / "messages.po").write_text(source.replace("Fin SMS : STOP.", "Merci."), "utf-8")
    assert "lost_part" in found({}, texts=Catalogues(tmp_path))


def test_a_signature_without_its_warning_is_found() -> None:
    bare = replace(script().responses["utter_signature"][0], text="Kind regards, {creditor_name}")
    assert "card_hint" in found({"utter_signature": (bare,)})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "tone.yml:1"),
        ({"nver": {}}, "never, never_in_contacts"),
        ({"never": {"rude": ["x"]}}, "never.rude"),
        ({"never": {"rude": {"xx": ["x"]}}}, "fr, en, es, de"),
        ({"never": {"rude": {"en": "x"}}}, "list of words"),
        ({"understanding": {"en": [""]}}, "understanding.en"),
        ({"card_hint": {"en": []}}, "card_hint.en"),
    ],
)
def test_a_broken_tone_file_says_where_and_what(document: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        Tone.read(document, "tone.yml")
