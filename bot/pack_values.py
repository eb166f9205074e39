"""The values of a pack file: read, checked, and when wrong named with file, line and remedy."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.domain.governor.rules import FIRST_DAY, Span
from bot.domain.governor.times import DAYS, minutes
from bot.places import PlacedLoader, fault_of

LINE = "__line__"


class PackError(ValueError):
    """A pack says something that cannot be applied; the message names file, line and remedy."""


class _Loader(PlacedLoader):
    """Keeps the line of every mapping, so that a mistake can be found."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        made = super().construct_mapping(node, deep=deep)
        made[LINE] = node.start_mark.line + 1
        return made


def _construct(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct)


def document_of(path: Path) -> dict[str, Any]:
    """The mapping that a file holds."""
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise PackError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise PackError(f"{path}: not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        fault = fault_of(error)
        raise PackError(f"{path}:{fault.line}: {fault.problem}; {fault.remedy}") from None
    if not isinstance(document, dict):
        raise PackError(f"{path}:1: a pack is a mapping that begins with `title:`")
    return document


def check_keys(document: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    """Every key is one that is known."""
    for key in document:
        if key != LINE and key not in known:
            unknown(str(key), list(known), place.format(line=document[LINE]))


def unknown(word: Any, known: list[str], place: str) -> NoReturn:
    """Raise the error that names what was meant, or all that is known."""
    close = difflib.get_close_matches(str(word), known, 1)
    hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
    raise PackError(f"{place}: unknown {word!r}; {hint}")


def one_of(value: Any, known: tuple[str, ...], place: str) -> str:
    """One of the known words."""
    if value not in known:
        unknown(value, list(known), place)
    return str(value)


def words_of(value: Any, known: tuple[str, ...], place: str) -> tuple[str, ...]:
    """A list of known words."""
    if not isinstance(value, list):
        raise PackError(f"{place}: a list in square brackets, not {value!r}")
    return tuple(one_of(word, known, place) for word in value)


def text_of(value: Any, place: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise PackError(f"{place}: a text, not {value!r}")
    return value


def flag_of(value: Any, place: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise PackError(f"{place}: true or false, not {value!r}")
    return value


def whole_of(value: Any, place: str) -> int:
    """A whole number from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PackError(f"{place}: a whole number from 1 on, not {value!r}")
    return value


def mapping_of(value: Any, place: str) -> Mapping[str, Any]:
    """A mapping without its line."""
    if not isinstance(value, dict):
        raise PackError(f"{place}: a mapping, not {value!r}")
    return {key: item for key, item in value.items() if key != LINE}


def first_day_of(value: Any, place: str) -> date:
    """A first day; `always` of a house rule, `earlier` of a law whose first day is not on record."""
    return FIRST_DAY if value in ("always", "earlier") else day_of(value, place)


def day_of(value: Any, place: str) -> date:
    """A day."""
    if not isinstance(value, date):
        raise PackError(f"{place}: a day such as 2026-09-01 (or always, earlier), not {value!r}")
    return value


def duration_of(value: Any, place: str) -> timedelta:
    """A duration such as P7D or PT30M."""
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", str(value))
    if match is None or not any(match.groups()):
        raise PackError(f"{place}: a duration such as P7D or PT30M, not {value!r}")
    days, hours, mins = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=mins)


def week_of(value: Any, place: str) -> tuple[tuple[Span, ...], ...]:
    """The hours of each weekday."""
    week: list[tuple[Span, ...]] = [()] * 7
    for days, spans in mapping_of(value, place).items():
        first, _, last = str(days).partition("-")
        if first not in DAYS or (last and last not in DAYS):
            unknown(days, [*DAYS, "mon-fri"], place)
        numbers = range(DAYS.index(first), DAYS.index(last or first) + 1)
        if not isinstance(spans, list) or not numbers:
            raise PackError(f'{place}: hours are written {{mon-fri: ["09:00-20:00"], sat: ["10:00-18:00"]}}')
        for number in numbers:
            week[number] = tuple(_span(span, place) for span in spans)
    return tuple(week)


def _span(value: Any, place: str) -> Span:
    start, _, end = str(value).partition("-")
    try:
        # Midnight ends a day as 24:00, which no clock shows.
        made = minutes(start, 0), 24 * 60 if end == "24:00" else minutes(end, 0)
    except ValueError:
        raise PackError(f"{place}: {value!r} are no hours; write 09:00-20:00") from None
    if made[0] >= made[1]:
        raise PackError(f"{place}: {value!r} ends before it begins; write 09:00-20:00")
    return made


def zone_of(value: Any, path: Path) -> str:
    """The name of a time zone that exists."""
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PackError(f"{path}:1: time_zones: {value!r} is unknown; write a name such as Europe/Paris") from None
