"""The record of a case for an agency or a court: what is owed and why, what was said and agreed, and its proof.

Left out: what proves who somebody is, tokens of payment methods, payment pages, the customer's wishes and whatever a
message told of health or danger.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.dossier import Dossier
from bot.domain.messages import IN, NOTE, OUT, Exchange, first_broken
from bot.domain.plans import LAPSED, progress
from bot.domain.promises import state as promise_state

VERSION = 1
# What a customer said when one of these holds began is nobody's business outside the house.
PRIVATE_HOLDS = ("vulnerability_signal", "self_harm_signal", "mental_health_crisis_gb", "minor_or_no_capacity")
WITHHELD = "[withheld]"
# Facts that a notice may tell; the rest of a note stays in the house.
_TOLD = ("agreement", "promise", "dispute", "dispute_closed", "opt_out", "opt_in", "payment", "referral", "recall")
_SENDER = ("name", "legal_name", "address", "phone", "email", "iban")


def case_file(
    dossier: Dossier, log: Sequence[Exchange], creditor: Mapping[str, Any], agency: str, now: datetime
) -> dict[str, Any]:
    """The file of a case as JSON; `log` is the customer's whole record."""
    customer, today = dossier.customer, dossier.local_day(now)
    numbers = {invoice.id: invoice.number for invoice in dossier.invoices}
    talk = dossier.conversation
    return {
        "file": {"version": VERSION, "made_at": now.isoformat(), "for": agency},
        "creditor": {key: str(creditor[key]) for key in _SENDER if creditor.get(key)},
        "customer": {
            "ref": customer.ref, "name": customer.name, "type": customer.type, "language": talk.language,
            "time_zone": customer.time_zone, "jurisdiction": customer.jurisdiction,
        },
        "claim": _claim(dossier, today.isoformat(), dossier.arrears(today).json()),
        "payments": [
            {"at": payment.paid_at.isoformat(), "minor": payment.amount_minor, "currency": payment.currency,
             "kind": payment.kind}
            for payment in dossier.payments
        ],
        "promises": [
            {"made_at": one.made_at.isoformat(), "minor": one.amount_minor, "currency": one.currency,
             "due_on": one.due_on.isoformat(), "state": promise_state(one, dossier.payments, today)}
            for one in dossier.promises if one.withdrawn_at is None
        ],
        "plans": _plans(dossier, now),
        "objections": [
            {"invoice": numbers.get(one.invoice_id or ""), "opened_at": one.opened_at.isoformat(),
             "outcome": one.outcome}
            for one in dossier.disputes
        ],
        "addresses": _addresses(dossier),
        "exchanges": _exchanges(log),
        "proof": _proof(log, talk.log_seq, talk.log_hash),
    }  # fmt: skip


def _claim(dossier: Dossier, today: str, owed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "as_of": today,
        **owed,
        "invoices": [
            {
                "number": invoice.number, "currency": invoice.currency, "amount_minor": invoice.amount_minor,
                "open_minor": dossier.open_minor[invoice.id], "parts": dict(dossier.books.open_parts(invoice.id)),
                "issued_on": invoice.issued_on.isoformat(), "due_on": invoice.due_on.isoformat(),
                "description": invoice.description, "disputed": invoice.id in dossier.disputed,
                "lines": [{"text": line.text, "amount_minor": line.amount_minor} for line in invoice.lines],
            }
            for invoice in dossier.open_invoices()
        ],
    }  # fmt: skip


def _plans(dossier: Dossier, now: datetime) -> list[dict[str, Any]]:
    seen = [(plan, progress(plan, dossier.payments, dossier.local_day(now))) for plan in dossier.plans]
    return [
        {
            "accepted_at": plan.accepted_at.isoformat() if plan.accepted_at else None, "state": found.state,
            "total_minor": plan.total_minor, "paid_minor": found.paid_minor, "currency": plan.currency,
            "text": plan.agreement.get("text"),
            "installments": [[item.due_on.isoformat(), item.amount_minor, state] for item, state, _ in
                             found.installments],
        }
        for plan, found in seen
        if plan.accepted_at is not None and found.state != LAPSED
    ]  # fmt: skip


def _addresses(dossier: Dossier) -> list[dict[str, Any]]:
    """Where the customer may be reached, and where they may not: the register of consent and refusals goes along."""
    return [
        {
            "channel": point.channel, "address": point.address, "consent": point.consent,
            "source": point.consent_source,
            "opted_out_at": point.opted_out_at.isoformat() if point.opted_out_at else None,
        }
        for point in dossier.contact_points
        if point.proved and point.closed_at is None and point.channel != "webchat"
    ]  # fmt: skip


def _exchanges(log: Sequence[Exchange]) -> list[dict[str, Any]]:
    private = {
        row.in_reply_to
        for row in log
        if row.direction == NOTE and row.purpose in ("hold", "unproved_word") and row.text.startswith(PRIVATE_HOLDS)
    } - {None}
    found = []
    for row in log:
        spoken = row.direction == IN or (row.direction == OUT and row.reached)
        if not spoken and row.purpose not in _TOLD:
            continue
        hidden = row.id in private or row.in_reply_to in private
        found.append({
            "seq": row.seq, "at": (row.sent_at or row.at).isoformat(), "direction": row.direction,
            "author": row.author, "channel": row.channel, "purpose": row.purpose, "state": row.state,
            "text": WITHHELD if hidden else row.text,
        })  # fmt: skip
    return found


def _proof(log: Sequence[Exchange], seq: int, head: str) -> dict[str, Any]:
    """The head of the chain of hashes, by which this file can be held against the record."""
    return {"entries": seq, "head": head, "whole": first_broken(log, seq, head) is None}
