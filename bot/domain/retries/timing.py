"""The day and the hour of the next try: bank hours, another time of day than before, the day money is there."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.retries.banking import WEEKDAYS
from bot.domain.retries.learning import PAY_DAY, Chance, Lessons
from bot.domain.retries.rulebook import Network, PayDays

_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Choice:
    """An instant (UTC) and why it was taken, in plain words; `chance` where outcomes were weighed."""

    at: datetime
    why: str
    chance: Chance | None = None


def slots(day: date, zone: ZoneInfo, network: Network, prefer: int) -> Iterator[datetime]:
    """The hours of a working day at which charges are made, the preferred one first."""
    if network.closed.on(day):
        return
    count = len(network.hours)
    for place in range(count):
        hour = network.hours[(place + prefer) % count]
        yield datetime.combine(day, hour, zone).astimezone(UTC)


def first_slot(start: datetime, zone: ZoneInfo, network: Network, prefer: int) -> datetime:
    """The preferred hour of the first day that still has one from `start` on."""
    day = start.astimezone(zone).date()
    while True:
        for at in slots(day, zone, network, prefer):
            if at >= start:
                return at
        day += timedelta(days=1)


def best_slot(
    start: datetime, end: datetime, zone: ZoneInfo, network: Network, pay_days: PayDays | None, tried: int,
    lessons: Lessons, fault: str, own_pay_day: int | None = None,
) -> Choice:  # fmt: skip
    """The best instant between `start` and `end`, or the first one after `start` where none is left.

    The pay-day that the customer named comes first, waited for beyond `end` if need be. Then the day and hour with
    the best chance; where they are alike, the rhythm decides.
    """
    if pay_days is not None and own_pay_day is not None:
        day = _next_pay_day(start.astimezone(zone).date(), own_pay_day)
        if day - start.astimezone(zone).date() <= pay_days.wait_at_most:
            moment = datetime.combine(day, network.hours[0], zone).astimezone(UTC)
            return Choice(first_slot(max(start, moment), zone, network, tried), f"at the customer's pay-day {day}")
    days = [start.astimezone(zone).date()]
    while days[-1] < end.astimezone(zone).date():
        days.append(days[-1] + timedelta(days=1))
    ranked = []
    for day in days:
        kind = kind_of(day, network, pay_days)
        for order, at in enumerate(slots(day, zone, network, tried)):
            if start <= at <= end:
                chance = lessons.chance(fault, kind, at.astimezone(zone).time())
                rhythm = abs((day - days[0]).days - (tried - 1) % len(days))
                ranked.append(((-chance.weighed, rhythm, order), at, kind, chance))
    if not ranked:
        return Choice(first_slot(start, zone, network, tried), "at the first moment allowed")
    _, at, kind, chance = min(ranked, key=lambda item: item[0])
    return Choice(at, "on a usual pay-day" if kind == PAY_DAY else "in the default rhythm", chance)


def kind_of(day: date, network: Network, pay_days: PayDays | None) -> str:
    """A weekday's name, or pay_day."""
    return PAY_DAY if pay_days is not None and _is_pay_day(day, network, pay_days) else WEEKDAYS[day.weekday()]


def _is_pay_day(day: date, network: Network, pay_days: PayDays) -> bool:
    """Whether money comes on this day: a pay-day, or the first working day after one."""
    for back in range(5):
        paid = day - timedelta(days=back)
        last = calendar.monthrange(paid.year, paid.month)[1]
        if (paid.day in pay_days.days or (-1 in pay_days.days and paid.day == last)) and (
            _next_work_day(paid, network) == day
        ):
            return True
    return False


def _next_work_day(day: date, network: Network) -> date:
    while day.weekday() in _WEEKEND or network.closed.on(day):
        day += timedelta(days=1)
    return day


def _next_pay_day(start: date, day_of_month: int) -> date:
    year, month = start.year, start.month
    while True:
        day = date(year, month, min(day_of_month, calendar.monthrange(year, month)[1]))
        if day >= start:
            return day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
