"""May a saved card or mandate be charged now? Asked at the moment of charging, whoever asks for it."""

from datetime import datetime

from bot.domain.dossier import Dossier
from bot.domain.governor.attempt import Attempt, Past
from bot.domain.governor.judge import Governor
from bot.domain.governor.verdict import Verdict
from bot.domain.money import Money
from bot.domain.sending import clocks, laws


def assess_charge(
    dossier: Dossier,
    amount: Money,
    now: datetime,
    governor: Governor,
    *,
    authorised: bool,
    tries: tuple[datetime, ...] = (),
) -> Verdict:
    """Judge one charge of a customer's saved payment method at the moment of charging.

    `authorised`: whether the customer has agreed to charges of this method; `tries` are earlier charges. No charge
    leaves while a hold is on, while a person has the matter or is awaited, or for more than is open and undisputed.
    """
    house = _house(dossier, amount, now)
    return house or governor.judge(_attempt(dossier, now, governor, authorised, tries))


def _house(dossier: Dossier, amount: Money, now: datetime) -> Verdict | None:
    def refused(rule: str) -> Verdict:
        return Verdict("refused", rule, "house", "house")

    if dossier.conversation.held_by_person or dossier.handoff() is not None:
        return refused("person_holds_conversation")
    if amount.minor <= 0 or amount.currency != dossier.currency or amount.minor > dossier.balance().minor:
        return refused("charge.amount")
    return None


def _attempt(
    dossier: Dossier, now: datetime, governor: Governor, authorised: bool, tries: tuple[datetime, ...]
) -> Attempt:
    customer = dossier.customer
    return Attempt(
        at=now, channel="charge", purpose="charge", jurisdictions=laws(customer), role=governor.role,
        customer_type=customer.type, zones=clocks(customer), consent=authorised,
        holds=tuple(hold.kind for hold in dossier.holds_in_force(now)), author="system",
        history=tuple(Past(at, "charge", True, "charge") for at in tries),
    )  # fmt: skip
