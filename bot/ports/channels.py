"""How messages go out and come in: a channel, its provider's calls and reports, kept files."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from bot.domain.messages import Exchange


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
