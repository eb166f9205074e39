"""What the conversation needs from the outside, as Protocols; `bot.app` names the concrete ones."""

from contextvars import ContextVar

from bot.domain.case import Case
from bot.ports.channels import (
    AddressClosed,
    Arrival,
    Asking,
    Callback,
    Called,
    Channel,
    DeliveryReport,
    Fetching,
    Files,
    Forged,
    Inbound,
    Malformed,
    Receipt,
    TooLarge,
)
from bot.ports.clock import Clock, SetClock, SystemClock, new_id
from bot.ports.payments import (
    Billed,
    Billing,
    Charged,
    Charging,
    Keeping,
    Notifying,
    PaymentNotice,
    PaymentProvider,
    ProviderDown,
    Recalling,
)
from bot.ports.store import Agent, ImportRow, Owing, QueueRow, Retry, Stale, Store, Stray

__all__ = [
    "AddressClosed",
    "Agent",
    "Arrival",
    "Asking",
    "Billed",
    "Billing",
    "Callback",
    "Called",
    "Channel",
    "Charged",
    "Charging",
    "Clock",
    "DeliveryReport",
    "Fetching",
    "Files",
    "Forged",
    "ImportRow",
    "Inbound",
    "Keeping",
    "Malformed",
    "Notifying",
    "Owing",
    "PaymentNotice",
    "PaymentProvider",
    "ProviderDown",
    "QueueRow",
    "Recalling",
    "Receipt",
    "Retry",
    "SetClock",
    "Stale",
    "Store",
    "Stray",
    "SystemClock",
    "TooLarge",
    "case",
    "new_id",
]

# The case that the running action works on. rasa-sdk builds actions without arguments, and a task switch must
# not hand one customer's case to another's action: a context variable is bound to the task.
case: ContextVar[Case] = ContextVar("case")
