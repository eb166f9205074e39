"""The comparison of schedules is fair: the same customers for all, and ours keeps its promises in it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.retrying import rules, scheduled
from bot.settings import SettingsError
from bot.simulation.retries import REFERENCE, World, calibrated, compare, failures, fixed, play, relance

BOOK = rules(date(2026, 1, 5))


def test_the_same_seed_gives_the_same_customers_in_every_world() -> None:
    first, second = (failures(40, 5, 4.0) for _ in range(2))
    poor, rich = World(brings=0.2), World(brings=0.9)
    for one, other in zip(first, second, strict=True):
        assert (one.at, one.code, one.cause, one.money) == (other.at, other.code, other.cause, other.money)
        # More money never takes any away.
        for start, _, _ in one.money:
            assert one.passes(start, rich, heard=False) >= one.passes(start, poor, heard=False)


def test_ours_never_tries_before_the_promised_day_and_never_beyond_the_rules() -> None:
    found = compare(120, 3)
    rows = {row["schedule"]: row for row in found["schedules"]}
    assert rows[REFERENCE]["recovered_share"] == pytest.approx(0.5, abs=0.04)
    for name, row in rows.items():
        if "promises heard" in name:
            assert (row["tries_before_the_promised_day"], row["beyond_network_rules"]) == (0, 0)
    assert rows[REFERENCE]["tries_before_the_promised_day"] > 0


def test_hearing_the_customer_recovers_more_than_not_hearing() -> None:
    book = failures(400, 2, 4.0)
    world = calibrated(0.5, book, replace(World(), answers=0.4, reserves=0.6))
    heard = play(book, relance(BOOK, world, promises=True), world, heard=True)
    deaf = play(book, relance(BOOK, world, promises=False), world)
    assert heard.recovered > deaf.recovered and heard.tries <= deaf.tries


def test_a_hard_refusal_is_never_tried_again_by_anybody() -> None:
    dead = [one for one in failures(200, 1, 4.0) if one.cause == "dead"]
    world = World()
    for following in (relance(BOOK, world, promises=True), fixed((1, 1))):
        assert play(dead, following, world).tries == 0


def test_a_creditor_may_set_the_schedule_but_not_beyond_a_networks_limit() -> None:
    wider = scheduled(BOOK, {"most_tries": 9, "after_days": [2, 3]})
    assert (wider.schedule.most_tries, wider.schedule.after_days) == (9, (2, 3))
    assert scheduled(BOOK, {}) is BOOK
    for wrong, said in (
        ({"most_tries": 20, "after_days": [1, 2]}, "visa-cap"), ({"most_tries": "4"}, "most_tries"),
        ({"after_days": [5, 3]}, "after it ends"), ({"after_days": [3]}, "pair of days"),
    ):  # fmt: skip
        with pytest.raises(SettingsError, match=said):
            scheduled(BOOK, wrong)
