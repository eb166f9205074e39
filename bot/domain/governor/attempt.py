"""One attempt to reach or to charge a customer, with the facts that rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

CHANNELS = ("sms", "telegram", "whatsapp", "email", "webchat", "phone", "letter", "charge")
ELECTRONIC = frozenset({"sms", "telegram", "whatsapp", "email", "webchat"})
PURPOSES = (
    "pre_due", "reminder", "reply", "plan_offer", "receipt", "opt_out_confirmation", "final_notice",
    "suspension_notice", "card_expiry", "charge",
)  # fmt: skip
# What answers the customer or is owed to them: it uses up no contact, and no house rule loads it with mentions.
OWED = frozenset({"reply", "receipt", "opt_out_confirmation"})
# What names the debt.
ABOUT_DEBT = frozenset({"pre_due", "reminder", "plan_offer", "final_notice", "suspension_notice"})
ROLES = ("creditor", "collector")
CUSTOMER_TYPES = ("consumer", "sole_trader", "business")
DEBT_TYPES = ("invoice", "consumer_credit", "rent", "utility", "medical", "other")


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier message, call or charge. `conversation`: a call in which the customer was spoken to."""

    at: datetime
    channel: str
    outbound: bool
    purpose: str = "reminder"
    debt: str | None = None
    place: str | None = None
    conversation: bool = False

    @property
    def contact(self) -> bool:
        """Whether it was a contact that the customer had not asked for."""
        return self.outbound and self.purpose not in OWED and self.channel != "charge"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody wants to send or charge. The defaults are the safest readings of what is not known.

    `zones`: every time zone that the customer may be in, none when unknown. `answers`: whether it answers the
    customer's own message, None to be told from the history. `elements`: the mandatory parts that the message
    contains, None while its text is not yet written; `linked`: those on the page that it links to.
    """

    at: datetime
    channel: str
    purpose: str = "reminder"
    jurisdictions: tuple[str, ...] = ()
    role: str = "collector"
    customer_type: str = "consumer"
    debt_type: str = "invoice"
    zones: tuple[str, ...] = ()
    consent: bool = False
    opted_out: frozenset[str] = frozenset()
    holds: tuple[str, ...] = ()
    preferences: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[Past, ...] = ()
    elements: frozenset[str] | None = frozenset()
    linked: frozenset[str] = frozenset()
    answers: bool | None = None
    author: str = "bot"
    place: str | None = None
    debt: str | None = None
    payment_link: bool = False
    attested: bool = False

    @property
    def charge(self) -> bool:
        """Whether money is to be taken rather than a word said."""
        return self.channel == "charge" or self.purpose == "charge"


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The zone of this name."""
    return ZoneInfo(name)
