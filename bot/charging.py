"""Charges of saved methods: made when they are due, once each, whatever happens in between."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.turn import Turns
from bot.domain.charge_compliance import assess_charge
from bot.domain.charging import NextCharge, next_charge
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.governor.verdict import Verdict
from bot.domain.messages import NOTE
from bot.domain.methods import PENDING, STARTED, ChargeAttempt
from bot.domain.money import Money
from bot.domain.retries import Rulebook
from bot.ports import Charged, Charging, Clock, PaymentNotice, PaymentProvider, ProviderDown, Stale, Store, new_id

log = logging.getLogger(__name__)

# Providers forget an idempotency key after a day (docs.stripe.com/api/idempotent_requests): from then on asking again
# could charge twice.
KEY_LASTS = timedelta(hours=23)
UNSETTLED_WITHIN = timedelta(hours=24)


class Charges:
    """Makes the charges that are due. The try is on record before the provider is asked, under its own key."""

    def __init__(
        self, store: Store, turns: Turns, provider: PaymentProvider, rules: Callable[[date], Rulebook], clock: Clock,
        governor: Governor | None = None, learn: Callable[[Store, datetime], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        self.provider = provider
        self._store = store
        self._turns = turns
        self._rules = rules
        self._clock = clock
        self._governor = governor
        self._learn = learn

    async def run(self) -> Mapping[str, int]:
        """Look at every customer with a saved method once; returns counts by outcome."""
        counts: Counter[str] = Counter()
        after = ""
        if not isinstance(self.provider, Charging):
            return counts
        if self._learn is not None:
            await self._learn(self._store, self._clock.now())
        while page := await self._store.with_methods(after):
            for customer_id in page:
                try:
                    if kind := await self._look(customer_id, self.provider):
                        counts[kind] += 1
                except Stale:
                    # The customer is writing at this very moment; the next pass sees what came of it.
                    continue
                except Exception:
                    log.exception("the charges of customer %s could not be looked at", customer_id)
                    counts["failed"] += 1
                await asyncio.sleep(0)
            after = page[-1]
        return counts

    async def _look(self, customer_id: str, provider: Charging) -> str | None:
        dossier = await self._store.dossier(customer_id)
        if dossier is None:
            return None
        started = next((attempt for attempt in dossier.charges if attempt.state == STARTED), None)
        if started is not None:
            return await self._ask_again(dossier, started, provider)
        now = self._clock.now()
        found = next_charge(dossier, self._rules(now.date()), now)
        if found is None or not found.due(now) or found.amount_minor <= 0:
            return None
        verdict = self._judge(dossier, found, now)
        if verdict is not None and verdict.verdict != "allowed":
            return await self._record(dossier, found, verdict)
        attempt = await self._start(dossier, found)
        return await self._ask(dossier, attempt, provider)

    def _judge(self, dossier: Dossier, found: NextCharge, now: datetime) -> Verdict | None:
        """One governor for charges and messages."""
        if self._governor is None:
            return None
        amount = Money(found.currency, found.amount_minor)
        return assess_charge(dossier, amount, now, self._governor, authorised=found.method is not None)

    async def _start(self, dossier: Dossier, found: NextCharge) -> ChargeAttempt:
        assert found.method is not None
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        attempt = ChargeAttempt(
            new_id(), dossier.customer.id, found.method.id, found.about, found.currency, found.amount_minor,
            self._clock.now(), found.agreed,
        )  # fmt: skip
        work.save(attempt)
        work.note(
            "charge", f"charging {found.amount_minor} {found.currency} to {found.method.label}", attempt=attempt.id,
            about=found.about, method=found.method.id, rule=found.rule, source=found.source, agreed=found.agreed,
        )  # fmt: skip
        await self._store.commit(work.changes(dossier.conversation.version))
        return attempt

    async def _ask_again(self, dossier: Dossier, attempt: ChargeAttempt, provider: Charging) -> str | None:
        """A charge whose outcome is not known: the same key gives the same answer; a key too old is for a person."""
        if await self._store.notice(self.provider.name, event_of(attempt)) is not None:
            return None
        if self._clock.now() - attempt.at <= KEY_LASTS:
            return await self._ask(dossier, attempt, provider)
        if any(errand.reason == "already_paid" and attempt.id in errand.summary for errand in dossier.handoffs):
            return None
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        work.errand(
            "already_paid", f"It is not known whether charge {attempt.id} went through; look at {self.provider.name}.",
            UNSETTLED_WITHIN,
        )  # fmt: skip
        await self._store.commit(work.changes(dossier.conversation.version))
        return "unsettled"

    async def _ask(self, dossier: Dossier, attempt: ChargeAttempt, provider: Charging) -> str | None:
        method = next((item for item in dossier.methods if item.id == attempt.method_id), None)
        if method is None:
            return None
        try:
            charged = await provider.charge(method, attempt, dossier)
        except ProviderDown:
            log.error("charge %s waits: %s is down", attempt.id, self.provider.name)
            return "waiting_for_provider"
        if charged.state == "pending":
            work = self._turns.case_for(await self._store.dossier(dossier.customer.id) or dossier,
                                        dossier.conversation.channel)  # fmt: skip
            work.save(replace(attempt, state=PENDING))
            await self._store.commit(work.changes(work.conversation.version))
            return "charge_pending"
        await self._store.add_notice(notice_of(self.provider.name, attempt, charged))
        return f"charge_{charged.state}"

    async def _record(self, dossier: Dossier, found: NextCharge, verdict: Verdict) -> str | None:
        """Put a refusal on record, once a day for each reason."""
        zone, now = ZoneInfo(dossier.customer.time_zone), self._clock.now()
        for row in dossier.exchanges:
            same = row.direction == NOTE and row.purpose == "verdict" and row.content.get("about") == found.about
            if same and row.at.astimezone(zone).date() == now.astimezone(zone).date():
                return None
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        work.note(
            "verdict", f"{verdict.verdict}: {verdict.rule}", author="governor", verdict=verdict.verdict,
            rule=verdict.rule, basis=verdict.basis, source=verdict.source, about=found.about,
        )  # fmt: skip
        await self._store.commit(work.changes(dossier.conversation.version))
        return f"charge_{verdict.verdict}"


def event_of(attempt: ChargeAttempt) -> str:
    """The event id under which the outcome of our own charge is kept."""
    return f"charge-{attempt.id}"


def notice_of(provider: str, attempt: ChargeAttempt, charged: Charged) -> PaymentNotice:
    """The outcome of a charge as a payment notice, which takes the way of all others."""
    kind = "payment_succeeded" if charged.state == "succeeded" else "charge_failed"
    detail = {"attempt": attempt.id, "payment": charged.payment, "code": charged.code, "advice": charged.advice}
    return PaymentNotice(
        provider, event_of(attempt), kind, "", attempt.currency, attempt.amount_minor, charged.at,
        {key: value for key, value in detail.items() if value},
    )  # fmt: skip
