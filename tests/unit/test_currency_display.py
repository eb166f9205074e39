"""Sums as people write them in the four languages."""

import pytest

from bot.i18n import money


@pytest.mark.parametrize(("language", "currency", "written"), [
    ("fr", "EUR", "1 234,56 €"), ("fr", "GBP", "1 234,56 £"), ("fr", "USD", "1 234,56 $US"),
    ("fr", "CHF", "1 234,56 CHF"), ("fr", "CAD", "1 234,56 $CA"),
    ("en", "EUR", "€1,234.56"), ("en", "GBP", "£1,234.56"), ("en", "USD", "US$1,234.56"),
    ("en", "CHF", "CHF 1,234.56"), ("en", "CAD", "CA$1,234.56"),
    ("es", "EUR", "1.234,56 €"), ("es", "GBP", "1.234,56 £"), ("es", "USD", "1.234,56 US$"),
    ("es", "CHF", "1.234,56 CHF"), ("es", "CAD", "1.234,56 CAD"),
    ("de", "EUR", "1.234,56 €"), ("de", "GBP", "1.234,56 £"), ("de", "USD", "1.234,56 $"),
    ("de", "CHF", "1.234,56 CHF"), ("de", "CAD", "1.234,56 CA$"),
])  # fmt: skip
def test_a_sum_is_written_as_the_language_does(language: str, currency: str, written: str) -> None:
    shown = money(123456, currency, language)
    assert shown.replace("\u00a0", " ").replace("\u202f", " ") == written
    assert " " not in shown, "no line breaks between a figure and its sign"


@pytest.mark.parametrize("language", ["fr", "en", "es", "de"])
@pytest.mark.parametrize("currency", ["EUR", "GBP", "USD", "CHF", "CAD"])
def test_what_is_owed_to_a_customer_has_a_minus(language: str, currency: str) -> None:
    assert money(-8999, currency, language).startswith("-")
