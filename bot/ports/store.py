"""The one truth: dossiers in, change sets out, and the rows that it lists."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.domain.case import ChangeSet
from bot.domain.dossier import Dossier
from bot.domain.messages import Exchange
from bot.ports.channels import Inbound
from bot.ports.payments import PaymentNotice


class Stale(Exception):
    """Somebody else changed the conversation since it was read: read again and redo the step."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who takes over conversations. Roles: agent, admin."""

    id: str
    email: str
    name: str
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the console's list: a conversation that wants or has a person, or an errand (status to_do)."""

    customer_id: str
    ref: str
    name: str
    status: str
    reason: str
    summary: str
    urgent: bool
    opened_at: datetime
    due_at: datetime
    agent_id: str | None
    proposal: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Owing:
    """A customer who owes something. The whole changes with any fact that a planned contact depends on: `version`
    and `seq` count commits and rows of the log, `facts` are sums and counts of the rest."""

    customer_id: str
    version: int
    seq: int
    facts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Retry:
    """One try of a failed charge: what it was for, on which network, on whose clock, and how it ended.

    `first_code` is what refused the charge at the very first, `code` what refused this try.
    """

    about: str
    network: str
    time_zone: str
    first_code: str
    at: datetime
    paid: bool
    code: str | None


@dataclass(frozen=True, slots=True)
class Stray:
    """A message from an address of no customer, kept for an agent; `answer` is what was said to it, if anything,
    `outcome` what an agent did with it."""

    id: str
    channel: str
    address: str
    text: str
    provider_message_id: str
    received_at: datetime
    answer: str = ""
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One checked line of an import: field values as in the machine interface, dates and instants parsed.

    `doubts` are what somebody should know of it although it can be taken.
    """

    line: int
    customer: Mapping[str, Any]
    invoice: Mapping[str, Any]
    doubts: tuple[str, ...] = ()


class Store(Protocol):
    """The one truth. Every write is durable when the call returns."""

    async def customer_id(self, ref: str) -> str | None:
        """The id behind the creditor's reference of a customer."""
        ...

    async def customer_by_invoice(self, number: str) -> str | None:
        """The id of the customer who owes this invoice number."""
        ...

    async def customers_by_address(self, channel: str, address: str) -> list[str]:
        """The ids of the customers reached at this address, none, one or several who share it."""
        ...

    async def sharing(self, addresses: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Sequence[str]]:
        """The references of the customers reached at each of these channels and addresses."""
        ...

    async def customer_by_link(self, link_id: str) -> str | None:
        """The id of the customer for whom a payment link was issued."""
        ...

    async def customer_by_payment(self, reference: str) -> str | None:
        """The id of the customer who made a payment, by the provider's reference of it."""
        ...

    async def customer_by_charge(self, attempt_id: str) -> str | None:
        """The id of the customer whose saved method was charged."""
        ...

    async def references(self) -> list[tuple[str, str, str | None]]:
        """Every word that names a customer or an invoice, with the customer's id and the invoice's if it is one."""
        ...

    async def quarantined(self) -> list[PaymentNotice]:
        """Payment notices that nobody could book, oldest first."""
        ...

    async def reopen(self, notice: PaymentNotice) -> bool:
        """Let a quarantined notice be settled again as told now; False when it was not in quarantine."""
        ...

    async def file_notice(self, notice: PaymentNotice) -> bool:
        """Take a notice out of quarantine unbooked, with what its detail now says; False when it was not there."""
        ...

    async def with_methods(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of customers with a saved payment method, in order, a page at a time."""
        ...

    async def retries(self, since: datetime) -> list["Retry"]:
        """The tries of failed charges on days that nobody had named, oldest first for each thing charged."""
        ...

    async def dossier(self, customer_id: str, exchanges: int = 40) -> Dossier | None:
        """Everything about a customer in one consistent read: the latest exchanges and all unanswered ones."""
        ...

    async def replies(self, customer_id: str, channel: str, message_id: str) -> tuple[Exchange, ...]:
        """What was said to the customer's message with this id of its channel, oldest first."""
        ...

    async def receive(self, inbound: Inbound, exchange: Exchange) -> bool:
        """Keep an inbound exchange before it is acknowledged; False when it was there already."""
        ...

    async def commit(self, changes: ChangeSet) -> None:
        """Apply a change set whole; raises Stale when the conversation moved on."""
        ...

    async def unhandled(self, limit: int = 100) -> list[str]:
        """Customers with an inbound exchange that no turn has answered, oldest first."""
        ...

    async def outbox(self, now: datetime, limit: int = 100) -> list[Exchange]:
        """Queued outbound exchanges that may go now, oldest first, one conversation in order."""
        ...

    async def outbound(self, channel: str, state: str, limit: int = 500) -> list[Exchange]:
        """Messages of a channel that stand in a delivery state, oldest first."""
        ...

    async def exchange(self, exchange_id: str) -> Exchange | None:
        """One row of the log."""
        ...

    async def add_stray(self, stray: "Stray") -> bool:
        """Keep a message of an unknown sender; False when it was there already."""
        ...

    async def strays(self, limit: int = 100, channel: str | None = None, address: str | None = None) -> list["Stray"]:
        """The latest messages of unknown senders, or of one of them, newest first."""
        ...

    async def close_stray(self, stray_id: str, outcome: str) -> bool:
        """Say what became of a message of an unknown sender; False when somebody was faster."""
        ...

    async def interrupted(self) -> list[Exchange]:
        """Outbound exchanges found in mid-send, as a crash leaves them."""
        ...

    async def move(self, exchange: Exchange, to: str, *, note: Exchange | None = None, **fields: Any) -> bool:
        """Change the delivery state if it is still what `exchange` says, and put `note` on record with it.

        `fields`: not_before, attempts, receipt, sent_at. False when another hand was faster.
        """
        ...

    async def customers(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of customers in order, a page at a time."""
        ...

    async def owing(self, after: str = "", limit: int = 500) -> tuple[Sequence[Owing], str | None]:
        """Those of a page of customers who owe something, and the last id looked at; None past the end."""
        ...

    async def add_notice(self, notice: PaymentNotice) -> bool:
        """Keep a payment notice; False when this event was there already."""
        ...

    async def notice(self, provider: str, event_id: str) -> PaymentNotice | None:
        """One notice, settled or not."""
        ...

    async def pending_notices(self, limit: int = 100, after: PaymentNotice | None = None) -> list[PaymentNotice]:
        """Notices that no commit has settled, oldest first; those that follow `after`."""
        ...

    async def close_notice(self, notice: PaymentNotice, outcome: str, changes: ChangeSet | None) -> None:
        """Settle a notice in the same commit as its change set; `outcome`: settled or quarantined (detail and all)."""
        ...

    async def log(self, customer_id: str) -> Sequence[Exchange]:
        """All exchanges of a conversation in order of writing."""
        ...

    async def queue(self) -> list[QueueRow]:
        """Conversations that await or have a person, and open errands; urgent and oldest first."""
        ...

    async def agent(self, email: str) -> Agent | None:
        """The agent who signs in with this e-mail address."""
        ...

    async def save_agent(self, agent: Agent) -> None:
        """Insert or replace an agent by id."""
        ...

    async def import_rows(self, rows: Sequence["ImportRow"], dry_run: bool) -> list[str]:
        """Upsert customers and invoices; per row one of created, updated, unchanged or "rejected: why"."""
        ...

    async def counts(self) -> Mapping[str, int]:
        """Sizes for health and door pages: customers, waiting, unhandled, queued, quarantined, notices."""
        ...

    def changed(self) -> AsyncIterator[str]:
        """Ids of customers whose conversation changed, as commits happen in this process."""
        ...

    async def close(self) -> None:
        """Finish what waits and release the database."""
        ...
