"""Cards, IBANs, addresses, telephone numbers and references."""

import pytest

from bot.understanding import quantities
from tests.unit.understanding.reading import TODAY, days, sums, values


def test_a_card_is_told_by_its_check_digit_and_never_shown() -> None:
    (card,) = quantities.find("ma carte 4242 4242 4242 4242", language="fr", today=TODAY)
    assert (card.kind, card.value, card.text) == ("card", "•••• 4242", "•••• 4242")
    assert values("card", "4242 4242 4242 4241", "fr") == []


def test_an_iban_is_told_by_its_check_digits_and_ends_where_it_ends() -> None:
    text = "FR14 2004 1010 0505 0001 3M02 606 merci"
    (iban,) = [e for e in quantities.find(text, language="fr", today=TODAY) if e.kind == "iban"]
    assert iban.value == "FR•• •••• 2606" and text[iban.end :] == " merci"
    assert values("iban", "FR15 2004 1010 0505 0001 3M02 606", "fr") == []


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [("fr", "06 12 34 56 78", "0612345678"), ("fr", "+33 (0)6 12 34 56 78", "+33612345678"), ("en", "07700 900123", "07700900123"), ("en", "+44 20 7946 0958", "+442079460958"),
     ("de", "030 901820", "030901820"), ("es", "612 34 56 78", "612345678"), ("en", "call 555-0142", "5550142")],
)  # fmt: skip
def test_telephone_numbers(language: str, text: str, number: str) -> None:
    assert values("phone", text, language) == [number]
    assert sums(text, language) == [] and days(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "reference"),
    [("en", "invoice #4521", "4521"), ("fr", "facture n° 2024-0312 du 12/03/2026", "2024-0312"), ("fr", "F-2026-0042", "F-2026-0042"), ("en", "ref BX-19-204", "BX-19-204"),
     ("en", "invoice number 8842", "8842"), ("de", "Rechnung Nr. 55102", "55102")],
)  # fmt: skip
def test_references(language: str, text: str, reference: str) -> None:
    assert values("invoice_ref", text, language) == [reference]
    assert sums(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "ma facture de 129,50 €"),
        ("fr", "facture 129 euros"),
        ("en", "CHF50"),
        ("en", "05-Aug-2026"),
        ("en", "no 500 euros"),
        ("fr", "e50"),
    ],
)
def test_what_is_no_reference(language: str, text: str) -> None:
    assert values("invoice_ref", text, language) == []


def test_addresses() -> None:
    assert values("email", "write to Lee.B@example.com please", "en") == ["lee.b@example.com"]


def test_places_are_places_in_the_text() -> None:
    text = "je paie 50\u00a0€ le\u202f12 de\u0301cembre"
    found = quantities.find(text, language="fr", today=TODAY)
    assert [(e.kind, text[e.start : e.end]) for e in found] == [("amount", "50\u00a0€"), ("date", "12 de\u0301cembre")]
