"""The list of helplines is whole, and a gap in it is named."""

from pathlib import Path

import pytest

from bot.app import load_support
from bot.domain.support import Support, SupportError, in_language

DIALOGUES = Path(__file__).resolve().parents[2] / "dialogues"


def test_every_helpline_is_sourced_and_reachable() -> None:
    support = load_support(DIALOGUES)
    assert {"FR", "GB", "DE", "ES", "IT", "BE", "CH", "AT", "US"} <= set(support.countries)
    for country in support.countries.values():
        assert country.emergency and country.helplines
        for line in (*country.helplines, *country.debt_advice):
            assert line.name and line.source.startswith("https://")
        assert all(line.reach and line.hours for line in country.helplines)


def test_an_unknown_country_has_the_european_emergency_number() -> None:
    assert Support().country("PT").emergency == "112"
    assert load_support(DIALOGUES).country("PT").helplines == ()


def test_a_country_with_two_languages_is_answered_in_the_customers() -> None:
    swiss = load_support(DIALOGUES).country("CH").helplines
    assert [line.name for line in in_language(swiss, "fr")] == ["La Main Tendue"]
    assert len(in_language(swiss, "es")) == 2


@pytest.mark.parametrize("document", [
    None, {"countries": {"FR": {"helplines": [{"name": "x", "number": "1"}]}}},
    {"countries": {"FR": {"debt_advice": [{"name": "x", "source": "s"}]}}},
])  # fmt: skip
def test_a_gap_is_named(document: object) -> None:
    with pytest.raises(SupportError, match=r"helplines\.yml"):
        Support.read(document, "helplines.yml")
