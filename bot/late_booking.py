"""Books late-payment interest and fixed sums once a day, where the creditor wants them and law allows them."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.turn import Turns
from bot.domain.governor.judge import Governor
from bot.domain.late_charges import BUSINESSES, Rate, Wish, due_charges, terms_of
from bot.payments import record_allocations
from bot.ports import Clock, Stale, Store, new_id
from bot.settings import SettingsError, read_yaml

log = logging.getLogger(__name__)
RATES = Path(__file__).resolve().parent / "jurisdictions" / "rates" / "reference.yml"
PLACE = "config.yml: creditor.late_charges"


class LateBooking:
    """One pass a day over the businesses that owe. Nobody is written to: the next message and the pages show it."""

    def __init__(
        self, store: Store, turns: Turns, governor: Governor, clock: Clock, wished: Mapping[str, Any] | None
    ) -> None:
        """`wished` is creditor.late_charges in config.yml; raises SettingsError."""
        self._store = store
        self._turns = turns
        self._governor = governor
        self._clock = clock
        self._wish = read_wish(wished or {})
        own = (wished or {}).get("rates") or ()
        # The creditor's own lines are looked at first.
        self._rates = [*(_rate(raw, f"{PLACE}.rates") for raw in own), *shipped_rates()]
        self._looked_on: date | None = None

    async def run(self) -> Mapping[str, int]:
        """Book what is due today; returns counts by kind."""
        counts: Counter[str] = Counter()
        today = self._clock.now().date()
        if not (self._wish.interest or self._wish.fixed_sum) or self._looked_on == today:
            return counts
        after: str | None = ""
        whole = True
        while after is not None:
            page, after = await self._store.owing(after)
            for standing in page:
                if standing.facts[0] not in BUSINESSES:
                    continue
                try:
                    counts["late_charges"] += await self._book(standing.customer_id)
                except Stale:
                    whole = False
                await asyncio.sleep(0)
        self._looked_on = today if whole else None
        return +counts

    async def _book(self, customer_id: str) -> int:
        dossier = await self._store.dossier(customer_id)
        if dossier is None:
            return 0
        now = self._clock.now()
        today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
        terms = terms_of(dossier, self._governor, today)
        found = due_charges(dossier, terms, self._rates, self._wish, now, today)
        if not found:
            return 0
        work = self._turns.case_for(dossier, dossier.conversation.channel)
        for row in found:
            work.save(replace(row, id=new_id()))
            work.note(
                "late_charge", f"{row.kind} of {row.amount_minor} {row.currency} {row.part} on an invoice",
                invoice_id=row.invoice_id, part=row.part, minor=row.amount_minor, through=row.reason, source=row.source,
            )  # fmt: skip
        record_allocations(work)
        await self._store.commit(work.changes(dossier.conversation.version))
        return len(found)


def read_wish(raw: Mapping[str, Any]) -> Wish:
    """What the creditor wants; raises SettingsError."""
    days = raw.get("after_days", Wish().after_days)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= 365:
        raise SettingsError(f"{PLACE}.after_days is a number of days from 0 to 365, not {days!r}")
    return Wish(bool(raw.get("interest")), bool(raw.get("fixed_sum")), days)


@cache
def shipped_rates() -> tuple[Rate, ...]:
    """The rates that come with the packs."""
    return tuple(_rate(raw, str(RATES)) for raw in read_yaml(RATES)["rates"])


def _rate(raw: Any, place: str) -> Rate:
    try:
        start, end = (date.fromisoformat(str(raw[key])) for key in ("from", "to"))
        rate = Rate(str(raw["name"]), start, end, Decimal(str(raw["percent"])))
    except (TypeError, KeyError, ValueError, InvalidOperation):
        raise SettingsError(f"{place}: {raw!r} is no rate; write name, from, to and percent") from None
    if end <= start or not -5 <= rate.percent <= 50:
        raise SettingsError(f"{place}: {raw!r} has no days, or a rate that cannot be meant")
    return rate
