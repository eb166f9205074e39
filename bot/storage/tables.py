"""The tables, in SQLAlchemy Core. Column types are portable; migrations/ creates them."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()
_encode = msgspec.json.Encoder(enc_hook=dict).encode
_decode = msgspec.json.Decoder().decode


class Instant(TypeDecorator[datetime]):
    """An instant as UTC text of fixed width, so that texts sort as instants do on every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """What the database keeps."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """What the program sees."""
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A calendar day as ISO text."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        """What the database keeps."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        """What the program sees."""
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON document as text, written by msgspec."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str:
        """What the database keeps."""
        return _encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """What the program sees."""
        return None if value is None else _decode(value)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(40), primary_key=True)


def _owner() -> Column[str]:
    return Column("customer_id", String(40), ForeignKey("customers.id"), nullable=False, index=True)


customers = Table(
    "customers", metadata, _id(), Column("ref", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False), Column("type", String(20), nullable=False),
    Column("language", String(8), nullable=False), Column("time_zone", String(64), nullable=False),
    Column("jurisdiction", String(20), nullable=False), Column("identity", Json, nullable=False),
    Column("preferences", Json, nullable=False), Column("trust", String(20), nullable=False),
    Column("located", Boolean, nullable=False),
)  # fmt: skip
contact_points = Table(
    "contact_points", metadata, _id(), _owner(), Column("channel", String(20), nullable=False),
    Column("address", String(320), nullable=False), Column("consent", Boolean, nullable=False),
    Column("consent_source", String(40), nullable=False), Column("opted_out_at", Instant),
    Column("closed_at", Instant), Index("ix_contact_points_address", "channel", "address"),
)  # fmt: skip
invoices = Table(
    "invoices", metadata, _id(), _owner(), Column("number", String(80), nullable=False, index=True),
    Column("currency", String(3), nullable=False), Column("amount_minor", BigInteger, nullable=False),
    Column("issued_on", Day, nullable=False), Column("due_on", Day, nullable=False),
    Column("description", Text, nullable=False), Column("lines", Json, nullable=False),
    Column("subscription_ref", String(80)), Column("subscription_plan", String(80)),
    Column("failure_code", String(60)), Column("failure_at", Instant),
    Index("uq_invoices_number", "customer_id", "number", unique=True),
)  # fmt: skip
payments = Table(
    "payments", metadata, _id(), _owner(), Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False), Column("paid_at", Instant, nullable=False),
    Column("provider", String(40), nullable=False), Column("reference", String(200), nullable=False, unique=True),
    Column("link_id", String(40)), Column("kind", String(20), nullable=False, server_default="payment"),
)  # fmt: skip
adjustments = Table(
    "adjustments", metadata, _id(), _owner(),
    Column("invoice_id", String(40), ForeignKey("invoices.id"), nullable=False),
    Column("kind", String(20), nullable=False), Column("part", String(20), nullable=False),
    Column("currency", String(3), nullable=False), Column("amount_minor", BigInteger, nullable=False),
    Column("at", Instant, nullable=False), Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
)  # fmt: skip
allocations = Table(
    "allocations", metadata, _id(), _owner(),
    Column("payment_id", String(40), ForeignKey("payments.id"), nullable=False),
    Column("invoice_id", String(40), ForeignKey("invoices.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
)  # fmt: skip
promises = Table(
    "promises", metadata, _id(), _owner(), Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False), Column("due_on", Day, nullable=False),
    Column("made_at", Instant, nullable=False), Column("channel", String(20), nullable=False),
    Column("withdrawn_at", Instant),
)  # fmt: skip
installment_plans = Table(
    "installment_plans", metadata, _id(), _owner(), Column("currency", String(3), nullable=False),
    Column("total_minor", BigInteger, nullable=False), Column("installments", Json, nullable=False),
    Column("proposed_at", Instant, nullable=False), Column("accepted_at", Instant), Column("ended_at", Instant),
    Column("agreement", Json, nullable=False),
)  # fmt: skip
payment_links = Table(
    "payment_links", metadata, _id(), _owner(), Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False), Column("purpose", String(40), nullable=False),
    Column("created_at", Instant, nullable=False), Column("expires_at", Instant, nullable=False),
    Column("plan_id", String(40)), Column("voided_at", Instant),
)  # fmt: skip
disputes = Table(
    "disputes", metadata, _id(), _owner(), Column("invoice_id", String(40)), Column("reason", Text, nullable=False),
    Column("opened_at", Instant, nullable=False), Column("closed_at", Instant), Column("outcome", String(40)),
)  # fmt: skip
holds = Table(
    "holds", metadata, _id(), _owner(), Column("kind", String(60), nullable=False),
    Column("since", Instant, nullable=False), Column("until", Instant), Column("reason", Text, nullable=False),
    Column("ended_at", Instant),
)  # fmt: skip
handoffs = Table(
    "handoffs", metadata, _id(), _owner(), Column("reason", String(80), nullable=False),
    Column("summary", Text, nullable=False), Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False), Column("urgent", Boolean, nullable=False),
    Column("proposal", Json, nullable=False), Column("agent_id", String(40)), Column("taken_at", Instant),
    Column("closed_at", Instant), Column("outcome", Text),
)  # fmt: skip
conversations = Table(
    "conversations", metadata, _id(), _owner(), Column("language", String(8), nullable=False),
    Column("status", String(20), nullable=False, index=True), Column("version", BigInteger, nullable=False),
    Column("channel", String(20), nullable=False), Column("identified_at", Instant),
    Column("identified_on", String(320), nullable=False), Column("agent_id", String(40)),
    Column("script_version", String(40), nullable=False), Column("log_seq", BigInteger, nullable=False),
    Column("log_hash", String(64), nullable=False),
)  # fmt: skip
exchanges = Table(
    "exchanges", metadata, _id(),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("seq", BigInteger, nullable=False), Column("at", Instant, nullable=False),
    Column("direction", String(4), nullable=False), Column("author", String(20), nullable=False),
    Column("channel", String(20), nullable=False), Column("text", Text, nullable=False),
    Column("purpose", String(40), nullable=False), Column("response", String(120)),
    Column("language", String(8), nullable=False), Column("script_version", String(40), nullable=False),
    Column("author_id", String(40)), Column("address", String(320)), Column("in_reply_to", String(40)),
    Column("provider_message_id", String(200)), Column("content", Json, nullable=False),
    Column("prev_hash", String(64), nullable=False), Column("hash", String(64), nullable=False),
    Column("state", String(20), nullable=False), Column("not_before", Instant),
    Column("attempts", Integer, nullable=False), Column("receipt", String(200)), Column("sent_at", Instant),
    Index("uq_exchanges_seq", "conversation_id", "seq", unique=True),
    Index("uq_exchanges_provider", "channel", "provider_message_id", unique=True),
    Index("ix_exchanges_state", "state", "not_before"),
)  # fmt: skip
conversation_events = Table(
    "conversation_events", metadata, _id(),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("session", Boolean, nullable=False), Column("body", Json, nullable=False),
    Index("ix_conversation_events", "conversation_id", "id"),
)  # fmt: skip
strays = Table(
    "strays", metadata, _id(), Column("channel", String(20), nullable=False),
    Column("address", String(320), nullable=False), Column("text", Text, nullable=False),
    Column("provider_message_id", String(200), nullable=False), Column("received_at", Instant, nullable=False),
    Column("answer", Text, nullable=False), Column("outcome", Text), Index("ix_strays_address", "channel", "address"),
    Index("uq_strays_provider", "channel", "provider_message_id", unique=True),
)  # fmt: skip
payment_notices = Table(
    "payment_notices", metadata,
    Column("provider", String(40), primary_key=True), Column("event_id", String(120), primary_key=True),
    Column("kind", String(40), nullable=False), Column("link_id", String(120), nullable=False),
    Column("currency", String(3), nullable=False), Column("amount_minor", BigInteger, nullable=False),
    Column("at", Instant, nullable=False), Column("detail", Json, nullable=False),
    Column("outcome", String(20), index=True),
)  # fmt: skip
payment_methods = Table(
    "payment_methods", metadata, _id(), _owner(), Column("provider", String(40), nullable=False),
    Column("reference", String(200), nullable=False), Column("network", String(20), nullable=False),
    Column("label", String(80), nullable=False), Column("agreed_at", Instant, nullable=False),
    Column("agreement", Json, nullable=False), Column("expires_on", Day), Column("closed_at", Instant),
    Index("ix_payment_methods_reference", "provider", "reference"),
)  # fmt: skip
charge_attempts = Table(
    "charge_attempts", metadata, _id(), _owner(), Column("method_id", String(40), nullable=False),
    Column("about", String(120), nullable=False), Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False), Column("at", Instant, nullable=False),
    Column("agreed", Boolean, nullable=False), Column("state", String(20), nullable=False),
    Column("code", String(60)), Column("advice", String(60)), Column("ended_at", Instant),
)  # fmt: skip
agents = Table(
    "agents", metadata, _id(), Column("email", String(320), nullable=False, unique=True),
    Column("name", Text, nullable=False), Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
)  # fmt: skip
