"""The calendar of a simulation: days pass, the worker works, people answer and pay."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any, TypeVar

from bot.app import App, build
from bot.domain.dossier import Dossier
from bot.domain.messages import OUT
from bot.domain.plans import progress
from bot.domain.promises import state as promise_state
from bot.importing import check
from bot.intake import take_in
from bot.ports import Owing, SetClock, new_id
from bot.settings import Settings
from bot.simulation.audit import UNASKED, violations
from bot.simulation.kills import Carrier, Fate, Killed, mortal
from bot.simulation.people import SAYS, TEMPERS, Person, population
from bot.understanding.reader import Reader
from bot.worker import Worker
from payment_links.sandbox import Sandbox

BEGINS = date(2026, 11, 2)
# When the worker looks (UTC); once a week at night too, for what must not leave then.
HOURS = (3, 9, 17)
PAGE = 500
CHANNELS = ("sms", "email", "letter")
# The chance that the worker dies at a write or a send: about once in a thousand messages.
KILLS = 0.0002
# While a pass did any of this, there may be more.
BUSY = frozenset({"sent", "answered", "settled"})
LATEST = 6  # rows of the log that tell whether somebody was written to
Work = TypeVar("Work")
BUTTONS_ONLY: Any = Reader(None)  # type: ignore[arg-type]  # people press buttons: no model is needed


@dataclass
class Simulation:
    """A book in a scratch database; the report is what `run` returns."""

    app: App
    clock: SetClock
    people: dict[str, Person]
    fate: Fate
    told: dict[str, list[datetime]]
    seen: dict[str, int] = field(default_factory=dict)
    stood: dict[str, Owing] = field(default_factory=dict)
    agreed: dict[str, frozenset[date]] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    worker: Worker | None = None

    async def run(self, days: int, progress: Callable[[int, float], None]) -> None:
        """Play so many days."""
        for day in range(days):
            today = BEGINS + timedelta(days=day)
            for hour in HOURS if day % 7 == 0 else HOURS[1:]:
                self.clock.at = datetime.combine(today, clock_time(hour), UTC)
                await self._work(lambda worker: worker.tick())
                await self._finish()
                if hour != HOURS[0]:
                    await self._react(today, alone=hour == HOURS[-1])
            progress(day + 1, (day + 1) / days)

    async def _finish(self) -> None:
        """What one pass leaves over."""
        done: Mapping[str, int] = {"sent": 1}
        while done.keys() & BUSY:
            done = await self._work(lambda worker: worker.pass_once())

    async def _work(self, job: Callable[[Worker], Awaitable[Work]]) -> Work:
        """Let the worker do something; one that dies of it is followed by another, until it is done."""
        while True:
            worker = self.worker or mortal(self.app, self.fate)
            with suppress(Killed):
                if self.worker is None:
                    await worker.delivery.reconcile()
                    self.worker = worker
                done = await job(worker)
                if not self.fate.dead:
                    return done
            self.worker, self.fate.dead = None, False

    async def _react(self, today: date, alone: bool) -> None:
        owing = await self._owing()
        for customer_id, person in self.people.items():
            standing = owing.get(customer_id)
            if standing is None:
                continue
            # Whom nothing has reached since, and who pays nothing today, need not be looked at.
            moved = self.stood.get(customer_id) != standing
            pays = alone and (person.pays_alone() or today in self.agreed.get(customer_id, ()))
            if not moved and not pays:
                continue
            self.stood[customer_id] = standing
            dossier = await self.app.store.dossier(customer_id, exchanges=LATEST)
            assert dossier is not None
            self.agreed[customer_id] = _agreed(dossier, today)
            after = self.seen.get(customer_id, 0)
            new = [row for row in dossier.exchanges if row.purpose in UNASKED and row.sent_at and row.seq > after]
            if new:
                self.seen[customer_id] = max(row.seq for row in new)
                if does := person.answers():
                    self.answered[does] += 1
                    await self._do(customer_id, new[-1].channel, new[-1].address, person, does, today)
            elif pays:
                await self._as_agreed(customer_id, dossier, person, today)

    async def _owing(self) -> dict[str, Owing]:
        found: dict[str, Owing] = {}
        after: str | None = ""
        while after is not None:
            page, after = await self.app.store.owing(after, PAGE)
            found.update((standing.customer_id, standing) for standing in page)
        return found

    async def _do(
        self, customer_id: str, channel: str, address: str | None, person: Person, does: str, today: date
    ) -> None:
        async def say(payload: str) -> None:
            await take_in(self.app.store, self.clock, customer_id, channel, payload, new_id(), payload=payload,
                          address=address)  # fmt: skip
            await self._work(lambda worker: worker.answer(customer_id))

        if does == "promise":
            await say(f'/promise_to_pay{{"date": "{person.promised_day(today).isoformat()}"}}')
            await say("/affirm")
        elif does in ("plan", "bargain"):
            count = person.chance.randint(2, 5) if does == "plan" else person.chance.randint(8, 14)
            await say(f'/request_installments{{"count": {count}}}')
            await say("/affirm")
        elif does == "part":
            await say('/pay_partial{"amount": {"minor": 3000, "currency": null}}'.replace("null", '"EUR"'))
            await self._pay(customer_id)
        else:
            await say(SAYS[does])
            if does == "pay":
                await self._pay(customer_id)

    async def _as_agreed(self, customer_id: str, dossier: Dossier, person: Person, today: date) -> None:
        """What was promised or agreed for today is paid, or not; some pay without a word."""
        if today not in self.agreed[customer_id] or person.keeps_word():
            channel = dossier.conversation.channel
            address = next((p.address for p in dossier.contact_points if p.channel == channel), None)
            await take_in(self.app.store, self.clock, customer_id, channel, "/pay_now", new_id(), payload="/pay_now",
                          address=address)  # fmt: skip
            await self._work(lambda worker: worker.answer(customer_id))
            await self._pay(customer_id)

    async def _pay(self, customer_id: str) -> None:
        dossier = await self.app.store.dossier(customer_id)
        now = self.clock.now()
        links = [link for link in dossier.links if link.state(dossier.payments, now) == "open"] if dossier else []
        if links:
            # Made-up people pay with made-up money, whatever provider is configured.
            sandbox = Sandbox(self.app.settings.public_url, self.app.tokens)
            notice = sandbox.notice(links[-1], links[-1].amount_minor, True, new_id(), now)
            await self.app.store.add_notice(notice)
            await self.app.store.add_notice(notice)  # providers repeat themselves
            await self._work(lambda worker: worker.pass_once())


def _agreed(dossier: Dossier, today: date) -> frozenset[date]:
    """The days on which this customer is to pay by their own word."""
    promised = dossier.open_promise(today)
    days = {promised.due_on} if promised is not None else set()
    for plan in dossier.plans:
        if progress(plan, dossier.payments, today).state == "active":
            days |= {part.due_on for part in plan.installments}
    return frozenset(days)


async def simulate(
    settings: Settings, customers: int, days: int, seed: int, progress: Callable[[int, float], None] = lambda *_: None,
    kills: float = KILLS,
) -> dict[str, Any]:  # fmt: skip
    """Play a synthetic book in a scratch database and report what came of it; the settings' own book is untouched.

    `kills` is the chance that the worker dies at a write or a send.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="relance-simulation-") as folder:
        scratch = replace(settings, database=f"sqlite:///{folder}/book.sqlite3", given_secret="simulation")
        raw = {
            **settings.raw, "channels": dict.fromkeys(CHANNELS, "demo_phone") | {"webchat": "webchat"},
        }  # fmt: skip
        clock = SetClock(datetime.combine(BEGINS, clock_time(2), UTC))
        app = await build(replace(scratch, raw=raw), clock, reader=BUTTONS_ONLY, scratch=True)
        fate, told = Fate(random.Random(f"{seed}/fate"), kills), dict[str, list[datetime]]()
        carriers = {name: Carrier(name, fate, clock, told) for name in CHANNELS}
        app = replace(app, channels={**app.channels, **carriers})
        try:
            book = list(population(customers, seed, BEGINS))
            for start in range(0, len(book), PAGE):
                page = book[start : start + PAGE]
                await app.store.import_rows([check(n, person.row) for n, person in enumerate(page, 1)], False)
            ids = {person.ref: await app.store.customer_id(person.ref) for person in book}
            simulation = Simulation(app, clock, {ids[person.ref] or "": person for person in book}, fate, told)
            await simulation.run(days, progress)
            report = await _report(simulation, days)
        finally:
            await app.close()
    seconds = time.perf_counter() - started
    return {"customers": customers, "days": days, "seed": seed, **report, "seconds": round(seconds, 1)}


async def _report(simulation: Simulation, days: int) -> dict[str, Any]:
    now = simulation.clock.now()
    today = now.date()
    counts: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    owed: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for customer_id, person in simulation.people.items():
        dossier = await simulation.app.store.dossier(customer_id, exchanges=0)
        assert dossier is not None
        log = await simulation.app.store.log(customer_id)
        broken.update(violations(dossier, log, simulation.told))
        owed[person.temper] += sum(invoice.amount_minor for invoice in dossier.invoices)
        paid[person.temper] += sum(payment.amount_minor for payment in dossier.payments)
        counts.update(_counts(dossier, today))
        counts["messages sent unasked"] += sum(
            row.direction == OUT and row.sent_at is not None and row.purpose in ("pre_due", "reminder", "final_notice")
            for row in log
        )
        counts["answers of the assistant"] += sum(
            row.direction == OUT and row.sent_at is not None and row.purpose == "reply" for row in log
        )
        await asyncio.sleep(0)
    total = sum(owed.values())
    return {
        "owed_minor": total,
        "recovered_minor": sum(paid.values()),
        "recovered_share": round(sum(paid.values()) / total, 4) if total else 0.0,
        "recovered_share_by_temper": {name: round(paid[name] / owed[name], 4) for name in TEMPERS if owed[name]},
        "counts": dict(sorted(counts.items())),
        "answers": dict(sorted(simulation.answered.items())),
        "workers_killed": simulation.fate.deaths,
        "violations": dict(sorted(broken.items())),
        "violations_total": sum(broken.values()),
    }


def _counts(dossier: Dossier, today: date) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    found["customers settled"] = int(dossier.balance().minor <= 0)
    found["handed over to a person"] = len(dossier.handoffs)
    for promise in dossier.promises:
        found[f"promises {promise_state(promise, dossier.payments, today)}"] += 1
    for plan in dossier.plans:
        found[f"plans {progress(plan, dossier.payments, today).state}"] += 1
    return found
