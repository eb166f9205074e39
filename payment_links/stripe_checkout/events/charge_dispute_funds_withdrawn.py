"""A chargeback or a returned debit: the bank took the money back."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event

TYPE = "charge.dispute.funds_withdrawn"
# A debit that the account could not cover comes as a dispute too, and contests nothing.
_RETURNS = ("insufficient_funds", "bank_cannot_process", "incorrect_account_details")


def notice(event: Event) -> PaymentNotice | None:
    """A reversal; whether the payment is ours is found by its id."""
    why = event.object.get("reason")
    reason = "returned" if why in _RETURNS else "chargeback"
    return event.notice(
        "payment_reversed", event.object.get("amount"), event.object.get("payment_intent"), reason=reason,
        told=str(why or ""),
    )  # fmt: skip
