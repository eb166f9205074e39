"""A charge of a kept method went through."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event, charge_of

TYPE = "payment_intent.succeeded"


def notice(event: Event) -> PaymentNotice | None:
    """What became of a charge of ours; payments on hosted pages are told by their sessions."""
    attempt = charge_of(event.object)
    if not attempt:
        return None
    return event.notice(
        "payment_succeeded", event.object.get("amount_received"), event.object.get("id"), attempt=attempt
    )
