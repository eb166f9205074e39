"""The embedded engine plays every conversation as the real Rasa 3.6.21 did when it was recorded."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import data_folder
from tests.contracts.rasa.record import own_script
from tests.contracts.rasa.replay import HERE, replay

TRACES = sorted(path.stem for path in (HERE / "traces").glob("*.jsonl"))
DIFFERENCES = yaml.safe_load((HERE / "differences.yml").read_text("utf-8")) or {}


def traces(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / "traces" / f"{name}.jsonl").read_text("utf-8").splitlines()]


def expected(trace: dict[str, Any]) -> list[dict[str, Any]]:
    keys = ("in", "do", "set", "say")
    usual: dict[str, Any] = {"do": [], "set": {}, "say": []}
    return [{key: turn.get(key, usual.get(key)) for key in keys} for turn in trace["turns"]]


def remembered(trace: dict[str, Any]) -> dict[str, Any]:
    """The slots that are set at the end of a recorded conversation."""
    slots: dict[str, Any] = {}
    for turn in trace["turns"]:
        slots |= turn.get("set", {})
    return trace["turns"][-1].get("end", {name: value for name, value in slots.items() if value is not None})


async def difference(trace: dict[str, Any]) -> Any:
    """The first thing that the embedded engine did otherwise, or None."""
    played = await replay(trace)
    slots = {key: value for key, value in played[-1].pop("slots").items() if value is not None}
    for index, (told, wanted) in enumerate(zip(played, expected(trace), strict=True)):
        if told != wanted:
            return index, wanted, told
    return None if slots == remembered(trace) else ("at the end", remembered(trace), slots)


@pytest.mark.parametrize("name", TRACES)
async def test_the_engine_acts_as_rasa_did(name: str) -> None:
    found = {f"{name}:{number}": await difference(trace) for number, trace in enumerate(traces(name), 1)}
    wrong = {key: what for key, what in found.items() if what is not None and key not in DIFFERENCES}
    assert not wrong, f"{len(wrong)} of {len(found)}:\n" + "\n".join(map(str, list(wrong.items())[:4]))
    agreed = [key for key in DIFFERENCES if key.startswith(f"{name}:") and found.get(key) is None]
    assert not agreed, f"these differ no longer: {agreed}"


def test_the_recorded_script_is_ours() -> None:
    """Tells when our dialogues have gone on since; the engine is held to the recorded ones meanwhile."""
    recorded = yaml.safe_load((HERE / "traces" / "own.script.yml").read_text("utf-8"))
    ours = own_script(data_folder())
    assert set(recorded) == set(ours)
    if recorded != ours:
        changed = [key for key in ours if ours[key] != recorded[key]]
        warnings.warn(f"{', '.join(changed)} changed since recording: make rasa-traces BOTS=own", stacklevel=1)


def test_enough_is_recorded() -> None:
    kinds = [trace["kind"] for name in TRACES for trace in traces(name)]
    assert len(kinds) >= 300 and kinds.count("walk") * 3 >= len(kinds)


def test_no_recording_tells_where_it_was_made() -> None:
    for path in Path(HERE / "traces").iterdir():
        text = path.read_text("utf-8")
        assert "/tmp" not in text and "/root" not in text and "localhost" not in text and "127.0.0.1" not in text
