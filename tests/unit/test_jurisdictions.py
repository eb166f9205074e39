"""The dated vectors of every pack (tests/jurisdictions/*.yml), judged through the machine interface."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.contacting import may_contact
from bot.domain.governor.judge import Governor
from bot.packs import element_names, load_packs

FOLDER = Path(__file__).parent.parent / "jurisdictions"
FILES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
CASES = [(stem, {**file["base"], **case}) for stem, file in FILES.items() for case in file["cases"]]
GOVERNOR, ELEMENTS = Governor(load_packs()), element_names()
ALL = sorted(ELEMENTS - {"promotion"})


@pytest.mark.parametrize(("stem", "case"), CASES, ids=[f"{stem}: {case['name']}" for stem, case in CASES])
def test_vector(stem: str, case: dict[str, Any]) -> None:
    item = {key: value for key, value in case.items() if key not in ("name", "verdict", "rule", "not_before")}
    if isinstance(item.get("elements"), str):
        item["elements"] = ALL if item["elements"] == "ALL" else [*ALL, "promotion"]
    found = may_contact({key: value for key, value in item.items() if value is not None}, GOVERNOR, ELEMENTS)
    wanted = {key: case[key] for key in ("verdict", "rule", "not_before") if key in case}
    assert {key: found.get(key) for key in wanted} == wanted
    assert ("not_before" in found) == (found["verdict"] == "deferred")
    assert found["basis"] and found["source"]


def test_every_pack_has_at_least_twelve_dated_cases() -> None:
    for code in (*GOVERNOR.packs.packs, "everywhere"):
        assert len(FILES[code]["cases"]) >= 12, code


def test_every_pack_is_tried_on_the_leap_day_and_over_both_changes_of_the_clock() -> None:
    for code in GOVERNOR.packs.packs:
        cases = FILES[code]["cases"]
        assert any("02-29T" in f"{case['at']} {case.get('not_before')}" for case in cases), code
        changes = {
            datetime.fromisoformat(case["not_before"]).utcoffset() > datetime.fromisoformat(case["at"]).utcoffset()  # type: ignore[operator]
            for case in cases
            if "not_before" in case and str(case["not_before"])[-6:] != str(case["at"])[-6:] and "time_zone" not in case
        }
        assert changes == {True, False}, code
