"""An exchange about to leave, told as an attempt that the jurisdiction packs can judge."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.accounts import Customer
from bot.domain.calls import SPOKEN, outcomes
from bot.domain.dossier import Dossier
from bot.domain.governor.attempt import CHANNELS, OWED, PURPOSES, Attempt, Past
from bot.domain.governor.law import STRICT
from bot.domain.governor.times import DAYS
from bot.domain.messages import IN, NOTE, OUT, Exchange

# A message that tells how to pay carries a payment link.
PAY = "payment_methods"
# A person's word within a day of the customer's message still answers it.
ANSWERED_WITHIN = timedelta(days=1)


def attempt_of(
    exchange: Exchange, dossier: Dossier, now: datetime, role: str, attested: bool = False
) -> Attempt | None:
    """The attempt; None for what is only shown on our own page to who visits it, and for unknown channels."""
    purpose = _purpose(exchange.purpose)
    if exchange.channel not in CHANNELS or (exchange.channel == "webchat" and purpose in OWED):
        return None
    customer = dossier.customer
    mine = [point for point in dossier.contact_points if point.channel == exchange.channel]
    point = next(iter([p for p in mine if p.address == exchange.address] or mine), None)
    refused = {p.channel for p in dossier.contact_points if p.opted_out_at and p.channel != exchange.channel}
    if point is not None and point.opted_out_at:
        refused.add(exchange.channel)
    parts, linked = exchange.content.get("elements"), frozenset(exchange.content.get("linked", ()))
    return Attempt(
        at=now, channel=exchange.channel, purpose=purpose, jurisdictions=laws(customer), role=role,
        customer_type=customer.type, zones=clocks(customer), consent=bool(point and point.consent),
        opted_out=frozenset(refused), holds=tuple(hold.kind for hold in dossier.holds_in_force(now)),
        preferences=_wishes(dossier), history=_history(exchange, dossier),
        elements=None if parts is None else frozenset(parts), linked=linked,
        payment_link=PAY in linked or PAY in (parts or ()), answers=_answers(exchange, dossier, now),
        author=exchange.author, attested=attested,
    )  # fmt: skip


def laws(customer: Customer) -> tuple[str, ...]:
    """Whose law is asked: where it is not certain where a customer lives, the strict pack binds as well."""
    return (customer.jurisdiction,) if customer.located else (customer.jurisdiction, STRICT)


def clocks(customer: Customer) -> tuple[str, ...]:
    """The customer's time zone; none when it is not certain, so that all of the jurisdiction's are kept."""
    return (customer.time_zone,) if customer.located else ()


def _purpose(purpose: str) -> str:
    return purpose if purpose in PURPOSES else "reply"


def _answers(exchange: Exchange, dossier: Dossier, now: datetime) -> bool:
    """The assistant speaks only when it is spoken to, a person also later."""
    if exchange.in_reply_to is not None or exchange.author == "bot":
        return True
    return any(
        row.direction == IN and row.channel == exchange.channel and now - row.at <= ANSWERED_WITHIN
        for row in dossier.exchanges
    )


def _history(exchange: Exchange, dossier: Dossier) -> tuple[Past, ...]:
    ended = outcomes(dossier.exchanges)
    return tuple(
        Past(
            row.sent_at or row.at,
            row.channel,
            row.direction == OUT,
            _purpose(row.purpose),
            conversation=ended.get(row.id) in SPOKEN,
        )
        for row in dossier.exchanges
        if row.direction != NOTE and row.id != exchange.id and (row.direction == IN or row.reached)
    )


def _wishes(dossier: Dossier) -> Mapping[str, Any]:
    """The customer's wishes that can be kept: readable hours, a channel that they can be reached on."""
    given = dossier.customer.preferences
    wishes = {key: given[key] for key in ("not_before", "not_after") if _clock(given.get(key))}
    if isinstance(given.get("days"), list) and set(given["days"]) & set(DAYS):
        wishes["days"] = given["days"]
    if any(p.open and p.channel == given.get("channel") for p in dossier.contact_points):
        wishes["channel"] = given["channel"]
    return wishes


def _clock(value: Any) -> bool:
    try:
        return bool(value) and time.fromisoformat(str(value)) is not None
    except ValueError:
        return False
