"""A sample of `make fuzz`: the governor and the rules restated by hand agree on every generated case."""

import random
from dataclasses import replace

from bot.domain.governor.judge import Governor
from bot.domain.governor.rules import Window
from bot.packs import load_packs
from tests.fuzz.cases import attempts, contradiction

SAMPLE = 4000


def test_no_verdict_contradicts_the_rules_restated() -> None:
    governor, chance = Governor(load_packs()), random.Random(7)
    for attempt in attempts(20261125, SAMPLE):
        assert contradiction(attempt, governor, chance) is None, attempt


def test_a_wrong_rule_is_found() -> None:
    packs = load_packs()
    french = packs.packs["FR"]
    later = tuple(
        replace(window, open=tuple(tuple((start, end + 60) for start, end in day) for day in window.open))
        for window in french.blocks["windows"]
        if isinstance(window, Window)
    )
    packs.packs = {**packs.packs, "FR": replace(french, blocks={**french.blocks, "windows": later})}
    governor, chance = Governor(packs), random.Random(7)
    assert any(contradiction(attempt, governor, chance) for attempt in attempts(3, SAMPLE))
