"""A mistake in a pack is named with its file, its line and what to write instead."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bot.checking import check_all
from bot.domain.governor.attempt import Attempt
from bot.domain.governor.judge import Governor
from bot.pack_values import PackError
from bot.packs import FOLDER, load_packs, load_wording
from bot.settings import load


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("FR.yml", "basis: house", "basis: habit", "FR.yml:15: windows.fr-hours.basis: unknown 'habit'"),
        ("FR.yml", "mon-fri: [\"09:00-20:00\"]", "mon-fri: [\"20:00-09:00\"]", "ends before it begins"),
        ("FR.yml", "mon-fri:", "mon-fry:", "unknown 'mon-fry'"),
        ("FR.yml", "extends: EU", "extends: EUROPE", "FR.yml:1: extends: unknown 'EUROPE'"),
        ("FR.yml", "collector_status", "colector_status", "did you mean collector_status?"),
        ("US.yml", "  max: 7\n", "  max: 0\n", "caps.us-7in7.max: a whole number from 1 on, not 0"),
        ("US.yml", "  per: P7D\n", "  per: 7 days\n", "a duration such as P7D"),
        ("US-NY-NYC.yml", "valid_from: 2026-09-01", "valid_from: September", "a day such as 2026-09-01"),
        ("GB.yml", "calendar: GB", "calendar: UK", "unknown 'UK'"),
        ("GB.yml", "windows:", "windos:", "did you mean windows?"),
        ("STRICT.yml", "extends: null", "extends: FR", "extends itself"),
        ("calendars/FR.yml", "fixed: 05-01", "fixed: 05-41", "days.labour_day: cannot be read"),
        ("calendars/FR.yml", "easter: 39", "easter: 39, fixed: 01-01", "exactly one of fixed, easter, nth, before"),
        ("FR.yml", "windows:", "windows: [", "broken YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "p")
    path = tmp_path / "p" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackError) as error:
        load_packs(tmp_path / "p")
    assert told in str(error.value)
    assert path.name.split(".")[0] in str(error.value)


def test_a_value_without_source_or_date_is_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "p")
    path = tmp_path / "p" / "FR.yml"
    text = path.read_text("utf-8")
    for line in ("  source: house\n", "  valid_from: always\n", "  basis: house\n", "  confidence: none\n"):
        path.write_text(text.replace(line, "", 1), "utf-8")
        with pytest.raises(PackError, match="is missing; every value has its source and its dates"):
            load_packs(tmp_path / "p")


def test_a_lapsed_value_frees_nobody(tmp_path: Path) -> None:
    """When the hours of a country end without successor, its parent's hold again."""
    shutil.copytree(FOLDER, tmp_path / "p")
    path = tmp_path / "p" / "ES.yml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("  valid_from: always\n  basis", "  valid_from: always\n  valid_to: 2026-12-31\n  basis"), "utf-8"
    )
    governor = Governor(load_packs(tmp_path / "p"))
    at = datetime.fromisoformat("2026-12-30T09:30:00+01:00")
    seen = Attempt(
        at=at, channel="email", jurisdictions=("ES",), role="creditor", zones=("Europe/Madrid",), elements=None
    )
    assert governor.judge(seen).verdict == "allowed"
    assert governor.at(seen, datetime.fromisoformat("2027-01-11T09:30:00+01:00")).rule == "strict-hours"


@pytest.mark.parametrize(
    ("text", "language", "ban"),
    [
        ("Nos huissiers ne viendront pas, mais un HUISSIER viendra.", "fr", "no-false-title"),
        ("Otherwise we shall sue you.", "en", "no-empty-legal-threat"),
        ("Hablaremos con su  familia.", "es", "no-shaming"),
        ("Zuzüglich Mahngebühr von 5 €.", "de", "ledger-amounts-only"),
        ("Wir müssten die Polizei rufen.", "de", "no-violence-arrest"),
    ],
)
def test_a_text_that_threatens_or_shames_is_found(text: str, language: str, ban: str) -> None:
    assert [found.id for found, _ in load_wording(load_packs()).objections(text, language)] == [ban]


def test_words_inside_other_words_are_left_alone() -> None:
    wording = load_wording(load_packs())
    assert not list(
        wording.objections("We issue an invoice; the issue is solved, and Sue is not meant by issue.", "de")
    )
    assert not list(wording.objections("Your policeman's helmet tissue issue", "en"))


def test_the_linter_finds_a_forbidden_word_in_a_translation(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "jurisdictions")
    path = tmp_path / "jurisdictions" / "wording.yml"
    path.write_text(path.read_text("utf-8").replace("fr: [huissier,", "fr: [Bonjour, huissier,"), "utf-8")
    for name in ("dialogues", "locales"):
        shutil.copytree(FOLDER.parent.parent / name, tmp_path / name)
    found = check_all(load(environ={"RELANCE_SECRET": "s"}), tmp_path)
    assert "no-false-title" in {finding.rule for finding in found}
    path.write_text("no-such-ban: {fr: [x]}", "utf-8")
    assert any("unknown 'no-such-ban'" in finding.message for finding in check_all(load(environ={}), tmp_path))
