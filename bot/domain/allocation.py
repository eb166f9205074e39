"""Which money moved back or forth on an earlier payment."""

from collections.abc import Sequence

from bot.domain.accounts import Payment


def of_reference(reference: str, event_id: str) -> str:
    """The reference of money that moves back or forth on a payment: it begins with that of the payment."""
    return f"{reference}:{event_id}"


def left_of(payment: Payment, payments: Sequence[Payment]) -> int:
    """What is still here of a payment after refunds and reversals."""
    moved = sum(other.amount_minor for other in payments if other.reference.startswith(payment.reference + ":"))
    return payment.amount_minor + moved
