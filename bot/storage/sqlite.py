"""The embedded store: SQLite in WAL mode, one writer thread with group commit, reads beside it.

The caller of a write is answered after COMMIT with synchronous=FULL: what was acknowledged survives a kill.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    and_,
    create_engine,
    event,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import StaticPool

from bot.domain.case import ChangeSet
from bot.domain.conversation import ERRANDS
from bot.domain.dossier import Dossier
from bot.domain.ledger.imputation import Orders
from bot.domain.messages import IN, Exchange
from bot.domain.methods import FAILED, SUCCEEDED
from bot.ports import Agent, ImportRow, Inbound, Owing, PaymentNotice, QueueRow, Retry, Stray, new_id
from bot.storage import tables as t
from bot.storage.group_commit import GroupCommit, NotSaved
from bot.storage.importing import ASKED_AT_ONCE, Batch
from bot.storage.migrate import ForeignDatabase, NewerDatabase, migrate
from bot.storage.owing import Debtors
from bot.storage.reading import Reading
from bot.storage.records import from_row, to_notice
from bot.storage.writing import Writing

T = TypeVar("T")
DIALECT = sqlite.dialect()
READING = Reading(DIALECT)
DEBTORS = Debtors(DIALECT)
WRITING = Writing(DIALECT, insert)


class StorageError(Exception):
    """The database cannot be used; the message names the file and the remedy."""


async def open_store(url: str, *, existing: bool = False, orders: Orders | None = None) -> "SqliteStore":
    """Open, and where needed create and migrate, the database of a URL; raises StorageError.

    `existing`: a file that is not there is an error rather than an empty book. `orders` of imputation by country.
    """
    if not url.startswith("sqlite:///"):
        raise StorageError(f"{url.split('@')[-1]}: this version keeps its book in SQLite; use sqlite:///path/to/file")
    path = Path(url.removeprefix("sqlite:///"))
    _prepare(path, existing)
    try:
        return SqliteStore(path, orders or {})
    except ForeignDatabase:
        raise StorageError(f"{path}: a database of another program; choose another file") from None
    except NewerDatabase as newer:
        raise StorageError(f"{path}: written by a later version of Relance (schema {newer}); update Relance") from None
    except DatabaseError as error:
        reason = str(error.orig)
        if "not a database" in reason or "malformed" in reason:
            remedy = "the file is damaged: restore a backup, or move it away to start with an empty book"
        elif "locked" in reason:
            remedy = "another program holds it: end that program and try again"
        else:
            remedy = "check the file and its permissions"
        raise StorageError(f"{path}: {reason}; {remedy}") from None


def _prepare(path: Path, existing: bool) -> None:
    if existing and not path.is_file():
        raise StorageError(f"{path}: there is no book yet; `relance import FILE` or `relance serve` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # names, addresses and proofs of identity: for the owner's eyes
    except OSError as error:
        raise StorageError(f"{path}: cannot be made or written ({error.strerror}); choose another place") from None


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 30},
        isolation_level=None,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: Any) -> None:
        # The driver's own transactions would commit at surprising moments: begin and commit are ours.
        connection.isolation_level = None
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-65536",
                       "wal_autocheckpoint=8000"):  # fmt: skip
            connection.execute(f"pragma {pragma}")

    return engine


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


class SqliteStore:
    """The Store of one process, over one file."""

    def __init__(self, path: Path, orders: Orders | None = None) -> None:
        self._path, self._orders = path, orders or {}
        self._write_engine = _engine(path)
        self._writer = self._write_engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        migrate(self._writer)
        self._read_engine = _engine(path)
        self._reader = self._read_engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._reader.exec_driver_sql("pragma query_only=on")
        self._raw = _driver(self._reader)
        self._commits = GroupCommit(self._writer, _driver(self._writer))
        self._listeners: set[asyncio.Queue[str]] = set()

    async def _write(self, job: Callable[[Connection], T]) -> T:
        """The job's result after COMMIT; raises StorageError when nothing could be saved."""
        try:
            return await self._commits.write(job)
        except NotSaved as error:
            raise StorageError(f"{self._path}: {error}; nothing of this was saved, free space and try again") from None

    # Reading. A thread hop costs more than these reads, so they run where they are called.

    def _rows(self, statement: Any) -> list[Any]:
        return list(self._reader.execute(statement))

    async def customer_id(self, ref: str) -> str | None:
        """The id behind the creditor's reference of a customer."""
        return READING.customer_id(self._raw, ref)

    async def customer_by_invoice(self, number: str) -> str | None:
        """The id of the customer who owes this invoice number."""
        found = self._rows(select(t.invoices.c.customer_id).where(t.invoices.c.number == number).limit(2))
        return found[0][0] if len(found) == 1 else None

    async def customers_by_address(self, channel: str, address: str) -> list[str]:
        """The ids of the customers reached at this address, none, one or several who share it."""
        points = t.contact_points.c
        mine = select(points.customer_id, points.closed_at).where(points.channel == channel, points.address == address)
        found = self._rows(mine.distinct().limit(20))
        # A chat that changed hands stays on record with its earlier customer, closed.
        return sorted({row[0] for row in found if row[1] is None} or {row[0] for row in found})

    async def sharing(self, addresses: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Sequence[str]]:
        """The references of the customers reached at each of these channels and addresses."""
        points, found = t.contact_points.c, dict[tuple[str, str], list[str]]()
        by_ref = select(points.channel, points.address, t.customers.c.ref).join(
            t.customers, t.customers.c.id == points.customer_id
        )
        for channel in sorted({channel for channel, _ in addresses}):
            asked = [address for of, address in addresses if of == channel]
            for start in range(0, len(asked), ASKED_AT_ONCE):
                some = points.address.in_(asked[start : start + ASKED_AT_ONCE])
                for _, address, ref in self._rows(
                    by_ref.where(points.channel == channel, points.closed_at.is_(None), some)
                ):
                    found.setdefault((channel, address), []).append(ref)
        return found

    async def customer_by_link(self, link_id: str) -> str | None:
        """The id of the customer for whom a payment link was issued."""
        return self._reader.scalar(select(t.payment_links.c.customer_id).where(t.payment_links.c.id == link_id))

    async def customer_by_payment(self, reference: str) -> str | None:
        """The id of the customer who made a payment, by the provider's reference of it."""
        return self._reader.scalar(select(t.payments.c.customer_id).where(t.payments.c.reference == reference))

    async def customer_by_charge(self, attempt_id: str) -> str | None:
        """The id of the customer whose saved method was charged."""
        return self._reader.scalar(select(t.charge_attempts.c.customer_id).where(t.charge_attempts.c.id == attempt_id))

    async def references(self) -> list[tuple[str, str, str | None]]:
        """Every word that names a customer or an invoice, with the customer's id and the invoice's if it is one."""
        people = [(ref, key, None) for ref, key in self._rows(select(t.customers.c.ref, t.customers.c.id))]
        i = t.invoices.c
        return [*people, *(tuple(row) for row in self._rows(select(i.number, i.customer_id, i.id)))]

    async def quarantined(self) -> list[PaymentNotice]:
        """Payment notices that nobody could book, oldest first."""
        n = t.payment_notices.c
        found = select(t.payment_notices).where(n.outcome == "quarantined").order_by(n.at)
        return [to_notice(row) for row in self._reader.execute(found).mappings()]

    async def reopen(self, notice: PaymentNotice) -> bool:
        """Let a quarantined notice be settled again as told now; False when it was not in quarantine."""
        n = t.payment_notices.c
        mine = and_(n.provider == notice.provider, n.event_id == notice.event_id, n.outcome == "quarantined")
        change = update(t.payment_notices).where(mine).values(outcome=None, detail=notice.detail)
        return await self._write(lambda db: db.execute(change).rowcount == 1)

    async def file_notice(self, notice: PaymentNotice) -> bool:
        """Take a notice out of quarantine unbooked, with what its detail now says; False when it was not there."""
        n = t.payment_notices.c
        mine = and_(n.provider == notice.provider, n.event_id == notice.event_id, n.outcome == "quarantined")
        change = update(t.payment_notices).where(mine).values(outcome="filed", detail=notice.detail)
        return await self._write(lambda db: db.execute(change).rowcount == 1)

    async def with_methods(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of customers with a saved payment method, in order, a page at a time."""
        mine = t.payment_methods.c.customer_id
        return [row[0] for row in self._rows(select(mine).where(mine > after).distinct().order_by(mine).limit(limit))]

    async def retries(self, since: datetime) -> list[Retry]:
        """The tries of failed charges on days that nobody had named, oldest first for each thing charged."""
        c, m, i, p = t.charge_attempts.c, t.payment_methods.c, t.invoices.c, t.customers.c
        query = (
            select(c.about, m.network, p.time_zone, i.failure_code, c.at, c.state, c.code)
            .join(t.payment_methods, m.id == c.method_id).join(t.customers, p.id == c.customer_id)
            .join(t.invoices, c.about == "invoice:" + i.id)
            .where(c.state.in_((SUCCEEDED, FAILED)), c.agreed.is_(False), c.at >= since)
            .order_by(c.about, c.at)
        )  # fmt: skip
        return [
            Retry(about, network, zone, first or "none", at, state == SUCCEEDED, code)
            for about, network, zone, first, at, state, code in self._rows(query)
        ]

    async def dossier(self, customer_id: str, exchanges: int = 40) -> Dossier | None:
        """Everything about a customer in one consistent read."""
        return READING.dossier(self._raw, customer_id, exchanges, self._orders)

    async def replies(self, customer_id: str, channel: str, message_id: str) -> tuple[Exchange, ...]:
        """What was said to the customer's message with this id of its channel, oldest first."""
        return READING.replies(self._raw, customer_id, channel, message_id)

    async def unhandled(self, limit: int = 100) -> list[str]:
        """Customers with an inbound exchange that no turn has answered, oldest first."""
        x = t.exchanges.c
        query = (
            select(x.conversation_id).where(x.state == "received", x.direction == IN)
            .group_by(x.conversation_id).order_by(func.min(x.id)).limit(limit)
        )  # fmt: skip
        return [row[0] for row in self._rows(query)]

    async def outbox(self, now: datetime, limit: int = 100) -> list[Exchange]:
        """Queued outbound exchanges that may go now, oldest first, behind nothing that is being sent."""
        x, other = t.exchanges.c, t.exchanges.alias().c
        busy = select(other.id).where(other.conversation_id == x.conversation_id, other.state == "sending").exists()
        query = (
            select(t.exchanges).where(x.state == "queued", or_(x.not_before.is_(None), x.not_before <= now), ~busy)
            .order_by(x.id).limit(limit)
        )  # fmt: skip
        return [from_row(Exchange, row) for row in self._reader.execute(query).mappings()]

    async def outbound(self, channel: str, state: str, limit: int = 500) -> list[Exchange]:
        """Messages of a channel that stand in a delivery state, oldest first."""
        x = t.exchanges.c
        query = select(t.exchanges).where(x.state == state, x.channel == channel).order_by(x.id).limit(limit)
        return [from_row(Exchange, row) for row in self._reader.execute(query).mappings()]

    async def exchange(self, exchange_id: str) -> Exchange | None:
        """One row of the log."""
        row = self._reader.execute(select(t.exchanges).where(t.exchanges.c.id == exchange_id)).mappings().first()
        return from_row(Exchange, row) if row else None

    async def strays(self, limit: int = 100, channel: str | None = None, address: str | None = None) -> list[Stray]:
        """The latest messages of unknown senders, or of one of them, newest first."""
        query = select(t.strays).order_by(t.strays.c.id.desc()).limit(limit)
        if address is not None:
            query = query.where(t.strays.c.channel == channel, t.strays.c.address == address)
        return [Stray(**row) for row in self._reader.execute(query).mappings()]

    async def interrupted(self) -> list[Exchange]:
        """Outbound exchanges found in mid-send, as a crash leaves them."""
        query = select(t.exchanges).where(t.exchanges.c.state == "sending")
        return [from_row(Exchange, row) for row in self._reader.execute(query).mappings()]

    async def customers(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of customers in order, a page at a time."""
        c = t.customers.c
        return [row[0] for row in self._rows(select(c.id).where(c.id > after).order_by(c.id).limit(limit))]

    async def owing(self, after: str = "", limit: int = 500) -> tuple[Sequence[Owing], str | None]:
        """Those of a page of customers who owe something, and the last id looked at; None past the end."""
        return DEBTORS.page(self._raw, after, limit)

    async def notice(self, provider: str, event_id: str) -> PaymentNotice | None:
        """One notice, settled or not."""
        n = t.payment_notices.c
        one = select(t.payment_notices).where(n.provider == provider, n.event_id == event_id)
        return next((to_notice(row) for row in self._reader.execute(one).mappings()), None)

    async def pending_notices(self, limit: int = 100, after: PaymentNotice | None = None) -> list[PaymentNotice]:
        """Notices that no commit has settled, oldest first; those that follow `after`."""
        n = t.payment_notices.c
        place = tuple_(n.at, n.provider, n.event_id)
        waiting = select(t.payment_notices).where(n.outcome.is_(None))
        if after is not None:
            at = literal(after.at, t.Instant())
            waiting = waiting.where(place > tuple_(at, literal(after.provider), literal(after.event_id)))
        rows = self._reader.execute(waiting.order_by(n.at, n.provider, n.event_id).limit(limit))
        return [to_notice(row) for row in rows.mappings()]

    async def log(self, customer_id: str) -> Sequence[Exchange]:
        """All exchanges of a conversation in order of writing."""
        x = t.exchanges.c
        rows = self._reader.execute(select(t.exchanges).where(x.conversation_id == customer_id).order_by(x.seq, x.id))
        return [from_row(Exchange, row) for row in rows.mappings()]

    async def queue(self) -> list[QueueRow]:
        """Conversations that await or have a person, and open errands; urgent and oldest first."""
        talks, h = t.conversations.c, t.handoffs.c
        named = select(t.conversations, t.customers.c.ref, t.customers.c.name).join(
            t.customers, t.customers.c.id == talks.customer_id
        )
        errand = and_(h.reason.in_(sorted(ERRANDS)), h.closed_at.is_(None))
        rows = []
        for talk in self._reader.execute(named.where(talks.status.in_(("awaiting_agent", "with_agent")))).mappings():
            asked = select(t.handoffs).where(h.customer_id == talk["customer_id"], h.reason.not_in(sorted(ERRANDS)))
            latest = self._reader.execute(asked.order_by(h.id.desc()).limit(1)).mappings().first()
            if latest is not None:
                rows.append(self._queue_row(talk, latest, talk["status"]))
        for request in self._reader.execute(select(t.handoffs).where(errand)).mappings():
            talk = self._reader.execute(named.where(talks.customer_id == request["customer_id"])).mappings().one()
            rows.append(self._queue_row(talk, request, "to_do"))
        return sorted(rows, key=lambda row: (not row.urgent, row.due_at))

    def _queue_row(self, talk: Any, request: Any, status: str) -> QueueRow:
        return QueueRow(
            talk["customer_id"], talk["ref"], talk["name"], status, request["reason"], request["summary"],
            request["urgent"], request["opened_at"], request["due_at"], talk["agent_id"], request["proposal"] or {},
        )  # fmt: skip

    async def agent(self, email: str) -> Agent | None:
        """The agent who signs in with this e-mail address."""
        row = self._reader.execute(select(t.agents).where(t.agents.c.email == email)).mappings().first()
        return Agent(**row) if row else None

    async def counts(self) -> Mapping[str, int]:
        """Sizes for health and door pages."""
        x = t.exchanges.c

        def count(table: Table, *where: Any) -> int:
            return int(self._reader.scalar(select(func.count()).select_from(table).where(*where)) or 0)

        return {
            "customers": count(t.customers),
            "waiting": count(t.conversations, t.conversations.c.status == "awaiting_agent"),
            "with_agent": count(t.conversations, t.conversations.c.status == "with_agent"),
            "unhandled": count(t.exchanges, x.state == "received"),
            "queued": count(t.exchanges, x.state == "queued"),
            "quarantined": count(t.payment_notices, t.payment_notices.c.outcome == "quarantined"),
            "notices": count(t.payment_notices, t.payment_notices.c.outcome.is_(None)),
        }

    # Writing.

    async def receive(self, inbound: Inbound, exchange: Exchange) -> bool:
        """Keep an inbound exchange before it is acknowledged; False when it was there already."""

        try:
            await self._write(lambda db: WRITING.append(_driver(db), exchange.conversation_id, [exchange]))
        except sqlite3.IntegrityError:
            return False
        self._tell_changed(exchange.conversation_id)
        return True

    async def commit(self, changes: ChangeSet) -> None:
        """Apply a change set whole; raises Stale when the conversation moved on."""
        await self._write(lambda db: WRITING.apply(_driver(db), changes))
        self._tell_changed(changes.conversation.customer_id)

    async def move(self, exchange: Exchange, to: str, *, note: Exchange | None = None, **fields: Any) -> bool:
        """Change the delivery state if it is still what `exchange` says, and put `note` on record with it."""

        def job(db: Connection) -> bool:
            moved = WRITING.move(_driver(db), exchange, to, fields)
            if moved and note is not None:
                WRITING.append(_driver(db), note.conversation_id, [note])
            return moved

        moved = await self._write(job)
        if moved:
            self._tell_changed(exchange.conversation_id)
        return moved

    async def add_stray(self, stray: Stray) -> bool:
        """Keep a message of an unknown sender; False when it was there already."""
        return await self._add(t.strays, {name: getattr(stray, name) for name in Stray.__dataclass_fields__})

    async def close_stray(self, stray_id: str, outcome: str) -> bool:
        """Say what became of a message of an unknown sender; False when somebody was faster."""
        mine = and_(t.strays.c.id == stray_id, t.strays.c.outcome.is_(None))
        closing = update(t.strays).where(mine).values(outcome=outcome)
        return bool(await self._write(lambda db: db.execute(closing).rowcount == 1))

    async def add_notice(self, notice: PaymentNotice) -> bool:
        """Keep a payment notice; False when this event was there already."""
        fields = PaymentNotice.__dataclass_fields__
        return await self._add(t.payment_notices, {name: getattr(notice, name) for name in fields})

    async def _add(self, table: Table, row: Mapping[str, Any]) -> bool:
        try:
            await self._write(lambda db: db.execute(table.insert().values(**row)))
        except IntegrityError:
            return False
        return True

    async def close_notice(self, notice: PaymentNotice, outcome: str, changes: ChangeSet | None) -> None:
        """Settle a notice in the same commit as its change set."""

        def job(db: Connection) -> None:
            n = t.payment_notices.c
            mine = and_(n.provider == notice.provider, n.event_id == notice.event_id, n.outcome.is_(None))
            told = {"detail": notice.detail} if outcome == "quarantined" else {}
            if db.execute(update(t.payment_notices).where(mine).values(outcome=outcome, **told)).rowcount != 1:
                return  # another hand settled it: its facts are booked already
            if changes is not None:
                WRITING.apply(_driver(db), changes)

        await self._write(job)
        if changes is not None:
            self._tell_changed(changes.conversation.customer_id)

    async def save_agent(self, agent: Agent) -> None:
        """Insert or replace an agent by id."""
        row = {name: getattr(agent, name) for name in Agent.__dataclass_fields__}
        await self._write(lambda db: _upsert(db, t.agents, row))

    async def import_rows(self, rows: Sequence[ImportRow], dry_run: bool) -> list[str]:
        """Upsert customers and invoices; per row created, updated, unchanged or "rejected: why"."""
        outcomes: list[str] = []

        def job(db: Connection) -> None:
            batch = Batch(db, rows, new_id)
            outcomes.extend(batch.take(row) for row in rows)
            for kind, made in batch.puts.items():
                WRITING.put_many(_driver(db), kind, made.values())
            if dry_run:
                raise _DryRun

        with suppress(_DryRun):
            await self._write(job)
        return outcomes

    # News.

    async def changed(self) -> AsyncIterator[str]:
        """Ids of customers whose conversation changed, as commits happen in this process."""
        news: asyncio.Queue[str] = asyncio.Queue(1000)
        self._listeners.add(news)
        try:
            while True:
                yield await news.get()
        finally:
            self._listeners.discard(news)

    def _tell_changed(self, customer_id: str) -> None:
        for news in self._listeners:
            with suppress(asyncio.QueueFull):  # a slow listener misses news and blocks nobody
                news.put_nowait(customer_id)

    async def relax(self) -> None:
        """For a scratch book with one user, which no loss of power could hurt: commit at once, let the disk follow."""
        await self._commits.alone()
        _driver(self._writer).execute("pragma synchronous=off")

    async def close(self) -> None:
        """Finish what waits and release the database."""
        await self._commits.close()
        for connection, engine in ((self._writer, self._write_engine), (self._reader, self._read_engine)):
            connection.close()
            engine.dispose()


class _DryRun(Exception):
    """Undoes an import that was only tried."""


def _upsert(db: Connection, table: Table, row: Mapping[str, Any]) -> None:
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in row if name != "id"}
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), row)
