"""Who holds a conversation, and the requests for a person that it raised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

AUTOMATED, AWAITING_AGENT, WITH_AGENT, CLOSED = "automated", "awaiting_agent", "with_agent", "closed"

# A proof of identity given in a chat serves for that visit, not for whoever opens the page tomorrow.
PROOF_LASTS = timedelta(hours=2)

# A visit that began with a signed link sent to an address of the person's own.
PROVED_VISIT = "proved-"

# Addresses that the creditor's own file ties to the person. A web page opened by anyone is not one.
PROVING_CHANNELS = frozenset({"sms", "email", "telegram", "whatsapp", "letter", "phone"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """A customer's one conversation, for life, over all channels; it carries the customer's id.

    `version` guards every change. `log_seq` and `log_hash` are the head of the hash chain of its exchanges.
    """

    id: str
    customer_id: str
    language: str
    status: str = AUTOMATED
    version: int = 0
    channel: str = "webchat"
    identified_at: datetime | None = None
    identified_on: str = ""
    agent_id: str | None = None
    script_version: str = ""
    log_seq: int = 0
    log_hash: str = ""

    def identified(self, channel: str, address: str | None, now: datetime, on_file: bool = True) -> bool:
        """Whether the debt may be named now on this channel and address (for a web chat: this visit).

        `on_file`: the address is one of the creditor's file, not one that a stranger wrote from.
        """
        if channel in PROVING_CHANNELS and on_file:
            return True
        if (address or "").startswith(PROVED_VISIT):
            return True
        return self.proof_lasts(now) and self.identified_on == (address or "")

    def proof_lasts(self, now: datetime) -> bool:
        """Whether somebody proved to be the customer lately, on whatever page."""
        return self.identified_at is not None and now - self.identified_at < PROOF_LASTS

    @property
    def held_by_person(self) -> bool:
        """While a person has it, or is awaited, nothing unasked is sent."""
        return self.status in (AWAITING_AGENT, WITH_AGENT)


# Requests that a person sees to beside the conversation, which stays with the bot.
ERRANDS = frozenset({
    "ask_privacy", "cancel_subscription", "change_preference", "call_back", "already_paid", "dispute_unclear",
    "attachment", "overpaid", "unproved_word", "identity", "unfit_payment",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handoff:
    """A request for a person. `reason` is an intent or rule name; `proposal` what is ready for a decision."""

    id: str
    customer_id: str
    reason: str
    summary: str
    opened_at: datetime
    due_at: datetime
    urgent: bool = False
    proposal: Mapping[str, Any] = field(default_factory=dict)
    agent_id: str | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None

    @property
    def errand(self) -> bool:
        """Whether it leaves the conversation with the bot."""
        return self.reason in ERRANDS

    @property
    def state(self) -> str:
        """One of waiting, taken, closed."""
        if self.closed_at is not None:
            return "closed"
        return "taken" if self.taken_at is not None else "waiting"
