"""What is told decides which hold protects: the scheme that is named, a death, a child; never a word inside a word."""

import pytest

from bot.domain.grave import kind_of, says_minor


@pytest.mark.parametrize("text", [
    "my brother is dead", "my brother's dead", "he died in May", "I lost my husband last week", "my late father's account",
    "mon mari est mort", "Ma mère est décédée", "je suis veuve depuis mardi", "mi hermano ha muerto", "mi padre falleció",
    "mein Bruder ist tot", "Mein Vater ist gestorben, ich bin die Tochter", "er ist letzte Woche verstorben",
])  # fmt: skip
def test_a_death_is_heard(text: str) -> None:
    assert kind_of(text, "FR") == "deceased"


@pytest.mark.parametrize("text", [
    "I have a mortgage and cancer", "je suis mort de fatigue, j'ai un cancer", "estoy muerto de miedo, tengo cáncer",
    "the deadline is too hard, I am in hospital", "je dois amortir le choc, je suis à l'hôpital",
])  # fmt: skip
def test_other_words_are_no_death(text: str) -> None:
    assert kind_of(text, "FR") == "vulnerability_signal"


@pytest.mark.parametrize(("text", "place", "kind"), [
    ("I'm filing for bankruptcy", "GB", "bankruptcy"), ("I have an IVA", "GB", "bankruptcy"),
    ("I got a debt relief order", "GB", "bankruptcy"), ("I am in breathing space", "GB", "breathing_space_gb"),
    ("I'm in a mental health crisis breathing space", "GB", "mental_health_crisis_gb"),
    ("I filed chapter 7", "US-NY", "bankruptcy"), ("we are in breathing space", "US-NY", "bankruptcy"),
    ("je suis en surendettement", "FR", "surendettement_fr"), ("j'ai déposé un dossier Banque de France", "FR", "surendettement_fr"),
    ("nous sommes en liquidation judiciaire", "FR", "bankruptcy"), ("ich bin in der Privatinsolvenz", "DE", "bankruptcy"),
    ("estoy en concurso de acreedores", "ES", "bankruptcy"), ("mon père est sous tutelle", "FR", "minor_or_no_capacity"),
    ("I want to kill myself, my brother is dead", "GB", "self_harm_signal"),
])  # fmt: skip
def test_each_scheme_has_its_own_hold(text: str, place: str, kind: str) -> None:
    assert kind_of(text, place) == kind


@pytest.mark.parametrize("text", [
    "I'm 14 years old", "I'm 14", "i am only 15, so I can't", "I am a minor", "J'ai 14 ans", "j’ai 16 ans et je comprends pas",
    "tengo 13 años", "soy menor de edad", "ich bin 14", "Ich bin erst 12 Jahre alt", "ich bin minderjährig",
])  # fmt: skip
def test_a_child_is_heard(text: str) -> None:
    assert says_minor(text)


@pytest.mark.parametrize("text", [
    "I'm 14 days late", "I'm 44 years old", "my son is 14 years old", "I have been a customer for 14 years", "I'm 5 minutes away",
    "j'ai 14 ans de fidélité chez vous", "mon fils a 14 ans", "j'ai 14 euros", "tengo 12 años como cliente", "mi hija tiene 13 años",
    "ich bin 14 Tage im Verzug", "ich bin 10 Jahre Kunde", "seit 14 Jahren", "I am 15th in the queue", "it's a minor thing",
])  # fmt: skip
def test_another_number_is_no_age(text: str) -> None:
    assert not says_minor(text)
