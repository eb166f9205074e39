"""Stripe's events, one type a file: each says which payment notice it is, if any."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from bot.ports import Malformed, PaymentNotice
from payment_links.stripe_checkout.sums import from_stripe


@dataclass(frozen=True, slots=True)
class Event:
    """One event as Stripe posts it; `before` holds what the object's changed fields were."""

    id: str
    type: str
    at: datetime
    object: Mapping[str, Any]
    before: Mapping[str, Any]

    @classmethod
    def read(cls, raw: Any) -> "Event":
        """Check the envelope; raises Malformed."""
        try:
            data = raw["data"]
            event = cls(
                str(raw["id"]), str(raw["type"]), datetime.fromtimestamp(int(raw["created"]), UTC), data["object"],
                data.get("previous_attributes") or {},
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
            raise Malformed(f"this is no Stripe event: {error!r}") from None
        if not isinstance(event.object, Mapping) or not isinstance(event.before, Mapping) or len(event.id) > 100:
            raise Malformed("this is no Stripe event: data.object is missing")
        return event

    def notice(self, kind: str, amount: Any, payment: Any, link_id: str = "", **detail: Any) -> PaymentNotice:
        """The payment notice that this event is; raises Malformed where a sum or a currency is missing."""
        currency = self.object.get("currency")
        if isinstance(amount, bool) or not isinstance(amount, int) or not isinstance(currency, str):
            raise Malformed(f"{self.type} {self.id} names no sum in a currency")
        named = {"payment": payment} if isinstance(payment, str) and payment else {}
        return PaymentNotice(
            "stripe", self.id, kind, link_id, currency.upper(), from_stripe(amount, currency.upper()), self.at,
            {**named, "type": self.type, "object": str(self.object.get("id", "")), **detail},
        )  # fmt: skip


@cache
def handlers() -> Mapping[str, Callable[[Event], PaymentNotice | None]]:
    """Every handled event type with its reading."""
    found: dict[str, Callable[[Event], PaymentNotice | None]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found[loaded.TYPE] = loaded.notice
    return found


def link_of(session: Mapping[str, Any]) -> str:
    """The link of ours that a Checkout session was opened for; empty for sessions of others on the same account."""
    metadata = session.get("metadata")
    link_id = metadata.get("relance_link") if isinstance(metadata, Mapping) else None
    return link_id if isinstance(link_id, str) and len(link_id) <= 120 else ""


def charge_of(intent: Mapping[str, Any]) -> str:
    """The charge of ours that a payment intent was made for; empty for those of others on the same account."""
    metadata = intent.get("metadata")
    attempt = metadata.get("relance_charge") if isinstance(metadata, Mapping) else None
    return attempt if isinstance(attempt, str) and len(attempt) <= 40 else ""
