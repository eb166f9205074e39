"""When a saved method is charged: never early, never twice, never against a hold, and on the day that was promised."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import Hold, Payment
from bot.domain.charging import next_charge
from bot.domain.conversation import Handoff
from bot.domain.dossier import Dossier
from bot.domain.methods import FAILED, STARTED, ChargeAttempt, PaymentMethod
from bot.domain.plans import InstallmentPlan, schedule
from bot.domain.promises import Promise
from bot.retrying import rules
from tests.unit.dossiers import NOON, TODAY, dossier

RULES = rules(TODAY)
FAILED_AT = datetime(2026, 11, 22, 6, tzinfo=UTC)
CARD = PaymentMethod("m1", "c", "sandbox", "accept", "visa", "Visa 4242", FAILED_AT, {"covers": "subscription"})
HALF_HOURS = st.integers(0, 48 * 40).map(lambda n: NOON + timedelta(minutes=30 * n))


def failing(**changes: Any) -> Dossier:
    made = dossier(2, methods=(CARD,))
    invoice = replace(made.invoices[0], subscription_ref="S-9", failure_code="insufficient_funds", failure_at=FAILED_AT)
    return replace(made, invoices=(invoice,), **changes)


def promise(day: date, minor: int = 12990) -> Promise:
    return Promise("w", "c", "EUR", minor, day, NOON, "webchat")


def attempt(
    at: datetime, state: str = FAILED, code: str = "insufficient_funds", about: str = "invoice:i1"
) -> ChargeAttempt:
    return ChargeAttempt(f"a{at}", "c", "m1", about, "EUR", 12990, at, False, state, code)


def test_the_next_try_does_not_move_with_the_hour_at_which_somebody_looks() -> None:
    seen = {next_charge(failing(), RULES, NOON + timedelta(hours=n)).at for n in range(0, 24, 3)}  # type: ignore[union-attr]
    assert seen == {datetime(2026, 11, 25, 12, tzinfo=UTC)}


def test_a_try_that_was_not_made_in_time_is_made_up_for_in_banking_hours() -> None:
    evening = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    assert next_charge(failing(), RULES, evening).at == datetime(2026, 11, 26, 8, 30, tzinfo=UTC)  # type: ignore[union-attr]
    morning = datetime(2026, 11, 26, 10, tzinfo=UTC)
    assert next_charge(failing(), RULES, morning).due(morning)  # type: ignore[union-attr]


@given(st.integers(0, 30), HALF_HOURS)
def test_no_charge_is_made_before_the_promised_day(days: int, now: datetime) -> None:
    day = TODAY + timedelta(days=days)
    found = next_charge(failing(promises=(promise(day),)), RULES, now)
    if found is not None and found.due(now) and found.agreed:
        assert now.astimezone(UTC).date() >= day


def test_no_more_is_charged_than_was_promised_and_has_not_come() -> None:
    found = next_charge(failing(promises=(promise(TODAY + timedelta(days=5), 5000),)), RULES, NOON)
    assert found is not None and (found.amount_minor, found.agreed) == (5000, True)
    came = Payment("p", "c", "EUR", 5000, NOON + timedelta(hours=1), "x", "r")
    found = next_charge(failing(promises=(promise(TODAY + timedelta(days=5), 8000),), payments=(came,)), RULES, NOON)
    assert found is not None and found.amount_minor == 3000


def test_a_hold_a_person_or_an_open_charge_stops_everything() -> None:
    held = failing(holds=(Hold("h", "c", "surendettement_fr", NOON),))
    assert next_charge(held, RULES, NOON).at is None  # type: ignore[union-attr]
    asked = failing(handoffs=(Handoff("h", "c", "request_human", "", NOON, NOON),))
    assert next_charge(asked, RULES, NOON) is None
    assert next_charge(failing(charges=(attempt(NOON, STARTED),)), RULES, NOON + timedelta(days=3)) is None


def test_without_a_saved_method_the_try_is_the_billing_systems() -> None:
    found = next_charge(failing(methods=()), RULES, NOON)
    assert found is not None and found.at is not None and found.method is None and not found.due(found.at)


def test_a_hard_refusal_and_a_spent_budget_end_the_tries() -> None:
    stolen = failing(charges=(attempt(NOON, code="stolen_card"),))
    assert next_charge(stolen, RULES, NOON + timedelta(days=9)).at is None  # type: ignore[union-attr]
    spent = failing(charges=tuple(attempt(NOON + timedelta(days=4 * n)) for n in range(3)))
    assert next_charge(spent, RULES, NOON + timedelta(days=20)).at is None  # type: ignore[union-attr]


def test_the_tries_for_all_invoices_share_the_budget_of_the_method() -> None:
    others = tuple(attempt(NOON - timedelta(hours=n), about=f"invoice:x{n}") for n in range(15))
    found = next_charge(failing(charges=others), RULES, NOON)
    assert found is not None and found.at is not None
    assert found.at >= min(one.at for one in others) + timedelta(days=30)


def test_an_instalment_is_taken_on_its_day_only_from_the_method_given_for_the_plan() -> None:
    plan = InstallmentPlan(
        "p", "c", "EUR", 12990, schedule(12990, 3, date(2026, 12, 5)), NOON, NOON, None, {"text": "3 fois"}
    )
    assert next_charge(failing(plans=(plan,)), RULES, NOON) is None
    given_ = replace(CARD, agreement={"covers": "plan", "plan_id": "p"}, agreed_at=NOON)
    found = next_charge(failing(plans=(plan,), methods=(given_,)), RULES, NOON)
    assert found is not None and (found.about, found.amount_minor) == ("plan:p:1", 4330)
    assert found.at == datetime(2026, 12, 5, 8, 30, tzinfo=UTC)
    other = replace(given_, agreement={"covers": "plan", "plan_id": "q"})
    assert next_charge(failing(plans=(plan,), methods=(other,)), RULES, NOON) is None
