"""The adapter: opens hosted Checkout pages and reads what Stripe calls back with."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

import stripe

from bot.domain.accounts import PaymentLink
from bot.domain.dossier import Dossier
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.ports import Billed, Charged, Clock, Malformed, PaymentNotice, ProviderDown
from payment_links.stripe_checkout.billing import billed, paid_elsewhere
from payment_links.stripe_checkout.events import Event, handlers
from payment_links.stripe_checkout.kept import charge, kept_method, recent_events
from payment_links.stripe_checkout.signature import verify
from payment_links.stripe_checkout.sums import to_stripe
from payment_links.tokens import Tokens

log = logging.getLogger(__name__)
LANGUAGES = ("de", "en", "es", "fr")
TIMEOUT = 15.0


class StripeCheckout:
    """Takes payments on Stripe's hosted page. Our own link outlives each page: every visit opens one that is fresh."""

    name = "stripe"
    form_targets: tuple[str, ...] = ("https://checkout.stripe.com",)

    def __init__(
        self, key: str, webhook_secret: str, public_url: str, tokens: Tokens, clock: Clock, api: str | None = None
    ) -> None:
        """`key` may be restricted: it writes Checkout sessions and payment intents, and reads events."""
        self._secret = webhook_secret
        self._live = "_live_" in key
        self._public_url = public_url
        self._tokens = tokens
        self._clock = clock
        self._http = stripe.HTTPXClient(timeout=TIMEOUT)
        self._client = stripe.StripeClient(
            key, http_client=self._http, max_network_retries=2, base_addresses={"api": api} if api else None
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def checkout_url(self, link: PaymentLink, dossier: Dossier, amount_minor: int, save: bool = False) -> str:
        """A page for this sum; the same visit twice gives the same page. Raises ProviderDown."""
        page = f"{self._public_url}/pay/{self._tokens.pay(link.id)}"
        language = dossier.conversation.language
        invoices = [item.number for item in dossier.open_invoices() if item.currency == link.currency]
        ours = {"relance_link": link.id}
        params: stripe.params.checkout.SessionCreateParams = {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": link.currency.lower(),
                        "unit_amount": to_stripe(amount_minor, link.currency),
                        "product_data": {"name": ", ".join(invoices[:5]) or dossier.customer.ref},
                    },
                }
            ],
            "client_reference_id": link.id,
            "metadata": ours,
            "payment_intent_data": {"metadata": ours},
            "success_url": f"{page}/done",
            "cancel_url": page,
            "locale": language if language in LANGUAGES else "auto",
        }
        if save:
            # The customer is here and consents: this payment is theirs (SCA), the later ones are ours by agreement.
            params["customer_creation"] = "always"
            params["payment_intent_data"]["setup_future_usage"] = "off_session"
            params["metadata"] = {**ours, "relance_save": "1"}
        # A page lives for 24 hours and a key at least as long: half a day later the same wish opens a new page.
        moment = self._clock.now()
        received = link.received(dossier.payments)
        key = f"relance-{link.id}-{amount_minor}-{received}-{language}-{moment:%Y%m%d}-{moment.hour // 12}"
        key += "-save" if save else ""
        try:
            session = await self._client.v1.checkout.sessions.create_async(params, {"idempotency_key": key})
        except stripe.StripeError as error:
            # Its texts may quote parts of keys and of what was sent.
            log.error("stripe: no page for link %s: %s %s", link.id, type(error).__name__, error.code or "")
            raise ProviderDown(self.name) from None
        if not session.url:
            raise ProviderDown(self.name)
        return session.url

    async def charge(self, method: PaymentMethod, attempt: ChargeAttempt, dossier: Dossier) -> Charged:
        """Charge a kept method while the customer is away. Raises ProviderDown."""
        return await charge(self._client, method, attempt, self._clock.now())

    async def kept_method(self, payment: str) -> Mapping[str, Any] | None:
        """The method that a payment was made with, if Stripe keeps it for a customer. Raises ProviderDown."""
        return await kept_method(self._client, payment)

    async def recent_notices(self, since: datetime) -> AsyncIterator[PaymentNotice]:
        """Events that Stripe has told since, whether their calls arrived or not. Raises ProviderDown."""
        async for raw in recent_events(self._client, since, sorted(handlers())):
            if (notice := self._notice(raw)) is not None:
                yield notice

    async def billed(self, now: datetime, days: int) -> AsyncIterator[Billed]:
        """Stripe Billing's invoices in arrears, and what became of others lately. Raises ProviderDown."""
        async for item in billed(self._client, now, days):
            yield item

    async def paid_elsewhere(self, invoice_id: str) -> None:
        """Tell Stripe Billing that an invoice was paid. Raises ProviderDown."""
        await paid_elsewhere(self._client, invoice_id)

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> PaymentNotice | None:
        """What an event means for us, None when nothing; raises Forged or Malformed."""
        verify(body, headers.get("Stripe-Signature", ""), self._secret, self._clock.now())
        try:
            raw = json.loads(body)
        except ValueError:
            raise Malformed("the body is no JSON") from None
        return self._notice(raw)

    def _notice(self, raw: Any) -> PaymentNotice | None:
        event = Event.read(raw)
        if bool(raw.get("livemode")) != self._live:
            log.warning("stripe: event %s is of the other mode (test or live) than the key; left alone", event.id)
            return None
        handler = handlers().get(event.type)
        return handler(event) if handler else None
