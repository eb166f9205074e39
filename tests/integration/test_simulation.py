import asyncio
from pathlib import Path

from bot.settings import load
from bot.simulation.play import simulate


def test_a_small_book_is_played_lawfully_and_the_same_seed_plays_it_again(tmp_path: Path) -> None:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    first, second = (asyncio.run(simulate(settings, 25, 16, 3)) for _ in range(2))
    assert first["violations"] == {}
    assert first["counts"]["messages sent unasked"] > 0 and first["recovered_minor"] > 0
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    assert not (tmp_path / "b.sqlite3").exists(), "the settings' own book is untouched"


def test_workers_that_die_all_the_time_send_nothing_twice_and_break_no_rule(tmp_path: Path) -> None:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    played = asyncio.run(simulate(settings, 25, 16, 3, kills=0.03))
    assert played["workers_killed"] > 20
    assert played["violations"] == {}
    assert played["counts"]["messages sent unasked"] > 0 and played["recovered_minor"] > 0
