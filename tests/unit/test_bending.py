"""Plans bend in the customer's favour, lose no cent, and are left alone where nothing speaks for a change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import Payment
from bot.domain.bending import MOST, respread, shift
from bot.domain.methods import FAILED, SUCCEEDED, ChargeAttempt
from bot.domain.plans import InstallmentPlan, changed, progress, schedule

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2026, 12, 1)
ACCEPTED = datetime(2026, 11, 24, 9, tzinfo=UTC)


def plan(total: int = 30000, count: int = 6) -> InstallmentPlan:
    return InstallmentPlan("p", "c", "EUR", total, schedule(total, count, FIRST), ACCEPTED, ACCEPTED, None, {})


def paid(minor: int, day: date, number: int = 1) -> Payment:
    return Payment(
        f"m{number}", "c", "EUR", minor, datetime(day.year, day.month, day.day, 11, tzinfo=UTC), "x", f"r{number}"
    )


def charge(state: str) -> ChargeAttempt:
    return ChargeAttempt("a", "c", "m", "plan:p:1", "EUR", 5000, ACCEPTED + timedelta(days=7), True, state)


def test_who_paid_late_is_offered_the_day_on_which_they_pay() -> None:
    found = shift(plan(), [paid(5000, date(2026, 12, 8))], (), None, PARIS, date(2026, 12, 29))
    assert found is not None and found.why == "late"
    assert [item.due_on for item in found.installments][:2] == [date(2027, 1, 8), date(2027, 2, 8)]
    assert sum(item.amount_minor for item in found.installments) == 25000


def test_the_pay_day_that_follows_the_due_day_is_offered_and_the_one_before_is_not() -> None:
    assert shift(plan(), (), (), 5, PARIS, date(2026, 11, 28)).installments[0].due_on == date(2026, 12, 5)  # type: ignore[union-attr]
    for before in (28, 30, 31, 1, 20):
        assert shift(plan(), (), (), before, PARIS, date(2026, 11, 28)) is None


def test_a_charge_that_failed_speaks_for_a_week_more_and_one_that_went_through_does_not() -> None:
    today = date(2026, 11, 28)
    assert shift(plan(), (), (charge(FAILED),), None, PARIS, today).why == "charge_failed"  # type: ignore[union-attr]
    assert shift(plan(), (), (charge(SUCCEEDED),), None, PARIS, today) is None


def test_who_pays_in_time_is_left_alone() -> None:
    for day in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)):
        assert shift(plan(), [paid(5000, day)], (), None, PARIS, date(2026, 12, 29)) is None


@given(st.integers(6, 500_000), st.integers(2, 6), st.integers(1, 400), st.integers(0, 40))
def test_a_shift_keeps_every_cent_and_moves_two_weeks_at_most(total: int, count: int, part: int, day: int) -> None:
    mine = plan(total, count)
    came = [paid(min(total, part * total // 300 or 1), FIRST + timedelta(days=day))]
    for today in (FIRST + timedelta(days=n) for n in range(0, 80, 7)):
        found = shift(mine, came, (), None, PARIS, today)
        if found is None:
            continue
        left = [(item, open_) for item, _, open_ in progress(mine, came, today).installments if open_]
        assert [item.amount_minor for item in found.installments] == [open_ for _, open_ in left]
        assert all(new.due_on > old.due_on for new, (old, _) in zip(found.installments, left, strict=True))
        assert found.installments[0].due_on - left[0][0].due_on <= MOST


@given(st.integers(600, 500_000), st.integers(2, 6), st.integers(1, 120))
def test_a_spread_shortfall_adds_up_and_raises_no_payment_by_more_than_a_quarter(
    total: int, count: int, share: int
) -> None:
    mine, today = plan(total, count), date(2026, 12, 10)
    came = [paid(max(1, mine.installments[0].amount_minor * share // 100), FIRST)]
    rest = respread(mine, came, today)
    if rest is None:
        return
    bent = changed(mine, came, rest)
    assert bent.total_minor == total == sum(item.amount_minor for item in bent.installments)
    assert progress(bent, came, today).state == "active"
    assert all(state != "missed" for _, state, _ in progress(bent, came, today).installments)
    before = {item.due_on: item.amount_minor for item in mine.installments}
    assert all(item.amount_minor * 4 <= before[item.due_on] * 5 for item in rest)


def test_nothing_is_spread_when_nothing_came_or_the_plan_is_over() -> None:
    today = date(2026, 12, 10)
    assert respread(plan(), (), today) is None
    assert respread(plan(30000, 1), [paid(100, FIRST)], today) is None
    assert respread(replace(plan(), ended_at=ACCEPTED + timedelta(days=1)), [paid(4000, FIRST)], today) is None
    assert respread(plan(), [paid(5000, FIRST)], today) is None
