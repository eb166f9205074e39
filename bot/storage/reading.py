"""How a dossier is read: one compiled statement a kind of record, in one consistent read."""

import sqlite3
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BindParameter, Dialect, Select, and_, bindparam, func, literal_column, or_, select

from bot.domain.accounts import (
    Adjustment,
    Allocation,
    ContactPoint,
    Customer,
    Dispute,
    Hold,
    Invoice,
    Payment,
    PaymentLink,
)
from bot.domain.compliance import UNASKED
from bot.domain.conversation import Conversation, Handoff
from bot.domain.dossier import Dossier
from bot.domain.ledger.imputation import Orders, order_of
from bot.domain.messages import OUT, Exchange
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.domain.plans import InstallmentPlan
from bot.domain.promises import Promise
from bot.storage import tables as t
from bot.storage.records import TABLES
from bot.storage.statements import Query, Rows

T = TypeVar("T")
_decode = msgspec.json.Decoder().decode


class Reading:
    """The statements behind a dossier, compiled for one database's dialect."""

    def __init__(self, dialect: Dialect) -> None:
        def of_customer(kind: type[T]) -> Query[T]:
            table = TABLES[kind]
            mine = table.c.customer_id == bindparam("customer")
            return Query(kind, select(table).where(mine).order_by(table.c.id), ("customer",), dialect)

        one = t.customers.c.id == bindparam("customer")
        self._customer = Query(Customer, select(t.customers).where(one), ("customer",), dialect)
        self._conversation = of_customer(Conversation)
        self._exchanges = _latest_exchanges(dialect)
        self._events = Rows(_session_events(), ("conversation",), dialect)
        self._shared = _shared_addresses(dialect)
        self._replies = _replies(dialect)
        ref = t.customers.c.ref == bindparam("ref")
        self._id = Rows(select(t.customers.c.id).where(ref), ("ref",), dialect)
        self._parts: tuple[tuple[str, Query[Any]], ...] = (
            ("contact_points", of_customer(ContactPoint)),
            ("invoices", of_customer(Invoice)),
            ("payments", of_customer(Payment)),
            ("allocations", of_customer(Allocation)),
            ("promises", of_customer(Promise)),
            ("plans", of_customer(InstallmentPlan)),
            ("links", of_customer(PaymentLink)),
            ("disputes", of_customer(Dispute)),
            ("holds", of_customer(Hold)),
            ("handoffs", of_customer(Handoff)),
            ("methods", of_customer(PaymentMethod)),
            ("charges", of_customer(ChargeAttempt)),
            ("adjustments", of_customer(Adjustment)),
        )

    def customer_id(self, db: sqlite3.Connection, ref: str) -> str | None:
        """The id behind the creditor's reference of a customer."""
        found = self._id.fetch(db, ref)
        return found[0][0] if found else None

    def replies(self, db: sqlite3.Connection, customer_id: str, channel: str, message_id: str) -> tuple[Exchange, ...]:
        """What was said to one message of a customer, oldest first."""
        return self._replies.fetch(db, customer_id, channel, message_id)

    def dossier(self, db: sqlite3.Connection, customer_id: str, exchanges: int, orders: Orders) -> Dossier | None:
        """Everything about a customer, with that many of the latest exchanges; None when there is no such one."""
        db.execute("begin")
        try:
            customers = self._customer.fetch(db, customer_id)
            talks = self._conversation.fetch(db, customer_id)
            if not customers or not talks:
                return None
            parts: dict[str, Any] = {name: query.fetch(db, customer_id) for name, query in self._parts}
            rows = self._exchanges.fetch(db, talks[0].id, talks[0].log_seq - exchanges)
            events = tuple(_decode(row[0]) for row in self._events.fetch(db, talks[0].id))
            shared = frozenset((row[0], row[1]) for row in db.execute(self._shared, (customer_id,)))
            order = order_of(orders, customers[0].jurisdiction)
            return Dossier(
                customers[0], talks[0], **parts, exchanges=rows, events=events, imputation=order, shared=shared
            )
        finally:
            db.execute("commit")


def _replies(dialect: Dialect) -> Query[Exchange]:
    """What was written in reply to the message that the channel knows by this id."""
    x, asked = t.exchanges.c, t.exchanges.alias().c
    message = select(asked.id).where(
        asked.conversation_id == bindparam("conversation"), asked.channel == bindparam("channel"),
        asked.provider_message_id == bindparam("message"),
    )  # fmt: skip
    mine = x.conversation_id == bindparam("conversation")
    said = select(t.exchanges).where(mine, x.in_reply_to == message.scalar_subquery()).order_by(x.seq)
    return Query(Exchange, said, ("conversation", "channel", "message"), dialect)


def _session_events() -> Select[Any]:
    """Dialogue events since the session began."""
    e, began = t.conversation_events.c, t.conversation_events.alias().c
    mine: BindParameter[str] = bindparam("conversation")
    first = select(func.max(began.id)).where(began.conversation_id == mine, began.session).scalar_subquery()
    return select(e.body).where(e.conversation_id == mine, e.id >= func.coalesce(first, "")).order_by(e.id)


def _shared_addresses(dialect: Dialect) -> str:
    """The customer's channels and addresses that are open for another customer as well."""
    mine, other = t.contact_points.alias("mine").c, t.contact_points.alias("other").c
    same = and_(other.channel == mine.channel, other.address == mine.address, other.customer_id != mine.customer_id)
    query = select(mine.channel, mine.address).where(
        mine.customer_id == bindparam("customer"), same, other.closed_at.is_(None)
    )
    return str(query.compile(dialect=dialect))


def _latest_exchanges(dialect: Dialect) -> Query[Exchange]:
    """The latest rows, all unanswered ones, and the unasked contacts that caps and cadence look at."""
    x = t.exchanges.c
    unasked = or_(*(x.purpose == literal_column(f"'{purpose}'") for purpose in sorted(UNASKED)))
    waiting = x.state == literal_column("'received'")
    out = x.direction == literal_column(f"'{OUT}'")
    wanted = or_(x.seq > bindparam("after"), waiting, and_(out, unasked))
    mine = x.conversation_id == bindparam("conversation")
    return Query(Exchange, select(t.exchanges).where(mine, wanted).order_by(x.seq), ("conversation", "after"), dialect)
