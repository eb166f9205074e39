"""Training examples in Rasa's NLU format, with the place of each."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.places import PlacedLoader, fault_of

_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\(([^)]+)\)|\{[^}]*\})")
# Half an annotation: `[50 €](amount` or `50 €](amount)`.
_HALF = re.compile(r"\]\(|\]\{")
_NAME = re.compile(r"\w+(?:/\w+)?")
_KEYS = frozenset({"intent", "synonym", "regex", "lookup", "examples", "metadata"})


class ExamplesError(Exception):
    """An example file cannot be read; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message with its meaning and language."""

    text: str
    intent: str
    language: str


def key_of(example: Example) -> str:
    """A short hash that tells an example from every other."""
    told = f"{example.language}\n{example.intent}\n{example.text}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """All examples of the files; a file's name is its language (fr.yml). Raises ExamplesError."""
    found: list[Example] = []
    for path in paths:
        found += _read(path)
    return found


def _read(path: Path) -> list[Example]:
    items = _value(_compose(path), "nlu")
    if not isinstance(items, yaml.SequenceNode):
        raise ExamplesError(f"{path}:1: no `nlu:` list; begin with version and nlu as in dialogues/README.md")
    found: list[Example] = []
    for item in items.value:
        if not isinstance(item, yaml.MappingNode):
            raise _fault(path, item, "an entry of nlu is no mapping; write `- intent: name`")
        unknown = next((name for name, _ in item.value if name.value not in _KEYS), None)
        if unknown is not None:
            raise _fault(path, unknown, f"unknown key {unknown.value!r}; use {', '.join(sorted(_KEYS))}")
        intent = _value(item, "intent")
        if intent is not None:
            found += _examples(path, item, intent)
    if not found:
        raise ExamplesError(
            f"{path}:1: no examples; add `- intent: greet` and under it `examples: |` with `- text` lines"
        )
    return found


def _compose(path: Path) -> Any:
    try:
        return yaml.compose(path.read_text("utf-8"), Loader=PlacedLoader)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ExamplesError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        fault = fault_of(error)
        raise ExamplesError(f"{path}:{fault.line}: {fault.problem}; {fault.remedy}") from None


def _examples(path: Path, item: Any, intent: Any) -> list[Example]:
    if not isinstance(intent, yaml.ScalarNode) or not _NAME.fullmatch(intent.value):
        raise _fault(path, intent, "an intent's name is one word of letters, digits and _; write `- intent: pay_now`")
    node = _value(item, "examples")
    if not isinstance(node, yaml.ScalarNode) or node.style != "|":
        raise _fault(path, node or item, f"intent {intent.value}: write `examples: |`, then one `- text` a line")
    found = []
    for line, written in enumerate(node.value.splitlines(), node.start_mark.line + 2):
        text = written.strip()
        if not text:
            continue
        if not text.startswith("- "):
            raise ExamplesError(f"{path}:{line}: {text[:40]!r} is no example; begin it with `- `")
        text = _ANNOTATED.sub(r"\1", text[2:].strip())
        if _HALF.search(text):
            raise ExamplesError(f"{path}:{line}: {text[:40]!r}: a mark that does not end; write `[50 €](amount)`")
        found.append(Example(text, intent.value, path.stem[:2]))
    return found


def _value(node: Any, key: str) -> Any:
    """The node under a key of a mapping node, else None."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _fault(path: Path, node: Any, what: str) -> ExamplesError:
    return ExamplesError(f"{path}:{node.start_mark.line + 1}: {what}")
