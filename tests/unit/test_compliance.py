from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import Hold
from bot.domain.closed_days import closed
from bot.domain.compliance import HOLDS, UNASKED, assess
from bot.domain.conversation import Handoff
from tests.unit.calendar_play import governor, packs
from tests.unit.dossiers import NOON, dossier, message

ZONES = st.sampled_from(
    ["Europe/Paris", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC", "America/St_Johns"]
)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def in_zone(zone: str):  # type: ignore[no-untyped-def]
    made = dossier()
    return replace(made, customer=replace(made.customer, time_zone=zone))


@given(INSTANTS, ZONES, st.lists(st.integers(0, 14 * 24), max_size=8), st.sampled_from(sorted(UNASKED)))
def test_nothing_unasked_leaves_outside_hours_or_beyond_the_caps(
    at: datetime, zone: str, before: list[int], purpose: str
) -> None:
    sent = tuple(message(at - timedelta(hours=h, minutes=1), state="sent", id=f"s{n}") for n, h in enumerate(before))
    facts = replace(in_zone(zone), exchanges=sent)
    verdict = assess(message(at, purpose), facts, at, governor())
    local = at.astimezone(ZoneInfo(zone))
    if verdict.verdict == "allowed":
        assert 8 <= local.hour < 20 and not closed(local.date(), "FR", "consumer", packs())
        assert not any(s.at.astimezone(ZoneInfo(zone)).date() == local.date() for s in sent)
        assert sum(s.at > at - timedelta(days=7) for s in sent) < 3
    elif verdict.verdict == "deferred":
        assert verdict.not_before is not None and verdict.not_before > at
        later = verdict.not_before.astimezone(ZoneInfo(zone))
        assert 8 <= later.hour < 20 and not closed(later.date(), "FR", "consumer", packs())
    assert verdict.rule and verdict.basis and verdict.source


@pytest.mark.parametrize("kind", [*sorted(HOLDS), "something_new"])
def test_a_hold_stops_what_was_not_asked_for_and_lets_answers_go(kind: str) -> None:
    facts = dossier(holds=(Hold("h", "c", kind, NOON - timedelta(days=1)),))
    refused = assess(message(), facts, NOON)
    assert (refused.verdict, refused.rule) == ("refused", f"hold.{kind}")
    assert assess(message(purpose="reply"), facts, NOON).verdict == "allowed"


def test_a_hold_that_has_ended_stops_nothing() -> None:
    over = Hold("h", "c", "dispute", NOON - timedelta(days=9), until=NOON - timedelta(days=1))
    assert assess(message(), dossier(holds=(over,)), NOON).verdict == "allowed"


def test_an_opted_out_address_gets_nothing_unasked_but_its_own_question_answered() -> None:
    made = dossier()
    sms = replace(made.contact_points[0], opted_out_at=NOON)
    facts = replace(made, contact_points=(sms, made.contact_points[1]))
    assert assess(message(), facts, NOON).rule == "opt_out"
    assert assess(message(purpose="reply"), facts, NOON).verdict == "allowed"
    assert assess(message(channel="email"), facts, NOON).verdict == "allowed"


def test_an_sms_needs_consent() -> None:
    made = dossier()
    facts = replace(made, contact_points=(replace(made.contact_points[0], consent=False),))
    assert assess(message(), facts, NOON).rule == "consent"


@pytest.mark.parametrize(
    ("local", "verdict", "not_before"),
    [
        ("2026-11-24T07:59:59", "deferred", "2026-11-24T08:00:00+01:00"),
        ("2026-11-24T08:00:00", "allowed", None),
        ("2026-11-24T19:59:59", "allowed", None),
        ("2026-11-24T20:00:00", "deferred", "2026-11-25T08:00:00+01:00"),
        # The clocks change on a Sunday, on which nothing is sent.
        ("2026-10-24T22:00:00", "deferred", "2026-10-26T08:00:00+01:00"),
        ("2026-03-28T22:00:00", "deferred", "2026-03-30T08:00:00+02:00"),
        ("2028-02-28T23:00:00", "deferred", "2028-02-29T08:00:00+01:00"),
    ],
)
def test_the_hours_hold_on_both_sides_and_across_clock_changes(
    local: str, verdict: str, not_before: str | None
) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    found = assess(message(at), dossier(), at)
    assert found.verdict == verdict
    assert (found.not_before.isoformat() if found.not_before else None) == not_before


def test_a_delay_goes_over_christmas_and_over_the_days_of_the_customer_s_own_land() -> None:
    at = datetime(2026, 12, 24, 21, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    french = assess(message(at), dossier(), at, governor())
    assert french.not_before is not None and french.not_before.isoformat() == "2026-12-26T10:00:00+01:00"
    made = dossier()
    german = replace(made, customer=replace(made.customer, jurisdiction="DE", time_zone="Europe/Berlin"))
    later = assess(message(at), german, at, governor())
    assert later.not_before is not None and later.not_before.date().isoformat() == "2026-12-28"


def test_preferred_hours_bind() -> None:
    made = dossier()
    facts = replace(made, customer=replace(made.customer, preferences={"not_before": "18:00"}))
    found = assess(message(), facts, NOON)
    assert found.verdict == "deferred" and found.not_before is not None and found.not_before.hour == 18


def test_the_bot_is_silent_while_a_person_has_the_conversation_but_its_farewell_may_go() -> None:
    made = dossier()
    facts = replace(
        made, conversation=replace(made.conversation, status="with_agent"),
        handoffs=(Handoff("h", "c", "request_human", "", NOON, NOON + timedelta(hours=4)),),
    )  # fmt: skip
    assert assess(message(NOON, "reply"), facts, NOON).verdict == "allowed"
    assert assess(message(NOON + timedelta(seconds=1), "reply"), facts, NOON).rule == "person_holds_conversation"
    assert assess(message(NOON + timedelta(seconds=1), "reply", author="agent"), facts, NOON).verdict == "allowed"


def test_while_a_person_is_awaited_questions_are_answered_and_nothing_unasked_is_sent() -> None:
    made = dossier()
    facts = replace(
        made, conversation=replace(made.conversation, status="awaiting_agent"),
        handoffs=(Handoff("h", "c", "request_human", "", NOON, NOON + timedelta(hours=4)),),
    )  # fmt: skip
    assert assess(message(NOON + timedelta(seconds=1), "reply"), facts, NOON).verdict == "allowed"
    assert assess(message(NOON + timedelta(seconds=1)), facts, NOON).rule == "person_holds_conversation"
