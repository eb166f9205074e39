"""Days on which nobody is written to unasked: Sundays and public holidays, for businesses Saturdays too.

A house rule, with no legal source of its own; which days are holidays is told by the calendars of the packs.
"""

from datetime import date, timedelta

from bot.domain.governor.law import Packs

SATURDAY, SUNDAY = 5, 6


def closed(day: date, jurisdiction: str, customer_type: str, packs: Packs | None = None) -> bool:
    """Whether nothing unasked is sent on this day of the customer's calendar."""
    if day.weekday() == SUNDAY or (customer_type == "business" and day.weekday() == SATURDAY):
        return True
    return packs is not None and day in packs.holidays(day.year, (jurisdiction,))


def next_open(day: date, jurisdiction: str, customer_type: str, packs: Packs | None = None) -> date:
    """This day, or the first after it on which a message may be sent."""
    while closed(day, jurisdiction, customer_type, packs):
        day += timedelta(days=1)
    return day
