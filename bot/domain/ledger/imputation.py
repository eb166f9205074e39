"""Which debts a payment settles, in which order, by the law of the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from bot.domain.ledger.facts import PARTS


class ImputationError(ValueError):
    """The orders of imputation cannot be followed; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Imputation:
    """The order of a place: the parts within a debt, and whether disputed debts are left out unless named."""

    within: tuple[str, ...] = PARTS
    skip_disputed: bool = False
    source: str = "house"


@dataclass(frozen=True, slots=True)
class Claim:
    """One debt as imputation sees it: what is open of each part, and what ranks it among others."""

    id: str
    open: Mapping[str, int]
    due_on: date
    issued_on: date
    onerous: int = 0
    disputed: bool = False

    @property
    def open_minor(self) -> int:
        """All that is open of it."""
        return sum(self.open.values())


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a payment for a part of a debt."""

    claim_id: str
    part: str
    amount_minor: int


def impute(
    amount_minor: int, claims: Sequence[Claim], on: date, order: Imputation, named: Sequence[str] = ()
) -> tuple[list[Share], int]:
    """Spread a sum over open debts as of a day; returns the shares and the unspent rest.

    The customer's own choice first, then what is due, the more onerous, the oldest, then in proportion.
    """
    place = {claim_id: number for number, claim_id in enumerate(named)}

    def rank(claim: Claim) -> tuple[int, bool, int, date, date]:
        return (place.get(claim.id, len(place)), claim.due_on > on, -claim.onerous, claim.due_on, claim.issued_on)

    fitting = [c for c in claims if c.open_minor > 0 and (c.id in place or not (order.skip_disputed and c.disputed))]
    left, shares = amount_minor, []
    for _, equals in groupby(sorted(fitting, key=lambda claim: (rank(claim), claim.id)), key=rank):
        for claim, part in _in_proportion(left, list(equals)):
            shares += _within(part, claim, order)
            left -= part
    return shares, left


def _in_proportion(amount: int, claims: Sequence[Claim]) -> list[tuple[Claim, int]]:
    """Equal debts share what does not cover them all by their size; the cents left go to the first ones."""
    total = sum(claim.open_minor for claim in claims)
    if amount >= total:
        return [(claim, claim.open_minor) for claim in claims]
    parts = [amount * claim.open_minor // total for claim in claims]
    rest = amount - sum(parts)
    for number, claim in enumerate(claims):
        more = min(rest, claim.open_minor - parts[number])
        parts[number] += more
        rest -= more
    return [(claim, part) for claim, part in zip(claims, parts, strict=True) if part]


def _within(amount: int, claim: Claim, order: Imputation) -> list[Share]:
    shares = []
    for part in order.within:
        taken = min(amount, claim.open.get(part, 0))
        if taken:
            shares.append(Share(claim.id, part, taken))
            amount -= taken
    return shares


Orders = Mapping[tuple[str, str], Imputation]


def order_of(orders: Orders, jurisdiction: str, debt: str = "any") -> Imputation:
    """The order for a place such as FR or US-NY-NYC, the nearest that is known; the house's where none is."""
    country = jurisdiction.partition("-")[0]
    keys = ((country, debt), (country, "any"), ("any", debt), ("any", "any"))
    return next((orders[key] for key in keys if key in orders), Imputation())


def read_orders(document: Any) -> dict[tuple[str, str], Imputation]:
    """The orders by (country, kind of debt) of a parsed document; raises ImputationError."""
    found: dict[tuple[str, str], Imputation] = {}
    try:
        for raw in document["orders"]:
            if unknown := set(raw) - {"country", "debt", "within", "skip_disputed", "basis", "conf", "cite"}:
                raise ImputationError(f"orders: unknown key {min(unknown)!r}")
            if sorted(raw["within"]) != sorted(PARTS):
                raise ImputationError(f"orders: {raw['country']}: `within` names each of {', '.join(PARTS)} once")
            house = raw["basis"] == "house"
            source = raw["cite"] if house else f"{raw['cite']} ({raw['basis']}, {raw['conf']})"
            key = (raw["country"], raw.get("debt", "any"))
            found[key] = Imputation(tuple(raw["within"]), bool(raw.get("skip_disputed", False)), source)
    except (TypeError, KeyError) as error:
        raise ImputationError(f"orders: {error} is missing or misplaced") from None
    return found
