"""Sums as Stripe writes them."""

# Written with two decimals though the currency has none (docs.stripe.com/currencies, special cases).
_AS_HUNDREDTHS = ("ISK", "UGX")
# Three decimals, the last of which is 0 (same page).
_THREE = ("BHD", "JOD", "KWD", "OMR", "TND")


def to_stripe(minor: int, currency: str) -> int:
    """Our minor units as Stripe counts them; never more than is asked."""
    if currency in _AS_HUNDREDTHS:
        return minor * 100
    return minor - minor % 10 if currency in _THREE else minor


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's sum in our minor units."""
    return amount // 100 if currency in _AS_HUNDREDTHS else amount
