"""A conversation changes its language on evidence only."""

import pytest

from bot.understanding.language import identify


@pytest.mark.parametrize(("text", "prior"), [
    ("ok", "fr"), ("stop", "de"), ("2", "es"), ("no", "fr"), ("si", "fr"), ("ja", "fr"), ("non", "en"), ("merci", "en"),
    ("hallo", "fr"), ("Hola", "fr"), ("gracias", "de"), ("PDF", "en"), ("50 euros", "de"), ("le 15", "en"), ("der 15.", "fr"),
    ("visa", "de"), ("mail", "fr"), ("email please", "fr"), ("", "es"), ("?!", "de"), ("👍", "en"), ("IBAN FR76", "de"),
    ("Martin Dupont 69003", "en"), ("Maria del Carmen", "fr"), ("12 rue de la Paix, 75002 Paris", "en"),
    ("Monsieur Jean-Pierre des Essarts", "en"),
])  # fmt: skip
def test_short_neutral_and_foreign_names_never_switch(text: str, prior: str) -> None:
    assert identify(text, prior) == (prior, False)


@pytest.mark.parametrize(("text", "prior", "spoken"), [
    ("Ich kann nicht zahlen", "fr", "de"), ("i can't pay this month", "fr", "en"), ("no puedo pagar", "fr", "es"),
    ("je ne peux pas payer", "en", "fr"),
])  # fmt: skip
def test_a_sentence_switches(text: str, prior: str, spoken: str) -> None:
    assert identify(text, prior) == (spoken, True)
