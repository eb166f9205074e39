"""Hear that a running plan should end."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.plans import progress

ANSWERED_WITHIN = timedelta(days=1)


class EndPlan(CaseAction):
    """Passes the wish to a person, who alone may undo an agreement, and says what holds until then."""

    verb = "action_end_plan"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Say who decides by when, and that a payment can be moved meanwhile."""
        work = moment.case
        plan = work.dossier.plan(work.today, "active")
        seen = progress(plan, work.dossier.payments, work.today).installments if plan else ()
        left = [(item.due_on, minor) for item, _, minor in seen if minor]
        if plan is None or not left:
            return [FollowupAction("action_tell_status")]
        asked = work.errand("plan_end", f"Wishes to end the plan: {moment.text[:200]}", ANSWERED_WITHIN)
        due, minor = left[0]
        moment.promise_person("utter_plan_end_asked", asked, date=due.isoformat(),
                              amount=Money(plan.currency, minor).json())  # fmt: skip
        return []
