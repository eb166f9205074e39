"""Who is due a contact now: every customer looked at, the governor asked, the script played."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.turn import Contact, Turns
from bot.domain.accounts import Allocation
from bot.domain.cadence import REFERRAL, Due, due, referral_due
from bot.domain.compliance import Verdict
from bot.domain.conversation import AUTOMATED
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.ledger.reading import unrecorded
from bot.domain.messages import NOTE
from bot.domain.outlook import judge
from bot.domain.strategy import Strategy, StrategyError, read
from bot.ports import Clock, Stale, Store, new_id
from bot.settings import read_yaml

log = logging.getLogger(__name__)

# What follows the last reminder is decided by a person; nothing presses.
REFERRAL_WITHIN = timedelta(days=3)


def load_strategies(folder: Path) -> tuple[Strategy, ...]:
    """All strategies of a folder's YAML files, in the order of their file names; raises StrategyError."""
    found = tuple(s for path in sorted(folder.glob("*.yml")) for s in read(read_yaml(path), str(path)))
    if not found:
        raise StrategyError(f"{folder}: no strategy here; add a YAML file that begins with `strategies:`")
    return found


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

    async def run(self) -> Mapping[str, int]:
        """Look at every customer once and queue what is due; returns counts by stage, and of refusals."""
        counts: Counter[str] = Counter()
        after = ""
        while page := await self._store.customers(after):
            for customer_id in page:
                try:
                    if kind := await self._look(customer_id):
                        counts[kind] += 1
                except Stale:
                    # The customer is writing at this very moment; the next pass sees what came of it.
                    continue
                except Exception:
                    log.exception("customer %s could not be planned and is tried again", customer_id)
                    counts["failed"] += 1
                await asyncio.sleep(0)
            after = page[-1]
        return counts

    async def _look(self, customer_id: str) -> str | None:
        dossier = await self._store.dossier(customer_id)
        if dossier is None:
            return None
        if spent := unrecorded(dossier.books, dossier.allocations, customer_id, new_id):
            return await self._record_credit(dossier, spent)
        now = self._clock.now()
        found = due(dossier, self.strategies, now)
        if found is None:
            return await self._refer(dossier)
        verdict = judge(found, dossier, now, self.governor)
        if verdict.verdict == "refused" and (referred := await self._refer(dossier)):
            return referred
        if verdict.verdict != "allowed":
            return await self._record(dossier, found, verdict)
        await self._turns.open(dossier, _contact(found))
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


def _contact(found: Due) -> Contact:
    """The plan's wish as a script to play; what the next look must know of it goes on record."""
    told = {"deadline": found.deadline.isoformat(), "invoices": list(found.invoices)}
    values: dict[str, Any] = {**found.values, **told}
    if found.consequences is not None:
        values["consequences"] = list(found.consequences)
    content: dict[str, Any] = {"about": found.about, "tone": found.tone, "wait_days": found.wait_days, **told}
    if "notice" in found.values:
        content["notice"] = found.values["notice"]
    return Contact(
        found.intent, found.point.channel, found.point.address, found.purpose, found.tone, values, content
    )  # fmt: skip
