"""One imported row against what is known: created, updated, unchanged or rejected."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Connection, Table, func, select

from bot.ports import ImportRow
from bot.storage import tables as t

Upsert = Callable[[Connection, Table, Mapping[str, Any]], None]
_CUSTOMER = ("name", "type", "language", "time_zone", "jurisdiction", "trust")
_INVOICE = ("currency", "amount_minor", "issued_on", "due_on", "description", "subscription_ref", "subscription_plan",
            "failure_code", "failure_at")  # fmt: skip


def import_row(db: Connection, row: ImportRow, upsert: Upsert, new_id: Callable[[], str]) -> str:
    """Upsert one customer with one invoice; returns created, updated, unchanged or "rejected: why"."""
    known = db.execute(select(t.customers).where(t.customers.c.ref == row.customer["ref"])).mappings().first()
    invoice = None
    if known is not None:
        mine = (t.invoices.c.customer_id == known["id"], t.invoices.c.number == row.invoice["number"])
        invoice = db.execute(select(t.invoices).where(*mine)).mappings().first()
    paid = _settled(db, invoice["id"]) if invoice else 0
    if invoice and invoice["currency"] != row.invoice["currency"]:
        return (
            f"rejected: invoice {row.invoice['number']} was in {invoice['currency']}, now in {row.invoice['currency']}"
        )
    if row.invoice["amount_minor"] < max(paid, row.invoice["paid_minor"]):
        return f"rejected: invoice {row.invoice['number']} is smaller than what was already paid on it"
    customer_id, changed = _customer(db, row, known, upsert, new_id)
    changed |= _contacts(db, customer_id, row, upsert, new_id)
    changed |= _methods(db, customer_id, row, upsert, new_id)
    values = {name: row.invoice[name] for name in _INVOICE}
    values["lines"] = [[line["text"], line["amount_minor"]] for line in row.invoice["lines"]]
    same = invoice is not None and all(invoice[name] == value for name, value in values.items())
    invoice_id = invoice["id"] if invoice else new_id()
    if not same:
        upsert(
            db, t.invoices, {"id": invoice_id, "customer_id": customer_id, "number": row.invoice["number"], **values}
        )
    booked = _book_paid(db, customer_id, invoice_id, row, paid, upsert, new_id)
    if invoice is None:
        return "created"
    return "updated" if changed or booked or not same else "unchanged"


def _customer(
    db: Connection, row: ImportRow, known: Any, upsert: Upsert, new_id: Callable[[], str]
) -> tuple[str, bool]:
    values = {name: row.customer[name] for name in _CUSTOMER}
    values["identity"] = dict(row.customer["identity"])
    if known is not None and all(known[name] == value for name, value in values.items()):
        return known["id"], False
    customer_id = known["id"] if known else new_id()
    preferences = known["preferences"] if known else {}
    upsert(db, t.customers, {"id": customer_id, "ref": row.customer["ref"], "preferences": preferences, **values})
    if known is None:
        db.execute(
            t.conversations.insert().values(
                id=customer_id,
                customer_id=customer_id,
                language=row.customer["language"],
                status="automated",
                version=0,
                channel="webchat",
                identified_on="",
                script_version="",
                log_seq=0,
                log_hash="",
            )
        )
    return customer_id, True


def _contacts(db: Connection, customer_id: str, row: ImportRow, upsert: Upsert, new_id: Callable[[], str]) -> bool:
    """Add new addresses. What the customer decided about an old one (opt-out, consent) is theirs to change."""
    points = t.contact_points
    known = {
        (point["channel"], point["address"]): point
        for point in db.execute(select(points).where(points.c.customer_id == customer_id)).mappings()
    }
    changed = False
    for contact in row.customer["contacts"]:
        point = known.get((contact["channel"], contact["address"]))
        if point is None:
            upsert(db, points, {
                "id": new_id(), "customer_id": customer_id, **contact, "consent_source": "import",
                "opted_out_at": None, "closed_at": None,
            })  # fmt: skip
            changed = True
        elif point["consent_source"] == "import" and point["consent"] != contact["consent"]:
            upsert(db, points, {**point, "consent": contact["consent"]})
            changed = True
    return changed


def _methods(db: Connection, customer_id: str, row: ImportRow, upsert: Upsert, new_id: Callable[[], str]) -> bool:
    """Add saved methods that are new; what was closed here stays closed."""
    m = t.payment_methods.c
    known = {tuple(found) for found in db.execute(select(m.provider, m.reference).where(m.customer_id == customer_id))}
    told = row.customer.get("payment_methods", ())
    new = [item for item in told if (item["provider"], item["reference"]) not in known]
    for item in new:
        upsert(db, t.payment_methods, {
            "id": new_id(), "customer_id": customer_id, **item, "closed_at": None,
            "agreed_at": row.invoice["failure_at"] or datetime.combine(row.invoice["issued_on"], time(), UTC),
            "agreement": {"covers": "subscription", "source": "the creditor's file"},
        })  # fmt: skip
    return bool(new)


def _settled(db: Connection, invoice_id: str) -> int:
    a = t.allocations.c
    return int(db.scalar(select(func.coalesce(func.sum(a.amount_minor), 0)).where(a.invoice_id == invoice_id)) or 0)


def _book_paid(
    db: Connection, customer_id: str, invoice_id: str, row: ImportRow, paid: int, upsert: Upsert,
    new_id: Callable[[], str],
) -> bool:  # fmt: skip
    """The creditor's file knows of more money than we do: the difference is booked as a payment."""
    more = row.invoice["paid_minor"] - paid
    if more <= 0:
        return False
    payment_id = new_id()
    upsert(db, t.payments, {
        "id": payment_id, "customer_id": customer_id, "currency": row.invoice["currency"], "amount_minor": more,
        "paid_at": datetime.combine(row.invoice["issued_on"], time(), UTC), "provider": "import",
        "reference": f"import:{invoice_id}:{row.invoice['paid_minor']}", "link_id": None,
    })  # fmt: skip
    upsert(db, t.allocations, {
        "id": new_id(), "customer_id": customer_id, "payment_id": payment_id, "invoice_id": invoice_id,
        "amount_minor": more,
    })  # fmt: skip
    return True
