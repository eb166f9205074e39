"""YAML whose mappings and lists know on which lines their parts stand."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from bot.places import PlacedLoader


class LineLoader(PlacedLoader):
    """A YAML loader that remembers the line of every key and of every item of a list."""


class Lined(list[Any]):
    """A list that knows the lines of its items."""

    lines: list[int]


def _mapping_with_line(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    made: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool | None):
            raise yaml.constructor.ConstructorError(None, None, "a key is a plain word", key_node.start_mark)
        if key in made:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        made[key] = loader.construct_object(value_node, deep=True)
        if isinstance(key, str):
            made.setdefault(LINES, {})[key] = key_node.start_mark.line + 1
    return made


def _list_with_lines(loader: Any, node: yaml.SequenceNode) -> Lined:
    made = Lined(loader.construct_object(item, deep=True) for item in node.value)
    made.lines = [item.start_mark.line + 1 for item in node.value]
    return made


class _LineKey:
    """The key under which a mapping keeps the lines of its keys; no YAML can write it."""


LINES: Any = _LineKey()
LineLoader.add_constructor("tag:yaml.org,2002:map", _mapping_with_line)
LineLoader.add_constructor("tag:yaml.org,2002:seq", _list_with_lines)


def pairs(item: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a mapping, without the lines."""
    return ((key, value) for key, value in item.items() if key is not LINES)


def loads(source: str) -> Any:
    """Read a document; raises yaml.YAMLError, also for a key that stands twice."""
    return yaml.load(source, Loader=LineLoader)


def plain(item: Any) -> Any:
    """The same without the lines, keys in order, so that equal contents look equal."""
    if isinstance(item, dict):
        return {key: plain(value) for key, value in sorted(pairs(item), key=lambda pair: str(pair[0]))}
    return [plain(part) for part in item] if isinstance(item, list) else item
