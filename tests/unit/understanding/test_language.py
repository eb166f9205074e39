"""A conversation changes its language on evidence only."""

import pytest

from bot.understanding.language import identify


@pytest.mark.parametrize(("text", "prior"), [
    ("ok", "fr"), ("stop", "de"), ("2", "es"), ("no", "fr"), ("si", "fr"), ("ja", "fr"), ("non", "en"), ("merci", "en"),
    ("hallo", "fr"), ("Hola", "fr"), ("gracias", "de"), ("PDF", "en"), ("50 euros", "de"), ("le 15", "en"), ("der 15.", "fr"),
    ("visa", "de"), ("mail", "fr"), ("email please", "fr"), ("", "es"), ("?!", "de"), ("👍", "en"), ("IBAN FR76", "de"),
    ("Martin Dupont 69003", "en"), ("Maria del Carmen", "fr"), ("12 rue de la Paix, 75002 Paris", "en"),
    ("Monsieur Jean-Pierre des Essarts", "en"), ("ja ja", "es"), ("no no no", "de"), ("si si", "fr"), ("muy bien", "de"),
    ("in 3 Raten", "es"), ("50 euros al mes", "de"), ("claro que si", "de"), ("alles klar", "es"), ("vale", "de"),
    ("José Núñez", "de"), ("Calle Mayor 5", "de"), ("Hauptstraße 12, 1010 Wien", "es"), ("stop alles", "es"),
    ("BAJA", "de"), ("Servus", "es"), ("2 cuotas", "de"), ("12.12.2026", "es"), ("genau", "es"), ("👍👍", "es"),
])  # fmt: skip
def test_short_neutral_and_foreign_names_never_switch(text: str, prior: str) -> None:
    assert identify(text, prior) == (prior, False)


@pytest.mark.parametrize(("text", "prior", "spoken"), [
    ("Ich kann nicht zahlen", "fr", "de"), ("i can't pay this month", "fr", "en"), ("no puedo pagar", "fr", "es"),
    ("je ne peux pas payer", "en", "fr"), ("je peux payer", "es", "fr"), ("ya pagué la factura ayer", "de", "es"),
    ("no tengo plata para pagarles", "de", "es"), ("ich habe kein Geld mehr", "es", "de"),
    ("i hob scho zoit, schauts nach", "es", "de"), ("NO ME LLEGA LA GUITA ESTE MES", "de", "es"),
    ("kann ich das in raten zahlen", "es", "de"), ("can I pay on friday", "de", "en"),
])  # fmt: skip
def test_a_sentence_switches(text: str, prior: str, spoken: str) -> None:
    assert identify(text, prior) == (spoken, True)
