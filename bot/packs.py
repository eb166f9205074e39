"""Reads the jurisdiction packs: bot/jurisdictions/*.yml and the calendars beside them; every mistake has its line."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.domain.governor.attempt import CHANNELS, CUSTOMER_TYPES, DEBT_TYPES, PURPOSES, ROLES
from bot.domain.governor.calendars import Calendar, Holiday
from bot.domain.governor.law import STRICT, Packs
from bot.domain.governor.rules import (
    BLOCKS,
    COMMON_BLOCKS,
    FIRST_DAY,
    LAST_DAY,
    Consent,
    Pack,
    Rule,
    Span,
)  # fmt: skip
from bot.domain.governor.times import DAYS, minutes

FOLDER = Path(__file__).resolve().parent / "jurisdictions"
BASES = ("law", "regulation", "scheme", "platform", "case_law", "house")
CONFIDENCES = ("primary", "secondary", "unverified", "none")
MOMENTS = (
    "every_message", "every_electronic_message", "first_contact", "subsequent_contact", "first_debt_message",
    "credit_first_default", "payment_link", "time_barred_debt", "formal_notice", "acknowledgement",
    "plan_confirmation", "first_message_of_conversation", "after_idle", *PURPOSES,
)  # fmt: skip
_NOT_RULES = ("EVERYWHERE", "ELEMENTS", "UNIONS")
# Remarks for people; the governor does not read them.
_REMARKS = ("note", "confidence_note", "dating")
_LINE = "__line__"


class PackError(ValueError):
    """A pack says something that cannot be applied; the message names file, line and remedy."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Keeps the line of every mapping, so that a mistake can be found."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        made = super().construct_mapping(node, deep=deep)
        made[_LINE] = node.start_mark.line + 1
        return made


def _construct(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct)


def load_packs(folder: Path = FOLDER) -> Packs:
    """Every pack of a folder, checked; raises PackError."""
    catalogue = frozenset(str(key) for key in _document(folder / "elements.yml") if key != _LINE)
    calendars = {path.stem: _calendar(path) for path in sorted((folder / "calendars").glob("*.yml"))}
    unions = _unions(folder / "unions.yml", calendars)
    everywhere = _pack(folder / "everywhere.yml", catalogue, calendars, COMMON_BLOCKS)
    found = {
        path.stem: _pack(path, catalogue, calendars, BLOCKS)
        for path in sorted(folder.glob("*.yml"))
        if path.stem.upper() not in _NOT_RULES
    }
    _check_family(found, folder)
    return Packs(found, everywhere, calendars, unions)


def element_names(folder: Path = FOLDER) -> frozenset[str]:
    """The parts that a message may be said to contain."""
    return frozenset(str(key) for key in _document(folder / "elements.yml") if key != _LINE)


def _unions(path: Path, calendars: Mapping[str, Calendar]) -> dict[str, tuple[str, ...]]:
    """Which countries' holidays count for a jurisdiction that is several countries."""
    if not path.is_file():
        return {}
    document = _document(path)
    return {str(k): _words(v, tuple(calendars), f"{path}: {k}") for k, v in document.items() if k != _LINE}


def _document(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise PackError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise PackError(f"{path}: not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise PackError(f"{path}:{line}: broken YAML: {getattr(error, 'problem', error)}; check indentation") from None
    if not isinstance(document, dict):
        raise PackError(f"{path}:1: a pack is a mapping that begins with `title:`")
    return document


def _pack(
    path: Path, catalogue: frozenset[str], calendars: Mapping[str, Calendar], blocks: Mapping[str, type[Rule]]
) -> Pack:
    document = _document(path)
    common = blocks is COMMON_BLOCKS
    head = ("title", "groups") if common else ("title", "extends", "replaces", "time_zones", "covers")
    _known(document, (*head, *blocks), f"{path}:{{line}}")
    groups = {
        str(name): frozenset(_words(words, PURPOSES, f"{path}:{document[_LINE]}: groups.{name}"))
        for name, words in (document.get("groups") or {}).items()
        if name != _LINE
    }
    reader = _Reader(path, catalogue, calendars, groups)
    found = {block: reader.rules(block, kind, document.get(block)) for block, kind in blocks.items()}
    if common:
        covers = Rule(id="everywhere", basis="house", source="house", confidence="none")
    else:
        covers = reader.rule(Rule, {"id": path.stem, **_section(document, "covers", path)}, "covers")
    _unique(found, path)
    return Pack(
        code=path.stem, title=str(document.get("title") or path.stem), extends=document.get("extends"),
        replaces=frozenset(_words(document.get("replaces") or [], tuple(BLOCKS), f"{path}:1: replaces")),
        covers=covers, zones=tuple(_zone(z, path) for z in document.get("time_zones") or ()), blocks=found,
    )  # fmt: skip


class _Reader:
    """Reads the rules of one file."""

    def __init__(
        self, path: Path, catalogue: frozenset[str], calendars: Mapping[str, Calendar],
        groups: Mapping[str, frozenset[str]],
    ) -> None:  # fmt: skip
        self.path = path
        self.readers: Mapping[str, Callable[[Any, str], Any]] = {
            "basis": lambda v, p: _one(v, BASES, p),
            "source": _text, "what": _text, "ends": _text, "id": _text,
            "confidence": lambda v, p: _one(v, CONFIDENCES, p),
            "valid_from": _from, "valid_to": _day,
            "roles": lambda v, p: frozenset(_words(v, ROLES, p)),
            "customer_types": lambda v, p: frozenset(_words(v, CUSTOMER_TYPES, p)),
            "debt_types": lambda v, p: frozenset(_words(v, DEBT_TYPES, p)),
            "channels": lambda v, p: frozenset(_words(v, CHANNELS, p)),
            "except_channels": lambda v, p: frozenset(_words(v, CHANNELS, p)),
            "open": _week, "max": _whole, "per": _duration, "within": _duration,
            "after_conversation": lambda v, p: _duration(v, p).days,
            "calendar": lambda v, p: _one(v, (*calendars, "candidates"), p),
            "closed": _flag, "answers": _flag, "unless_attested": _flag, "revokes_all": _flag,
            "scope": lambda v, p: _one(v, ("debt", "customer"), p),
            "place": lambda v, p: _one(v, ("work", "other_than_home_or_cell"), p),
            "when": lambda v, p: _one(v, MOMENTS, p),
            "require": lambda v, p: frozenset(_words(v, tuple(sorted(catalogue)), p)),
            "element": lambda v, p: _one(v, tuple(sorted(catalogue)), p),
            "with_element": lambda v, p: _one(v, tuple(sorted(catalogue)), p),
            "stops": lambda v, p: groups[_one(v, tuple(groups), p)],
            "rule": _mapping,
        }  # fmt: skip

    def rules(self, block: str, kind: type[Rule], items: Any) -> tuple[Rule, ...]:
        if items is None:
            return ()
        if not isinstance(items, list):
            raise PackError(f"{self.path}:1: {block} is a list of rules, each beginning with `- id:`")
        return tuple(self.rule(kind, item, block) for item in items)

    def rule(self, kind: type[Rule], item: Any, block: str) -> Any:
        if not isinstance(item, dict):
            raise PackError(f"{self.path}:1: {block}: a rule is a mapping that begins with `- id:`, not {item!r}")
        place = f"{self.path}:{item.get(_LINE, 1)}: {block}.{item.get('id', '?')}"
        values = {key: value for key, value in item.items() if key not in (_LINE, *_REMARKS)}
        if kind is Consent and "needs" in values:
            needs = _one(values.pop("needs"), ("consent", "consent_or_inbound"), f"{place}.needs")
            values["or_inbound"] = needs == "consent_or_inbound"
        known = {field.name: field for field in fields(kind)}
        for key in values:
            if key not in known or (key == "or_inbound" and kind is not Consent):
                _unknown(key, [*known, *_REMARKS], place)
        missing = [name for name, field in known.items() if name not in values and _needed(field)]
        if "valid_from" not in values:
            missing.append("valid_from")
        if missing:
            raise PackError(f"{place}: {', '.join(missing)} is missing; every value has its source and its dates")
        read = {
            key: value if key == "or_inbound" else self.readers[key](value, f"{place}.{key}")
            for key, value in values.items()
        }
        made = kind(**read)
        if made.valid_from > made.valid_to:
            raise PackError(f"{place}: valid_to lies before valid_from; put the earlier day first")
        if made.basis != "house" and made.source.startswith("house"):
            raise PackError(
                f"{place}: the basis is {made.basis} and the source house; name the text, or write basis: house"
            )
        return made


def _needed(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _check_family(packs: Mapping[str, Pack], folder: Path) -> None:
    if STRICT not in packs:
        raise PackError(f"{folder}: STRICT.yml is missing; unknown places are judged by it")
    for pack in packs.values():
        seen, at = [pack.code], pack
        while at.extends:
            if at.extends not in packs:
                _unknown(at.extends, sorted(packs), f"{folder / at.code}.yml:1: extends")
            if at.extends in seen:
                raise PackError(f"{folder / pack.code}.yml:1: extends itself by {' -> '.join([*seen, at.extends])}")
            seen.append(at.extends)
            at = packs[at.extends]
        if not at.blocks.get("windows"):
            raise PackError(f"{folder / at.code}.yml:1: no hours here nor in a parent; without them anything may go")


def _unique(found: Mapping[str, tuple[Rule, ...]], path: Path) -> None:
    seen: dict[tuple[str, date], str] = {}
    for block, rules in found.items():
        for rule in rules:
            if (rule.id, rule.valid_from) in seen:
                raise PackError(f"{path}:1: the id {rule.id} stands in {seen[rule.id, rule.valid_from]} and {block}; "
                                "give each rule its own, or other dates")  # fmt: skip
            seen[rule.id, rule.valid_from] = block


def _section(document: Mapping[str, Any], name: str, path: Path) -> dict[str, Any]:
    section = document.get(name)
    if not isinstance(section, dict):
        raise PackError(f"{path}:1: {name} is missing; say whom the pack covers, with its source")
    return section


def _known(document: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    for key in document:
        if key != _LINE and key not in known:
            _unknown(str(key), list(known), place.format(line=document[_LINE]))


def _unknown(word: Any, known: list[str], place: str) -> NoReturn:
    close = difflib.get_close_matches(str(word), known, 1)
    hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
    raise PackError(f"{place}: unknown {word!r}; {hint}")


def _one(value: Any, known: tuple[str, ...], place: str) -> str:
    if value not in known:
        _unknown(value, list(known), place)
    return str(value)


def _words(value: Any, known: tuple[str, ...], place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise PackError(f"{place}: a list in square brackets, not {value!r}")
    return tuple(_one(word, known, place) for word in value)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PackError(f"{place}: a text, not {value!r}")
    return value


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise PackError(f"{place}: true or false, not {value!r}")
    return value


def _whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PackError(f"{place}: a whole number from 1 on, not {value!r}")
    return value


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PackError(f"{place}: a mapping, not {value!r}")
    return {key: item for key, item in value.items() if key != _LINE}


def _from(value: Any, place: str) -> date:
    """A first day; `always` of a house rule, `earlier` of a law whose first day is not on record."""
    return FIRST_DAY if value in ("always", "earlier") else _day(value, place)


def _day(value: Any, place: str) -> date:
    if not isinstance(value, date):
        raise PackError(f"{place}: a day such as 2026-09-01 (or always, earlier), not {value!r}")
    return value


def _duration(value: Any, place: str) -> timedelta:
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", str(value))
    if match is None or not any(match.groups()):
        raise PackError(f"{place}: a duration such as P7D or PT30M, not {value!r}")
    days, hours, mins = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=mins)


def _week(value: Any, place: str) -> tuple[tuple[Span, ...], ...]:
    week: list[tuple[Span, ...]] = [()] * 7
    for days, spans in _mapping(value, place).items():
        first, _, last = str(days).partition("-")
        if first not in DAYS or (last and last not in DAYS):
            _unknown(days, [*DAYS, "mon-fri"], place)
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


def _zone(value: Any, path: Path) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PackError(f"{path}:1: time_zones: {value!r} is unknown; write a name such as Europe/Paris") from None


def _calendar(path: Path) -> Calendar:
    document = _document(path)
    _known(document, ("title", "unknown_region", "source", "confidence", "days"), f"{path}:{{line}}")
    source = _text(document.get("source"), f"{path}:1: source")
    _one(document.get("confidence"), CONFIDENCES, f"{path}:1: confidence")
    every = _one(document.get("unknown_region", "none"), ("all", "none"), f"{path}:1: unknown_region")
    days = tuple(_holiday(item, source, path) for item in document.get("days") or ())
    if not days:
        raise PackError(f"{path}:1: no days; list them under `days:`")
    return Calendar(path.stem, every == "all", days)


def _holiday(item: Any, source: str, path: Path) -> Holiday:
    if not isinstance(item, dict):
        raise PackError(f"{path}:1: days: a holiday is a mapping such as {{id: new_year, fixed: 01-01}}")
    place = f"{path}:{item[_LINE]}: days.{item.get('id', '?')}"
    known = [field.name for field in fields(Holiday)]
    for key in item:
        if key != _LINE and key not in known:
            _unknown(key, known, place)
    if sum(key in item for key in ("fixed", "easter", "nth", "before")) != 1:
        raise PackError(f"{place}: say when by exactly one of fixed, easter, nth, before")
    nth, before = item.get("nth"), item.get("before")
    try:
        return Holiday(
            id=_text(item.get("id"), place), source=_text(item.get("source", source), f"{place}.source"),
            fixed=_month_day(item["fixed"]) if "fixed" in item else None, easter=item.get("easter"),
            nth=_nth(nth) if nth else None,
            before=(*_month_day(before["day"]), DAYS.index(before["weekday"])) if before else None,
            substitute=_flag(item.get("substitute", False), f"{place}.substitute"),
            regions=frozenset(str(region) for region in item.get("regions") or ()),
            valid_from=_from(item.get("valid_from", "earlier"), f"{place}.valid_from"),
            valid_to=_day(item.get("valid_to", LAST_DAY), f"{place}.valid_to"),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, PackError):
            raise
        raise PackError(f"{place}: cannot be read ({error}); write fixed: 05-01, easter: 1, "
                        "nth: {week: last, weekday: mon, month: 5}") from None  # fmt: skip


def _month_day(value: Any) -> tuple[int, int]:
    day = date.fromisoformat(f"2000-{value}")
    return day.month, day.day


def _nth(value: Mapping[str, Any]) -> tuple[int, int, int]:
    week = -1 if value["week"] == "last" else int(value["week"])
    if not (week == -1 or 1 <= week <= 4):
        raise ValueError("week is 1 to 4 or last")
    date(2000, int(value["month"]), 1)
    return week, DAYS.index(value["weekday"]), int(value["month"])
