"""Training examples in Rasa's NLU format, with the place of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.places import line_of

_KEYS = frozenset({"intent", "synonym", "regex", "lookup", "examples", "metadata"})
_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\(([^)]+)\)|\{[^}]*\})")


class ExamplesError(Exception):
    """An example file cannot be read; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message with its meaning and language."""

    text: str
    intent: str
    language: str


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """All examples of the files; a file's name is its language (fr.yml). Raises ExamplesError."""
    found: list[Example] = []
    for path in paths:
        found += _read(path)
    return found


def _read(path: Path) -> list[Example]:
    try:
        document: Any = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError:
        raise ExamplesError(f"{path}:1: not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "broken YAML"
        raise ExamplesError(f"{path}:{line}: {problem}; check indentation and quotes") from None
    items = document.get("nlu") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise ExamplesError(f"{path}:1: no `nlu:` list; begin with version and nlu as in dialogues/README.md")
    language = path.stem[:2]
    found = []
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise _wrong(path, number, f"entry {number + 1} of nlu is no mapping; write `- intent: name`")
        if unknown := set(item) - _KEYS:
            raise _wrong(path, number, f"unknown key {sorted(map(str, unknown))[0]!r}; use {', '.join(sorted(_KEYS))}")
        if "intent" not in item:
            continue
        examples = item.get("examples")
        if not isinstance(examples, str):
            raise _wrong(path, number, f"intent {item['intent']}: `examples: |` with one `- text` a line is missing")
        for row, line in enumerate(examples.splitlines(), 1):
            text = line.strip()
            if not text:
                continue
            if not text.startswith("- ") or not text[2:].strip():
                problem = f"intent {item['intent']}: {text[:40]!r} is no example; write `- ` and a text"
                raise _wrong(path, number, problem, row)
            plain = _ANNOTATED.sub(r"\1", text[2:].strip())
            if "](" in plain or "]{" in plain:
                problem = f"intent {item['intent']}: the value in {text[2:42]!r} is not marked well; "
                raise _wrong(path, number, problem + "write [value](entity), or no brackets", row)
            found.append(Example(plain, str(item["intent"]), language))
    return found


def _wrong(path: Path, number: int, message: str, row: int = 0) -> ExamplesError:
    """The error on an entry, or on a row of its examples, with the line where it stands."""
    place: tuple[str | int, ...] = ("nlu", number, "examples") if row else ("nlu", number)
    return ExamplesError(f"{path}:{line_of(path.read_text('utf-8'), place) + row}: {message}")
