"""What law and house require of a message stands in it, or on the page that it links to; else it does not leave."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from bot.conversation.required import ON_THE_PAGE, RESPONSE, Draft, Required
from bot.domain.accounts import ContactPoint
from bot.domain.compliance import assess
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.messages import Exchange
from bot.domain.sms import segments
from bot.domain.support import Support
from bot.i18n import LANGUAGES
from bot.packs import load_evidence, load_packs
from bot.settings import read_yaml
from tests.unit.calendar_play import ROOT
from tests.unit.dossiers import NOON, dossier, message
from tests.unit.test_contact_texts import CASES, catalogues, script, written

CREDITOR = {
    "name": "Fibrelane", "legal_name": "Fibrelane SAS", "address": "12 rue des Lices, 69003 Lyon, France",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
}  # fmt: skip
MANDATE = {
    "owner": "Licht AG", "owner_address": "Hauptstr. 1, 10115 Berlin", "contract": "Stromvertrag vom 1. März 2025",
    "interest": "5 Prozentpunkte über dem Basiszins ab 1. Oktober 2026", "higher_interest": "keine",
    "costs": "keine", "vat": "entfällt", "address_source": "aus dem Vertrag",
    "supervisor": "Bundesamt für Justiz, 53094 Bonn, poststelle@bfj.bund.de",
}  # fmt: skip
LANDS = {"fr": ("FR", "Europe/Paris"), "en": ("GB", "Europe/London"), "es": ("ES", "Europe/Madrid"),
         "de": ("DE", "Europe/Berlin")}  # fmt: skip
SLOTS = {"customer_name": "Claire Martin", "creditor_name": "Fibrelane", "customer_ref": "C-1001",
         "creditor_contact": "+33 4 72 00 00 00"}  # fmt: skip


@cache
def governor(role: str = "creditor") -> Governor:
    return Governor(load_packs(), role)


def required(role: str = "creditor", **facts: Any) -> Required:
    support = Support.read(read_yaml(ROOT / "dialogues" / "helplines.yml"), "helplines.yml")
    return Required(governor(role), load_evidence(), script(), catalogues(), {**CREDITOR, **facts},
                    "https://pay.fibrelane.example/privacy", support)  # fmt: skip


def living(language: str) -> Dossier:
    made = dossier()
    land, zone = LANDS[language]
    customer = replace(made.customer, jurisdiction=land, time_zone=zone, language=language)
    return replace(made, customer=customer)


def told(
    name: str, language: str, channel: str, facts: Dossier, work: Required, tone: str = "friendly", turn: int = 0
) -> Exchange:
    shown = written(name, tone, language, channel, turn)
    closing = "\n".join((SLOTS["creditor_name"], SLOTS["creditor_contact"], "STOP")) if channel == "email" else ""
    purpose = {"utter_pre_due": "pre_due", "utter_final_notice": "final_notice"}.get(name, "reminder")
    row = replace(message(purpose=purpose, channel=channel, language=language), text=shown.text)
    return work.complete([Draft(row, shown.named, closing)], facts, NOON, SLOTS)[-1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize(("name", "tone"), CASES)
def test_every_contact_may_leave_as_the_first_one(name: str, tone: str, language: str, channel: str) -> None:
    facts = living(language)
    facts = replace(facts, contact_points=tuple(replace(p, consent=True) for p in facts.contact_points))
    for turn in range(2):
        row = told(name, language, channel, facts, required(), tone, turn)
        verdict = assess(row, facts, NOON, governor())
        assert verdict.verdict == "allowed", (verdict, row.text)
        if channel == "sms":
            assert segments(row.text) <= 2, row.text
            assert set(row.content["linked"]) <= ON_THE_PAGE
        else:
            assert "linked" not in row.content


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_says_who_where_and_what_helps(language: str) -> None:
    text = told("utter_reminder", language, "email", living(language), required()).text
    assert "Fibrelane SAS, 12 rue des Lices, 69003 Lyon, France" in text
    assert ("https://pay.fibrelane.example/privacy" in text) is (language != "en")
    advice = {"fr": "Points conseil budget", "en": "StepChange", "es": "deudas", "de": "Schuldnerberatung"}[language]
    assert advice in text
    assert text.rstrip().endswith("STOP"), "what is added stands before the signature"


def test_what_an_author_already_says_is_not_said_twice() -> None:
    text = told("utter_reminder", "en", "email", living("en"), required()).text
    assert text.count("automated assistant") == 1 and text.count("STOP") == 1 and "A person can be" not in text


def test_a_later_message_is_spared_what_was_said_once() -> None:
    before = message(NOON - timedelta(days=8), state="sent", sent_at=NOON - timedelta(days=8))
    facts = replace(living("fr"), exchanges=(before,))
    text = told("utter_reminder", "fr", "email", facts, required()).text
    assert "confidentialité" not in text and "/privacy" not in text


def test_a_text_without_its_part_is_held_back_and_the_part_named() -> None:
    facts = living("fr")
    row = told("utter_reminder", "fr", "sms", facts, required())
    bare = replace(row, content={**row.content, "elements": [e for e in row.content["elements"]
                                                             if e != "opt_out_notice"]})  # fmt: skip
    verdict = assess(bare, facts, NOON, governor())
    assert (verdict.verdict, verdict.rule, verdict.missing) == ("refused", "strict-el-every", ("opt_out_notice",))


def test_a_translation_that_lost_its_stop_word_does_not_count_as_an_opt_out() -> None:
    evidence = load_evidence()
    assert "opt_out_notice" in evidence.shown("Répondez STOP.", "fr", ())
    assert "opt_out_notice" not in evidence.shown("Nous ne nous stoppons pas.", "fr", ())
    assert "sender_identity" not in evidence.shown("Bonjour", "fr", {"amount"})


def test_a_creditor_without_an_address_cannot_ask_for_money_by_email() -> None:
    facts = living("fr")
    row = told("utter_reminder", "fr", "email", facts, required(address=""))
    verdict = assess(row, facts, NOON, governor())
    assert verdict.verdict == "refused" and "creditor_identity" in verdict.missing


def test_a_french_collector_begins_with_the_letter_of_r124_4_and_refers_to_it_later() -> None:
    facts, work = living("fr"), required("collector", **MANDATE)
    post = ContactPoint("a3", "c", "letter", "1 rue du Port, 69003 Lyon", True)
    facts = replace(facts, contact_points=(*facts.contact_points, post))
    letter = told("utter_reminder", "fr", "letter", facts, work)
    assert assess(letter, facts, NOON, governor("collector")).verdict == "allowed"
    for part in ("recouvrement amiable", "Licht AG, Hauptstr. 1", "sans titre exécutoire", "sans intérêts ni frais"):
        assert part in letter.text
    short = told("utter_reminder", "fr", "sms", facts, work)
    refused = assess(short, facts, NOON, governor("collector"))
    assert refused.verdict == "refused" and refused.source == "CPCE R124-4", "no text message carries that letter"
    sent = replace(letter, id="l", state="sent", sent_at=NOON - timedelta(days=10), at=NOON - timedelta(days=10))
    later = replace(facts, exchanges=(sent,))
    text = told("utter_reminder", "fr", "email", later, work).text
    assert "lettre du 14 novembre 2026, référence C-1" in text.replace("\u00a0", " ")


def test_a_german_collector_tells_the_eight_points_or_does_not_write() -> None:
    facts, work = living("de"), required("collector", **MANDATE)
    row = told("utter_reminder", "de", "email", facts, work)
    assert assess(row, facts, NOON, governor("collector")).verdict == "allowed"
    for part in ("Stromvertrag vom 1. März 2025", "Bundesamt für Justiz", "Umsatzsteuer: entfällt", "Kosten: keine"):
        assert part in row.text
    silent = told(
        "utter_reminder", "de", "email", facts, required("collector", owner="Licht AG", owner_address="Berlin")
    )
    refused = assess(silent, facts, NOON, governor("collector"))
    assert (refused.verdict, refused.rule) == ("refused", "de-el-first")
    assert "supervisory_authority" in refused.missing


def test_an_american_collector_says_so_and_how_to_stop() -> None:
    made = living("en")
    facts = replace(
        made, customer=replace(made.customer, jurisdiction="US", time_zone="America/New_York"),
        contact_points=tuple(replace(point, consent=True) for point in made.contact_points),
    )  # fmt: skip
    work = required("collector", **MANDATE, validation="Our validation notice: https://collect.example/notice")
    at = NOON + timedelta(hours=5)
    row = told("utter_reminder", "en", "email", facts, work)
    assert "attempt to collect a debt" in row.text and "validation notice" in row.text
    assert assess(row, facts, at, governor("collector")).verdict == "allowed"


def test_every_part_that_a_pack_asks_for_has_words_in_the_dialogues() -> None:
    packs, evidence = load_packs(), load_evidence()
    asked = {
        part
        for pack in (*packs.packs.values(), packs.everywhere)
        for rule in pack.blocks.get("elements", ())
        for part in rule.require  # type: ignore[attr-defined]
    }
    # A deadline and terms of a plan are the message's own matter; the rest no message of ours meets yet.
    own = {"deadline", "plan_terms", "opt_out_confirmation_only", "risk_warning_L312_36", "acknowledgement_warning"}
    for part in asked - own:
        assert f"{RESPONSE}{part}" in script().responses or evidence.parts[part].text, part
