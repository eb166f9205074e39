"""The adapter: opens hosted Checkout pages and reads what Stripe calls back with."""

import json
import logging
from collections.abc import Mapping

import stripe

from bot.domain.accounts import PaymentLink
from bot.domain.dossier import Dossier
from bot.ports import Clock, Malformed, PaymentNotice, ProviderDown
from payment_links.stripe_checkout.events import Event, handlers
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
        """`key` may be restricted: it needs to write Checkout sessions and nothing else."""
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
        # A page lives for 24 hours and a key at least as long: half a day later the same wish opens a new page.
        moment = self._clock.now()
        received = link.received(dossier.payments)
        key = f"relance-{link.id}-{amount_minor}-{received}-{language}-{moment:%Y%m%d}-{moment.hour // 12}"
        try:
            session = await self._client.v1.checkout.sessions.create_async(params, {"idempotency_key": key})
        except stripe.StripeError as error:
            # Its texts may quote parts of keys and of what was sent.
            log.error("stripe: no page for link %s: %s %s", link.id, type(error).__name__, error.code or "")
            raise ProviderDown(self.name) from None
        if not session.url:
            raise ProviderDown(self.name)
        return session.url

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> PaymentNotice | None:
        """What an event means for us, None when nothing; raises Forged or Malformed."""
        verify(body, headers.get("Stripe-Signature", ""), self._secret, self._clock.now())
        try:
            raw = json.loads(body)
        except ValueError:
            raise Malformed("the body is no JSON") from None
        event = Event.read(raw)
        if bool(raw.get("livemode")) != self._live:
            log.warning("stripe: event %s is of the other mode (test or live) than the key; left alone", event.id)
            return None
        handler = handlers().get(event.type)
        return handler(event) if handler else None
