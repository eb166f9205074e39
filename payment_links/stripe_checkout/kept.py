"""Kept methods: which one a payment was made with, charges while the customer is away, and what Stripe told lately.

docs.stripe.com/payments/save-during-payment, docs.stripe.com/api/payment_intents/create and /api/events/list.
"""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import stripe

from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.domain.plans import add_months
from bot.ports import Charged, ProviderDown
from payment_links.stripe_checkout.sums import to_stripe

log = logging.getLogger(__name__)
PAGE = 100
TYPES_AT_ONCE = 20
_NETWORKS = {
    "visa": "visa",
    "mastercard": "mastercard",
    "sepa_debit": "sepa",
    "us_bank_account": "ach",
    "bacs_debit": "bacs",
}
_BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express"}


async def charge(client: stripe.StripeClient, method: PaymentMethod, attempt: ChargeAttempt, now: datetime) -> Charged:
    """Take the sum of an attempt off session; its id is the key, so that asking again takes nothing twice."""
    customer, _, reference = method.reference.rpartition(":")
    try:
        if not customer:
            found = await client.v1.payment_methods.retrieve_async(reference)
            customer = str(found.customer or "")
        params: stripe.params.PaymentIntentCreateParams = {
            "amount": to_stripe(attempt.amount_minor, attempt.currency), "currency": attempt.currency.lower(),
            "customer": customer, "payment_method": reference, "off_session": True, "confirm": True,
            "metadata": {"relance_charge": attempt.id},
        }  # fmt: skip
        intent = await client.v1.payment_intents.create_async(
            params, {"idempotency_key": f"relance-charge-{attempt.id}"}
        )
    except stripe.CardError as error:
        told = error.error
        failed = getattr(told, "payment_intent", None)
        advice = getattr(told, "advice_code", None) or getattr(told, "network_advice_code", None)
        code = getattr(told, "decline_code", None) or error.code or "card_declined"
        return Charged("failed", now, str(getattr(failed, "id", "") or ""), str(code), advice)
    except stripe.InvalidRequestError as error:
        # The method is gone or was never the customer's: no second try can succeed.
        log.error("stripe: charge %s was refused: %s", attempt.id, error.code or type(error).__name__)
        return Charged("failed", now, "", str(error.code or "invalid_request"))
    except stripe.StripeError as error:
        log.error("stripe: charge %s: %s %s", attempt.id, type(error).__name__, error.code or "")
        raise ProviderDown("stripe") from None
    if intent.status == "succeeded":
        return Charged("succeeded", now, intent.id)
    if intent.status == "processing":
        return Charged("pending", now, intent.id)
    return Charged("failed", now, intent.id, "authentication_required")


async def kept_method(client: stripe.StripeClient, payment: str) -> Mapping[str, Any] | None:
    """The method behind a payment, as Stripe keeps it for its customer."""
    try:
        intent = await client.v1.payment_intents.retrieve_async(payment, {"expand": ["payment_method"]})
    except stripe.StripeError as error:
        log.error("stripe: the method of %s could not be read: %s", payment, type(error).__name__)
        raise ProviderDown("stripe") from None
    method, customer = intent.payment_method, intent.customer
    if not isinstance(method, stripe.PaymentMethod) or not customer:
        return None
    return {"reference": f"{customer}:{method.id}", **described(method.to_dict())}


def described(method: Mapping[str, Any]) -> dict[str, Any]:
    """How a method is charged and what its owner calls it: network, label, expires_on."""
    kind = str(method.get("type", ""))
    part = method.get(kind) or {}
    brand = str(part.get("brand") or kind)
    expires = None
    if part.get("exp_year") and part.get("exp_month"):
        first = add_months(date(int(part["exp_year"]), int(part["exp_month"]), 1), 1)
        expires = date.fromordinal(first.toordinal() - 1).isoformat()
    name = _BRANDS.get(brand, "IBAN" if kind == "sepa_debit" else brand.replace("_", " ").title())
    return {
        "network": _NETWORKS.get(brand, "other"),
        "label": f"{name} •••• {part.get('last4', '')}".strip(),
        "expires_on": expires,
    }


async def recent_events(
    client: stripe.StripeClient, since: datetime, types: Sequence[str]
) -> AsyncIterator[Mapping[str, Any]]:
    """The events of these types since an instant, page by page."""
    for start in range(0, len(types), TYPES_AT_ONCE):
        params: stripe.params.EventListParams = {
            "types": list(types[start : start + TYPES_AT_ONCE]), "created": {"gte": int(since.timestamp())},
            "limit": PAGE,
        }  # fmt: skip
        while True:
            try:
                page = await client.v1.events.list_async(params)
            except stripe.StripeError as error:
                log.error("stripe: events could not be listed: %s", type(error).__name__)
                raise ProviderDown("stripe") from None
            for event in page.data:
                yield event.to_dict()
            if not page.has_more or not page.data:
                break
            params["starting_after"] = page.data[-1].id
