"""`relance negotiate`: the creditor's policy answers one proposal, as JSON."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.money import Money
from bot.domain.negotiation import Policy, Proposal, decide


def negotiate(item: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    """Answer {"arrears", "policy"?, "history"?, "proposal", "today"?}; raises ValueError naming what is wrong."""
    arrears, proposal = item.get("arrears"), item.get("proposal") or {}
    if not isinstance(arrears, Mapping) or not isinstance(arrears.get("minor"), int) or not arrears.get("currency"):
        raise ValueError('arrears is {"minor": 12990, "currency": "EUR"}')
    if not isinstance(proposal, Mapping):
        raise ValueError('proposal is {"count"?, "monthly_minor"?, "first_on"?}')
    today = date.fromisoformat(item["today"]) if item.get("today") else datetime.now(UTC).date()
    first = proposal.get("first_on")
    asked = Proposal(proposal.get("count"), proposal.get("monthly_minor"), date.fromisoformat(first) if first else None)
    policy = Policy.read({**default, **(item.get("policy") or {})})
    decision = decide(Money(arrears["currency"], arrears["minor"]), asked, policy, today)
    offer = {
        "count": len(decision.installments),
        "installments": [
            {"due_on": i.due_on.isoformat(), "amount_minor": i.amount_minor} for i in decision.installments
        ],
    }
    return {"decision": decision.decision, "offer": offer if decision.installments else None, "why": list(decision.why)}
