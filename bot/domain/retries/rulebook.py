"""The networks' rules as data: what a code means, how often a method may be charged, on which days."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from bot.domain.retries.banking import Closed
from bot.domain.retries.learning import Belief, Experience

ACTIONS = ("retry", "customer", "other_method", "stop")
FAULTS = ("funds", "technical", "generic")
BASES = ("law", "scheme", "platform", "house")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(\d+)H)?")


class RulebookError(ValueError):
    """The network data cannot be followed; the message names the file, the place and what is wrong."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which rule it is and where it comes from."""

    id: str
    basis: str
    cite: str
    conf: str

    @property
    def source(self) -> str:
        """The citation with its weight: a house rule is never shown as law."""
        return self.cite if self.basis == "house" else f"{self.cite} ({self.basis}, {self.conf})"


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What a decline or advice code asks for; `other_method`: another saved method may be charged instead."""

    origin: Origin
    action: str
    fault: str | None = None
    wait: timedelta | None = None
    other_method: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A budget: at most so many tries in any span, so many retries in all, or none after so long."""

    origin: Origin
    most: int | None = None
    within: timedelta | None = None
    until: timedelta | None = None
    retries: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """How one network is charged."""

    name: str
    rail: str
    hours: tuple[time, ...]
    limits: tuple[Limit, ...] = ()
    closed: Closed = field(default_factory=Closed)
    after_days: tuple[int, int] | None = None
    min_gap: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The default rhythm where networks leave the choice."""

    origin: Origin
    most_tries: int
    after_days: tuple[int, int]
    technical_days: tuple[int, int]
    min_gap: timedelta
    cool_down: timedelta


@dataclass(frozen=True, slots=True)
class PayDays:
    """Days of a month on which money is likely there; -1 is its last day."""

    origin: Origin
    days: tuple[int, ...]
    wait_at_most: timedelta


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules together. Codes are found by (system, code), advice by (network, code)."""

    schedule: Schedule
    pay_days: PayDays
    chances: Belief
    promise: Origin
    hold: Origin
    unknown: Origin
    networks: Mapping[str, Network]
    codes: Mapping[tuple[str, str], CodeRule]
    advice: Mapping[tuple[str, str], CodeRule]
    systems: frozenset[str] = frozenset()
    experience: Experience = field(default_factory=Experience)

    def advised(self, network: str, advice: str) -> CodeRule | None:
        """The rule of an advice code: the network's own, a provider's, else what Mastercard means by it."""
        found = self.advice.get((network, advice)) or self.advice.get(("any", advice))
        return found or self.advice.get(("mastercard", advice))


def duration(text: Any) -> timedelta:
    """Read P2D, PT72H or P1DT12H."""
    match = _DURATION.fullmatch(str(text))
    if not match or not (match[1] or match[2]):
        raise ValueError(f"{text!r} is no duration; write P2D or PT72H")
    return timedelta(days=int(match[1] or 0), hours=int(match[2] or 0))


def read(documents: Mapping[str, Any], today: date) -> Rulebook:
    """Build the rules in force on a day from parsed documents by file name; raises RulebookError."""
    house: Mapping[str, Any] | None = None
    networks: dict[str, Network] = {}
    codes: dict[tuple[str, str], CodeRule] = {}
    advice: dict[tuple[str, str], CodeRule] = {}
    for file, document in documents.items():
        try:
            _keys(
                document,
                {
                    "as_of",
                    "schedule",
                    "pay_days",
                    "chances",
                    "promise",
                    "hold",
                    "unknown",
                    "networks",
                    "codes",
                    "advice",
                },
            )
            house = document if "schedule" in document else house
            for raw in document.get("networks", ()):
                networks[raw["network"]] = _network(raw, today)
            for key, rule in _rules(document.get("codes", ()), "system"):
                codes[key] = _once(codes, key, rule)
            for key, rule in _rules(document.get("advice", ()), "network"):
                advice[key] = _once(advice, key, rule)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else error
            raise RulebookError(f"{file}: {what}") from None
    if house is None or "other" not in networks:
        raise RulebookError("no file holds the house's `schedule` and the network `other`")
    try:
        return Rulebook(
            _schedule(house["schedule"]), _pay_days(house["pay_days"]), Belief.read(house["chances"]),
            _origin(house["promise"]),
            _origin(house["hold"]), _origin(house["unknown"]), networks, codes, advice,
            frozenset(system for system, _ in codes),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError) as error:
        raise RulebookError(f"house rules: {error}") from None


def _keys(raw: Any, known: set[str]) -> None:
    if not isinstance(raw, Mapping):
        raise ValueError(f"expected a mapping with some of {', '.join(sorted(known))}")
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"unknown key {unknown[0]!r}; known here: {', '.join(sorted(known))}")


def _origin(raw: Mapping[str, Any]) -> Origin:
    if raw["basis"] not in BASES:
        raise ValueError(f"{raw['id']}: basis is one of {', '.join(BASES)}, not {raw['basis']!r}")
    return Origin(str(raw["id"]), raw["basis"], str(raw["cite"]), str(raw["conf"]))


def _network(raw: Mapping[str, Any], today: date) -> Network:
    _keys(raw, {"network", "rail", "hours", "limits", "closed", "after_days", "min_gap"})
    if raw["rail"] not in ("card", "bank"):
        raise ValueError(f"{raw['network']}: rail is card or bank, not {raw['rail']!r}")
    days = raw.get("after_days")
    return Network(
        raw["network"], raw["rail"], tuple(time.fromisoformat(text) for text in raw["hours"]),
        tuple(_limit(item) for item in raw.get("limits", ()) if _in_force(item, today)),
        Closed.read(raw.get("closed", {})), (int(days[0]), int(days[1])) if days else None,
        duration(raw["min_gap"]) if "min_gap" in raw else None,
    )  # fmt: skip


def _in_force(raw: Mapping[str, Any], today: date) -> bool:
    return bool(raw.get("enabled", True)) and raw.get("from", today) <= today < raw.get("to", date.max)


def _limit(raw: Mapping[str, Any]) -> Limit:
    _keys(raw, {"id", "most", "within", "until", "counts", "from", "to", "enabled", "basis", "conf", "cite"})
    within, until = raw.get("within"), raw.get("until")
    return Limit(
        _origin(raw), raw.get("most"), duration(within) if within else None, duration(until) if until else None,
        raw.get("counts") == "retries",
    )  # fmt: skip


def _rules(groups: Any, by: str) -> Iterator[tuple[tuple[str, str], CodeRule]]:
    for group in groups:
        for raw in group["rules"]:
            _keys(raw, {"id", "do", "codes", "fault", "wait", "other_method", "basis", "conf", "cite"})
            if raw["do"] not in ACTIONS or raw.get("fault") not in (*FAULTS, None):
                raise ValueError(f"{raw['id']}: `do` is one of {', '.join(ACTIONS)}, `fault` of {', '.join(FAULTS)}")
            rule = CodeRule(
                _origin(raw), raw["do"], raw.get("fault"), duration(raw["wait"]) if "wait" in raw else None,
                bool(raw.get("other_method", False)),
            )  # fmt: skip
            for code in raw["codes"]:
                if not isinstance(code, str):
                    raise ValueError(f"{raw['id']}: put the code {code!r} in quotes")
                yield (group[by], code), rule


def _once(known: Mapping[tuple[str, str], CodeRule], key: tuple[str, str], rule: CodeRule) -> CodeRule:
    if key in known:
        raise ValueError(f"{rule.origin.id}: {key[0]} {key[1]} stands twice")
    return rule


def _schedule(raw: Mapping[str, Any]) -> Schedule:
    after, technical = raw["after_days"], raw["technical_days"]
    return Schedule(
        _origin(raw), int(raw["most_tries"]), (int(after[0]), int(after[1])),
        (int(technical[0]), int(technical[1])), duration(raw["min_gap"]), duration(raw["cool_down"]),
    )  # fmt: skip


def _pay_days(raw: Mapping[str, Any]) -> PayDays:
    days = tuple(-1 if day == "last" else int(day) for day in raw["days"])
    return PayDays(_origin(raw), days, duration(raw["wait_at_most"]))
