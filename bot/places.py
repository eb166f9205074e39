"""The line on which an item of a YAML document stands."""

from collections.abc import Sequence
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def line_of(source: str, path: Sequence[str | int]) -> int:
    """The line of the item that a path of keys and positions leads to; of the last one found where it breaks off."""
    try:
        node = yaml.compose(source, Loader=_Loader)
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
