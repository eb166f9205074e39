"""What a customer says of a payment that we do not see yet: by which way, on which day."""

import re
from datetime import date, timedelta

from bot.domain.words import plain

_WAYS = {
    "card": r"cartes?|cb|cards?|tarjeta|karte|kreditkarte|visa|mastercard",
    "bank transfer": r"virements?|transfers?|bank transfer|transferencia|uberweisung|uberwiesen|vire",
    "direct debit": r"prelevements?|direct debit|domiciliacion|lastschrift|sepa",
    "cheque": r"cheques?|checks?|scheck",
    "cash": r"especes|cash|efectivo|bar|liquide",
    "PayPal": r"paypal",
}


def way_of_payment(text: str) -> str | None:
    """The way of payment that a text names, or None."""
    words = plain(text)
    return next((way for way, names in _WAYS.items() if re.search(rf"\b(?:{names})\b", words)), None)


def day_paid(day: date, today: date, text: str) -> date:
    """A day told of a payment lies behind: "Friday" is the last one, "the 12th" that of this month or the last."""
    if day <= today:
        return day
    if not re.search(r"\d", text):
        return day - timedelta(days=7 * (1 + (day - today - timedelta(days=1)).days // 7))
    month = today.month if day.day <= today.day else today.month - 1
    year, month = (today.year, month) if month else (today.year - 1, 12)
    try:
        return date(year, month, day.day)
    except ValueError:
        return today
