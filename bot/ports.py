"""What the conversation needs from the outside, as Protocols; `bot.app` names the concrete ones."""

import secrets
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from bot.domain.accounts import PaymentLink
from bot.domain.case import Case, ChangeSet
from bot.domain.dossier import Dossier
from bot.domain.messages import Exchange
from bot.domain.methods import ChargeAttempt, PaymentMethod

# The case that the running action works on. rasa-sdk builds actions without arguments, and a task switch must
# not hand one customer's case to another's action: a context variable is bound to the task.
case: ContextVar[Case] = ContextVar("case")


class Clock(Protocol):
    """Tells the time; tests and `--now` play a calendar through it."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it was put."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at


_id_lock = threading.Lock()
_latest_id = 0
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)


def new_id() -> str:
    """An id of 26 characters, greater than every earlier one of this process: 48 bits of milliseconds, 80 random bits.

    Rows sort by it in the order of writing, and new ones stay at the end of the index.
    """
    global _latest_id
    with _id_lock:
        number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        if number <= _latest_id:
            number = _latest_id + 1 + secrets.randbits(40)
        _latest_id = number
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])


class Stale(Exception):
    """Somebody else changed the conversation since it was read: read again and redo the step."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as a channel received it; unique by channel and provider message id."""

    channel: str
    address: str | None
    text: str
    provider_message_id: str
    received_at: datetime
    customer_id: str | None = None
    payload: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A provider's word that money moved; unique by provider and event id. Amount in minor units.

    Kinds: payment_succeeded (with `detail["method"]` where one was kept), payment_failed; and of a payment named by
    `detail["payment"]`, the provider's id of it:
    payment_refunded, payment_reversed (a chargeback, a returned debit), payment_reinstated (a chargeback that was won).
    These carry no link of ours. What became of a charge of a saved method (`detail["attempt"]`): payment_succeeded,
    charge_failed.
    """

    provider: str
    event_id: str
    kind: str
    link_id: str
    currency: str
    amount_minor: int
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answered to a send.

    `state`: sent; printing (a letter that waits to be posted), calling (a call
    that waits to be made); failed (tried again, not before `retry_after` where the
    provider asks for that); closed (the address is dead); rejected (this message will never go); unsure (it may or may
    not have been accepted, so a second try could show it twice).
    """

    state: str
    provider_message_id: str | None = None
    reason: str | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a provider tells later of a message that it accepted: `state` is delivered, failed or closed."""

    channel: str
    exchange_id: str
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """A provider's call as it came in. `url` is the address that the provider was given, with its query."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Forged(Exception):
    """A callback that does not prove where it comes from."""


class Malformed(Exception):
    """A callback that is genuine and cannot be read; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class AddressClosed:
    """An address takes no more messages: the bot was blocked, the number is gone, the mailbox bounced."""

    channel: str
    address: str
    reason: str


Arrival = Inbound | DeliveryReport | AddressClosed


class Channel(Protocol):
    """One way to reach a customer.

    `idempotent`: whether sending the same exchange twice shows it once (a row found mid-send after a crash
    may then be sent again).
    """

    name: str
    idempotent: bool

    async def send(self, exchange: Exchange) -> Receipt:
        """Deliver one outbound exchange; raises nothing: a failure is a receipt."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@runtime_checkable
class Called(Channel, Protocol):
    """A channel whose provider calls us; `thanks` is the body and content type that it wants as an answer."""

    thanks: tuple[str, str]

    @property
    def callback_address(self) -> str:
        """What the operator enters at the provider."""
        ...

    def read(self, callback: Callback) -> Sequence[Arrival]:
        """What a callback brings; raises Forged or Malformed."""
        ...


@runtime_checkable
class Asking(Channel, Protocol):
    """A channel that must ask its provider for what has arrived."""

    async def listen(self, keep: Callable[[Sequence[Arrival]], Awaitable[None]]) -> None:
        """Ask until cancelled; the provider is told that a message is taken only once `keep` has stored it."""
        ...


class TooLarge(Exception):
    """A file is larger than what is kept; nothing of it was loaded."""


@runtime_checkable
class Fetching(Channel, Protocol):
    """A channel whose provider keeps the files that customers send until they are asked for."""

    async def fetch(self, reference: str, most: int) -> bytes | None:
        """The content of a file, None where the provider does not give it; raises TooLarge."""
        ...


class Files(Protocol):
    """Where customers' files are kept, by the hash of their content."""

    def keep(self, body: bytes) -> str:
        """Store it durably; returns its SHA-256."""
        ...

    def read(self, digest: str) -> bytes | None:
        """The content; None where it is not there or no longer what its hash says."""
        ...


class ProviderDown(Exception):
    """The payment provider cannot be reached or refuses to open a page; nothing was taken."""


class PaymentProvider(Protocol):
    """Turns one of our links into a page where money is paid.

    `form_targets`: the addresses to which the payment form may lead, for the pages' security policy.
    """

    name: str
    form_targets: tuple[str, ...]

    async def checkout_url(self, link: PaymentLink, dossier: Dossier, amount_minor: int, save: bool = False) -> str:
        """Where the customer goes to pay this sum; `save`: they agreed that the method is kept for the plan of the
        link. Raises ProviderDown.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@dataclass(frozen=True, slots=True)
class Charged:
    """What became of a charge: succeeded, failed (with the provider's code and advice), or pending until it tells.

    `payment` is the provider's id of the payment.
    """

    state: str
    at: datetime
    payment: str = ""
    code: str | None = None
    advice: str | None = None


@runtime_checkable
class Charging(Protocol):
    """A payment provider that can charge a saved method; the attempt's id is the idempotency key."""

    async def charge(self, method: PaymentMethod, attempt: ChargeAttempt, dossier: Dossier) -> Charged:
        """Take the sum of an attempt; asked again it answers the same. Raises ProviderDown."""
        ...


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice of the billing system: its id there, its status (open, paid, void, uncollectible), and a row as the
    import takes it.
    """

    id: str
    status: str
    row: Mapping[str, Any]


@runtime_checkable
class Billing(Protocol):
    """A payment provider that also writes invoices."""

    def billed(self, now: datetime, days: int) -> AsyncIterator[Billed]:
        """Open invoices in arrears, and what became of others in these days; raises ProviderDown."""
        ...

    async def paid_elsewhere(self, invoice_id: str) -> None:
        """Say that an invoice was paid; repeated, it changes nothing. Raises ProviderDown."""
        ...


@runtime_checkable
class Keeping(Protocol):
    """A payment provider that must be asked which method a customer has paid with and let us keep."""

    async def kept_method(self, payment: str) -> Mapping[str, Any] | None:
        """The method of a payment: reference, network, label, expires_on; None where none was kept.

        Raises ProviderDown.
        """
        ...


@runtime_checkable
class Recalling(Protocol):
    """A payment provider that can be asked what it has told lately, for calls that never arrived."""

    def recent_notices(self, since: datetime) -> AsyncIterator[PaymentNotice]:
        """What it told since an instant; raises ProviderDown."""
        ...


@runtime_checkable
class Notifying(Protocol):
    """A payment provider that calls us."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> PaymentNotice | None:
        """Prove and read one call, None when it means nothing to us; raises Forged or Malformed."""
        ...


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
