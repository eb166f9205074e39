"""config.yml: every mistake is one line with file, line and remedy."""

import re
from pathlib import Path

import pytest

from bot.campaigns import load_strategies
from bot.domain.strategy import StrategyError
from bot.pack_values import PackError
from bot.packs import FOLDER, load_packs
from bot.settings import SettingsError, load

GOOD = """creditor:
  name: Fibrelane
  payment_methods: [card, bank_transfer]
  consequences: [suspension]
hours:
  from: "09:00"
  days: [mon, tue]
  closed: [2026-12-25]
"""


def refused(tmp_path: Path, text: str) -> str:
    file = tmp_path / "config.yml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load(file, {})
    said = str(error.value)
    assert said.startswith(f"{file}:") and "\n" not in said
    return said.removeprefix(f"{file}:")


def test_a_right_configuration_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(GOOD, "utf-8")
    assert load(tmp_path / "config.yml", {}).creditor["name"] == "Fibrelane"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("[2026-12-25]", "[2026-13-25]", 8, "2026-13-25 is no date; write a day such as 2026-12-25"),
        ("[2026-12-25]", '["25/12/2026"]', 8, "'25/12/2026' is no date; write 2026-12-25"),
        ("[2026-12-25]", "soon", 8, "hours.closed is a list, not 'soon'; write closed: [one, two]"),
        ("[suspension]", "[suspenssion]", 4, "unknown 'suspenssion'; did you mean suspension?"),
        ("[suspension]", "[prison]", 4, "unknown 'prison'; known here: referral, suspension"),
        ("bank_transfer]", "gold]", 3, "unknown 'gold'; known here: bank_transfer, card"),
        ("[mon, tue]", "[monday]", 7, "unknown 'monday'; did you mean mon?"),
        ('"09:00"', "9:00", 6, "hours.from is a text, not 540; write from:"),
        ('"09:00"', '"9 o\'clock"', 6, "is no time of day; write 09:00"),
        ("hours:", "houres:", 5, "unknown key houres; did you mean hours?"),
        ("name:", "naam:", 2, "unknown key creditor.naam; did you mean creditor.name?"),
    ],
)  # fmt: skip
def test_a_mistake_has_its_line_and_a_remedy(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    found = refused(tmp_path, GOOD.replace(old, new, 1))
    assert re.match(rf"{line}:", found) and said in found, found


def test_a_policy_a_strategy_and_a_pack_are_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "dialogues" / "policies").mkdir(parents=True)
    (tmp_path / "config.yml").write_text(GOOD, "utf-8")
    policy = tmp_path / "dialogues" / "policies" / "default.yml"
    policy.write_text("max_count: 6\nmax_months: many\n", "utf-8")
    with pytest.raises(SettingsError, match=re.escape(f"{policy}:2: ") + "policy: max_months is a whole number"):
        load(tmp_path / "config.yml", {}).policy()

    strategy = tmp_path / "strategy.yml"
    strategy.write_text("strategies:\n- name: a\n  grace_days: soon\n  stages: [{name: b}]\n", "utf-8")
    with pytest.raises(StrategyError, match=re.escape(f"{strategy}:3: ")):
        load_strategies(strategy)

    for file in FOLDER.rglob("*.yml"):
        copy = tmp_path / "packs" / file.relative_to(FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text("utf-8"), "utf-8")
    pack = tmp_path / "packs" / "DE.yml"
    text = pack.read_text("utf-8").replace("valid_from: earlier", "valid_from: 2026-02-30", 1)
    pack.write_text(text, "utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "2026-02-30" in row)
    with pytest.raises(PackError, match=re.escape(f"{pack}:{line}: 2026-02-30 is no date; write a day")):
        load_packs(tmp_path / "packs")
