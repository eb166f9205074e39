from fractions import Fraction

import pytest

from bot.domain import wishes


@pytest.mark.parametrize(
    "text",
    [
        "lieber alles auf einmal", "Ich möchte alles bezahlen", "ich zahle alles", "quiero pagarlo todo", "pagaré todo",
        "prefiero pagar todo de una vez", "je veux tout payer", "je préfère tout régler en une fois", "tout", "alles",
        "I want to pay everything", "I'd rather pay it all at once", "can I pay the full amount?",
    ],
)  # fmt: skip
def test_everything_at_once_is_heard(text: str) -> None:
    assert wishes.all_at_once(text)


@pytest.mark.parametrize(
    "text",
    ["j'ai tout payé", "habe alles bezahlt", "I paid it all already", "tout va bien", "alles in Ordnung", "that is all",
     "no es todo", "I can't pay everything",
     "je ne peux pas tout payer", "no puedo pagar todo", "ich kann nicht alles auf einmal zahlen", "muss ich alles zahlen?", "in 3 Raten", "je paye 50 €", "how much is the full amount?"],
)  # fmt: skip
def test_what_is_not_everything_at_once(text: str) -> None:
    assert not wishes.all_at_once(text)


@pytest.mark.parametrize(
    "text",
    ["ok ask your colleague", "please check with your manager", "demandez à votre collègue",
     "voyez avec votre responsable", "pregunte a su compañero", "consúltelo con su responsable",
     "fragen Sie Ihren Kollegen", "dann fragen Sie bitte Ihre Kollegin"],
)  # fmt: skip
def test_asking_a_colleague_is_heard(text: str) -> None:
    assert wishes.ask_somebody(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("25 a week", Fraction(52, 12)), ("25 € par semaine", Fraction(52, 12)), ("25 por semana", Fraction(52, 12)),
        ("25 pro Woche", Fraction(52, 12)), ("50 every two weeks", Fraction(26, 12)),
        ("50 toutes les deux semaines", Fraction(26, 12)), ("50 cada dos semanas", Fraction(26, 12)),
        ("50 alle zwei Wochen", Fraction(26, 12)), ("50 a month", Fraction(1)), ("50", Fraction(1)),
    ],
)  # fmt: skip
def test_sums_by_the_week_are_made_monthly(text: str, times: Fraction) -> None:
    assert wishes.times_a_month(text) == times


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Ich zahle am 10. Dezember 50 Euro", False), ("I will pay 50 on 10 December", False),
     ("50 € à partir du 10", True), ("50 al mes desde el 10", True), ("50 from the 10th", True), ("50 ab dem 10.", True)],
)  # fmt: skip
def test_one_payment_on_a_day_is_told_from_the_first_of_several(text: str, meant: bool) -> None:
    assert wishes.recurring(text) is meant


@pytest.mark.parametrize(
    "text",
    ["can I move my next instalment to the 15th?", "puis-je décaler ma prochaine échéance au 15 ?",
     "¿puedo aplazar el próximo pago al 15?", "kann ich die nächste Rate auf den 15. verschieben?"],
)  # fmt: skip
def test_moving_a_date_is_heard(text: str) -> None:
    assert wishes.shift(text)


@pytest.mark.parametrize(
    "text",
    ["whenever you like", "any day is fine", "I don't know yet", "peu importe", "comme vous voulez", "ça m'est égal",
     "me da igual", "cualquier día", "no sé", "egal", "Wann Sie wollen", "das ist mir gleich"],
)  # fmt: skip
def test_no_day_is_preferred(text: str) -> None:
    assert wishes.any_day(text)


@pytest.mark.parametrize(
    "text", ["the 10th", "I don't know what you mean", "je sais", "sí", "das ist nicht gleich viel"]
)
def test_what_leaves_no_day_to_us(text: str) -> None:
    assert not wishes.any_day(text)
