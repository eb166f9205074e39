"""Promises to pay: kept or broken by the money received, never by a flag."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.accounts import Payment

# Practice: 90 to 95 % of the sum counts as kept, broken after 3 to 5 days (insidearm.com 00021253, practice note).
KEPT_PERCENT = 95
TOLERANCE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Promise:
    """The customer's word to pay a sum by a day."""

    id: str
    customer_id: str
    currency: str
    amount_minor: int
    due_on: date
    made_at: datetime
    channel: str
    withdrawn_at: datetime | None = None


def state(promise: Promise, payments: Iterable[Payment], today: date) -> str:
    """One of open, kept, broken, withdrawn, seen from `today`."""
    if promise.withdrawn_at is not None:
        return "withdrawn"
    last_day = promise.due_on + TOLERANCE
    received = sum(
        payment.amount_minor
        for payment in payments
        if payment.currency == promise.currency
        and payment.paid_at >= promise.made_at
        and payment.paid_at.date() <= last_day
    )
    if received * 100 >= promise.amount_minor * KEPT_PERCENT:
        return "kept"
    return "open" if today <= last_day else "broken"
