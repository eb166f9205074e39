"""Days in the four languages, said on Wednesday 25 November 2026."""

from datetime import date

import pytest

from bot.understanding import quantities
from tests.unit.understanding.reading import days

FR = {
    "je paie 2main": "2026-11-26", "ds 2 sem": "2026-12-09", "d'ici 15 jours": ["2026-12-10", "2026-12-09"],
    "d'ici la fin de la semaine": ["2026-11-27", "2026-11-29"], "à la mi-décembre": "2026-12-15", "fin décembre": "2026-12-31",
    "début janvier": "2027-01-01", "avant noël": "2026-12-25", "le premier du mois prochain": "2026-12-01", "le 1er janvier": "2027-01-01",
    "le premier lundi de mars": "2027-03-01", "dans les 48 heures": "2026-11-27", "sous 24h": "2026-11-26", "sous huitaine": ["2026-12-02", "2026-12-03"],
    "vendredi en huit": "2026-12-04", "dans un mois et demi": "2027-01-09", "dans 2 ou 3 jours": ["2026-11-27", "2026-11-28"],
    "je vous règle la semaine pro": ["2026-11-30", "2026-12-04"], "après-demain soir": "2026-11-27", "quand j'ai ma paye le 28": "2026-11-28",
    "le 14 juillet": "2027-07-14", "lundi de Pâques": "2027-03-29", "le week-end prochain": ["2026-12-05", "2026-12-06"],
    "au plus tard le 30": "2026-11-30", "vndredi": "2026-11-27", "le lendemain de noël": "2026-12-26", "dans une quinzaine de jours": ["2026-12-09", "2026-12-10"],
    "le dernier vendredi du mois": "2026-11-27", "dans 3 jours ouvrés": "2026-11-30", "la toussaint": "2027-11-01",
    "demain en huit": "2026-12-03", "maintenant": "2026-11-25", "après 3 jours": "2026-11-28",
}  # fmt: skip
EN = {
    "I'll pay 2moro": "2026-11-26", "nxt wk": ["2026-11-30", "2026-12-04"], "this friday": "2026-11-27", "Friday week": "2026-12-04",
    "a week on monday": "2026-12-07", "end of next week": ["2026-12-04", "2026-12-06"], "the last day of the month": "2026-11-30",
    "by the 5th": "2026-12-05", "on the 1st of next month": "2026-12-01", "in a couple of weeks": "2026-12-09", "in a fortnight": "2026-12-09",
    "within 48 hours": "2026-11-27", "mid-january": "2027-01-15", "early next month": "2026-12-01", "before christmas eve": "2026-12-24",
    "mother's day": "2027-05-09", "the first monday in march": "2027-03-01", "two weeks from tomorrow": "2026-12-10", "in 10 business days": "2026-12-09",
    "Sunday arvo": "2026-11-29", "when I get paid on the 28th": "2026-11-28", "31st of dec": "2026-12-31", "Dec 31, 2026": "2026-12-31",
    "the twenty first of january": "2027-01-21", "three fridays from now": "2026-12-11", "the day after christmas": "2026-12-26", "thanksgiving": "2026-11-26",
    "end of the quarter": "2026-12-31", "2026-12-05": "2026-12-05", "5 dec 26": "2026-12-05", "tomorrow at noon": "2026-11-26",
    "2 Sundays ago": "2026-11-15", "the tuesday after thanksgiving": "2026-12-01", "monday before last": "2026-11-16", "after 5 days": "2026-11-30", "right now": "2026-11-25",
    "the 21st of june next year": "2027-06-21", "on the first of the month": "2026-12-01", "in a week or two": ["2026-12-02", "2026-12-09"], "by eom": "2026-11-30",
}  # fmt: skip
ES = {
    "pasado mañana": "2026-11-27", "mañana por la mañana": "2026-11-26", "este finde": ["2026-11-28", "2026-11-29"], "a fin de mes": "2026-11-30",
    "a finales de enero": "2027-01-31", "a mediados de mes": "2026-12-15", "dentro de dos semanas": "2026-12-09", "en quince días": ["2026-12-10", "2026-12-09"],
    "el 3 de enero de 2027": "2027-01-03", "el uno de mayo": "2027-05-01", "el día 20 del mes que viene": "2026-12-20", "antes del 15": "2026-12-15",
    "el último día del mes": "2026-11-30", "el primer lunes de marzo": "2027-03-01", "después de Reyes": "2027-01-06", "en Nochebuena": "2026-12-24",
    "el Día de la Madre": "2027-05-02", "en dos meses y medio": "2027-02-09", "el lunes": "2026-11-30", "la semana que viene": ["2026-11-30", "2026-12-04"],
}  # fmt: skip
DE = {
    "nächste wo": ["2026-11-30", "2026-12-04"], "übernächste Woche": ["2026-12-07", "2026-12-11"], "in 14 Tagen": "2026-12-09",
    "bis zum 15.": "2026-12-15", "bis zum 15.12.": "2026-12-15", "am 15.12.2026": "2026-12-15", "am ersten Januar": "2027-01-01", "am Ersten": "2026-12-01",
    "zum Monatsende": "2026-11-30", "Anfang nächsten Monats": "2026-12-01", "Mitte Dezember": "2026-12-15", "morgen früh": "2026-11-26",
    "übermorgen": "2026-11-27", "vor Silvester": "2026-12-31", "Ostermontag": "2027-03-29", "am Montag, den 30. November": "2026-11-30",
    "Freitag in zwei Wochen": "2026-12-11", "heute in einer Woche": "2026-12-02", "dreißigster Dezember": "2026-12-30", "kommenden Freitag": "2026-11-27",
}  # fmt: skip
ALL = [
    (language, text, day)
    for language, table in (("fr", FR), ("en", EN), ("es", ES), ("de", DE))
    for text, day in table.items()
]


@pytest.mark.parametrize(("language", "text", "day"), ALL, ids=lambda value: str(value)[:40])
def test_a_day_is_read(language: str, text: str, day: object) -> None:
    assert days(text, language) == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("fr", "j'ai payé le 12", "2026-11-12"), ("fr", "je paie le 12", "2026-12-12"), ("fr", "j'ai viré l'argent lundi", "2026-11-23"),
        ("fr", "c'est réglé depuis le 3", "2026-11-03"), ("fr", "la facture du 3 mars", "2026-03-03"), ("en", "I paid on the 3rd", "2026-11-03"),
        ("en", "I will have paid by the 3rd", "2026-12-03"), ("en", "my payment of 9 September", "2026-09-09"), ("en", "we sent it on Monday", "2026-11-23"),
        ("es", "pagué el lunes", "2026-11-23"), ("es", "ya pagué el día 3", "2026-11-03"), ("es", "pago el 3", "2026-12-03"),
        ("de", "ich habe am 12. bezahlt", "2026-11-12"), ("de", "ich bezahle am 12.", "2026-12-12"), ("de", "Ihre Rechnung vom 3. März", "2026-03-03"),
    ],
)  # fmt: skip
def test_the_tense_tells_the_way(language: str, text: str, day: str) -> None:
    assert days(text, language) == [day]


def test_each_day_has_its_own_tense() -> None:
    assert days("j'ai payé le 12 et je paie le reste le 20", "fr") == ["2026-11-12", "2026-12-20"]
    assert days("I paid half on the 3rd and will pay the other half on the 10th", "en") == ["2026-11-03", "2026-12-10"]


@pytest.mark.parametrize(
    ("language", "text", "readings"),
    [
        ("fr", "dans huit jours", {"2026-12-02", "2026-12-03"}), ("de", "in acht Tagen", {"2026-12-02", "2026-12-03"}),
        ("fr", "vendredi prochain", {"2026-11-27", "2026-12-04"}), ("en", "next Friday", {"2026-11-27", "2026-12-04"}),
        ("es", "el próximo viernes", {"2026-11-27", "2026-12-04"}), ("de", "nächsten Freitag", {"2026-11-27", "2026-12-04"}),
        ("en", "I paid last Monday", {"2026-11-23", "2026-11-16"}), ("en", "03/04", {"2027-03-04", "2027-04-03"}),
        ("fr", "je paie mercredi", {"2026-12-02", "2026-11-25"}),
    ],
)  # fmt: skip
def test_what_may_be_two_days_is_both(language: str, text: str, readings: set[str]) -> None:
    (found,) = days(text, language)
    assert set(found) == readings


def test_a_weekday_that_disagrees_with_its_date_is_never_guessed() -> None:
    """9 May 2027 is a Sunday; it is a Tuesday in 2028."""
    assert days("mardi 9 mai", "fr") == [["2027-05-09", "2028-05-09"]]
    assert days("dimanche 9 mai", "fr") == ["2027-05-09"]
    assert days("Tuesday 10 December 2026", "en") == [["2026-12-10", "2026-12-08"]]
    (found,) = days("mardi 25", "fr")
    assert "2026-11-25" in found and len(found) > 1


def test_the_region_settles_the_order() -> None:
    assert days("03/04", "en-GB") == ["2027-04-03"]
    assert days("03/04", "en-US") == ["2027-03-04"]
    assert days("03/04", "fr") == days("03/04", "es") == days("03/04", "de") == ["2027-04-03"]
    assert days("12/25/2026", "en-GB") == ["2026-12-25"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "je paie le 31/02"), ("fr", "le 30 février"), ("en", "31 feb"), ("es", "el 31/02"), ("de", "am 31.02.")],
)
def test_a_day_that_cannot_be_is_none(language: str, text: str) -> None:
    assert days(text, language) == []


def test_a_day_gone_by_is_still_told() -> None:
    assert days("je paierai le 3 mars 2020", "fr") == ["2020-03-03"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "mar nous attend"), ("fr", "sam m'a dit de payer"), ("fr", "la mer est belle"), ("fr", "la planète mars"), ("fr", "c'est la même"), ("fr", "un moment svp"),
        ("fr", "j'habite au 3 rue de la paix"), ("fr", "3e relance"), ("fr", "version 3.1.2"), ("fr", "4/5, c'était clair"), ("fr", "bon week-end"),
        ("en", "I may pay"), ("en", "march up to the office"), ("en", "wait a second"), ("en", "sat down with my wife"), ("en", "the sun is out"),
        ("en", "second payment"), ("en", "it's the 3rd time you text me"), ("en", "one of these days"), ("en", "have a nice weekend"), ("en", "24/7"), ("en", "10/10"), ("en", "is it sundry costs"), ("en", "open on Sundays"),
        ("es", "mi hermana lo sabe"), ("es", "cada lunes"), ("es", "no llego a fin de mes"), ("es", "de dónde han sacado mi número"), ("es", "un segundo"),
        ("de", "das ist so."), ("de", "so ist es"), ("de", "guten Morgen"), ("de", "zweite Mahnung"), ("de", "schönes Wochenende"), ("de", "ich bin mi"),
        ("en", "ref INV-2026-03-04"), ("en", "call +44 20 7946 0958"), ("fr", "à 18h30"),
    ],
)  # fmt: skip
def test_words_that_mean_something_else(language: str, text: str) -> None:
    assert days(text, language) == []


def test_one_day_said_twice_is_one() -> None:
    assert days("in 2 days on Friday", "en") == ["2026-11-27"]


def test_ranges_share_their_month() -> None:
    assert days("du 5 au 10 mars", "fr") == ["2027-03-05", "2027-03-10"]
    assert days("between the 5th and the 10th of March", "en") == ["2027-03-05", "2027-03-10"]


def test_leap_days_wait_for_a_leap_year() -> None:
    assert days("le 29 février", "fr") == ["2028-02-29"]


def test_the_end_of_time_is_no_error() -> None:
    last = date(9999, 12, 31)
    for text in (
        "dans 2000 ans",
        "demain",
        "vendredi prochain",
        "fin du mois prochain",
        "dans 10 jours",
        "le 31",
        "noël",
    ):
        quantities.find(text, language="fr", today=last)
        quantities.find(text, language="fr", today=date(1, 1, 1))
