"""A chargeback was decided for us: the money is here again."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event

TYPE = "charge.dispute.funds_reinstated"


def notice(event: Event) -> PaymentNotice | None:
    """The reversal undone."""
    return event.notice("payment_reinstated", event.object.get("amount"), event.object.get("payment_intent"))
