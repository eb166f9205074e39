"""Days that will not do."""

from datetime import date

import pytest

from bot.domain.ruled_out import ruled_out
from bot.understanding import quantities


def kept(text: str, language: str) -> list[str]:
    found = quantities.find(text, language=language, today=date(2026, 11, 24), currency="EUR")
    return [e.text for e in found if e.kind == "date" and not ruled_out(text, e.start, e.end)]


@pytest.mark.parametrize(("language", "text"), [
    ("en", "I can't pay this month"), ("en", "not this week"), ("en", "the 5th is impossible"),
    ("fr", "je ne peux pas payer ce mois-ci"), ("fr", "pas cette semaine"), ("fr", "le 5 ce n'est pas possible"),
    ("es", "este mes no puedo pagar"), ("es", "el día 5 no"), ("es", "esta semana me es imposible"),
    ("de", "diesen Monat kann ich nicht zahlen"), ("de", "am 5. geht es nicht"), ("de", "nicht diese Woche"),
])  # fmt: skip
def test_a_day_that_will_not_do_is_no_day(language: str, text: str) -> None:
    assert kept(text, language) == []


@pytest.mark.parametrize(("language", "text"), [
    ("en", "I can pay on the 5th"), ("en", "not before 5 December"), ("en", "why not on 5 December?"),
    ("en", "no, on 5 December"), ("en", "I can't today but I can on 5 December"), ("fr", "pas avant le 5 décembre"),
    ("fr", "pas aujourd'hui mais le 5 décembre"), ("fr", "non, le 5 décembre"), ("es", "no puedo hasta el 5 de diciembre"),
    ("es", "hoy no, el 5 de diciembre"), ("es", "no, el 5 de diciembre"), ("de", "nicht vor dem 5. Dezember"),
    ("de", "heute nicht, aber am 5. Dezember"), ("de", "nein, am 5. Dezember"),
])  # fmt: skip
def test_a_day_that_is_meant_stays(language: str, text: str) -> None:
    assert len(kept(text, language)) == 1
