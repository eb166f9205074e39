"""A dossier as the machine interface shows it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.cadence import stage_now
from bot.domain.charging import next_charge
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.outlook import next_contact
from bot.domain.plans import LAPSED, progress
from bot.domain.promises import state as promise_state
from bot.domain.retries import Rulebook
from bot.domain.strategy import Strategy, choose, facts_of
from bot.retrying import rules


def show(
    dossier: Dossier,
    strategies: Sequence[Strategy],
    now: datetime,
    governor: Governor | None = None,
    book: Rulebook | None = None,
) -> dict[str, Any]:
    """The whole dossier as JSON, seen at an instant; amounts in minor units, instants in UTC."""
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    facts = facts_of(dossier, today)
    strategy = choose(strategies, facts)
    customer = dossier.customer
    return {
        "customer": {
            "ref": customer.ref, "name": customer.name, "type": customer.type, "language": customer.language,
            "time_zone": customer.time_zone, "jurisdiction": customer.jurisdiction, "trust": customer.trust,
            "located": customer.located,
            "preferences": dict(customer.preferences),
        },
        "arrears": dossier.arrears(today).json(),
        "balance": dossier.balance().json(),
        "days_past_due": facts.days_past_due,
        "strategy": strategy.name if strategy else None,
        "stage": stage_now(dossier, strategies, today),
        **_money(dossier, now, today),
        **_charged(dossier),
        **_contact(dossier, now),
        "next_contact": _next_contact(dossier, strategies, now, governor),
        "next_charge": _next_charge(dossier, book or rules(now.date()), now),
        "exchanges": [
            {
                "at": row.at.isoformat(), "direction": row.direction, "author": row.author, "channel": row.channel,
                "text": row.text, "response": row.response, "purpose": row.purpose, "state": row.state,
                "content": dict(row.content),
            }
            for row in dossier.exchanges
        ],
    }  # fmt: skip


def _money(dossier: Dossier, now: datetime, today: date) -> dict[str, Any]:
    """What is owed, promised, agreed and paid."""
    numbers = {invoice.id: invoice.number for invoice in dossier.invoices}
    return {
        "invoices": [
            {
                "number": invoice.number, "currency": invoice.currency, "amount_minor": invoice.amount_minor,
                "open_minor": dossier.open_minor[invoice.id], "issued_on": invoice.issued_on.isoformat(),
                "due_on": invoice.due_on.isoformat(), "description": invoice.description,
                "open_parts": dict(dossier.books.open_parts(invoice.id)),
                "state": _invoice_state(dossier, invoice.id, invoice.due_on < today),
                "lines": [{"text": line.text, "amount_minor": line.amount_minor} for line in invoice.lines],
            }
            for invoice in dossier.invoices
        ],
        "promises": [
            {
                "amount_minor": promise.amount_minor, "currency": promise.currency,
                "due_on": promise.due_on.isoformat(), "state": promise_state(promise, dossier.payments, today),
                "made_at": promise.made_at.isoformat(),
            }
            for promise in dossier.promises
            if promise.withdrawn_at is None
        ],
        "plans": _plans(dossier, today),
        "links": [
            {
                "state": link.state(dossier.payments, now), "amount_minor": link.amount_minor,
                "currency": link.currency, "purpose": link.purpose.partition(":")[0],
                "expires_at": link.expires_at.isoformat(),
                **({"invoice": numbers.get(link.invoice_id)} if link.invoice_id else {}),
            }
            for link in dossier.links
        ],
        "payments": [
            {
                "amount_minor": payment.amount_minor, "currency": payment.currency,
                "paid_at": payment.paid_at.isoformat(), "provider": payment.provider, "kind": payment.kind,
                "allocations": [
                    {"invoice": numbers.get(row.invoice_id), "amount_minor": row.amount_minor, "part": row.part}
                    for row in dossier.books.settlements()
                    if row.payment_id == payment.id
                ],
            }
            for payment in dossier.payments
        ],
        "disputes": [
            {
                "invoice": numbers.get(dispute.invoice_id or ""), "reason": dispute.reason,
                "state": "open" if dispute.closed_at is None else "closed", "outcome": dispute.outcome,
            }
            for dispute in dossier.disputes
        ],
    }  # fmt: skip


def _contact(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """What binds us, how the customer is reached, and who speaks with them."""
    conversation = dossier.conversation
    return {
        "holds": [
            {"kind": hold.kind, "until": hold.until.isoformat() if hold.until else None, "reason": hold.reason}
            for hold in dossier.holds_in_force(now)
        ],
        "contacts": [
            {
                "channel": point.channel, "address": point.address, "consent": point.consent,
                "opted_out": point.opted_out_at is not None, "closed": point.closed_at is not None,
            }
            for point in dossier.contact_points
        ],
        "conversation": {
            "status": conversation.status, "language": conversation.language,
            "identified": conversation.identified(conversation.channel, None, now)
            or conversation.proof_lasts(now), "channel": conversation.channel,
        },
        "handoffs": [
            {
                "reason": handoff.reason, "summary": handoff.summary, "state": handoff.state,
                "urgent": handoff.urgent, "opened_at": handoff.opened_at.isoformat(),
                "due_at": handoff.due_at.isoformat(), "proposal": dict(handoff.proposal),
            }
            for handoff in dossier.handoffs
        ],
    }  # fmt: skip


def _next_contact(
    dossier: Dossier, strategies: Sequence[Strategy], now: datetime, governor: Governor | None
) -> dict[str, Any] | None:
    planned = next_contact(dossier, strategies, now, governor)
    if planned is None:
        return None
    return {
        "at": planned.at.astimezone(UTC).isoformat(), "channel": planned.channel, "purpose": planned.purpose,
        "stage": planned.stage, "why": planned.why,
    }  # fmt: skip


def _next_charge(dossier: Dossier, book: Rulebook, now: datetime) -> dict[str, Any] | None:
    """The next charge with its rule; `method` is null where the creditor's billing system has to make it."""
    planned = next_charge(dossier, book, now)
    if planned is None or planned.at is None:
        return None
    return {
        "at": planned.at.astimezone(UTC).isoformat(), "action": planned.action, "currency": planned.currency,
        "amount_minor": planned.amount_minor, "about": planned.about, "agreed": planned.agreed,
        "method": planned.method.label if planned.method else None, "rule": planned.rule, "source": planned.source,
        "why": list(planned.why),
    }  # fmt: skip


def _charged(dossier: Dossier) -> dict[str, Any]:
    """Saved methods and what became of each charge."""
    labels = {method.id: method.label for method in dossier.methods}
    return {
        "payment_methods": [
            {
                "label": method.label, "network": method.network, "provider": method.provider,
                "covers": method.agreement.get("covers"), "agreed_at": method.agreed_at.isoformat(),
                "closed": method.closed_at is not None,
            }
            for method in dossier.methods
        ],
        "charges": [
            {
                "at": attempt.at.isoformat(), "state": attempt.state, "amount_minor": attempt.amount_minor,
                "currency": attempt.currency, "method": labels.get(attempt.method_id), "about": attempt.about,
                "agreed": attempt.agreed, "code": attempt.code, "advice": attempt.advice,
            }
            for attempt in dossier.charges
        ],
    }  # fmt: skip


def _invoice_state(dossier: Dossier, invoice_id: str, past_due: bool) -> str:
    if dossier.open_minor[invoice_id] <= 0:
        return "paid"
    if invoice_id in dossier.disputed:
        return "disputed"
    return "overdue" if past_due else "open"


def _plans(dossier: Dossier, today: date) -> list[dict[str, Any]]:
    """Plans and the proposal on the table; one that lapsed or was replaced never was a plan and stays in the log."""
    found = [(plan, progress(plan, dossier.payments, today)) for plan in dossier.plans]
    return [
        {
            "state": seen.state, "total_minor": plan.total_minor, "currency": plan.currency,
            "paid_minor": seen.paid_minor, "agreement": dict(plan.agreement),
            "installments": [
                {"due_on": item.due_on.isoformat(), "amount_minor": item.amount_minor, "state": state,
                 "open_minor": left}
                for item, state, left in seen.installments
            ],
        }
        for plan, seen in found
        if seen.state != LAPSED
    ]  # fmt: skip
