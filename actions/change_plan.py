"""Bend a running plan."""

from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, forget_terms, schedule_rows
from actions.terms import hand_over_terms
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.negotiation import Decision, Proposal
from bot.domain.plans import progress, renegotiated, rescheduled


class ChangePlan(CaseAction):
    """Moves the next instalment of a running plan, or its sum, and asks for a yes to the schedule that results."""

    verb = "action_change_plan"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Show the changed schedule, or ask for the day."""
        work = moment.case
        plan = work.dossier.plan(work.today, "active")
        seen = progress(plan, work.dossier.payments, work.today).installments if plan else ()
        left = [(item.due_on, minor) for item, _, minor in seen if minor]
        if plan is None or not left:
            moment.say_settled() if work.dossier.balance().minor <= 0 else moment.say("utter_what_next")
            return []
        latest = work.today + timedelta(days=work.limits.first_within_days)
        days = [day for day in moment.days() if day >= work.today]
        if not days or (days[0] == left[0][0] and _sum(moment, 0) is None):
            due, minor = left[0]
            moment.say("utter_ask_new_day", date=due.isoformat(), latest=latest.isoformat(),
                       amount=Money(plan.currency, minor).json())  # fmt: skip
            return [SlotSet("open_question", "promise_date")]
        rest = sum(minor for _, minor in left)
        new = rescheduled(left, min(days[0], latest), _sum(moment, rest))
        missed = any(state == "missed" for _, state, _ in seen)
        if missed and renegotiated(plan) >= work.limits.max_renegotiations:
            # Agreed anew once after a miss already: whether it may bend again is a person's to decide.
            decision = Decision("escalate", new, ("renegotiated_before",))
            asked = Proposal(len(new), new[0].amount_minor, new[0].due_on)
            return [*hand_over_terms(moment, asked, decision), *forget_terms()]
        work.propose_plan(new, plan.currency)
        moment.say(
            "utter_plan_change_latest" if days[0] > latest else "utter_plan_change", latest=latest.isoformat(),
            count=len(new), total=Money(plan.currency, rest).json(), lines=schedule_rows(new, plan.currency),
        )  # fmt: skip
        return [SlotSet("offer", None), SlotSet("open_question", "plan_offer")]


def _sum(moment: Moment, rest: int) -> int | None:
    """How much is to be paid on the new day; None keeps the instalment's sum."""
    if wishes.all_at_once(moment.text) or moment.value("share") in ("all", "rest"):
        return rest
    sums = [sum_ for sum_ in moment.sums() if sum_.currency == moment.case.dossier.currency]
    return sums[-1].minor if sums else None
