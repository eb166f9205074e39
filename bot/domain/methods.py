"""Saved ways to be charged, and what became of each charge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

# Pending: the provider has taken the charge on and will tell in days what became of it.
STARTED, PENDING, SUCCEEDED, FAILED = "started", "pending", "succeeded", "failed"
SUBSCRIPTION, PLAN = "subscription", "plan"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A card or an account that the customer agreed to be charged on.

    `reference` is the provider's name of it and no card number; `label` is what the customer knows it by. `agreement`
    holds what was agreed: `covers` (subscription or plan), for a plan its `plan_id`, and the words, when and where.
    """

    id: str
    customer_id: str
    provider: str
    reference: str
    network: str
    label: str
    agreed_at: datetime
    agreement: Mapping[str, Any] = field(default_factory=dict)
    expires_on: date | None = None
    closed_at: datetime | None = None

    def usable(self, today: date) -> bool:
        """Whether it may be charged at all."""
        return self.closed_at is None and (self.expires_on is None or today <= self.expires_on)

    def covers_plan(self, plan_id: str) -> bool:
        """Whether the customer agreed that the instalments of this plan are taken from it."""
        return self.agreement.get("covers") == PLAN and self.agreement.get("plan_id") == plan_id

    @property
    def covers_subscription(self) -> bool:
        """Whether the invoices of a subscription are taken from it."""
        return self.agreement.get("covers") == SUBSCRIPTION


@dataclass(frozen=True, slots=True)
class ChargeAttempt:
    """One try to take money, written down before the provider is asked; its id is the idempotency key.

    `about` is what it is for: "invoice:<id>" or "plan:<id>:<number>". `agreed`: on a day that the customer named.
    """

    id: str
    customer_id: str
    method_id: str
    about: str
    currency: str
    amount_minor: int
    at: datetime
    agreed: bool = False
    state: str = STARTED
    code: str | None = None
    advice: str | None = None
    ended_at: datetime | None = None


def tries(attempts: Sequence[ChargeAttempt], about: str) -> list[ChargeAttempt]:
    """The failed tries for one thing, oldest first."""
    found = [attempt for attempt in attempts if attempt.about == about and attempt.state == FAILED]
    return sorted(found, key=lambda attempt: attempt.at)
