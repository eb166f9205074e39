"""YAML whose mistakes have a place, and the line on which an item of a document stands."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml


class PlacedLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe YAML loader that also names the place of a day that no calendar has (2026-13-25)."""


def _day(loader: Any, node: Any) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        problem = f"{node.value} is no date; write a day such as 2026-12-25"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None


PlacedLoader.add_constructor("tag:yaml.org,2002:timestamp", _day)


class Fault(NamedTuple):
    """What is wrong with a YAML document, and where."""

    line: int
    column: int
    problem: str
    remedy: str


def fault_of(error: yaml.YAMLError) -> Fault:
    """The place of an error, the problem and what to do."""
    mark = getattr(error, "problem_mark", None)
    told = getattr(error, "problem", None) or "a character that YAML does not allow"
    problem, _, remedy = str(told).partition("; ")
    if not remedy:
        problem, remedy = f"broken YAML: {problem}", "check indentation, quotes and colons"
    return Fault(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, problem, remedy)


def line_of(source: str, path: Sequence[str | int]) -> int:
    """The line of the item that a path of keys and positions leads to; of the last one found where it breaks off."""
    try:
        node = yaml.compose(source, Loader=PlacedLoader)
    except yaml.YAMLError:
        return 1
    line = 0
    for part in path:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part])
        if found is None:
            break
        line, node = found[0].start_mark.line, found[1]
    return line + 1
