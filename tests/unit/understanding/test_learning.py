"""An edited example file is learned beside the running server; a broken one changes nothing."""

from datetime import date
from pathlib import Path

import pytest

from bot.understanding.learning import Watch, model_of
from bot.understanding.reader import Reader

TODAY = date(2026, 11, 24)
SAID = {
    "greet": ["hello", "good morning", "hi there", "hey, how are you", "good evening to you", "hello again"],
    "thank": ["thanks a lot", "thank you so much", "many thanks", "cheers, that helps", "much obliged", "ta very much"],
    "pay_now": ["I want to pay now", "send me the link to pay", "let me settle this today", "where do I pay",
                "I'd like to clear the bill", "take my payment please"],
    "out_of_scope": ["what is the weather like", "who won the match", "tell me a joke", "my cat is asleep",
                     "how tall is the tower", "play some music"],
}  # fmt: skip


def file_of(said: dict[str, list[str]]) -> str:
    parts = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in said.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "\n".join(parts)


@pytest.fixture
def watch(tmp_path: Path) -> tuple[Watch, list[str]]:
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "en.yml").write_text(file_of(SAID), "utf-8")
    told: list[str] = []
    reader = Reader(model_of([folder / "en.yml"], tmp_path / "cache", told.append))
    return Watch(folder, tmp_path / "cache", reader, told.append), told


async def test_a_new_example_is_in_use_without_a_restart(watch: tuple[Watch, list[str]]) -> None:
    here, told = watch
    assert any("%" in line for line in told)
    unheard = "the money tree has shed its leaves for you"
    before, state = here.reader.model, here.look()
    assert not await here.renew()
    (here.folder / "en.yml").write_text(file_of({**SAID, "pay_now": [*SAID["pay_now"], unheard]}), "utf-8")
    assert here.look() != state
    assert await here.renew()
    assert here.reader.model is not before
    assert here.reader.model.encoder is before.encoder
    assert here.reader.read(unheard, language="en", today=TODAY).intent == "pay_now"


async def test_a_broken_file_is_told_and_what_was_learned_stays(watch: tuple[Watch, list[str]]) -> None:
    here, told = watch
    before = here.reader.model
    (here.folder / "en.yml").write_text(file_of(SAID) + "    cheers\n", "utf-8")
    assert not await here.renew()
    assert here.reader.model is before
    assert "en.yml:38: 'cheers' is no example; begin it with `- `" in told[-1]
    assert "stays in use" in told[-1]
