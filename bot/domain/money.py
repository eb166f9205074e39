"""Money as integer minor units with an ISO 4217 currency."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

# ISO 4217 minor units, where they are not two.
_EXPONENTS = {
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def exponent(currency: str) -> int:
    """Number of decimals of a currency (ISO 4217): 2 for EUR, 0 for JPY, 3 for TND."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact sum: `minor` units (cents) of `currency`."""

    currency: str
    minor: int

    def __add__(self, other: "Money") -> "Money":
        return Money(self.currency, self.minor + self._same(other).minor)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.currency, self.minor - self._same(other).minor)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other

    @property
    def major(self) -> Decimal:
        """The sum in whole units, exact: 1299 minor EUR is 12.99."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def json(self) -> dict[str, Any]:
        """The shape used in slots, responses and the machine interfaces."""
        return {"minor": self.minor, "currency": self.currency}


def from_major(text: str, currency: str) -> Money:
    """Read a plain decimal such as "129.90"; raises ValueError when it is no exact sum of that currency."""
    try:
        scaled = Decimal(text.strip()).scaleb(exponent(currency))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if not scaled.is_finite():
        raise ValueError(f"{text!r} is not an amount")
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{text!r} has more decimals than {currency} allows")
    return Money(currency, int(scaled))


def split(minor: int, count: int) -> list[int]:
    """Divide into `count` equal parts rounded down, the remainder on the last one."""
    if count < 1 or minor < 0:
        raise ValueError("a sum is split into at least one part and is not negative")
    part = minor // count
    return [part] * (count - 1) + [minor - part * (count - 1)]
