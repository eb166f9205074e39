from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.best_hour import hours_of, wait_until
from bot.domain.cadence import due
from bot.domain.messages import IN, Exchange
from bot.domain.outlook import better_hour, judge, next_contact
from tests.unit.calendar_play import governor, strategies
from tests.unit.dossiers import NOON, dossier, message

PARIS = "Europe/Paris"
MORNING = NOON - timedelta(hours=2)  # ten o'clock in Paris


def wrote(days_ago: int, hour: int, minute: int = 5) -> Exchange:
    day = NOON.astimezone(ZoneInfo(PARIS)) - timedelta(days=days_ago)
    at = day.replace(hour=hour, minute=minute).astimezone(UTC)
    return Exchange(f"in{at.isoformat()}", "c", at, IN, "customer", "sms", "oui", purpose="message", state="handled")


def waits(rows: list[Exchange], now: datetime = MORNING) -> datetime | None:
    return wait_until(hours_of(rows, PARIS, now), PARIS, now, lambda at: True)


def test_nobody_waits_before_the_customer_has_shown_an_hour_of_their_own() -> None:
    for hour in range(24):
        assert waits([], NOON.replace(hour=hour)) is None
    assert waits([wrote(9, 18)]) is None, "one answer is chance"


def test_two_answers_at_an_hour_are_waited_for_on_the_day_itself() -> None:
    evenings = [wrote(9, 18), wrote(16, 18)]
    found = waits(evenings)
    assert found is not None and found.astimezone(ZoneInfo(PARIS)).isoformat() == "2026-11-24T18:00:00+01:00"
    assert waits(evenings, NOON + timedelta(hours=7)) is None, "the hour has passed: nothing waits for tomorrow"


def test_many_messages_of_one_talk_count_once() -> None:
    assert waits([wrote(9, 18, minute) for minute in range(30)]) is None


def test_silence_at_an_hour_lowers_it_until_another_is_tried() -> None:
    sent = [message(wrote(7 * n, 10).at, state="sent", id=f"x{n}") for n in range(1, 10)]
    assert waits(sent[:2]) is None
    found = waits(sent)
    assert found is not None and found.astimezone(ZoneInfo(PARIS)).hour == 18
    heard = [replace(row, at=row.at + timedelta(hours=3)) for row in (wrote(7 * n, 10) for n in range(1, 10))]
    assert hours_of([*sent, *heard], PARIS, MORNING).chances[10] > hours_of(sent, PARIS, MORNING).chances[10]


def test_the_clock_is_the_customers() -> None:
    there = hours_of([wrote(9, 18), wrote(16, 18)], "America/New_York", NOON)
    assert there.chances.index(max(there.chances)) == 12


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 23)), max_size=40), st.integers(0, 23))
def test_chances_are_chances_and_what_is_waited_for_lies_later_the_same_day(
    answers: list[tuple[int, int]], hour: int
) -> None:
    rows = [wrote(days, at) for days, at in answers]
    now = NOON.replace(hour=hour)
    known = hours_of(rows, PARIS, now)
    assert all(0 < chance < 1 for chance in known.chances)
    found = wait_until(known, PARIS, now, lambda at: True)
    if found is not None:
        before, after = now.astimezone(ZoneInfo(PARIS)), found.astimezone(ZoneInfo(PARIS))
        assert found > now and before.date() == after.date()
        assert known.chances[after.hour] > known.chances[before.hour]


def test_a_contact_waits_for_the_customers_hour_and_only_within_what_the_governor_allows() -> None:
    facts = dossier(30, exchanges=(wrote(16, 19), wrote(9, 19)))
    found = due(facts, strategies(), MORNING)
    assert found is not None
    later = better_hour(found, facts, MORNING, governor())
    assert later is not None and later.astimezone(ZoneInfo(PARIS)).hour == 19
    assert judge(found, facts, later, governor()).verdict == "allowed"
    shown = next_contact(facts, strategies(), MORNING, governor())
    assert shown is not None and shown.at == later
    # A wish for quiet after five in the afternoon is law; the hour of the answers then is not open.
    quiet = replace(facts, customer=replace(facts.customer, preferences={"not_after": "17:00"}))
    assert better_hour(found, quiet, MORNING, governor()) is None
    late = dossier(30, exchanges=(wrote(16, 23), wrote(9, 23)))
    assert better_hour(found, late, MORNING, governor()) is None, "at 23:00 nothing leaves"
