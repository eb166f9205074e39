"""The one door out: the governor's verdict, then the channel, then the receipt on record."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.case import ChangeSet
from bot.domain.compliance import Verdict, assess
from bot.domain.content import Content
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.messages import NOTE, Exchange
from bot.domain.sms import segments
from bot.pacing import Pace, Rate
from bot.ports import Channel, Clock, Receipt, Stale, Store, new_id

log = logging.getLogger(__name__)

TRIES = 5
# Carriers count the parts of a long text message.
COUNTED_IN_PARTS = frozenset({"sms"})
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


class Delivery:
    """Sends what is queued; nothing reaches a customer by any other way."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], clock: Clock, governor: Governor | None = None,
        content: Content | None = None, pace: Pace | None = None, rates: Mapping[str, Rate] | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._pace, self._rates = pace, dict(rates or {})
        self.content = content or Content()
        self._governor = governor
        self._channels = channels
        self._clock = clock
        # By channel, where the line of those that wait for their turn ends.
        self._tails: dict[str, datetime] = {}

    async def deliver(self, exchange: Exchange, dossier: Dossier | None = None) -> str:
        """Send one queued exchange if it may go now; returns its new state.

        `dossier` saves a read when the caller has just committed it.
        """
        if exchange.state != "queued":
            return exchange.state
        facts = dossier or await self._store.dossier(exchange.conversation_id)
        if facts is None:
            raise LookupError(f"exchange {exchange.id} belongs to no customer")
        now = self._clock.now()
        verdict = assess(exchange, facts, now, self._governor)
        if verdict.verdict == "allowed":
            verdict = self.content.objection(exchange) or verdict
        note = _decision(exchange, verdict, now)
        if verdict.verdict == "refused":
            return await self._move(exchange, "withheld", note, receipt=verdict.rule)
        if verdict.verdict == "deferred":
            return await self._move(exchange, "queued", note, not_before=verdict.not_before)
        channel = self._channels.get(exchange.channel)
        if channel is None:
            return await self._move(exchange, "failed", note, receipt="channel_not_configured")
        if channel.idempotent:
            # Showing it twice is showing it once, so the send and its record need one commit only.
            return await self._sent(exchange, await self._try(channel, exchange), note)
        if turn := await self._turn(exchange, now):
            # Here rather than at the provider's, who would let it out at whatever hour its turn comes.
            return await self._move(exchange, "queued", None, not_before=turn)
        if not await self._store.move(exchange, "sending", note=note, attempts=exchange.attempts + 1):
            return "elsewhere"
        sending = replace(exchange, state="sending", attempts=exchange.attempts + 1)
        return await self._sent(sending, await self._try(channel, sending), None)

    async def deliver_all(self, exchanges: Sequence[Exchange], dossier: Dossier) -> None:
        """Send the replies of one turn in their order."""
        channels = [self._channels.get(exchange.channel) for exchange in exchanges]
        if all(channel is not None and channel.idempotent for channel in channels):
            # Shown by their place in the log, so their records may share one commit.
            await asyncio.gather(*(self.deliver(exchange, dossier) for exchange in exchanges))
            return
        for exchange in exchanges:
            await self.deliver(exchange, dossier)

    def lined_up(self) -> bool:
        """Whether messages wait for their turn on a channel."""
        now = self._clock.now()
        return any(tail > now for tail in self._tails.values())

    async def _turn(self, exchange: Exchange, now: datetime) -> datetime | None:
        """When its channel takes it, if not now; who has just written is answered at once, and counted."""
        rate = self._rates.get(exchange.channel)
        if self._pace is None or rate is None:
            return None
        cost = segments(exchange.text) if exchange.channel in COUNTED_IN_PARTS else 1
        tail = self._tails.get(exchange.channel, now)
        answers = exchange.purpose == "reply"
        if answers or exchange.not_before is not None or tail <= now:
            wait = await self._pace.wait(f"channel:{exchange.channel}", rate, cost)
            if answers or not wait:
                return None
            tail = max(tail, now + timedelta(seconds=wait))
        self._tails[exchange.channel] = tail + timedelta(seconds=rate.interval * cost)
        return tail

    async def drain(self, limit: int = 200) -> dict[str, int]:
        """Deliver what is due; returns how many ended in which state."""
        ended: dict[str, int] = {}
        for exchange in await self._store.outbox(self._clock.now(), limit):
            state = await self.deliver(exchange)
            ended[state] = ended.get(state, 0) + 1
        return ended

    async def reconcile(self) -> int:
        """After a crash: what was in mid-send goes again only where that cannot show it twice; else to a person."""
        found = await self._store.interrupted()
        for exchange in found:
            channel = self._channels.get(exchange.channel)
            if channel is not None and channel.idempotent:
                await self._store.move(exchange, "queued")
            else:
                now = self._clock.now()
                note = _note(exchange, "delivery", "the send was interrupted; it may or may not have arrived", now)
                await self._store.move(exchange, "failed", note=note, receipt="interrupted", sent_at=now)
        return len(found)

    async def _try(self, channel: Channel, exchange: Exchange) -> Receipt:
        try:
            return await channel.send(exchange)
        except Exception:
            log.exception("channel %s broke on exchange %s", channel.name, exchange.id)
            return Receipt("failed", reason="channel_error")

    async def _sent(self, exchange: Exchange, receipt: Receipt, note: Exchange | None) -> str:
        if receipt.state in ("sent", "printing", "calling"):
            now = self._clock.now()
            return await self._move(exchange, receipt.state, note, receipt=receipt.provider_message_id, sent_at=now)
        if receipt.state == "failed" and exchange.attempts <= len(RETRY_AFTER):
            wait = receipt.retry_after or RETRY_AFTER[max(exchange.attempts - 1, 0)]
            return await self._move(
                exchange, "queued", note, not_before=self._clock.now() + wait, attempts=max(exchange.attempts, 1),
                receipt=receipt.reason,
            )  # fmt: skip
        if note is None:
            why = "it may or may not have arrived" if receipt.state == "unsure" else "not delivered"
            note = _note(exchange, "delivery", f"{why}: {receipt.reason or 'unknown'}", self._clock.now())
        if receipt.state == "closed":
            await self._close_address(exchange, receipt.reason or "unreachable")
        if receipt.state == "unsure":
            # Counted as a contact, so that nobody gets it twice.
            told = f"unsure: {receipt.reason or 'unknown'}"
            return await self._move(exchange, "failed", note, receipt=told, sent_at=self._clock.now())
        return await self._move(exchange, "failed", note, receipt=receipt.reason)

    async def _close_address(self, exchange: Exchange, reason: str) -> None:
        """Nothing more is sent to an address that its provider calls dead."""
        for _ in range(TRIES):
            dossier = await self._store.dossier(exchange.conversation_id, exchanges=0)
            if dossier is None:
                return
            now = self._clock.now()
            closing = [
                replace(point, closed_at=now)
                for point in dossier.contact_points
                if point.channel == exchange.channel and point.address == exchange.address and point.closed_at is None
            ]
            if not closing:
                return
            note = _note(exchange, "contact", f"{exchange.channel} address closed: {reason}", now)
            talk = dossier.conversation
            with suppress(Stale):
                await self._store.commit(ChangeSet(talk, talk.version, put=tuple(closing), exchanges=(note,)))
                return
        log.error("exchange %s: its dead address could not be closed", exchange.id)

    async def _move(self, exchange: Exchange, to: str, note: Exchange | None, **fields: Any) -> str:
        return to if await self._store.move(exchange, to, note=note, **fields) else "elsewhere"


def _decision(exchange: Exchange, verdict: Verdict, now: datetime) -> Exchange:
    content = {
        "exchange": exchange.id,
        "verdict": verdict.verdict,
        "rule": verdict.rule,
        "basis": verdict.basis,
        "source": verdict.source,
        "not_before": verdict.not_before.isoformat() if verdict.not_before else None,
        **({"missing": list(verdict.missing)} if verdict.missing else {}),
    }
    note = _note(exchange, "verdict", f"{verdict.verdict}: {verdict.rule}", now)
    return replace(note, author="governor", content=content)


def _note(exchange: Exchange, purpose: str, text: str, now: datetime) -> Exchange:
    return Exchange(
        id=new_id(), conversation_id=exchange.conversation_id, at=now, direction=NOTE, author="system",
        channel=exchange.channel, text=text, purpose=purpose, content={"exchange": exchange.id},
    )  # fmt: skip
