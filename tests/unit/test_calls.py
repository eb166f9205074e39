"""When somebody is likeliest to answer, and what a call does to the rhythm."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import ContactPoint
from bot.domain.cadence import due
from bot.domain.calls import best_hour
from bot.domain.messages import IN, NOTE, Exchange
from bot.domain.sending import attempt_of
from bot.domain.strategy import Stage, Strategy
from tests.unit.dossiers import NOON, dossier, message

LADDER = [
    Strategy("all", {}, (
        Stage("call", {"days_past_due": 20}, "firm", at_most=2, channels=("phone", "sms")),
        Stage("friendly", {"days_past_due": 3}, channels=("phone", "sms")),
    ))
]  # fmt: skip
PHONE = ContactPoint("a9", "c", "phone", "+33422222222", True)


def wrote(at: datetime) -> Exchange:
    return Exchange(f"in{at.isoformat()}", "c", at, IN, "customer", "sms", "oui", purpose="message", state="handled")


def called(days_ago: int, outcome: str) -> tuple[Exchange, Exchange]:
    at = NOON - timedelta(days=days_ago)
    call = message(at, channel="phone", state="sent", id=f"call{days_ago}", sent_at=at,
                   content={"about": "stage:friendly:i1", "wait_days": 7,
                            "deadline": (at + timedelta(days=6)).date().isoformat()})  # fmt: skip
    note = Exchange(f"n{days_ago}", "c", at, NOTE, "agent", "phone", "called", purpose="call",
                    content={"exchange": call.id, "outcome": outcome})  # fmt: skip
    return call, note


def test_before_anything_is_known_the_end_of_the_working_day_is_best() -> None:
    assert best_hour([], "Europe/Paris") == 18


def test_the_customers_own_answers_win_over_the_prior() -> None:
    mornings = [wrote(datetime(2026, 11, day, 8, 20, tzinfo=UTC)) for day in (2, 9, 16)]
    assert best_hour(mornings, "Europe/Paris") == 9
    assert best_hour(mornings, "America/New_York") == 18, "three o'clock at night is no hour to call"


@given(st.lists(st.integers(0, 24 * 60), max_size=30), st.integers(8, 19), st.integers(9, 20))
def test_the_hour_lies_within_the_hours_that_are_open(minutes: list[int], opens: int, closes: int) -> None:
    rows = [wrote(datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=minute)) for minute in minutes]
    hour = best_hour(rows, "Europe/Paris", time(opens), time(closes))
    assert opens <= hour < closes or opens >= closes


def test_a_call_that_nobody_took_is_followed_the_next_day_by_another_way() -> None:
    facts = replace(dossier(days_late=10, exchanges=called(2, "no_answer")))
    facts = replace(facts, contact_points=(*facts.contact_points, PHONE))
    found = due(facts, LADDER, NOON)
    assert found is not None and found.point.channel == "sms"


def test_a_talk_is_left_to_work() -> None:
    facts = replace(dossier(days_late=10, exchanges=called(2, "reached")))
    facts = replace(facts, contact_points=(*facts.contact_points, PHONE))
    assert due(facts, LADDER, NOON) is None


def test_nobody_is_called_where_the_stage_asks_for_no_call() -> None:
    facts = replace(dossier(days_late=10), contact_points=(PHONE,))
    written = [replace(LADDER[0], stages=(replace(LADDER[0].stages[1], channels=("sms",)),))]
    found = due(facts, written, NOON)
    assert found is None or found.point.channel == "phone"
    assert due(replace(facts, contact_points=dossier().contact_points), LADDER, NOON) is not None


def test_the_law_learns_that_there_was_a_conversation() -> None:
    facts = dossier(exchanges=called(2, "reached"))
    attempt = attempt_of(message(NOON, channel="phone"), facts, NOON, "collector")
    assert attempt is not None and [past.conversation for past in attempt.history] == [True]
