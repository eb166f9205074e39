"""Stripe: hosted Checkout pages for our links, and its events as payment notices."""

from payment_links.stripe_checkout.checkout import StripeCheckout

__all__ = ["StripeCheckout"]
