"""A mistake in an example file is told with its file, its line, what it is and how to mend it."""

from pathlib import Path

import pytest

from bot.understanding.examples import ExamplesError, read_examples

GOOD = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - bonjour\n\n    - je paie [50 €](amount) le [12]{"entity": "date"}\n'


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "fr.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_marks_are_taken_off_and_the_file_names_the_language(tmp_path: Path) -> None:
    found = read_examples([written(tmp_path, GOOD)])
    assert [(e.text, e.intent, e.language) for e in found] == [
        ("bonjour", "greet", "fr"), ("je paie 50 € le 12", "greet", "fr")]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "remedy"), [
    (GOOD + "    * merci\n", 8, "begin it with `- `"),
    (GOOD + "    - je paie [50 €](amount\n", 8, "write `[50 €](amount)`"),
    (GOOD + "- intent: thank\n", 8, "write `examples: |`"),
    (GOOD + "- intent: thank\n  examples:\n  - merci\n", 10, "write `examples: |`"),
    (GOOD + "- intent: thank you\n  examples: |\n    - merci\n", 8, "one word"),
    (GOOD + "- thank\n", 8, "write `- intent: name`"),
    (GOOD + "- intent: [thank\n", 9, "check indentation, quotes and colons"),
    ("version: '3.1'\n", 1, "begin with version and nlu"),
    ("", 1, "begin with version and nlu"),
    ("nlu: []\n", 1, "no examples"),
    (GOOD.encode() + b"    - caf\xe9\n", 8, "save the file as UTF-8"),
    (b"\x00\x01\x02", 1, "check indentation, quotes and colons"),
])  # fmt: skip
def test_a_mistake_is_told_by_place_and_remedy(tmp_path: Path, text: str | bytes, line: int, remedy: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ExamplesError) as caught:
        read_examples([file])
    assert f"{file}:{line}: " in str(caught.value)
    assert remedy in str(caught.value)
