"""What leaves is judged by the customer's own jurisdiction, and by the house besides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.accounts import ContactPoint, Hold
from bot.domain.compliance import UNASKED, assess
from bot.domain.governor.judge import Governor
from bot.domain.messages import IN
from bot.packs import load_packs
from tests.unit.dossiers import NOON, dossier, message

GOVERNOR = Governor(load_packs())


def local(text: str, zone: str = "Europe/Paris") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def living_in(jurisdiction: str, zone: str):  # type: ignore[no-untyped-def]
    made = dossier()
    return replace(made, customer=replace(made.customer, jurisdiction=jurisdiction, time_zone=zone))


@pytest.mark.parametrize(
    ("at", "rule", "until"),
    [
        ("2026-11-24T08:30:00", "fr-hours", "2026-11-24T09:00:00+01:00"),
        ("2026-11-11T11:00:00", "closed_day", "2026-11-12T09:00:00+01:00"),
        ("2026-11-28T18:30:00", "fr-hours", "2026-11-30T09:00:00+01:00"),
    ],
)
def test_a_french_customer_is_reminded_in_french_hours(at: str, rule: str, until: str) -> None:
    when = local(at)
    found = assess(message(when), dossier(), when, GOVERNOR)
    assert (found.verdict, found.rule) == ("deferred", rule)
    assert found.not_before is not None and found.not_before.isoformat() == until


def test_house_and_law_bind_together() -> None:
    # The federal hours end at nine in the evening, the house's at eight, and both open in the morning.
    when = local("2026-11-24T20:30:00", "America/New_York")
    facts = living_in("US", "America/New_York")
    found = assess(message(when), facts, when, GOVERNOR)
    assert (found.verdict, found.rule, found.basis) == ("deferred", "hours", "house")
    assert found.not_before is not None and found.not_before.hour == 8


def test_a_collector_may_not_text_in_the_united_states() -> None:
    when = local("2026-11-24T12:00:00", "America/New_York")
    facts = living_in("US", "America/New_York")
    assert assess(message(when), facts, when, GOVERNOR).verdict == "allowed"
    refused = assess(message(when), facts, when, replace(GOVERNOR, role="collector"))
    assert (refused.verdict, refused.rule, refused.basis) == ("refused", "sms-us-ca-third-party", "platform")


def test_an_answer_goes_at_night_and_a_receipt_waits_for_the_morning() -> None:
    when = local("2026-11-24T23:30:00")
    asked = replace(message(when - timedelta(minutes=1), "message", id="q"), direction=IN, author="customer")
    facts = dossier(exchanges=(asked,))
    answer = message(when, "reply", in_reply_to="q")
    assert assess(answer, facts, when, GOVERNOR).rule == "reply-once"
    receipt = assess(message(when, "receipt"), facts, when, GOVERNOR)
    assert receipt.verdict == "deferred"
    assert receipt.not_before is not None and receipt.not_before.isoformat() == "2026-11-25T09:00:00+01:00"
    assert assess(message(when, "receipt", channel="webchat"), facts, when, GOVERNOR).verdict == "allowed"


def test_an_agent_who_begins_anew_at_night_waits() -> None:
    when = local("2026-11-24T23:30:00")
    found = assess(message(when, "reply", author="agent"), dossier(), when, GOVERNOR)
    assert (found.verdict, found.rule) == ("deferred", "fr-hours")


def test_a_text_that_tells_its_parts_is_held_to_them() -> None:
    bare = replace(message(), content={"elements": ["sender_identity"]})
    assert assess(bare, dossier(), NOON, GOVERNOR).verdict == "refused"


def test_a_hold_is_named_by_its_law() -> None:
    held = dossier(holds=(Hold("h", "c", "surendettement_fr", NOON - timedelta(days=1)),))
    assert assess(message(), held, NOON, GOVERNOR).rule == "hold.surendettement_fr"


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from([("FR", "Europe/Paris"), ("DE-BY", "Europe/Berlin"), ("US-MA", "America/New_York"),
                     ("GB", "Europe/London"), ("BR", "America/Sao_Paulo")]),
    st.lists(st.integers(0, 14 * 24), max_size=6), st.sampled_from(sorted(UNASKED)),
)  # fmt: skip
@settings(deadline=None, max_examples=100)
def test_a_delay_ends_where_house_and_law_both_allow(
    at: datetime, place: tuple[str, str], before: list[int], purpose: str
) -> None:
    sent = tuple(message(at - timedelta(hours=h, minutes=1), state="sent", id=f"s{n}") for n, h in enumerate(before))
    facts = replace(living_in(*place), exchanges=sent)
    found = assess(message(at, purpose), facts, at, GOVERNOR)
    if found.verdict == "deferred":
        assert found.not_before is not None and found.not_before > at
        assert assess(message(at, purpose), facts, found.not_before, GOVERNOR).verdict == "allowed"


def test_whatsapp_opens_only_to_an_operator_who_attests_its_use() -> None:
    facts = dossier(contact_points=(ContactPoint("w", "c", "whatsapp", "+33612345678", True),))
    attempt = message(NOON, channel="whatsapp", address="+33612345678")
    assert assess(attempt, facts, NOON, GOVERNOR).rule == "wa-off"
    assert assess(attempt, facts, NOON, replace(GOVERNOR, attested=True)).verdict == "allowed"
