"""A slower way to pay did not come through, after the customer had left the page."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event, link_of

TYPE = "checkout.session.async_payment_failed"


def notice(event: Event) -> PaymentNotice | None:
    """A refused payment of a link of ours: the customer does not know yet."""
    session, link_id = event.object, link_of(event.object)
    if not link_id:
        return None
    return event.notice("payment_failed", session.get("amount_total"), session.get("payment_intent"), link_id)
