"""The agents' telephone: calls that are due, judged at the moment of calling, and what came of them."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.turn import Turns
from bot.domain.calls import OUTCOMES, WAITING, best_hour
from bot.domain.compliance import CLOSES, OPENS, UNASKED, Verdict, assess
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.messages import NOTE, Exchange
from bot.domain.money import Money
from bot.ports import Agent, Clock, Stale, Store, new_id

TRIES = 5


class NotNow(ValueError):
    """The call may not be made now, or its outcome cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is due: the governor's verdict on calling now, and the customer's best hour."""

    dossier: Dossier
    exchange: Exchange
    verdict: Verdict
    best: time
    settled: bool

    @property
    def may(self) -> bool:
        """Whether the number may be dialled now."""
        return self.verdict.verdict == "allowed" and not self.settled


@dataclass
class Calls:
    """What agents do with calls."""

    store: Store
    turns: Turns
    clock: Clock
    governor: Governor | None = None

    async def waiting(self) -> list[Call]:
        """Calls that are due: those that may be made now first, then the rest."""
        found = []
        for exchange in await self.store.outbound("phone", WAITING):
            dossier = await self.store.dossier(exchange.conversation_id)
            if dossier is not None:
                found.append(self._call(exchange, dossier))
        return sorted(found, key=lambda call: not call.may)

    async def ended(
        self, call_id: str, agent: Agent, outcome: str, words: str = "", due_on: date | None = None,
        minor: int | None = None,
    ) -> None:  # fmt: skip
        """Keep what came of a call; raises NotNow, or LookupError where no such call waits.

        A promise needs its day and its sum; a wrong number is not called again.
        """
        if outcome not in OUTCOMES:
            raise NotNow(UNKNOWN)
        exchange = await self.store.exchange(call_id)
        dossier = await self._dossier(exchange) if exchange else None
        if exchange is None or dossier is None or exchange.state != WAITING or exchange.channel != "phone":
            raise LookupError(call_id)
        call = self._call(exchange, dossier)
        if not call.may:
            await self._withdrawn(call)
        if outcome == "promised":
            self._check(call, due_on, minor)
        told: dict[str, Any] = {"exchange": exchange.id, "outcome": outcome, "agent": agent.id}
        note = self._note(exchange, f"{agent.name} called ({outcome}): {words.strip()[:500]}", told)
        if await self.store.move(exchange, "sent", note=note, sent_at=self.clock.now(), receipt=outcome):
            await self._follow(call, outcome, due_on, minor)

    async def drop(self, call_id: str, agent: Agent, reason: str) -> None:
        """The call will not be made; who decided so, and why, is on record."""
        exchange = await self.store.exchange(call_id)
        if exchange is None or exchange.state != WAITING:
            raise LookupError(call_id)
        note = self._note(exchange, f"{agent.name} dropped the call: {reason.strip()[:500]}", {"exchange": exchange.id})
        await self.store.move(exchange, "withheld", note=note, receipt="dropped")

    async def _withdrawn(self, call: Call) -> None:
        """What may never be made is taken off the list; what may be made later stays on it."""
        if call.verdict.verdict == "deferred":
            raise NotNow(LATER)
        why = SETTLED if call.settled else FORBIDDEN
        note = self._note(call.exchange, f"the call was not made: {why}",
                          {"exchange": call.exchange.id, "rule": call.verdict.rule})  # fmt: skip
        await self.store.move(call.exchange, "withheld", note=note, receipt=call.verdict.rule)
        raise NotNow(why)

    def _check(self, call: Call, due_on: date | None, minor: int | None) -> None:
        today = self.clock.now().astimezone(ZoneInfo(call.dossier.customer.time_zone)).date()
        if due_on is None or due_on < today:
            raise NotNow(NO_DAY)
        if minor is None or not 0 < minor <= call.dossier.balance().minor:
            raise NotNow(NO_SUM)

    async def _follow(self, call: Call, outcome: str, due_on: date | None, minor: int | None) -> None:
        for _ in range(TRIES):
            dossier = await self._dossier(call.exchange)
            assert dossier is not None
            work = self.turns.case_for(dossier, "phone")
            if outcome == "promised" and due_on is not None and minor is not None:
                work.promise(due_on, Money(dossier.currency, minor))
            elif outcome == "wrong_number" and call.exchange.address:
                work.close_address(call.exchange.address, "an agent reached somebody else")
            else:
                return
            try:
                await self.store.commit(work.changes(dossier.conversation.version))
                return
            except Stale:
                continue
        raise NotNow(CHANGED)

    def _call(self, exchange: Exchange, dossier: Dossier) -> Call:
        customer = dossier.customer
        hour = best_hour(dossier.exchanges, customer.time_zone, _clock(customer.preferences.get("not_before"), OPENS),
                         _clock(customer.preferences.get("not_after"), CLOSES))  # fmt: skip
        verdict = assess(exchange, dossier, self.clock.now(), self.governor)
        settled = exchange.purpose in UNASKED and dossier.balance().minor <= 0
        return Call(dossier, exchange, verdict, time(hour), settled)

    async def _dossier(self, exchange: Exchange) -> Dossier | None:
        return await self.store.dossier(exchange.conversation_id)

    def _note(self, exchange: Exchange, text: str, content: dict[str, Any]) -> Exchange:
        return Exchange(
            id=new_id(), conversation_id=exchange.conversation_id, at=self.clock.now(), direction=NOTE, author="agent",
            channel="phone", text=text, purpose="call", content=content,
        )  # fmt: skip


def _clock(value: Any, default: time) -> time:
    try:
        return time.fromisoformat(str(value)) if value else default
    except ValueError:
        return default


# Shown in the agent's language (bot/web/words.py marks them for the catalogues).
FORBIDDEN = "a rule forbids it now"
SETTLED = "it has been settled meanwhile"
LATER = "the customer may not be called at this hour"
UNKNOWN = "choose what came of the call"
NO_DAY = "write the day of the promise, today or later"
NO_SUM = "write the sum of the promise, at most what is owed"
CHANGED = "the conversation changed meanwhile; look again"
