"""`relance negotiate`: the creditor's policy answers one proposal, as JSON."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from babel.core import get_global

from bot.domain.money import Money
from bot.domain.negotiation import Policy, Proposal, Standing, decide
from bot.domain.plans import Installment

_CURRENCIES = frozenset(get_global("all_currencies"))
_ASKED = ("count", "monthly_minor", "first_on", "now_minor", "pay_day", "settle_minor")
_HISTORY = ("broken_plans", "days_past_due", "hardship", "offers")


def negotiate(item: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    """Answer {"arrears", "policy"?, "history"?, "proposal", "today"?}; raises ValueError naming what is wrong."""
    _keys(item, ("arrears", "policy", "history", "proposal", "today"), "the line")
    arrears = _arrears(item.get("arrears"))
    proposal, history = _mapping(item, "proposal", _ASKED), _mapping(item, "history", _HISTORY)
    today = _day(item["today"], "today") if item.get("today") is not None else datetime.now(UTC).date()
    asked = Proposal(
        _whole(proposal, "count", 1), _whole(proposal, "monthly_minor", 1),
        _day(proposal["first_on"], "proposal.first_on") if proposal.get("first_on") is not None else None,
        _whole(proposal, "now_minor", 1), None, _whole(proposal, "pay_day", 1), _whole(proposal, "settle_minor", 1),
    )  # fmt: skip
    own = item.get("policy") or {}
    if not isinstance(own, Mapping):
        raise ValueError("policy is an object of limits")
    # A limit given with the proposal is in its own minor units; the configured ones are written in hundredths.
    policy = replace(Policy.read(default).in_currency(arrears.currency), **_checked(own))
    broken = _whole(history, "broken_plans", 0, "history") or 0
    facts = Standing(_whole(history, "days_past_due", 0, "history") or 0, broken, _hardship(history))
    policy = policy.envelope(arrears.minor, facts)
    decision = decide(arrears, asked, policy, today, _offers(history.get("offers")), broken)
    offer = {
        "count": len(decision.installments),
        "installments": [
            {"due_on": i.due_on.isoformat(), "amount_minor": i.amount_minor} for i in decision.installments
        ],
    }
    return {"decision": decision.decision, "offer": offer if decision.installments else None, "why": list(decision.why)}


def _arrears(raw: Any) -> Money:
    if not isinstance(raw, Mapping):
        raise ValueError('arrears is {"minor": 12990, "currency": "EUR"}')
    _keys(raw, ("minor", "currency"), "arrears")
    minor, currency = raw.get("minor"), raw.get("currency")
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise ValueError(f"arrears.minor is a whole number of minor units, not {minor!r}")
    if not isinstance(currency, str) or currency not in _CURRENCIES:
        raise ValueError(f"arrears.currency {currency!r} is no ISO 4217 currency")
    return Money(currency, minor)


def _hardship(history: Mapping[str, Any]) -> bool:
    value = history.get("hardship")
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"history.hardship is true or false, not {value!r}")
    return bool(value)


def _checked(own: Mapping[str, Any]) -> dict[str, Any]:
    read = Policy.read(own)
    return {name: getattr(read, name) for name in own}


def _offers(raw: Any) -> list[tuple[Installment, ...]]:
    """Earlier offers: lists of {"due_on", "amount_minor"}."""
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(offer, list) for offer in raw):
        raise ValueError('history.offers is a list of lists of {"due_on", "amount_minor"}')
    return [tuple(_installment(row, number) for number, row in enumerate(offer, 1)) for offer in raw]


def _installment(row: Any, number: int) -> Installment:
    if not isinstance(row, Mapping):
        raise ValueError('history.offers is a list of lists of {"due_on", "amount_minor"}')
    _keys(row, ("due_on", "amount_minor"), "history.offers")
    amount = _whole(row, "amount_minor", 1, "history.offers")
    if amount is None:
        raise ValueError("history.offers: amount_minor is missing")
    return Installment(number, _day(row.get("due_on"), "history.offers.due_on"), amount)


def _mapping(item: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    raw = item.get(name)
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise ValueError(f"{name} is an object with {', '.join(known)}")
    _keys(raw, known, name)
    return raw


def _keys(raw: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in raw:
        if key not in known:
            raise ValueError(f"{place}: unknown key {key!r}; known: {', '.join(known)}")


def _whole(raw: Mapping[str, Any], name: str, least: int, place: str = "proposal") -> int | None:
    value = raw.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{place}.{name} is a whole number from {least} on, not {value!r}")
    return value


def _day(value: Any, place: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{place} is a day such as 2026-12-05, not {value!r}") from None
