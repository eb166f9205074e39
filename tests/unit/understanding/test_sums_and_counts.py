"""Sums of money, numbers of payments, shares and times in the four languages."""

import pytest

from tests.unit.understanding.reading import days, sums, values

SUMS = [
    ("fr", "mille deux cents euros", (120000, "EUR")), ("fr", "quatre-vingt-dix-neuf euros quatre-vingt-dix", (9990, "EUR")), ("fr", "12€50", (1250, "EUR")),
    ("fr", "1 250,50 €", (125050, "EUR")), ("fr", "1.250,50 €", (125050, "EUR")), ("fr", "100 balles", (10000, "EUR")), ("fr", "50e vdr", (5000, "EUR")),
    ("fr", "trois cent vingt-cinq mille euros", (32500000, "EUR")), ("fr", "un demi million d'euros", (50000000, "EUR")), ("fr", "cinquante francs suisses", (5000, "CHF")),
    ("fr", "deux cents euros", (20000, "EUR")), ("fr", "50 centimes", (50, None)), ("fr", "soixante et onze euros", (7100, "EUR")), ("fr", "1'250.50 CHF", (125050, "CHF")),
    ("en", "twenty-five pounds fifty", (2550, "GBP")), ("en", "£1,250.50", (125050, "GBP")), ("en", "1.5k dollars", (150000, "USD")), ("en", "2M$", (200000000, "USD")),
    ("en", "five hundred and twenty euros", (52000, "EUR")), ("en", "a fiver", (500, "GBP")), ("en", "5 dollars 50 cents", (550, "USD")), ("en", "100 Canadian dollars", (10000, "CAD")),
    ("en", "Rs 800", (80000, "INR")), ("en", "US$ 40", (4000, "USD")), ("en", "12,34,567.89 rupees", (123456789, "INR")), ("en", "500 yen", (500, "JPY")), ("en", "42.5 KWD", (42500, "KWD")),
    ("es", "mil doscientos euros", (120000, "EUR")), ("es", "50 euros con 20 céntimos", (5020, "EUR")), ("es", "1.200,50 €", (120050, "EUR")), ("es", "50 pavos", (5000, "EUR")),
    ("es", "100 pesos mexicanos", (10000, "MXN")), ("es", "treinta y un mil euros", (3100000, "EUR")), ("es", "mil millones de pesos", (100000000000, "MXN")),
    ("de", "zweihundertfünfzig Euro", (25000, "EUR")), ("de", "achtundsiebzig Euro", (7800, "EUR")), ("de", "1,5 Mio Euro", (150000000, "EUR")), ("de", "50 Euro 30", (5030, "EUR")),
    ("de", "einen Zehner", (1000, "EUR")), ("de", "fünfzig Euro im Monat", (5000, "EUR")), ("de", "100 Schweizer Franken", (10000, "CHF")),
]  # fmt: skip
BARE = [
    ("fr", "plutôt 40 par mois", 4000), ("fr", "25 au mois", 2500), ("en", "10 per mth", 1000), ("en", "20 a week is my max", 2000), ("en", "I can pay 50 now", 5000),
    ("en", "say 80", 8000), ("en", "the payment of 85.31", 8531), ("es", "mejor 40 al mes", 4000), ("de", "lieber 40 im Monat", 4000), ("de", "ab Januar 50 im Monat", 5000),
    ("fr", "120", 12000), ("en", "about sixty", 6000), ("fr", "99,90", 9990),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "value"), SUMS, ids=lambda value: str(value)[:40])
def test_a_sum_is_read(language: str, text: str, value: tuple[int, str]) -> None:
    assert sums(text, language) == [value]


@pytest.mark.parametrize(("language", "text", "minor"), BARE, ids=lambda value: str(value)[:40])
def test_a_bare_number_has_no_currency(language: str, text: str, minor: int) -> None:
    assert sums(text, language) == sums(text, language, currency="EUR") == [(minor, None)]


def test_the_customers_currency_settles_shared_names_only() -> None:
    assert sums("50 dollars", "en", currency="CAD") == [(5000, "CAD")]
    assert sums("$50", "en-AU") == [(5000, "AUD")]
    assert sums("50 bucks", "en", currency="NZD") == [(5000, "NZD")]
    assert sums("100 pesos", "es", currency="CLP") == [(100, "CLP")]
    assert sums("50 euros", "en", currency="USD") == [(5000, "EUR")]
    assert sums("50 dollars", "fr", currency="EUR") == [(5000, "USD")]


def test_ranges_are_two_sums() -> None:
    assert sums("entre 50 et 60 euros", "fr") == [(5000, "EUR"), (6000, "EUR")]
    assert sums("50 à 60 euros par mois", "fr") == [(5000, "EUR"), (6000, "EUR")]
    assert sums("£20-£30", "en") == [(2000, "GBP"), (3000, "GBP")]


def test_sums_and_days_take_turns() -> None:
    text = "I'll pay 50 on friday and 60 on monday"
    assert sums(text, "en") == [(5000, None), (6000, None)] and days(text, "en") == ["2026-11-27", "2026-11-30"]
    assert days("le 15 décembre 50 euros", "fr") == ["2026-12-15"] and sums("le 15 décembre 50 euros", "fr") == [
        (5000, "EUR")
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "not giving you a penny"), ("en", "no one told me"), ("en", "someone paid me one"), ("en", "all 50 of them"), ("en", "try 50 times before"), ("en", "my flat is 12b"),
        ("fr", "un moment"), ("fr", "le 50"), ("fr", "j'habite au 75 rue haute"), ("fr", "69003"), ("fr", "facture 2024-0312"), ("fr", "06 12 34 56 78"), ("fr", "version 2.10"),
        ("fr", "pas un centime"), ("es", "son las 18:30"), ("de", "in 14 Tagen"), ("en", "at 6pm"), ("en", "100%"), ("fr", "il y a 3 mois"),
    ],
)  # fmt: skip
def test_numbers_that_are_no_money(language: str, text: str) -> None:
    assert sums(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("fr", "en 3 fois", 3), ("fr", "3x sans frais", 3), ("fr", "payer en 3 mois", 3), ("fr", "six mensualités", 6), ("fr", "en 4", 4), ("en", "in 4 payments", 4),
        ("en", "four equal instalments", 4), ("en", "ten monthly payments of £45", 10), ("en", "spread it over five months", 5), ("en", "split it in two", 2), ("es", "en tres plazos", 3),
        ("es", "que sean diez cuotas", 10), ("es", "en 3 veces", 3), ("de", "in drei Raten zu je 50 Euro", 3), ("de", "3 mal 50", 3), ("en", "4 x 50", 4),
    ],
)  # fmt: skip
def test_a_number_of_payments_is_read(language: str, text: str, count: int) -> None:
    assert values("count", text, language) == [count]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "you called me 5 times"), ("en", "dialysis three times a week"), ("fr", "je vous ai appelé trois fois"), ("fr", "2 fois trop cher"), ("fr", "note 5 sur 5"),
     ("en", "off sick for 3 months"), ("fr", "une fois payé"), ("fr", "pendant 3 mois"), ("en", "the second instalment")],
)  # fmt: skip
def test_numbers_that_count_no_payments(language: str, text: str) -> None:
    assert values("count", text, language) == []


def test_sums_beside_counts() -> None:
    assert (
        sums("4 versements de 30", "fr")
        == sums("4 Raten zu je 30", "de")
        == sums("4 pagos de 30", "es")
        == [(3000, None)]
    )
    assert sums("3x50", "fr") == sums("3 x 50", "en") == [(5000, None)]


def test_shares() -> None:
    assert values("share", "la moitié maintenant et le reste vendredi", "fr") == ["half", "rest"]
    assert values("share", "I can pay half now, the rest in June", "en") == ["half", "rest"]
    assert values("share", "a third of it", "en") == ["third"]
    assert values("share", "50 %", "fr") == ["half"]
    assert values("share", "enjoy the rest of your evening", "en") == []


@pytest.mark.parametrize(
    ("language", "text", "time"),
    [("fr", "appelez après 18h", "18:00"), ("fr", "à 18h30", "18:30"), ("fr", "après 18 heures", "18:00"), ("en", "at 6pm", "18:00"), ("en", "call me after 5", "17:00"),
     ("en", "half past six", "18:30"), ("es", "después de las 18", "18:00"), ("de", "nach 18 Uhr", "18:00"), ("en", "before noon", "12:00")],
)  # fmt: skip
def test_times_of_day(language: str, text: str, time: str) -> None:
    assert values("time", text, language) == [time]
    assert sums(text, language) == [] and days(text, language) == []
