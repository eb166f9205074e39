"""The customer finished the page; with a card the money is there, with a debit it is still under way."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event, link_of

TYPE = "checkout.session.completed"


def notice(event: Event) -> PaymentNotice | None:
    """A payment, where it is paid already and for a link of ours."""
    session, link_id = event.object, link_of(event.object)
    if not link_id or session.get("payment_status") != "paid":
        return None
    save = {"save": True} if (session.get("metadata") or {}).get("relance_save") else {}
    return event.notice(
        "payment_succeeded", session.get("amount_total"), session.get("payment_intent"), link_id, **save
    )
