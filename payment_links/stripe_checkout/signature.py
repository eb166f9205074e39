"""Proof that a callback comes from Stripe: an HMAC over the raw body and its time."""

import hashlib
import hmac
from datetime import datetime, timedelta

from bot.ports import Forged

# Stripe signs each delivery anew, retries included: what is older was replayed.
TOLERANCE = timedelta(minutes=5)


def verify(body: bytes, header: str, secret: str, now: datetime) -> None:
    """Raise Forged unless the `Stripe-Signature` header proves this very body and a time near to now."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for key, _, value in parts if key == "t" and value.isascii() and value.isdigit() and len(value) < 12]
    given = [value for key, _, value in parts if key == "v1"]
    if len(times) != 1 or not given:
        raise Forged("the Stripe-Signature header is missing or unreadable")
    expected = hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    # While a secret is being changed, Stripe signs with the old and the new one.
    if not any(hmac.compare_digest(expected.encode(), value.encode()) for value in given):
        raise Forged("the signature does not fit the body")
    if abs(now.timestamp() - int(times[0])) > TOLERANCE.total_seconds():
        raise Forged("the signature is too old or from the future")
