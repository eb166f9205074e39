"""A person is promised for an hour at which one is at work."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.office import OfficeHours

PARIS = ZoneInfo("Europe/Paris")
DESK = OfficeHours()


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(("now", "hours", "due"), [
    ("2026-11-24T10:00", 4, "2026-11-24T14:00"),   # a Tuesday morning
    ("2026-11-24T10:03", 4, "2026-11-24T14:15"),   # rounded up to what people say
    ("2026-11-24T16:00", 4, "2026-11-25T11:00"),   # two hours today, two tomorrow
    ("2026-11-27T17:59", 4, "2026-11-30T13:00"),   # over the weekend
    ("2026-11-28T03:00", 4, "2026-11-30T13:00"),
    ("2026-11-24T22:00", 0.1, "2026-11-25T09:15"),
    ("2026-11-24T10:00", 24, "2026-11-25T10:00"),  # a day is a working day
    ("2026-11-27T10:00", 24, "2026-11-30T10:00"),
    ("2026-11-28T10:00", 24, "2026-12-01T09:00"),
])  # fmt: skip
def test_the_hour_promised(now: str, hours: float, due: str) -> None:
    assert DESK.after(paris(now), timedelta(hours=hours)) == paris(due)


@given(
    st.integers(0, 2 * 365 * 24 * 60), st.integers(1, 96),
    st.sets(st.integers(0, 6), min_size=1), st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo"]),
)  # fmt: skip
def test_it_is_never_outside_office_hours_nor_past(minutes: int, hours: int, days: set[int], zone: str) -> None:
    desk = OfficeHours(days=frozenset(days), zone=zone)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = desk.after(now, timedelta(hours=hours))
    assert due > now
    assert desk.open_at(due) or desk.open_at(due - timedelta(seconds=1)), "an agent is at work at the hour told"


def test_the_settings_are_read_with_their_defaults() -> None:
    desk = OfficeHours.read({"from": "08:30", "to": "12:00", "days": ["sat"], "time_zone": "Europe/Madrid"})
    assert desk.after(paris("2026-11-24T10:00"), timedelta(hours=1)) == paris("2026-11-28T09:30")
    assert OfficeHours.read({}) == OfficeHours()


def test_nobody_is_promised_on_a_holiday() -> None:
    desk = OfficeHours.read({"closed": ["2026-12-25"]})
    assert desk.after(paris("2026-12-24T17:00"), timedelta(hours=4)) == paris("2026-12-28T12:00")
    assert desk.after(paris("2026-12-24T10:00"), timedelta(days=1)) == paris("2026-12-28T10:00")
