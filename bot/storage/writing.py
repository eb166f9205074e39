"""What a commit writes, statement by statement; runs inside the store's transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, select, update

from bot.domain.case import ChangeSet
from bot.domain.messages import Exchange, seal
from bot.ports import Stale, new_id
from bot.storage import tables as t
from bot.storage.records import TABLES, to_row
from bot.storage.statements import Write

# The delivery fields that may change after a row was sealed.
DELIVERY = ("not_before", "attempts", "receipt", "sent_at")


class Writing:
    """The statements of change sets, the log and deliveries, compiled for one database's dialect.

    `insert` is that dialect's insert construct, which knows ON CONFLICT.
    """

    def __init__(self, dialect: Dialect, insert: Callable[[Table], Any]) -> None:
        talks, rows = t.conversations, t.exchanges
        # The chain's head belongs to the log; a conversation read earlier knows an old one.
        kept = ("id", "customer_id", "log_seq", "log_hash")
        moving = {
            column.name: bindparam(column.name, type_=column.type) for column in talks.c if column.name not in kept
        }
        mine = talks.c.id == bindparam("talk")
        current = talks.c.version == bindparam("read_version")
        self._conversation = Write(update(talks).where(mine, current).values(moving), dialect)
        self._head = str(select(talks.c.log_seq, talks.c.log_hash).where(mine).compile(dialect=dialect))
        head = {name: bindparam(name, type_=talks.c[name].type) for name in ("log_seq", "log_hash")}
        self._new_head = Write(update(talks).where(mine).values(head), dialect)
        self._exchange = Write(rows.insert(), dialect)
        self._event = Write(t.conversation_events.insert(), dialect)
        one = rows.c.id == bindparam("exchange")
        received = rows.c.state == "received"
        self._handled = Write(update(rows).where(one, received).values(state="handled"), dialect)
        was = rows.c.state == bindparam("was")
        self._moves = {
            fields: Write(
                update(rows).where(one, was).values(
                    state=bindparam("to"), **{name: bindparam(name, type_=rows.c[name].type) for name in fields}
                ),
                dialect,
            )
            for fields in _subsets(DELIVERY)
        }  # fmt: skip
        self._puts = {kind: Write(_upsert(insert, table), dialect) for kind, table in TABLES.items()}

    def apply(self, db: sqlite3.Connection, changes: ChangeSet) -> None:
        """Write a change set whole; raises Stale when the conversation moved on."""
        talk = changes.conversation
        values = to_row(talk) | {"talk": talk.id, "read_version": changes.version, "version": changes.version + 1}
        if self._conversation.run(db, values) != 1:
            raise Stale(talk.id)
        for record in changes.put:
            self._puts[type(record)].run(db, to_row(record))
        for exchange in changes.handled:
            self._handled.run(db, {"exchange": exchange})
        self.append(db, talk.id, changes.exchanges)
        if changes.events:
            self._event.run_many(db, [_event_row(talk.id, body) for body in changes.events])

    def put_many(self, db: sqlite3.Connection, kind: type, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert or replace rows of one kind by id."""
        self._puts[kind].run_many(db, rows)

    def append(self, db: sqlite3.Connection, conversation_id: str, exchanges: Sequence[Exchange]) -> None:
        """Seal exchanges onto the end of their conversation's chain."""
        if not exchanges:
            return
        seq, last = db.execute(self._head, (conversation_id,)).fetchone()
        rows = []
        for exchange in exchanges:
            seq += 1
            sealed = seal(exchange, seq, last)
            last = sealed.hash
            rows.append(to_row(sealed))
        self._exchange.run_many(db, rows)
        self._new_head.run(db, {"talk": conversation_id, "log_seq": seq, "log_hash": last})

    def move(self, db: sqlite3.Connection, exchange: Exchange, to: str, fields: Mapping[str, Any]) -> bool:
        """Change a delivery's state if it is still what `exchange` says."""
        names = tuple(name for name in DELIVERY if name in fields)
        return self._moves[names].run(db, {"exchange": exchange.id, "was": exchange.state, "to": to, **fields}) == 1


def _upsert(insert: Callable[[Table], Any], table: Table) -> Any:
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name != "id"}
    return statement.on_conflict_do_update(index_elements=["id"], set_=changed)


def _event_row(conversation_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    # The session of a visit that proved nothing is not the customer's.
    begins = body.get("event") == "session_started" and not body.get("visit")
    return {"id": new_id(), "conversation_id": conversation_id, "session": begins, "body": body}


def _subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    """All subsets, each in the order of `names`."""
    found: list[tuple[str, ...]] = [()]
    for name in names:
        found += [(*some, name) for some in found]
    return found
