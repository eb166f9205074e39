"""How money comes in: a provider, its notices, charges of saved methods, bills taken over."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.domain.accounts import PaymentLink
from bot.domain.dossier import Dossier
from bot.domain.methods import ChargeAttempt, PaymentMethod


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
