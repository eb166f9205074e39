"""The instalments that a customer asks for, as said so far: what was stated stays until it is changed."""

from dataclasses import replace
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Events, Moment
from bot.domain import wishes
from bot.domain.money import Money
from bot.domain.negotiation import Proposal
from bot.domain.plans import Installment, add_months


def said_terms(moment: Moment) -> Proposal:
    """What this message alone says about instalments."""
    sums = [sum_.minor for sum_ in moment.sums()]
    count = moment.value("count")
    today = moment.case.today
    # A first payment lies ahead: "desde el 15" on the 24th is the 15th to come.
    days = [day if day >= today or add_months(day, 1) < today else add_months(day, 1) for day in moment.days()]
    days = [day for day in days if day >= today] or days
    now, now_on = None, None
    if (moment.value("share") == "rest" or wishes.now(moment.text)) and (sums and (count is not None or len(sums) > 1)):
        now, *sums = sums
    elif count is not None and (part := moment.part_first()):
        now = part.minor
    elif moment.value("share") == "rest" or moment.tracker.get_slot("open_question") == "rest_when":
        now, now_on = _part_agreed(moment)
    monthly = int(sums[-1] * wishes.times_a_month(moment.text)) if sums else None
    if sums and wishes.rhythm(moment.text):
        count = None  # "six payments of 20 a week" are six weeks, and the sum of a month says it all
    return Proposal(count if isinstance(count, int) else None, monthly, days[0] if days else None, now, now_on)


def _part_agreed(moment: Moment) -> tuple[int | None, date | None]:
    """The part that is to be paid today or was promised for a day: what is asked for now concerns the rest."""
    work = moment.case
    part, promise = work.part_awaited(), work.dossier.open_promise(work.today)
    if part is not None:
        return part.minor, None
    if promise is not None and promise.amount_minor < work.dossier.balance().minor:
        return promise.amount_minor, promise.due_on
    return None, None


def kept_terms(moment: Moment) -> Proposal:
    """What was stated before; a first day that has passed is forgotten."""
    slot = moment.tracker.get_slot
    monthly, first = slot("plan_monthly"), slot("plan_first_on")
    first = first[0] if isinstance(first, list) and first else first
    day = date.fromisoformat(first) if first else None
    return Proposal(
        slot("plan_count"), monthly.get("minor") if isinstance(monthly, dict) else None,
        day if day and day >= moment.case.today else None, *_kept_part(slot("plan_now")),
    )  # fmt: skip


def _kept_part(raw: Any) -> tuple[int | None, date | None]:
    if not raw:
        return None, None
    minor, day = raw
    return minor, date.fromisoformat(day) if day else None


def joined(said: Proposal, kept: Proposal) -> Proposal:
    """What is said now replaces what it concerns: a new number of payments also replaces a monthly sum."""
    whole = replace(kept, first_on=said.first_on or kept.first_on)
    if said.now_minor is not None:
        whole = replace(whole, now_minor=said.now_minor, now_on=said.now_on)
    if said.count is None and said.monthly_minor is None:
        return whole
    return replace(whole, count=said.count, monthly_minor=said.monthly_minor)


def keep(proposal: Proposal, currency: str) -> Events:
    """Remember what was stated."""
    monthly = Money(currency, proposal.monthly_minor).json() if proposal.monthly_minor else None
    first = proposal.first_on.isoformat() if proposal.first_on else None
    part = [proposal.now_minor, proposal.now_on.isoformat() if proposal.now_on else None]
    return [
        SlotSet("plan_count", proposal.count),
        SlotSet("plan_monthly", monthly),
        SlotSet("plan_first_on", first),
        SlotSet("plan_now", part if proposal.now_minor else None),
    ]


def offers_made(moment: Moment) -> list[tuple[Installment, ...]]:
    """The offers shown in this bargaining that still fit what is owed."""
    total = moment.case.dossier.balance().minor
    offers = [
        tuple(Installment(n, date.fromisoformat(due), minor) for n, due, minor in offer)
        for offer in moment.tracker.get_slot("offers") or ()
    ]
    return [offer for offer in offers if sum(item.amount_minor for item in offer) == total]


def rows_of(offers: list[tuple[Installment, ...]]) -> list[Any]:
    """Offers as the dialogue's state keeps them."""
    return [[[i.number, i.due_on.isoformat(), i.amount_minor] for i in offer] for offer in offers]
