"""The earliest lawful instant: every rule about time moves an instant forward as little as it must, until none does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.governor.attempt import OWED, Attempt, Past, zone
from bot.domain.governor.law import DAY, Law, Packs
from bot.domain.governor.rules import Cap, Holidays, Preferences, Rule, Span, Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Nothing that is not lawful within a year becomes so by waiting.
HORIZON = 370
# So many days of kinds of customers are kept.
MOST_DAYS = 200_000
ONE_DAY = timedelta(days=1)
ALL_DAY: tuple[Span, ...] = ((0, DAY),)


@dataclass
class Clockwork:
    """The rules about time for one attempt. `contacts`: whether caps count it, `timed`: whether hours bind it."""

    packs: Packs
    attempt: Attempt
    zones: tuple[ZoneInfo, ...]
    timed: bool = True
    contacts: bool = True
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, packs: Packs, attempt: Attempt, zones: tuple[str, ...], timed: bool) -> "Clockwork":
        """The clockwork of an attempt whose customer lives in these zones."""
        counted = timed and attempt.purpose not in OWED and not attempt.charge
        return cls(packs, attempt, tuple(zone(name) for name in zones), timed, counted or attempt.purpose == "reply")

    def objection(self, law: Law) -> Rule | None:
        """The first rule about time that forbids the attempt's own instant."""
        if not self.timed:
            return None
        at = self.attempt.at
        for where in self.zones:
            local = at.astimezone(where)
            if _inside(local, self._spans(local.date())):
                continue
            return self._closed_by(local, law)
        return next((cap for cap in self._caps(law) if self._free(at, cap) != at), None)

    def earliest(self) -> datetime | None:
        """The first instant from the attempt's own on that every rule about time allows; None when there is none."""
        at, limit = self.attempt.at.astimezone(UTC), self.attempt.at + timedelta(days=HORIZON)
        while at < limit:
            moved = self._opened(at, limit)
            if moved is None:
                return None
            law = self._law(moved)
            for cap in self._caps(law):
                moved = max(moved, self._free(moved, cap))
            if self._law(moved) is not law:
                # Another law may begin between the two: no further than its first minute.
                moved = min(moved, max(self._midnight(at, 1), at + timedelta(minutes=1)))
            if moved == at:
                return at
            at = moved
        return None

    def _law(self, at: datetime) -> Law:
        return self.packs.on(at.astimezone(self.zones[0]).date(), self.attempt)

    def _midnight(self, at: datetime, days: int) -> datetime:
        where = self.zones[0]
        return datetime.combine(at.astimezone(where).date() + timedelta(days=days), time(), where).astimezone(UTC)

    def _opened(self, at: datetime, limit: datetime) -> datetime | None:
        """The first instant that lies in everybody's hours: in all zones that the customer may be in."""
        while at < limit:
            moved = at
            for where in self.zones:
                found = self._open_from(moved, where)
                if found is None:
                    return None
                moved = found
            if moved == at:
                return at
            at = moved
        return None

    def _open_from(self, at: datetime, where: ZoneInfo) -> datetime | None:
        local = at.astimezone(where)
        day = local.date()
        if _inside(local, self._spans(day)):
            return at
        minute = local.hour * 60 + local.minute
        for _ in range(HORIZON):
            for start, _end in self._spans(day):
                if start > minute:
                    # Hours begin by day, when no clock is ever set, so this local time exists once.
                    opens = datetime.combine(day, time(*divmod(start, 60)), where).astimezone(UTC)
                    return max(opens, at)
            day, minute = day + ONE_DAY, -1
        return None

    def _spans(self, day: date) -> tuple[Span, ...]:
        spans = self._days.get(day)
        if spans is None:
            spans = self._days[day] = self._open_on(day)
        return spans

    def _open_on(self, day: date) -> tuple[Span, ...]:
        attempt, kept = self.attempt, self.packs.open_days
        promotes = "promotion" in (attempt.elements or ())
        whom = (attempt.jurisdictions, attempt.role, attempt.customer_type, attempt.debt_type)
        key = (day, whom, attempt.channel, promotes)
        spans = kept.get(key)
        if spans is None:
            law = self.packs.on(day, attempt)
            spans = hours(law, attempt)[day.weekday()]
            if spans and any(self._kept(rule, day) for rule in law.of("holidays", Holidays)):
                spans = ()
            if len(kept) > MOST_DAYS:
                kept.clear()
            kept[key] = spans
        if spans and attempt.preferences and _own_hours_bind(attempt, self.packs.on(day, attempt)):
            spans = intersect(spans, wished(attempt.preferences, day))
        return spans

    def _kept(self, rule: Holidays, day: date) -> bool:
        return rule.closed and self.packs.holiday(day, self.attempt.jurisdictions, rule)

    def _closed_by(self, local: datetime, law: Law) -> Rule | None:
        day = local.date()
        for window in law.of("windows", Window):
            if _applies(window, self.attempt) and not _inside(local, window.open[day.weekday()]):
                return window
        if self.attempt.preferences and not _inside(local, wished(self.attempt.preferences, day)):
            return own_wish(self.attempt, law)
        return next((rule for rule in law.of("holidays", Holidays) if self._kept(rule, day)), None)

    def _caps(self, law: Law) -> Iterator[Cap]:
        attempt = self.attempt
        if not self.contacts or not attempt.history:
            return
        for cap in law.of("caps", Cap):
            if attempt.channel in cap.channels and (cap.place is None or cap.place == attempt.place):
                yield cap

    def _free(self, at: datetime, cap: Cap) -> datetime:
        """The first instant from `at` on that the cap leaves free."""
        if cap.after_conversation:
            talks = [past.at for past in self.attempt.history if _talk(past, cap, self.attempt)]
            return max([at, *(self._after(talk, cap.after_conversation) for talk in talks)])
        times = sorted(past.at for past in self.attempt.history if _counts(past, cap, self.attempt))
        if len(times) < cap.max:
            return at
        free = max(at, times[-cap.max] + cap.per)
        if cap.per == ONE_DAY:
            # A day is the customer's calendar day as well as 24 hours, whichever is longer.
            free = max(free, self._after(times[-cap.max], 1))
        return free

    def _after(self, at: datetime, days: int) -> datetime:
        return max(
            datetime.combine(at.astimezone(where).date() + timedelta(days=days), time(), where).astimezone(UTC)
            for where in self.zones
        )


def hours(law: Law, attempt: Attempt) -> tuple[tuple[Span, ...], ...]:
    """What all windows leave open on each weekday for this attempt."""
    key = (attempt.channel, "promotion" in (attempt.elements or ()))
    found = law.hours.get(key)
    if found is None:
        week = [ALL_DAY] * 7
        for window in law.of("windows", Window):
            if _applies(window, attempt):
                week = [intersect(spans, window.open[n]) for n, spans in enumerate(week)]
        found = law.hours[key] = tuple(week)
    return found


def _applies(window: Window, attempt: Attempt) -> bool:
    if attempt.channel in window.except_channels:
        return False
    return window.with_element is None or window.with_element in (attempt.elements or ())


def own_wish(attempt: Attempt, law: Law) -> Preferences | None:
    """The rule by which the customer's wishes bind on this channel."""
    return next(
        (rule for rule in law.of("preferences", Preferences) if not rule.channels or attempt.channel in rule.channels),
        None,
    )


def _own_hours_bind(attempt: Attempt, law: Law) -> bool:
    return own_wish(attempt, law) is not None


def wished(preferences: Mapping[str, Any], day: date) -> tuple[Span, ...]:
    """The customer's own hours of a day: not_before, not_after ("18:00"), days (mon ...)."""
    days = preferences.get("days")
    if days and DAYS[day.weekday()] not in days:
        return ()
    start, end = minutes(preferences.get("not_before"), 0), minutes(preferences.get("not_after"), DAY)
    # "After 18 and not after 9" goes over midnight.
    return ((start, end),) if start < end else ((0, end), (start, DAY))


def minutes(text: Any, default: int) -> int:
    """A time of day in minutes."""
    if not text:
        return default
    clock = time.fromisoformat(str(text))
    return clock.hour * 60 + clock.minute


def intersect(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """What lies in both."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted((a, b) for a, b in both if a < b))


def _inside(local: datetime, spans: tuple[Span, ...]) -> bool:
    minute = local.hour * 60 + local.minute
    for start, end in spans:  # noqa: SIM110 -- a generator costs more than the loop, a dozen times a verdict
        if start <= minute < end:
            return True
    return False


def _counts(past: Past, cap: Cap, attempt: Attempt) -> bool:
    return past.contact and past.channel in cap.channels and _same(past, cap, attempt)


def _talk(past: Past, cap: Cap, attempt: Attempt) -> bool:
    spoken = past.conversation or not past.outbound
    return spoken and past.channel in cap.channels and _same(past, cap, attempt)


def _same(past: Past, cap: Cap, attempt: Attempt) -> bool:
    """Whether an earlier contact is about the debt and place that the cap counts; what is not known counts."""
    other_debt = cap.scope == "debt" and past.debt and attempt.debt and past.debt != attempt.debt
    return not other_debt and (cap.place is None or past.place in (None, cap.place))
