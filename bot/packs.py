"""Reads the jurisdiction packs: bot/jurisdictions/*.yml and the calendars beside them; every mistake has its line."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any

from bot.domain.governor.attempt import CHANNELS, CUSTOMER_TYPES, DEBT_TYPES, PURPOSES, ROLES
from bot.domain.governor.calendars import Calendar, Holiday
from bot.domain.governor.law import STRICT, Packs
from bot.domain.governor.parts import Evidence, Signs
from bot.domain.governor.rules import (
    BLOCKS,
    COMMON_BLOCKS,
    LAST_DAY,
    Ban,
    Consent,
    Pack,
    Rule,
)  # fmt: skip
from bot.domain.governor.times import DAYS
from bot.domain.governor.wording import Wording
from bot.pack_values import (
    LINE,
    PackError,
    check_keys,
    day_of,
    document_of,
    duration_of,
    first_day_of,
    flag_of,
    mapping_of,
    one_of,
    text_of,
    unknown,
    week_of,
    whole_of,
    words_of,
    zone_of,
)

FOLDER = Path(__file__).resolve().parent / "jurisdictions"
BASES = ("law", "regulation", "scheme", "platform", "case_law", "house")
CONFIDENCES = ("primary", "secondary", "unverified", "none")
MOMENTS = (
    "every_message", "every_electronic_message", "first_contact", "subsequent_contact", "first_debt_message",
    "credit_first_default", "payment_link", "time_barred_debt", "formal_notice", "acknowledgement",
    "plan_confirmation", "first_message_of_conversation", "after_idle", *PURPOSES,
)  # fmt: skip
_NOT_RULES = ("EVERYWHERE", "ELEMENTS", "UNIONS", "WORDING")
# Remarks for people; the governor does not read them.
_REMARKS = ("note", "confidence_note", "dating")


def load_packs(folder: Path = FOLDER) -> Packs:
    """Every pack of a folder, checked; raises PackError."""
    catalogue = frozenset(str(key) for key in document_of(folder / "elements.yml") if key != LINE)
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
    return frozenset(str(key) for key in document_of(folder / "elements.yml") if key != LINE)


def load_evidence(folder: Path = FOLDER) -> Evidence:
    """How a text is seen to contain each part; raises PackError."""
    path = folder / "elements.yml"
    found = {}
    for name, entry in document_of(path).items():
        if name == LINE:
            continue
        place = f"{path}:{entry.get(LINE, 1) if isinstance(entry, dict) else 1}: {name}"
        entry = mapping_of(entry, place)
        check_keys(entry, ("says", "values", "words", "text"), place)
        text_of(entry.get("says"), f"{place}.says")
        values = entry.get("values") or []
        if not all(isinstance(together, list) and together for together in values):
            raise PackError(f"{place}.values: each is a list of values that stand together, [[link], [iban]]")
        words = mapping_of(entry.get("words") or {}, f"{place}.words")
        if not all(isinstance(listed, list) and listed for language, listed in words.items() if language != LINE):
            raise PackError(f"{place}.words: list the words of each language, fr: [assistant automatique]")
        found[str(name)] = Signs.of(values, {k: v for k, v in words.items() if k != LINE}, str(entry.get("text") or ""))
    return Evidence(found)


def load_wording(packs: Packs, folder: Path = FOLDER) -> Wording:
    """The forbidden words of every ban; raises PackError."""
    path = folder / "wording.yml"
    bans = {rule.id: rule for rule in packs.everywhere.blocks["bans"] if isinstance(rule, Ban)}
    words: dict[str, dict[str, list[str]]] = {}
    for name, languages in document_of(path).items():
        if name == LINE:
            continue
        place = f"{path}:{languages.get(LINE, 1) if isinstance(languages, dict) else 1}: {name}"
        one_of(name, tuple(bans), place)
        listed = mapping_of(languages, place)
        if not all(isinstance(found, list) and found for found in listed.values()):
            raise PackError(f"{place}: list the words of each language, fr: [huissier, avocat]")
        words[name] = {str(language): [str(word) for word in found] for language, found in listed.items()}
    return Wording.of(words, bans)


def _unions(path: Path, calendars: Mapping[str, Calendar]) -> dict[str, tuple[str, ...]]:
    """Which countries' holidays count for a jurisdiction that is several countries."""
    if not path.is_file():
        return {}
    document = document_of(path)
    return {str(k): words_of(v, tuple(calendars), f"{path}: {k}") for k, v in document.items() if k != LINE}


def _pack(
    path: Path, catalogue: frozenset[str], calendars: Mapping[str, Calendar], blocks: Mapping[str, type[Rule]]
) -> Pack:
    document = document_of(path)
    common = blocks is COMMON_BLOCKS
    head = ("title", "groups") if common else ("title", "extends", "replaces", "time_zones", "covers")
    check_keys(document, (*head, *blocks), f"{path}:{{line}}")
    groups = {
        str(name): frozenset(words_of(words, PURPOSES, f"{path}:{document[LINE]}: groups.{name}"))
        for name, words in (document.get("groups") or {}).items()
        if name != LINE
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
        replaces=frozenset(words_of(document.get("replaces") or [], tuple(BLOCKS), f"{path}:1: replaces")),
        covers=covers, zones=tuple(zone_of(z, path) for z in document.get("time_zones") or ()), blocks=found,
    )  # fmt: skip


class _Reader:
    """Reads the rules of one file."""

    def __init__(
        self, path: Path, catalogue: frozenset[str], calendars: Mapping[str, Calendar],
        groups: Mapping[str, frozenset[str]],
    ) -> None:  # fmt: skip
        self.path = path
        self.readers: Mapping[str, Callable[[Any, str], Any]] = {
            "basis": lambda v, p: one_of(v, BASES, p),
            "source": text_of, "what": text_of, "ends": text_of, "id": text_of,
            "confidence": lambda v, p: one_of(v, CONFIDENCES, p),
            "valid_from": first_day_of, "valid_to": day_of,
            "roles": lambda v, p: frozenset(words_of(v, ROLES, p)),
            "customer_types": lambda v, p: frozenset(words_of(v, CUSTOMER_TYPES, p)),
            "debt_types": lambda v, p: frozenset(words_of(v, DEBT_TYPES, p)),
            "channels": lambda v, p: frozenset(words_of(v, CHANNELS, p)),
            "except_channels": lambda v, p: frozenset(words_of(v, CHANNELS, p)),
            "open": week_of, "max": whole_of, "per": duration_of, "within": duration_of,
            "after_conversation": lambda v, p: duration_of(v, p).days,
            "calendar": lambda v, p: one_of(v, (*calendars, "candidates"), p),
            "closed": flag_of, "answers": flag_of, "unless_attested": flag_of, "revokes_all": flag_of,
            "scope": lambda v, p: one_of(v, ("debt", "customer"), p),
            "place": lambda v, p: one_of(v, ("work", "other_than_home_or_cell"), p),
            "when": lambda v, p: one_of(v, MOMENTS, p),
            "require": lambda v, p: frozenset(words_of(v, tuple(sorted(catalogue)), p)),
            "may_link": lambda v, p: frozenset(words_of(v, tuple(sorted(catalogue)), p)),
            "element": lambda v, p: one_of(v, tuple(sorted(catalogue)), p),
            "with_element": lambda v, p: one_of(v, tuple(sorted(catalogue)), p),
            "stops": lambda v, p: groups[one_of(v, tuple(groups), p)],
            "rule": mapping_of,
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
        place = f"{self.path}:{item.get(LINE, 1)}: {block}.{item.get('id', '?')}"
        values = {key: value for key, value in item.items() if key not in (LINE, *_REMARKS)}
        if kind is Consent and "needs" in values:
            needs = one_of(values.pop("needs"), ("consent", "consent_or_inbound"), f"{place}.needs")
            values["or_inbound"] = needs == "consent_or_inbound"
        known = {field.name: field for field in fields(kind)}
        for key in values:
            if key not in known or (key == "or_inbound" and kind is not Consent):
                unknown(key, [*known, *_REMARKS], place)
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
                unknown(at.extends, sorted(packs), f"{folder / at.code}.yml:1: extends")
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


def _calendar(path: Path) -> Calendar:
    document = document_of(path)
    check_keys(document, ("title", "unknown_region", "source", "confidence", "days"), f"{path}:{{line}}")
    source = text_of(document.get("source"), f"{path}:1: source")
    one_of(document.get("confidence"), CONFIDENCES, f"{path}:1: confidence")
    every = one_of(document.get("unknown_region", "none"), ("all", "none"), f"{path}:1: unknown_region")
    days = tuple(_holiday(item, source, path) for item in document.get("days") or ())
    if not days:
        raise PackError(f"{path}:1: no days; list them under `days:`")
    return Calendar(path.stem, every == "all", days)


def _holiday(item: Any, source: str, path: Path) -> Holiday:
    if not isinstance(item, dict):
        raise PackError(f"{path}:1: days: a holiday is a mapping such as {{id: new_year, fixed: 01-01}}")
    place = f"{path}:{item[LINE]}: days.{item.get('id', '?')}"
    known = [field.name for field in fields(Holiday)]
    for key in item:
        if key != LINE and key not in known:
            unknown(key, known, place)
    if sum(key in item for key in ("fixed", "easter", "nth", "before")) != 1:
        raise PackError(f"{place}: say when by exactly one of fixed, easter, nth, before")
    nth, before = item.get("nth"), item.get("before")
    try:
        return Holiday(
            id=text_of(item.get("id"), place), source=text_of(item.get("source", source), f"{place}.source"),
            fixed=_month_day(item["fixed"]) if "fixed" in item else None, easter=item.get("easter"),
            nth=_nth(nth) if nth else None,
            before=(*_month_day(before["day"]), DAYS.index(before["weekday"])) if before else None,
            substitute=flag_of(item.get("substitute", False), f"{place}.substitute"),
            regions=frozenset(str(region) for region in item.get("regions") or ()),
            valid_from=first_day_of(item.get("valid_from", "earlier"), f"{place}.valid_from"),
            valid_to=day_of(item.get("valid_to", LAST_DAY), f"{place}.valid_to"),
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
