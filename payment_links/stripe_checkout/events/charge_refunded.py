"""Money was given back from Stripe's dashboard or by another program."""

from bot.ports import Malformed, PaymentNotice
from payment_links.stripe_checkout.events import Event, link_of

TYPE = "charge.refunded"


def notice(event: Event) -> PaymentNotice | None:
    """What this refund adds: the charge carries the sum of all its refunds."""
    if not link_of(event.object):
        return None
    total, before = event.object.get("amount_refunded"), event.before.get("amount_refunded", 0)
    if not isinstance(total, int) or not isinstance(before, int):
        raise Malformed(f"{event.type} {event.id} names no refunded sum")
    return event.notice("payment_refunded", total - before, event.object.get("payment_intent"))
