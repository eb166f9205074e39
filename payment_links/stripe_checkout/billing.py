"""Stripe Billing's invoices as rows of an import, and the word back that one was paid elsewhere.

docs.stripe.com/api/invoices/list and /pay (paid_out_of_band), docs.stripe.com/api/payment_intents/object.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import stripe

from bot.ports import Billed, ProviderDown
from payment_links.stripe_checkout.kept import described
from payment_links.stripe_checkout.sums import from_stripe

log = logging.getLogger(__name__)
PAGE = 100
# A country with one clock; elsewhere the import's default holds until the operator says better.
_ZONES = {
    "FR": "Europe/Paris", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "IT": "Europe/Rome", "GB": "Europe/London",
    "IE": "Europe/Dublin", "BE": "Europe/Brussels", "NL": "Europe/Amsterdam", "AT": "Europe/Vienna",
    "CH": "Europe/Zurich", "LU": "Europe/Luxembourg",
}  # fmt: skip


async def billed(client: stripe.StripeClient, now: datetime, days: int) -> AsyncIterator[Billed]:
    """Open invoices in arrears, and what became lately of others. Raises ProviderDown."""
    for status in ("open", "paid", "void", "uncollectible"):
        params: stripe.params.InvoiceListParams = {
            "status": status, "limit": PAGE,
            "expand": ["data.customer.invoice_settings.default_payment_method", "data.default_payment_method",
                       "data.payments"],
        }  # fmt: skip
        if status != "open":
            params["created"] = {"gte": int((now - timedelta(days=days)).timestamp())}
        while True:
            try:
                page = await client.v1.invoices.list_async(params)
                for invoice in page.data:
                    found = await _billed(client, invoice.to_dict(), now)
                    if found is not None:
                        yield found
            except stripe.StripeError as error:
                log.error("stripe: invoices could not be listed: %s", type(error).__name__)
                raise ProviderDown("stripe") from None
            if not page.has_more or not page.data:
                break
            params["starting_after"] = str(page.data[-1].id)


async def paid_elsewhere(client: stripe.StripeClient, invoice_id: str) -> None:
    """Tell Stripe Billing that an invoice was paid out of band, so that it asks no more. Raises ProviderDown."""
    try:
        key: stripe.RequestOptions = {"idempotency_key": f"relance-paid-{invoice_id}"}
        await client.v1.invoices.pay_async(invoice_id, {"paid_out_of_band": True}, key)
    except stripe.StripeError as error:
        log.error("stripe: invoice %s could not be marked as paid: %s", invoice_id, type(error).__name__)
        raise ProviderDown("stripe") from None


async def _billed(client: stripe.StripeClient, invoice: Mapping[str, Any], now: datetime) -> Billed | None:
    """None for what is not in arrears: nothing has failed and no date has passed."""
    status, customer = str(invoice["status"]), invoice.get("customer")
    if not isinstance(customer, Mapping) or customer.get("deleted") or not invoice.get("number"):
        return None
    late = bool(invoice.get("due_date")) and int(invoice["due_date"]) < now.timestamp()
    if status == "open" and not late and not invoice.get("attempt_count"):
        return None
    failed = await _failure(client, invoice) if status == "open" and invoice.get("attempt_count") else None
    row = {"customer": _customer(customer, invoice), "invoice": _invoice(invoice, status, failed)}
    return Billed(str(invoice["id"]), status, row)


def _customer(customer: Mapping[str, Any], invoice: Mapping[str, Any]) -> dict[str, Any]:
    address = customer.get("address") or {}
    country = str(address.get("country") or "").upper()
    ref = str((customer.get("metadata") or {}).get("relance_ref") or customer["id"])
    name = str(customer.get("name") or customer.get("email") or ref)
    found: dict[str, Any] = {"ref": ref, "name": name, "contacts": []}
    if locales := customer.get("preferred_locales"):
        found["language"] = str(locales[0])[:2]
    if country:
        found["jurisdiction"] = country
        if country in _ZONES:
            found["time_zone"] = _ZONES[country]
    if address.get("postal_code"):
        found["identity"] = {"postal_code": str(address["postal_code"])}
    # That an address is known to Stripe is no consent to be written to by SMS.
    for channel, key in (("email", "email"), ("sms", "phone")):
        if customer.get(key):
            found["contacts"].append({"channel": channel, "address": str(customer[key]), "consent": False})
    settings = customer.get("invoice_settings") or {}
    method = invoice.get("default_payment_method") or settings.get("default_payment_method")
    if isinstance(method, Mapping) and _subscription(invoice):
        told = described(method)
        found["payment_methods"] = [{"provider": "stripe", "reference": f"{customer['id']}:{method['id']}", **told}]
    return found


def _invoice(invoice: Mapping[str, Any], status: str, failed: Mapping[str, Any] | None) -> dict[str, Any]:
    currency = str(invoice["currency"]).upper()
    issued = _day(invoice.get("effective_at") or invoice["created"])
    lines = [
        {"text": str(line.get("description") or ""), "amount_minor": from_stripe(int(line["amount"]), currency)}
        for line in (invoice.get("lines") or {}).get("data", ())
    ]
    total = from_stripe(int(invoice["total"]), currency)
    paid = total if status == "paid" else from_stripe(int(invoice.get("amount_paid") or 0), currency)
    due = max(issued, _day(invoice.get("due_date") or invoice["created"]))
    found: dict[str, Any] = {
        "number": str(invoice["number"]), "currency": currency, "amount_minor": total, "paid_minor": paid,
        "issued_on": issued.isoformat(), "due_on": due.isoformat(),
        "description": str(invoice.get("description") or (lines[0]["text"] if lines else "")), "lines": lines,
    }  # fmt: skip
    if subscription := _subscription(invoice):
        found["subscription"] = {"ref": subscription}
    if failed is not None:
        found["failure"] = dict(failed)
    return found


def _subscription(invoice: Mapping[str, Any]) -> str:
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    return str(details.get("subscription") or "")


async def _failure(client: stripe.StripeClient, invoice: Mapping[str, Any]) -> dict[str, Any] | None:
    """Why the last charge was refused, by the payment intent of the invoice."""
    payments = (invoice.get("payments") or {}).get("data", ())
    intents = [str((row.get("payment") or {}).get("payment_intent") or "") for row in payments]
    if not intents or not intents[-1]:
        return None
    intent = (await client.v1.payment_intents.retrieve_async(intents[-1])).to_dict()
    told = intent.get("last_payment_error") or {}
    code = told.get("decline_code") or told.get("code")
    at = datetime.fromtimestamp(int(intent.get("created") or invoice["created"]), UTC)
    return {"code": str(code), "at": at.isoformat()} if code else None


def _day(stamp: Any) -> date:
    return datetime.fromtimestamp(int(stamp), UTC).date()
