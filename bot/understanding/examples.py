"""Training examples in Rasa's NLU format, with the place of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

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
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise ExamplesError(f"{path}:1: entry {number} of nlu is no mapping; write `- intent: name`")
        if "intent" not in item:
            continue
        examples = item.get("examples")
        if not isinstance(examples, str):
            raise ExamplesError(f"{path}:1: intent {item['intent']}: `examples: |` with one `- text` a line is missing")
        for line in examples.splitlines():
            text = line.strip()
            if not text:
                continue
            if not text.startswith("- "):
                raise ExamplesError(f"{path}:1: intent {item['intent']}: {text[:40]!r} does not begin with `- `")
            found.append(Example(_ANNOTATED.sub(r"\1", text[2:].strip()), str(item["intent"]), language))
    return found
