"""Who is due a contact now: every customer looked at, the governor asked, the script played."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.dialogue import respond
from bot.conversation.turn import Contact, Turns
from bot.domain.accounts import Allocation
from bot.domain.best_hour import hours_of
from bot.domain.cadence import REFERRAL, Due, due, referral_due
from bot.domain.compliance import Verdict
from bot.domain.conversation import AUTOMATED
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.ledger.reading import unrecorded
from bot.domain.messages import NOTE, Exchange
from bot.domain.outlook import better_hour, judge, next_contact
from bot.domain.strategy import Strategy, StrategyError, read
from bot.places import line_of
from bot.ports import Clock, Owing, SetClock, Stale, Store, new_id
from bot.settings import read_yaml

log = logging.getLogger(__name__)

# What follows the last reminder is decided by a person; nothing presses.
REFERRAL_WITHIN = timedelta(days=3)
# Nobody rests longer than so many days without being looked at.
LOOK_AHEAD = 16


def load_strategies(folder: Path) -> tuple[Strategy, ...]:
    """All strategies of a file, or of a folder's in the order of their names; raises StrategyError."""
    files = [folder] if folder.is_file() else sorted(folder.glob("*.yml"))
    found = tuple(strategy for path in files for strategy in _read(path))
    if not found:
        raise StrategyError(f"{folder}: no strategy here; add a YAML file that begins with `strategies:`")
    return found


def _read(path: Path) -> tuple[Strategy, ...]:
    document = read_yaml(path)
    try:
        return read(document, str(path))
    except StrategyError as error:
        line = line_of(path.read_text("utf-8"), error.path)
        raise StrategyError(str(error).replace(f"{path}: ", f"{path}:{line}: ", 1), error.path) from None


async def others_first() -> None:
    """Let whatever is ready run before going on."""
    await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Rest:
    """A customer who was looked at in vain: as they stood, until when they rest, and how many days that was."""

    standing: Owing
    until: datetime
    days: int = 1


class Campaigns:
    """Evaluates strategies over the whole book."""

    def __init__(
        self, store: Store, turns: Turns, strategies: Sequence[Strategy], clock: Clock,
        governor: Governor | None = None,
    ) -> None:  # fmt: skip
        self.governor = governor
        self._store = store
        self._turns = turns
        self.strategies = strategies
        self._clock = clock
        # Who was looked at in vain, as they stood then, and until when nothing can be due unless that changes.
        self._rest: dict[str, Rest] = {}

    async def run(self, give_way: Callable[[], Awaitable[None]] = others_first) -> Mapping[str, int]:
        """Look at everybody who owes and queue what is due; returns counts by stage, and of refusals.

        `give_way` is awaited after each customer, so that a long book keeps nobody waiting who writes now.
        """
        counts: Counter[str] = Counter()
        after: str | None = ""
        while after is not None:
            page, after = await self._store.owing(after)
            for standing in page:
                customer_id, now = standing.customer_id, self._clock.now()
                rest = self._rest.get(customer_id)
                if rest and rest.standing == standing and now < rest.until:
                    continue
                self._rest.pop(customer_id, None)
                try:
                    if kind := await self._look(standing, rest):
                        counts[kind] += 1
                except Stale:
                    # The customer is writing at this very moment; the next pass sees what came of it.
                    continue
                except Exception:
                    log.exception("customer %s could not be planned and is tried again", customer_id)
                    counts["failed"] += 1
                await give_way()
        return counts

    async def ahead(self, dossier: Dossier) -> tuple[Exchange, ...]:
        """The customer's next planned messages as they would be written at their hour; nothing is kept or sent."""
        found = next_contact(dossier, self.strategies, self._clock.now(), self.governor)
        wanted = due(dossier, self.strategies, found.at) if found else None
        if found is None or wanted is None:
            return ()
        # A Rasa server would remember a talk that never was: here the embedded engine speaks.
        turns = replace(self._turns, clock=SetClock(found.at), engine=respond)
        planned = _contact(wanted, dossier, found.at)
        queued, _ = await turns.play(turns.case_for(dossier, wanted.point.channel), planned)
        return queued

    async def _look(self, standing: Owing, before: Rest | None) -> str | None:
        dossier = await self._store.dossier(standing.customer_id)
        if dossier is None:
            return None
        if spent := unrecorded(dossier.books, dossier.allocations, dossier.customer.id, new_id):
            return await self._record_credit(dossier, spent)
        now = self._clock.now()
        found = due(dossier, self.strategies, now)
        if found is None:
            referred = await self._refer(dossier)
            if referred is None:
                self._rest[standing.customer_id] = self._nothing_before(dossier, now, standing, before)
            return referred
        verdict = judge(found, dossier, now, self.governor)
        if verdict.verdict == "refused" and (referred := await self._refer(dossier)):
            return referred
        if verdict.verdict != "allowed":
            recorded = await self._record(dossier, found, verdict)
            written = replace(standing, version=standing.version + 1, seq=standing.seq + 1) if recorded else standing
            tomorrow = _midnight(dossier, now, 1)
            self._rest[standing.customer_id] = Rest(written, min(verdict.not_before or tomorrow, tomorrow))
            return recorded
        if (later := better_hour(found, dossier, now, self.governor)) is not None:
            self._rest[standing.customer_id] = Rest(standing, later)
            return "better_hour"
        await self._turns.open(dossier, _contact(found, dossier, now))
        return found.stage

    async def _record_credit(self, dossier: Dossier, spent: Sequence[Allocation]) -> str:
        """The customer's credit has settled what came in later: the record of allocations follows the ledger."""
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        for row in spent:
            work.save(row)
        told = [
            {"payment_id": row.payment_id, "invoice_id": row.invoice_id, "minor": row.amount_minor} for row in spent
        ]
        work.note("credit_applied", "earlier money of the customer settles what is open", allocated=told)
        await self._store.commit(work.changes(dossier.conversation.version))
        return "credit_applied"

    def _nothing_before(self, dossier: Dossier, now: datetime, standing: Owing, before: Rest | None) -> Rest:
        """Until when nothing may be due to a customer who does not change: plans go by the day.

        A look ahead costs as much as all the rest, and most who have just changed will soon change again: whoever was
        looked at in vain before, and has not changed since, is looked ahead for twice as far.
        """
        still = before is not None and before.standing == standing
        days = min(2 * before.days, LOOK_AHEAD) if before and still else 1
        # Whom a person has or is awaited for is not written to by the plan, whatever the day.
        held = dossier.conversation.held_by_person or dossier.handoff() is not None
        for day in range(1, 0 if held else days):
            at = _midnight(dossier, now, day)
            if due(dossier, self.strategies, at) or referral_due(dossier, self.strategies, at):
                return Rest(standing, at, day)
        return Rest(standing, _midnight(dossier, now, days), days)

    async def _refer(self, dossier: Dossier) -> str | None:
        """Where the ladder has ended, give the matter to a person, once."""
        summary = referral_due(dossier, self.strategies, self._clock.now())
        if summary is None:
            return None
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        work.converse(status=AUTOMATED)
        work.hand_off(REFERRAL, summary, REFERRAL_WITHIN)
        await self._store.commit(work.changes(dossier.conversation.version))
        return REFERRAL

    async def _record(self, dossier: Dossier, found: Due, verdict: Verdict) -> str | None:
        """Put a refusal or a delay on record, once a day for each reason."""
        zone = ZoneInfo(dossier.customer.time_zone)
        now = self._clock.now()
        for row in dossier.exchanges:
            same = row.direction == NOTE and row.purpose == "verdict" and row.content.get("rule") == verdict.rule
            if same and row.at.astimezone(zone).date() == now.astimezone(zone).date():
                return None
        work = self._turns.case_for(dossier, found.point.channel)
        work.note(
            "verdict", f"{verdict.verdict}: {verdict.rule}", author="governor", verdict=verdict.verdict,
            rule=verdict.rule, basis=verdict.basis, source=verdict.source, about=found.about,
            not_before=verdict.not_before.isoformat() if verdict.not_before else None,
        )  # fmt: skip
        await self._store.commit(work.changes(dossier.conversation.version))
        return verdict.verdict


def _midnight(dossier: Dossier, now: datetime, days: int) -> datetime:
    """The beginning of the customer's day so many days on."""
    zone = ZoneInfo(dossier.customer.time_zone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(), zone).astimezone(UTC)


def _contact(found: Due, dossier: Dossier, now: datetime) -> Contact:
    """The plan's wish as a script to play; what the next look must know of it goes on record."""
    told = {"deadline": found.deadline.isoformat(), "invoices": list(found.invoices)}
    values: dict[str, Any] = {**found.values, **told}
    if found.consequences is not None:
        values["consequences"] = list(found.consequences)
    content: dict[str, Any] = {"about": found.about, "tone": found.tone, "wait_days": found.wait_days, **told}
    if "notice" in found.values:
        content["notice"] = found.values["notice"]
    zone = dossier.customer.time_zone
    if (known := hours_of(dossier.exchanges, zone, now)).answers:
        # Why it left at this hour: the chance of an answer, and on how many of the customer's it stands.
        hour = now.astimezone(ZoneInfo(zone)).hour
        content["hour"] = {"hour": hour, "chance": round(known.chances[hour], 3), "answers": known.answers}
    return Contact(
        found.intent, found.point.channel, found.point.address, found.purpose, found.tone, values, content
    )  # fmt: skip
