from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import plans, promises
from bot.domain.accounts import Invoice, Payment
from bot.domain.money import Money, from_major, split
from bot.domain.plans import InstallmentPlan, add_months, schedule
from bot.domain.promises import Promise
from tests.unit.row_by_row import allocate, open_minor

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def paid(minor: int, at: datetime = NOON, currency: str = "EUR") -> Payment:
    return Payment(f"p{minor}{at}", "c", currency, minor, at, "sandbox", f"r{minor}{at}")


def invoice(number: int, minor: int, due: date, currency: str = "EUR") -> Invoice:
    return Invoice(f"i{number}", "c", f"F-{number}", currency, minor, due - timedelta(days=30), due)


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_a_split_adds_up_and_only_the_last_part_differs(minor: int, count: int) -> None:
    parts = split(minor, count)
    assert sum(parts) == minor and len(parts) == count
    assert len(set(parts[:-1])) <= 1 and 0 <= parts[-1] - parts[0] < count


def test_money_of_different_currencies_does_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot mix EUR and USD"):
        Money("EUR", 1) + Money("USD", 1)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("129.90", "EUR", 12990), ("500", "JPY", 500), ("1.234", "TND", 1234), ("0", "EUR", 0)],
)
def test_a_written_amount_becomes_minor_units(text: str, currency: str, minor: int) -> None:
    assert from_major(text, currency).minor == minor


@pytest.mark.parametrize(
    ("text", "currency"), [("1.999", "EUR"), ("0.5", "JPY"), ("abc", "EUR"), ("NaN", "EUR"), ("", "EUR")]
)
def test_what_is_no_exact_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        from_major(text, currency)


@given(DAY, st.integers(0, 36))
def test_months_later_keep_the_day_or_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).month != later.month


@given(st.integers(1, 10**7), st.integers(1, 24), DAY)
def test_a_schedule_adds_up_and_its_dates_rise(minor: int, count: int, first: date) -> None:
    items = schedule(minor, count, first)
    assert sum(item.amount_minor for item in items) == minor
    assert [i.due_on for i in items] == sorted({i.due_on for i in items}) and items[0].due_on == first


@given(st.lists(st.integers(1, 9000), max_size=12), st.integers(1, 8))
def test_money_received_fills_instalments_in_order(sums: list[int], count: int) -> None:
    plan = InstallmentPlan("x", "c", "EUR", 12990, schedule(12990, count, date(2026, 12, 1)), NOON, NOON)
    seen = plans.progress(plan, [paid(s, NOON + timedelta(hours=n)) for n, s in enumerate(sums)], date(2026, 11, 25))
    left = [open_ for _, _, open_ in seen.installments]
    assert sum(left) == max(0, 12990 - sum(sums))
    unpaid = [n for n, open_ in enumerate(left) if open_]
    assert unpaid == list(range(count - len(unpaid), count)), "a later instalment is never filled before an earlier one"
    assert (seen.state == "completed") == (sum(sums) >= 12990)


def test_a_plan_is_late_then_missed_then_broken_and_heals_when_paid() -> None:
    plan = InstallmentPlan("x", "c", "EUR", 9000, schedule(9000, 3, date(2026, 12, 1)), NOON, NOON)

    def look(day: date, *payments: Payment) -> tuple[str, str]:
        seen = plans.progress(plan, payments, day)
        return seen.state, seen.installments[0][1]

    assert look(date(2026, 12, 1)) == ("active", "due")
    assert look(date(2026, 12, 2)) == ("active", "late")
    assert look(date(2026, 12, 7)) == ("active", "missed")
    assert look(date(2026, 12, 17)) == ("broken", "missed")
    assert look(date(2026, 12, 17), paid(3000, NOON + timedelta(days=20))) == ("active", "paid")


def test_money_from_before_a_plan_does_not_fill_it() -> None:
    plan = InstallmentPlan("x", "c", "EUR", 9000, schedule(9000, 3, date(2026, 12, 1)), NOON, NOON)
    assert plans.progress(plan, [paid(9000, NOON - timedelta(days=1))], date(2026, 12, 1)).paid_minor == 0


@pytest.mark.parametrize(
    ("received", "on", "today", "state"),
    [
        (10000, 28, 28, "kept"), (9500, 28, 28, "kept"), (9499, 28, 29, "open"), (0, 28, 28, "open"),
        (0, 28, 30, "open"), (10000, 30, 30, "kept"), (0, 28, 1, "broken"), (5000, 28, 1, "broken"),
    ],
)  # fmt: skip
def test_a_promise_is_kept_or_broken_by_the_money_received(received: int, on: int, today: int, state: str) -> None:
    promise = Promise("x", "c", "EUR", 10000, date(2026, 11, 27), NOON, "webchat")
    payments = [paid(received, datetime(2026, 11, on, 12, tzinfo=UTC))] if received else []
    day = date(2026, 12, today) if today < 20 else date(2026, 11, today)
    assert promises.state(promise, payments, day) == state


@given(st.lists(st.tuples(st.integers(1, 50000), DAY), min_size=1, max_size=6), st.integers(1, 200000))
def test_a_payment_is_spread_to_the_cent_oldest_first(debts: list[tuple[int, date]], sum_: int) -> None:
    invoices = [invoice(n, minor, due) for n, (minor, due) in enumerate(debts)]
    open_ = open_minor(invoices, [])
    shares, rest = allocate(paid(sum_), invoices, open_)
    assert sum(s.amount_minor for s in shares) + rest == sum_
    assert all(0 < s.amount_minor <= open_[s.invoice_id] for s in shares)
    full = {s.invoice_id for s in shares if s.amount_minor == open_[s.invoice_id]}
    touched = [
        i
        for i in sorted(invoices, key=lambda i: (i.due_on, i.issued_on, i.number))
        if i.id in {s.invoice_id for s in shares}
    ]
    assert all(i.id in full for i in touched[:-1]), "only the last invoice touched may stay partly open"
    assert rest == max(0, sum_ - sum(minor for minor, _ in debts))


def test_a_payment_settles_the_invoice_that_the_customer_names_first() -> None:
    invoices = [invoice(1, 1000, date(2026, 1, 1)), invoice(2, 1000, date(2026, 2, 1))]
    shares, _ = allocate(paid(1000), invoices, open_minor(invoices, []), named=["i2"])
    assert [(s.invoice_id, s.amount_minor) for s in shares] == [("i2", 1000)]


def test_a_payment_in_another_currency_settles_nothing() -> None:
    invoices = [invoice(1, 1000, date(2026, 1, 1), "GBP")]
    assert allocate(paid(1000), invoices, open_minor(invoices, [])) == ([], 1000)
