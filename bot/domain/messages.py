"""The log: everything said, decided or agreed is an exchange, chained by hash to the one before."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

IN, OUT, NOTE = "in", "out", "note"


# How the receipt of a send begins of which nobody knows whether it arrived.
UNSURE = ("interrupted", "unsure")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One row of a conversation's log.

    `direction`: in (customer), out (to the customer), note (a decision, an agreement, a change of hands).
    `author`: customer, bot, agent, system, governor. `purpose` as in the machine interfaces (reminder, reply,
    receipt, ...; for notes the kind of fact: verdict, agreement, handoff, hold, identity, payment, ...).
    `content` is JSON beside the text: buttons, payload, verdict, agreement. Everything down to `content` is
    sealed by the hash; `state` and what follows is the life of the delivery and may change.
    States: in received -> handled; out queued -> sending -> sent -> delivered | failed | withheld; a
    letter queued -> printing -> sent (posted) | withheld; a call queued -> calling -> sent (made) | withheld;
    note recorded.
    """

    id: str
    conversation_id: str
    at: datetime
    direction: str
    author: str
    channel: str
    text: str
    purpose: str = "reply"
    response: str | None = None
    language: str = ""
    script_version: str = ""
    author_id: str | None = None
    address: str | None = None
    in_reply_to: str | None = None
    provider_message_id: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    state: str = "recorded"
    not_before: datetime | None = None
    attempts: int = 0
    receipt: str | None = None
    sent_at: datetime | None = None
    seq: int = 0
    prev_hash: str = ""
    hash: str = ""

    @property
    def reached(self) -> bool:
        """Whether it has reached the customer or may have: a send that broke off in the middle counts as one."""
        return self.state in ("sending", "printing", "calling", "sent", "delivered") or (
            self.state == "failed" and (self.receipt or "").startswith(UNSURE)
        )


SEALED = (
    "id", "conversation_id", "seq", "at", "direction", "author", "channel", "text", "purpose", "response",
    "language", "script_version", "author_id", "address", "in_reply_to", "provider_message_id", "content",
)  # fmt: skip


def seal(exchange: Exchange, seq: int, prev_hash: str) -> Exchange:
    """Give the exchange its place in the chain."""
    placed = replace(exchange, seq=seq, prev_hash=prev_hash)
    return replace(placed, hash=digest(placed))


# One encoder for all rows: its form is what the hashes stand on.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict).encode


def digest(exchange: Exchange) -> str:
    """SHA-256 over the previous hash and the sealed fields, in hexadecimal."""
    sealed = {name: getattr(exchange, name) for name in SEALED}
    sealed["at"] = exchange.at.isoformat()
    return hashlib.sha256((exchange.prev_hash + _canonical(sealed)).encode("utf-8", "surrogatepass")).hexdigest()


def first_broken(exchanges: Iterable[Exchange], log_seq: int, log_hash: str) -> tuple[int, str] | None:
    """The first place where a chain does not hold, with what is wrong; None when it is whole.

    `log_seq`, `log_hash`: the head kept with the conversation, which also betrays a removed last row.
    """
    seq, prev = 0, ""
    for exchange in exchanges:
        if exchange.seq != seq + 1:
            return seq + 1, f"entry {seq + 1} is missing or out of order (found {exchange.seq})"
        if exchange.prev_hash != prev:
            return exchange.seq, f"entry {exchange.seq} does not follow the one before it"
        if exchange.hash != digest(exchange):
            return exchange.seq, f"entry {exchange.seq} was changed after it was written"
        seq, prev = exchange.seq, exchange.hash
    if seq != log_seq:
        return seq + 1, f"the last entries are missing: {log_seq} were written, {seq} are there"
    return None if prev == log_hash else (seq, "the head of the chain does not match its last entry")
