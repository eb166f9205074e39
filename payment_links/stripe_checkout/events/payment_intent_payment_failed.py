"""A charge of a kept method was refused."""

from bot.ports import PaymentNotice
from payment_links.stripe_checkout.events import Event, charge_of

TYPE = "payment_intent.payment_failed"


def notice(event: Event) -> PaymentNotice | None:
    """What became of a charge of ours; payments on hosted pages are told by their sessions."""
    attempt = charge_of(event.object)
    if not attempt:
        return None
    told = event.object.get("last_payment_error") or {}
    code = told.get("decline_code") or told.get("code") or "card_declined"
    advice = told.get("advice_code") or told.get("network_advice_code")
    return event.notice("charge_failed", event.object.get("amount"), event.object.get("id"), attempt=attempt, code=code,
                        **({"advice": advice} if advice else {}))  # fmt: skip
