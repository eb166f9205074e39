"""When agents are at work, so that a person is promised for an hour at which one can answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
QUARTER = timedelta(minutes=15)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening hours of the agents' desk: the weekdays (Monday is 0) and the hours, on the clock of `zone`.

    `closed`: days on which nobody works all the same (holidays).
    """

    opens: time = time(9)
    closes: time = time(18)
    days: frozenset[int] = frozenset(range(5))
    zone: str = "Europe/Paris"
    closed: frozenset[date] = frozenset()

    @classmethod
    def read(cls, section: Mapping[str, Any]) -> "OfficeHours":
        """The section `hours` of config.yml; what is absent keeps the usual hours."""
        usual = cls()
        days = frozenset(_DAYS.index(day) for day in section.get("days") or ())
        return cls(
            time.fromisoformat(section["from"]) if section.get("from") else usual.opens,
            time.fromisoformat(section["to"]) if section.get("to") else usual.closes,
            days or usual.days,
            str(section.get("time_zone") or usual.zone),
            frozenset(date.fromisoformat(str(day)) for day in section.get("closed") or ()),
        )

    def open_at(self, at: datetime) -> bool:
        """Whether somebody is at work at this instant."""
        local = at.astimezone(ZoneInfo(self.zone))
        return self._works(local) and self.opens <= local.time() < self.closes

    def after(self, now: datetime, within: timedelta) -> datetime:
        """The end of a waiting time: hours run while the desk is open, whole days are working days.

        Rounded up to a quarter of an hour, so that what is told is what is kept.
        """
        if self.opens >= self.closes:
            return now + within
        at = self._opening(now.astimezone(ZoneInfo(self.zone)))
        whole, rest = divmod(within, A_DAY)
        for _ in range(whole):
            at = self._next_day(at)
        while rest > (left := self._closing(at) - at):
            rest -= left
            at = self._opening(self._closing(at))
        return min(_quarter(at + rest), self._closing(at)).astimezone(now.tzinfo)

    def _opening(self, local: datetime) -> datetime:
        """This moment if the desk is open, else when it next opens."""
        if self._works(local) and local.time() < self.closes:
            return max(local, _at(local, self.opens))
        return _at(self._next_day(local), self.opens)

    def _next_day(self, local: datetime) -> datetime:
        """The same time on the next day of work."""
        day = local + A_DAY
        while not self._works(day):
            day += A_DAY
        return day

    def _works(self, local: datetime) -> bool:
        return local.weekday() in self.days and local.date() not in self.closed

    def _closing(self, local: datetime) -> datetime:
        return _at(local, self.closes)


def _at(local: datetime, clock: time) -> datetime:
    return local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


def _quarter(local: datetime) -> datetime:
    whole = local.replace(minute=local.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == local else whole + QUARTER
