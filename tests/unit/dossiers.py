"""Small dossiers for tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.accounts import ContactPoint, Customer, Invoice
from bot.domain.conversation import Conversation
from bot.domain.dossier import Dossier
from bot.domain.messages import OUT, Exchange

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # noon in Paris


def dossier(days_late: int = 30, minor: int = 12990, **changes: Any) -> Dossier:
    """One French consumer with one invoice, an SMS and an e-mail address."""
    due = TODAY - timedelta(days=days_late)
    made = Dossier(
        Customer("c", "C-1", "Claire Martin", "consumer", "fr", "Europe/Paris", "FR",
                 {"birth_date": "1984-03-09", "postal_code": "69003"}),
        Conversation("c", "c", "fr"),
        contact_points=(
            ContactPoint("a1", "c", "sms", "+33612345678", True),
            ContactPoint("a2", "c", "email", "claire@example.org", False),
        ),
        invoices=(Invoice("i1", "c", "F-1", "EUR", minor, due - timedelta(days=30), due, "Fibre"),),
    )  # fmt: skip
    return replace(made, **changes)


def message(
    at: datetime = NOON, purpose: str = "reminder", channel: str = "sms", state: str = "queued", **more: Any
) -> Exchange:
    """One outbound exchange."""
    return Exchange(
        more.pop("id", f"x{at.isoformat()}{purpose}"), "c", at, OUT, more.pop("author", "bot"), channel, "text",
        purpose=purpose, address=more.pop("address", None), state=state, **more,
    )  # fmt: skip
