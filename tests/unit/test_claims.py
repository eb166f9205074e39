"""What is told of a payment lies behind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claims import day_paid, way_of_payment

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(("told", "text", "day"), [
    (date(2026, 11, 27), "vendredi je veux dire", date(2026, 11, 20)),
    (date(2026, 12, 4), "vendredi prochain", date(2026, 11, 20)),
    (date(2026, 12, 12), "le 12", date(2026, 11, 12)), (date(2026, 11, 30), "am 30.", date(2026, 10, 30)),
    (date(2026, 11, 20), "on the 20th", date(2026, 11, 20)),
])  # fmt: skip
def test_the_day_of_a_payment_is_a_past_one(told: date, text: str, day: date) -> None:
    assert day_paid(told, TODAY, text) == day


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.booleans())
def test_it_is_never_in_the_future(told: date, today: date, digits: bool) -> None:
    assert day_paid(told, today, "le 12" if digits else "vendredi") <= today


@pytest.mark.parametrize(("text", "way"), [
    ("par carte", "card"), ("by bank transfer", "bank transfer"), ("con tarjeta", "card"), ("per Überweisung", "bank transfer"),
    ("en espèces", "cash"), ("by cheque", "cheque"), ("hello", None), ("Lastschrift", "direct debit"),
])  # fmt: skip
def test_the_way_is_read(text: str, way: str | None) -> None:
    assert way_of_payment(text) == way
