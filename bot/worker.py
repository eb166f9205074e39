"""The loop: answer what came in, deliver what is queued, settle payments, start what is due."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.campaigns import Campaigns
from bot.charging import Charges
from bot.conversation.turn import Answer, Turns
from bot.delivery import Delivery
from bot.payments import Payments
from bot.ports import Clock, ProviderDown, Recalling, Stale, Store

log = logging.getLogger(__name__)

SCAN_EVERY = 15.0
# While messages wait for their turn on a channel.
LINE_EVERY = 0.5
# Once a day, and at each start; providers try their calls again for up to three days.
RECALL_EVERY, RECALL_DAYS = 86400.0, 4
AT_ONCE = 32
# How long the plan waits after each customer while conversations are being answered; a look costs about a millisecond.
GIVE_WAY = 0.005


@dataclass
class Worker:
    """Does what waits. Every loss of a wake-up is repaired by the next scan of the database."""

    store: Store
    turns: Turns
    delivery: Delivery
    payments: Payments
    campaigns: Campaigns
    charges: Charges
    clock: Clock
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def wake(self) -> None:
        """Something waits: look now rather than at the next scan."""
        self._woken.set()

    async def answer(self, customer_id: str) -> list[Answer]:
        """Answer all that a customer wrote, one message at a time, and deliver the replies."""
        lock = self._locks.setdefault(customer_id, asyncio.Lock())
        answers: list[Answer] = []
        async with self._slots, lock:
            while answer := await self.turns.answer(customer_id):
                answers.append(answer)
                await self.delivery.deliver_all(answer.replies, answer.dossier)
                if not answer.more:
                    break
        if not lock.locked():
            self._locks.pop(customer_id, None)
        return answers

    async def _give_way(self) -> None:
        """Whoever writes now is answered before the plan goes on."""
        await asyncio.sleep(GIVE_WAY if self._locks else 0)

    async def pass_once(self) -> Mapping[str, int]:
        """Answer, settle and deliver what waits now; returns counts by kind."""
        counts: Counter[str] = Counter()
        waiting = await self.store.unhandled()
        for done in await asyncio.gather(*(self.answer(one) for one in waiting), return_exceptions=True):
            if isinstance(done, BaseException):
                log.error("a conversation could not be answered now and is tried again", exc_info=done)
                counts["failed"] += 1
            else:
                counts["answered"] += len(done)
        counts["settled"] += len(await self.payments.settle_pending())
        counts.update(await self.delivery.drain())
        return {kind: count for kind, count in counts.items() if count}

    async def tick(self) -> Mapping[str, int]:
        """One pass of everything that is due at the clock's now; returns counts by kind."""
        counts: Counter[str] = Counter(await self.pass_once())
        # Money first: whoever has just paid is not reminded.
        if made := await self.charges.run():
            counts.update(made)
            counts["settled"] += len(await self.payments.settle_pending())
        counts.update(await self.campaigns.run(self._give_way))
        counts.update(await self.pass_once())
        return {kind: count for kind, count in counts.items() if count}

    async def recall(self, days: int = RECALL_DAYS) -> int:
        """Ask the payment provider what it told lately, for calls that never arrived; returns how many were new."""
        provider = self.charges.provider
        if not isinstance(provider, Recalling):
            return 0
        new = 0
        async for notice in provider.recent_notices(self.clock.now() - timedelta(days=days)):
            told = {**notice.detail, "received_at": self.clock.now().isoformat()}
            new += await self.store.add_notice(replace(notice, detail=told))
        if new:
            log.warning("%d payment notices had been lost and were fetched", new)
        return new

    async def _recall_now_and_then(self) -> None:
        while True:
            try:
                if await self.recall():
                    self.wake()
            except ProviderDown:
                log.error("what the payment provider told lately could not be asked; tried again later")
            except Exception:
                log.exception("the nightly comparison with the payment provider failed and is repeated")
            await asyncio.sleep(RECALL_EVERY)

    async def run(self) -> None:
        """Work until cancelled: at each wake-up, and at every scan for what time made due."""
        await self.delivery.reconcile()
        recalling = asyncio.create_task(self._recall_now_and_then())
        try:
            await self._work()
        finally:
            recalling.cancel()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        next_scan = loop.time()
        while True:
            try:
                if loop.time() >= next_scan:
                    next_scan = loop.time() + SCAN_EVERY
                    await self.tick()
                else:
                    await self.pass_once()
            except Stale:
                log.info("a conversation moved on while it was read; looking again")
            except Exception:
                # The rows are still there: a fault of the database or of one customer must not end the work.
                log.exception("a pass of the worker failed and is repeated")
            patience = LINE_EVERY if self.delivery.lined_up() else SCAN_EVERY
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(0.05, min(next_scan - loop.time(), patience)))
            self._woken.clear()
