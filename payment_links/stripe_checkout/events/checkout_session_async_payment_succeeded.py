"""Money of a slower way to pay has arrived."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event, link_of

TYPE = "checkout.session.async_payment_succeeded"


def notice(event: Event) -> PaymentNotice | None:
    """A payment for a link of ours."""
    session, link_id = event.object, link_of(event.object)
    if not link_id:
        return None
    return event.notice("payment_succeeded", session.get("amount_total"), session.get("payment_intent"), link_id)
