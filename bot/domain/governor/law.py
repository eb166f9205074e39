"""Which rules are in force for one customer on one day: packs merged along their parents, the stricter wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

from bot.domain.governor import rules
from bot.domain.governor.attempt import Attempt
from bot.domain.governor.calendars import Calendar
from bot.domain.governor.rules import BLOCKS, Pack, Rule

STRICT = "STRICT"
DAY = 24 * 60
T = TypeVar("T", bound=Rule)


@dataclass(frozen=True)
class Law:
    """The rules in force for a kind of customer on a day, everywhere's among them."""

    blocks: Mapping[str, tuple[Rule, ...]]
    holds: Mapping[str, rules.Hold]
    packs: tuple[str, ...]
    # Hours by weekday for a channel and a set of telling elements, made when first asked for.
    hours: dict[Any, tuple[tuple[rules.Span, ...], ...]] = field(default_factory=dict)

    def of(self, block: str, kind: type[T]) -> tuple[T, ...]:
        """The rules of one block."""
        return cast("tuple[T, ...]", self.blocks.get(block, ()))


@dataclass
class Packs:
    """All packs and calendars. Answers are kept, as the same customers are judged again and again."""

    packs: Mapping[str, Pack]
    everywhere: Pack
    calendars: Mapping[str, Calendar]
    country_of_union: Mapping[str, tuple[str, ...]]
    # What is open on a day for a kind of customer and message, kept by governor/times.
    open_days: dict[Any, tuple[rules.Span, ...]] = field(default_factory=dict)
    _laws: dict[Any, Law] = field(default_factory=dict)
    _merged: dict[Any, Law] = field(default_factory=dict)
    _holidays: dict[Any, frozenset[date]] = field(default_factory=dict)

    def pack_for(self, jurisdiction: str) -> str:
        """The most specific pack of a jurisdiction (US-NY-NYC, else US-NY, else US), STRICT when there is none."""
        parts = jurisdiction.upper().split("-")
        for length in range(len(parts), 0, -1):
            if (code := "-".join(parts[:length])) in self.packs:
                return code
        return STRICT

    def zones(self, jurisdictions: tuple[str, ...]) -> tuple[str, ...]:
        """Every time zone that a customer of these jurisdictions may be in; none when that cannot be told."""
        found: list[str] = []
        # The strict pack names no place: beside a jurisdiction it adds rules and no zones.
        for code in [code for code in jurisdictions if code != STRICT] or jurisdictions:
            zones = self.packs[self.pack_for(code)].zones
            if not zones:
                return ()
            found += [zone for zone in zones if zone not in found]
        return tuple(found)

    def on(self, day: date, attempt: Attempt) -> Law:
        """The rules in force on a day for this attempt's customer."""
        key = (attempt.jurisdictions, attempt.role, attempt.customer_type, attempt.debt_type, day)
        law = self._laws.get(key)
        if law is None:
            if len(self._laws) > 50_000:
                self._laws.clear()
            law = self._laws[key] = self._merge(day, attempt)
        return law

    def holiday(self, day: date, jurisdictions: tuple[str, ...], rule: rules.Holidays) -> bool:
        """Whether a day is a public holiday by this rule where the customer lives."""
        return day in self.holidays(day.year, jurisdictions, rule.calendar)

    def holidays(self, year: int, jurisdictions: tuple[str, ...], calendar: str = "candidates") -> frozenset[date]:
        """The public holidays of a year where the customer lives, those of every country that it may be."""
        key = (year, jurisdictions, calendar)
        days = self._holidays.get(key)
        if days is None:
            made = [
                self.calendars[code].of(year, where)
                for where in jurisdictions or (STRICT,)
                for code in self._calendars(calendar, where)
            ]
            days = self._holidays[key] = frozenset().union(*made)
        return days

    def _calendars(self, calendar: str, jurisdiction: str) -> Iterable[str]:
        if calendar != "candidates":
            return (calendar,)
        country = jurisdiction.split("-", maxsplit=1)[0]
        if country in self.calendars:
            return (country,)
        return self.country_of_union.get(country, tuple(self.calendars))

    def _merge(self, day: date, attempt: Attempt) -> Law:
        codes = [self.pack_for(code) for code in attempt.jurisdictions or (STRICT,)]
        merged: dict[str, dict[str, Rule]] = {}
        for code in codes:
            for block, found in self._chain(code, day, attempt).items():
                merged.setdefault(block, {}).update({rule.id: rule for rule in found})
        for block, common in self.everywhere.blocks.items():
            binding = {rule.id: rule for rule in common if _binds(rule, day, attempt)}
            merged[block] = {**merged.get(block, {}), **binding}
        # What law asks is named before what the house asks.
        blocks = {b: tuple(sorted(f.values(), key=lambda rule: rule.basis == "house")) for b, f in merged.items()}
        # One object for equal rules, so that a change of law between two days is seen by identity.
        key = (attempt.jurisdictions, tuple((block, tuple(r.id for r in found)) for block, found in blocks.items()))
        if key not in self._merged:
            holds = {rule.id: rule for rule in blocks.get("holds", ()) if isinstance(rule, rules.Hold)}
            self._merged[key] = Law(blocks, holds, tuple(codes))
        return self._merged[key]

    def _chain(self, code: str, day: date, attempt: Attempt) -> dict[str, list[Rule]]:
        """A pack's rules on top of its parents'. A pack that does not cover this customer leaves them to its parent."""
        pack = self.packs[code]
        found = self._chain(pack.extends, day, attempt) if pack.extends else {}
        if not _binds(pack.covers, day, attempt):
            return found
        for block in BLOCKS:
            own = [rule for rule in pack.blocks.get(block, ()) if _binds(rule, day, attempt)]
            # A replaced block falls only for something in its place: a lapse of dates never frees anybody.
            keep = [] if block in pack.replaces and own else found.get(block, [])
            found[block] = [*keep, *own]
        return found


def _binds(rule: Rule, day: date, attempt: Attempt) -> bool:
    return rule.in_force(day) and rule.binds(attempt.role, attempt.customer_type, attempt.debt_type)
