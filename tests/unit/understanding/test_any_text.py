"""Whatever is written, reading it ends soon, raises nothing, and what it finds stands in the text."""

import json
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.understanding import quantities
from bot.understanding.quantities.words import de, en, es, fr
from tests.unit.understanding.reading import TODAY, days, sums

LANGUAGES = st.sampled_from(["fr", "en", "es", "de", "en-US", "pt"])
WORDS = sorted({word for speech in (fr, en, es, de) for word in speech.CARDINALS} | {
    "le", "12", "31", "mars", "may", "vendredi", "next", "in", "dans", "3", "weeks", "jours", "€", "$", "eur", "50", "x", "fois", "/", "-", ".", ",", "the", "of", "first",
    "2026", "ago", "vor", "hace", "prochain", "last", "fin", "mois", "noël", "1/2", "18h", "1.2.3", "00", "99999999999999", "half", "par", "a", "am", "15.", "sept"})  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=10).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, LANGUAGES, st.dates(date(1990, 1, 1), date(2100, 12, 31)))
@example("-VINGT", "fr", date(2000, 1, 1))
def test_reading_never_fails(text: str, language: str, today: date) -> None:
    found = quantities.find(text, language=language, today=today)
    end = 0
    for entity in found:
        assert end <= entity.start < entity.end <= len(text)
        end = entity.end
        json.dumps(entity.value)
        if entity.kind == "date":
            for day in entity.value if isinstance(entity.value, list) else [entity.value]:
                date.fromisoformat(day)
        if entity.kind == "count":
            assert 1 <= entity.value <= 120
        if entity.kind == "amount":
            assert isinstance(entity.value["minor"], int)
            # "-20" is below nothing and is answered as such; without a minus no sum is.
            assert entity.value["minor"] >= 0 or entity.text.startswith("-")


@given(st.integers(0, 999_999), st.integers(0, 99))
def test_written_sums_come_back(whole: int, cents: int) -> None:
    minor = whole * 100 + cents
    assert sums(f"{whole},{cents:02d} €", "fr") == sums(f"€{whole}.{cents:02d}", "en") == [(minor, "EUR")]
    grouped = f"{whole:,}"
    assert sums(f"{grouped}.{cents:02d} euros", "en") == [(minor, "EUR")]
    assert sums(f"{grouped.replace(',', ' ')},{cents:02d} euros", "fr") == [(minor, "EUR")]
    assert sums(f"{grouped.replace(',', '.')},{cents:02d} Euro", "de") == [(minor, "EUR")]


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_written_days_come_back(day: date) -> None:
    said = day.isoformat()
    assert (
        days(said, "en")
        == days(f"{day.day}.{day.month}.{day.year}", "de")
        == days(f"le {day:%d/%m/%Y}", "fr")
        == [said]
    )
    months = en.WORDS["MONTH"] | {3: "march", 5: "may"}
    assert days(f"{day.day} {months[day.month].split(', ')[0]} {day.year}", "en") == [said]


HOSTILE = {
    "digits": "1" * 10_000, "groups": "1 000 " * 1_700, "points": "1.2." * 2_500, "numbers": "cent mille " * 900, "zalgo": "e\u0301\u0323\u0300" * 2_500, "scripts": "дe5€ " * 2_000,
    "dates": "le 12 mars 2026 " * 620, "slashes": "1/2/" * 2_500, "mails": "a@b." * 2_500, "ibans": "FR76 " * 2_000, "cards": "4242 " * 2_000, "references": "A-1-" * 2_500,
    "compounds": "einundzwanzig" * 750, "spaces": " " * 10_000, "signs": "$" * 10_000, "articles": "of the " * 1_400, "letters": "a" * 10_000, "phones": "06 12 34 56 78 " * 660,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["fr", "en", "es", "de"])
def test_hostile_texts_end_soon(name: str, language: str) -> None:
    # Each takes a second of work at most; one that grows with the square of its length would take minutes.
    start = time.process_time()
    quantities.find(HOSTILE[name], language=language, today=TODAY)
    assert time.process_time() - start < 20
