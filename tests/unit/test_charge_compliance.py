"""A charge is judged at the moment of charging: by holds, consent and what is open, not by what was planned."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.accounts import Dispute, Hold
from bot.domain.charge_compliance import assess_charge
from bot.domain.compliance import HOLDS
from bot.domain.conversation import WITH_AGENT
from bot.domain.governor.judge import Governor
from bot.domain.governor.verdict import Verdict
from bot.domain.money import Money
from bot.packs import load_packs
from tests.unit.dossiers import NOON, dossier

GOVERNOR = Governor(load_packs())
SUM = Money("EUR", 12990)


def judged(facts: Any, amount: Money = SUM, *, authorised: bool = True, at: Any = NOON) -> Verdict:
    return assess_charge(facts, amount, at, GOVERNOR, authorised=authorised)


def test_an_agreed_charge_of_what_is_open_may_go() -> None:
    assert judged(dossier()).verdict == "allowed"


def test_nobody_is_charged_who_has_not_agreed() -> None:
    found = judged(dossier(), authorised=False)
    assert (found.verdict, found.rule, found.basis) == ("refused", "charge-authorised", "law")


@pytest.mark.parametrize("kind", sorted(HOLDS))
def test_no_charge_leaves_while_any_hold_is_on(kind: str) -> None:
    held = dossier(holds=(Hold("h", "c", kind, NOON - timedelta(days=1)),))
    assert judged(held).verdict == "refused"
    ended = dossier(holds=(Hold("h", "c", kind, NOON - timedelta(days=2), ended_at=NOON - timedelta(days=1)),))
    assert judged(ended).verdict == "allowed"


def test_a_hold_that_began_after_the_plan_stops_the_charge() -> None:
    facts = dossier()
    assert judged(facts).verdict == "allowed"
    held = replace(facts, holds=(Hold("h", "c", "surendettement_fr", NOON),))
    assert judged(held, at=NOON + timedelta(minutes=1)).rule == "hold.surendettement_fr"


@pytest.mark.parametrize("amount", [Money("EUR", 12991), Money("EUR", 0), Money("GBP", 100)])
def test_no_more_is_taken_than_is_open(amount: Money) -> None:
    assert judged(dossier(), amount).rule == "charge.amount"


def test_a_disputed_claim_is_not_charged() -> None:
    facts = dossier(disputes=(Dispute("d", "c", "i1", "not mine", NOON - timedelta(days=1)),))
    assert judged(facts).rule == "charge.amount"


def test_a_matter_that_a_person_has_is_not_charged_by_the_machine() -> None:
    facts = dossier()
    facts = replace(facts, conversation=replace(facts.conversation, status=WITH_AGENT))
    assert judged(facts).rule == "person_holds_conversation"
