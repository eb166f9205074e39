"""Bend a running plan."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import N_, CaseAction, Events, Moment, forget_terms, schedule_rows
from actions.plan_terms import keep
from actions.terms import hand_over_terms
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.instalments import day_beside, instalment_meant
from bot.domain.money import Money
from bot.domain.negotiation import Decision, Proposal
from bot.domain.plans import (
    Installment,
    InstallmentPlan,
    Room,
    moved,
    progress,
    renegotiated,
    rescheduled,
    room,
)
from bot.domain.shifts import on_top

Left = Sequence[tuple[date, int]]


class ChangePlan(CaseAction):
    """Moves one instalment of a running plan, or its sum, and asks for a yes to the schedule that results."""

    verb = "action_change_plan"
    names_debt = True
    money = TAKES
    takes_day = True

    def act(self, moment: Moment) -> Events:
        """Show the changed schedule, ask for the day, or say why that day cannot be."""
        work = moment.case
        plan = work.dossier.plan(work.today, "active")
        seen = progress(plan, work.dossier.payments, work.today).installments if plan else ()
        left = [(item.due_on, minor) for item, _, minor in seen if minor]
        if plan is None or not left:
            moment.say_settled() if work.dossier.balance().minor <= 0 else moment.say("utter_what_next")
            return []
        days = [day for day in moment.days() if day >= work.today]
        place, days = _meant(moment, left, days)
        due, minor = left[place]
        if step := on_top(moment.text):
            days = [step.after(max(due, work.today))]
        latest = work.today + timedelta(days=work.limits.first_within_days)
        free = room(left, place, work.today, latest)
        sum_ = _sum(moment, sum(rest for _, rest in left))
        if not days or (days[0] == due and sum_ is None):
            moment.say("utter_ask_new_day", date=due.isoformat(), latest=max(free.latest, work.today).isoformat(),
                       amount=Money(plan.currency, minor).json())  # fmt: skip
            return [SlotSet("offer", {"moves": due.isoformat()}), SlotSet("open_question", "promise_date")]
        if not free.earliest <= days[0] <= free.latest and days[0] != due:
            return _cannot(moment, plan, left, place, days[0], free)
        new = rescheduled(left, days[0], sum_) if place == 0 else moved(left, place, days[0], sum_)
        missed = any(state == "missed" for _, state, _ in seen)
        if missed and renegotiated(plan) >= work.limits.max_renegotiations:
            # Agreed anew once after a miss already: whether it may bend again is a person's to decide.
            decision = Decision("escalate", new, ("renegotiated_before",))
            asked = Proposal(len(new), new[0].amount_minor, new[0].due_on)
            return [*hand_over_terms(moment, asked, decision), *forget_terms()]
        return _offer(moment, plan, new, None if place == 0 else (due, days[0]))


def _offer(
    moment: Moment, plan: InstallmentPlan, new: tuple[Installment, ...], one: tuple[date, date] | None
) -> Events:  # fmt: skip
    moment.case.propose_plan(new, plan.currency)
    total = Money(plan.currency, sum(item.amount_minor for item in new)).json()
    values = {"count": len(new), "total": total, "lines": schedule_rows(new, plan.currency)}
    if one is None:
        moment.say("utter_plan_change", **values)
    else:
        moment.say("utter_plan_change_one", date=one[0].isoformat(), day=one[1].isoformat(), **values)
    return [SlotSet("offer", None), SlotSet("open_question", "plan_offer")]


def _meant(moment: Moment, left: Left, days: list[date]) -> tuple[int, list[date]]:
    """Which of the instalments that are left is meant, and the days to which it may move."""
    named = [due for due, _ in left]
    said = {str(e.get("value")) for e in moment.entities if e.get("entity") == "date"}
    old = [place for place, due in enumerate(named) if due.isoformat() in said]
    other = [day for day in days if day not in named]
    if old and len(said) > 1:
        # "The one of 24 January on the 10th instead": a day of the plan says which, the other one when.
        rest = sorted(date.fromisoformat(day) for day in said if day not in {named[place].isoformat() for place in old})
        return old[0], rest or other
    spoken_of = (moment.tracker.get_slot("offer") or {}).get("moves")
    if moment.tracker.get_slot("open_question") == "promise_date" and spoken_of in [due.isoformat() for due in named]:
        return [due.isoformat() for due in named].index(spoken_of), days
    place = instalment_meant(moment.text, named, days)
    if place and len(days) == 1:
        days = [day_beside(_said_day(moment), days[0], named[place])]
    return place, days


def _said_day(moment: Moment) -> str:
    """The customer's words for the day that counts, the last one."""
    found = next(e for e in reversed(moment.entities) if str(e.get("entity")).endswith("date"))
    return moment.text[found.get("start", 0) : found.get("end", 0)]


def _cannot(
    moment: Moment, plan: InstallmentPlan, left: Left, place: int, day: date, free: Room
) -> Events:  # fmt: skip
    """Say up to when the payment may move, and offer to ask a person about the day."""
    due = left[place][0]
    asked = moved(left, place, day) if place else rescheduled(left, day)
    values: dict[str, Any] = {"date": due.isoformat(), "day": day.isoformat()}
    buttons = [{"title": N_("Ask a colleague"), "payload": "/pass_terms_on"}]
    if free.latest <= due:
        moment.say("utter_plan_no_later", buttons=buttons, **values)
    else:
        moment.say("utter_plan_day_range", buttons=buttons, earliest=free.earliest.isoformat(),
                   latest=free.latest.isoformat(), **values)  # fmt: skip
    terms = Proposal(len(asked), None, asked[0].due_on)
    return [
        *keep(terms, plan.currency),
        SlotSet("offer", {"moves": due.isoformat()}),
        SlotSet("open_question", "promise_date"),
    ]


def _sum(moment: Moment, rest: int) -> int | None:
    """How much is to be paid on the new day; None keeps the instalment's sum."""
    if wishes.all_at_once(moment.text) or moment.value("share") in ("all", "rest"):
        return rest
    sums = [sum_ for sum_ in moment.sums() if sum_.currency == moment.case.dossier.currency and sum_.minor > 0]
    return sums[-1].minor if sums else None
