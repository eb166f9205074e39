"""Imported rows against what is known: created, updated, unchanged or rejected; a batch is read and written at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from bot.domain.accounts import Allocation, ContactPoint, Customer, Invoice, Payment
from bot.domain.conversation import Conversation
from bot.domain.methods import PaymentMethod
from bot.ports import ImportRow
from bot.storage import tables as t
from bot.storage.records import to_row

# So many values are asked for at once: every database takes that many parameters.
ASKED_AT_ONCE = 400
_CUSTOMER = ("name", "type", "language", "time_zone", "jurisdiction", "trust")
_INVOICE = ("currency", "amount_minor", "issued_on", "due_on", "description", "subscription_ref", "subscription_plan",
            "failure_code", "failure_at")  # fmt: skip
# Written in this order, as rows point at those before them.
KINDS: tuple[type, ...] = (Customer, Conversation, ContactPoint, PaymentMethod, Invoice, Payment, Allocation)


class Batch:
    """What is known of the customers and invoices of some rows, and what must be written for them."""

    def __init__(self, db: Connection, rows: Sequence[ImportRow], new_id: Callable[[], str]) -> None:
        self._db, self._new_id = db, new_id
        self.puts: dict[type, dict[str, Mapping[str, Any]]] = {kind: {} for kind in KINDS}
        c, i, p, m, a = t.customers.c, t.invoices.c, t.contact_points.c, t.payment_methods.c, t.allocations.c
        refs, numbers = {row.customer["ref"] for row in rows}, {row.invoice["number"] for row in rows}
        self._customers = {row["ref"]: row for row in self._known(select(t.customers), c.ref, refs)}
        owned = select(t.invoices, c.ref.label("owner")).join(t.customers, c.id == i.customer_id)
        self._invoices: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for found in self._known(owned, i.number, numbers):
            self._invoices[found["number"]].append(found)
        mine = {row["id"] for row in self._customers.values()}
        self._points = {(r["customer_id"], r["channel"], r["address"]): r
                        for r in self._known(select(t.contact_points), p.customer_id, mine)}  # fmt: skip
        told = select(m.customer_id, m.provider, m.reference)
        self._methods = {tuple(row.values()) for row in self._known(told, m.customer_id, mine)}
        known = {row["id"] for found in self._invoices.values() for row in found}
        sums = select(a.invoice_id, func.sum(a.amount_minor).label("settled")).group_by(a.invoice_id)
        self._settled = {row["invoice_id"]: int(row["settled"]) for row in self._known(sums, a.invoice_id, known)}

    def _known(self, query: Any, column: Any, values: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        waiting = iter(sorted(values))
        while some := list(islice(waiting, ASKED_AT_ONCE)):
            yield from (dict(row) for row in self._db.execute(query.where(column.in_(some))).mappings())

    def _put(self, kind: type, row: Mapping[str, Any]) -> None:
        self.puts[kind][row["id"]] = row

    def take(self, row: ImportRow) -> str:
        """Upsert one customer with one invoice; returns created, updated, unchanged or "rejected: why"."""
        known, number = self._customers.get(row.customer["ref"]), row.invoice["number"]
        same_number = self._invoices[number]
        invoice = next((i for i in same_number if known and i["customer_id"] == known["id"]), None)
        if same_number and invoice is None:
            owner = same_number[0]["owner"]
            return f"rejected: invoice {number} belongs to customer {owner}; correct the number or the customer"
        paid = self._settled.get(invoice["id"], 0) if invoice else 0
        if invoice and invoice["currency"] != row.invoice["currency"]:
            return f"rejected: invoice {number} was in {invoice['currency']}, now in {row.invoice['currency']}"
        if row.invoice["amount_minor"] < max(paid, row.invoice["paid_minor"]):
            return f"rejected: invoice {number} is smaller than what was already paid on it"
        customer_id, changed = self._customer(row, known)
        changed |= self._contacts(customer_id, row)
        changed |= self._saved_methods(customer_id, row)
        values = {name: row.invoice[name] for name in _INVOICE}
        values["lines"] = [[line["text"], line["amount_minor"]] for line in row.invoice["lines"]]
        same = invoice is not None and all(invoice[name] == value for name, value in values.items())
        invoice_id = invoice["id"] if invoice else self._new_id()
        if not same:
            made = {"id": invoice_id, "customer_id": customer_id, "number": number, **values}
            self._put(Invoice, made)
            self._invoices[number] = [
                *(i for i in same_number if i is not invoice),
                {**made, "owner": row.customer["ref"]},
            ]
        booked = self._book_paid(customer_id, invoice_id, row, paid)
        if invoice is None:
            return "created"
        return "updated" if changed or booked or not same else "unchanged"

    def _customer(self, row: ImportRow, known: Mapping[str, Any] | None) -> tuple[str, bool]:
        values = {name: row.customer[name] for name in _CUSTOMER}
        values |= {"identity": dict(row.customer["identity"]), "located": row.customer.get("located", True)}
        if known is not None and all(known[name] == value for name, value in values.items()):
            return known["id"], False
        customer_id = known["id"] if known else self._new_id()
        made = {
            "id": customer_id, "ref": row.customer["ref"], "preferences": known["preferences"] if known else {},
            **values,
        }  # fmt: skip
        self._customers[row.customer["ref"]] = made
        self._put(Customer, made)
        if known is None:
            self._put(Conversation, {
                "id": customer_id, "customer_id": customer_id, "language": row.customer["language"],
                "status": "automated", "version": 0, "channel": "webchat", "identified_on": "", "script_version": "",
                "log_seq": 0, "log_hash": "",
            })  # fmt: skip
        return customer_id, True

    def _contacts(self, customer_id: str, row: ImportRow) -> bool:
        """Add new addresses. What the customer decided about an old one (opt-out, consent) is theirs to change."""
        changed = False
        for contact in row.customer["contacts"]:
            key = (customer_id, contact["channel"], contact["address"])
            point = self._points.get(key)
            if point is None:
                point = {
                    "id": self._new_id(), "customer_id": customer_id, **contact, "consent_source": "import",
                    "opted_out_at": None, "closed_at": None,
                }  # fmt: skip
            elif point["consent_source"] == "import" and point["consent"] != contact["consent"]:
                point = {**point, "consent": contact["consent"]}
            else:
                continue
            self._points[key] = point
            self._put(ContactPoint, point)
            changed = True
        return changed

    def _saved_methods(self, customer_id: str, row: ImportRow) -> bool:
        """Add saved methods that are new; what was closed here stays closed."""
        changed = False
        for item in row.customer.get("payment_methods", ()):
            key = (customer_id, item["provider"], item["reference"])
            if key in self._methods:
                continue
            self._methods.add(key)
            self._put(PaymentMethod, {
                "id": self._new_id(), "customer_id": customer_id, **item, "closed_at": None,
                "agreed_at": row.invoice["failure_at"] or datetime.combine(row.invoice["issued_on"], time(), UTC),
                "agreement": {"covers": "subscription", "source": "the creditor's file"},
            })  # fmt: skip
            changed = True
        return changed

    def _book_paid(self, customer_id: str, invoice_id: str, row: ImportRow, paid: int) -> bool:
        """The creditor's file knows of more money than we do: the difference is booked as a payment."""
        more = row.invoice["paid_minor"] - paid
        if more <= 0:
            return False
        payment_id = self._new_id()
        self._settled[invoice_id] = row.invoice["paid_minor"]
        reference = f"import:{invoice_id}:{row.invoice['paid_minor']}"
        paid_at = datetime.combine(row.invoice["issued_on"], time(), UTC)
        currency = row.invoice["currency"]
        self._put(Payment, to_row(Payment(payment_id, customer_id, currency, more, paid_at, "import", reference, None)))
        self._put(Allocation, to_row(Allocation(self._new_id(), customer_id, payment_id, invoice_id, more)))
        return True
