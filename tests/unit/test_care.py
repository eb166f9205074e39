"""Who is cared for, for how long, and when somebody asks whether they have to pay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.accounts import Hold
from bot.domain.care import CARES, TAKES, TELLS, asks_whether_to_pay, care_of, may_pay, protecting
from bot.domain.compliance import HOLDS
from bot.domain.hardship import RESTING
from bot.domain.plans import Installment, InstallmentPlan
from bot.domain.promises import Promise
from tests.unit.dossiers import NOON, TODAY, dossier

HARDSHIP = Hold(
    "h", "c", "vulnerability_signal", NOON - timedelta(days=2), NOON + timedelta(days=28), "hardship reported"
)


def test_the_gravest_decides() -> None:
    found = care_of(["vulnerability_signal", "deceased", "dispute"])
    assert found is not None and found.hold == "deceased"
    assert care_of(["dispute", "payment_pending", "represented_by_lawyer"]) is None


def test_every_care_is_a_hold_and_nothing_is_taken_in_a_procedure() -> None:
    assert {care.hold for care in CARES} <= set(HOLDS)
    assert [care.hold for care in CARES if TAKES in care.allows] == ["vulnerability_signal"]
    assert {care.hold for care in CARES if not care.allows} == {"self_harm_signal", "deceased", "minor_or_no_capacity"}


def test_hardship_may_pay_and_a_procedure_may_not() -> None:
    assert may_pay(dossier(), NOON) and may_pay(dossier(holds=(HARDSHIP,)), NOON)
    for kind in ("surendettement_fr", "bankruptcy", "breathing_space_gb", "deceased", "minor_or_no_capacity"):
        assert not may_pay(dossier(holds=(Hold("h", "c", kind, NOON),)), NOON), kind
    over = Hold("h", "c", "breathing_space_gb", NOON - timedelta(days=61), NOON - timedelta(days=1))
    assert may_pay(dossier(holds=(over,)), NOON)


def test_a_week_to_think_is_no_care() -> None:
    assert protecting(dossier(holds=(replace(HARDSHIP, reason=RESTING),)), NOON) == []


def test_what_is_agreed_after_hardship_was_told_takes_its_place_and_nothing_else_does() -> None:
    plan = InstallmentPlan("p", "c", "EUR", 12990, (Installment(1, TODAY, 12990),), NOON, accepted_at=NOON)
    word = Promise("w", "c", "EUR", 12990, TODAY, NOON, "webchat")
    assert protecting(dossier(holds=(HARDSHIP,), plans=(plan,)), NOON) == []
    assert protecting(dossier(holds=(HARDSHIP,), promises=(word,)), NOON) == []
    earlier = replace(plan, accepted_at=NOON - timedelta(days=9))
    for still in ({"plans": (earlier,)}, {"plans": (replace(plan, accepted_at=None),)},
                  {"promises": (replace(word, withdrawn_at=NOON),)}):  # fmt: skip
        assert protecting(dossier(holds=(HARDSHIP,), **still), NOON) == ["vulnerability_signal"]
    dead = Hold("d", "c", "deceased", NOON - timedelta(days=2))
    assert protecting(dossier(holds=(dead,), plans=(plan,)), NOON) == ["deceased"]


@pytest.mark.parametrize("payload", ["/pay_now", "/request_installments", "/request_extension", "/ask_consequences"])
def test_no_button_sells_payment_to_anybody_cared_for(payload: str) -> None:
    assert not any(care.offers(payload) for care in CARES)


def test_what_tells_of_the_debt_is_offered_where_it_may_be_told() -> None:
    assert all(care.offers('/explain_invoice{"invoice_ref": "F-1"}') == (TELLS in care.allows) for care in CARES)
    assert all(care.offers("/request_human") and care.offers("/affirm") and care.offers("") for care in CARES)


@pytest.mark.parametrize("text", [
    "do I still have to pay?", "do we have to pay his bill", "must I pay this", "will she have to pay my debt?",
    "am I liable for his debts?", "je dois payer quand même ?", "Dois-je payer ses dettes ?", "faut-il quand même régler ?",
    "est-ce que je suis obligée de payer", "dois-je payer ou pas ?", "on doit vraiment tout rembourser ?", "¿tengo que pagar sus deudas?",
    "¿debo pagar yo?", "¿hay que pagar igualmente?", "Muss ich seine Schulden bezahlen?", "müssen wir das trotzdem zahlen",
    "hafte ich für ihn?", "soll ich das jetzt noch bezahlen?",
])  # fmt: skip
def test_a_question_whether_to_pay_is_heard(text: str) -> None:
    assert asks_whether_to_pay(text)


@pytest.mark.parametrize("text", [
    "how much do I have to pay?", "combien je dois payer ?", "¿cuánto tengo que pagar?", "wie viel muss ich zahlen?",
    "wann muss ich zahlen?", "when do I have to pay?", "I want to pay", "je veux payer", "quiero pagar", "ich möchte zahlen",
    "can I pay in three?", "what do I owe?", "I have paid",
])  # fmt: skip
def test_how_much_when_and_a_wish_are_other_things(text: str) -> None:
    assert not asks_whether_to_pay(text)
