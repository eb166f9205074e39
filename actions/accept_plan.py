"""Conclude an instalment plan."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, schedule_rows
from bot.domain.money import Money

OFFERS = ("utter_plan_offer", "utter_plan_counter", "utter_plan_counter_date", "utter_plan_approved")


class AcceptPlan(CaseAction):
    """The customer said yes to the schedule shown: it is agreed, kept as shown, and the first link is given."""

    verb = "action_accept_plan"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Conclude the plan that is on the table."""
        work = moment.case
        plan = work.dossier.plan(work.today, "proposed")
        if plan is None or plan.total_minor != work.dossier.balance().minor:
            moment.say("utter_plan_outdated")
            return [SlotSet("offers", None)]
        # The proof is the very wording that the customer saw, in their language.
        shown = next((row.text for row in reversed(work.dossier.exchanges) if row.response in OFFERS), "")
        agreed = work.accept_plan(plan, shown or f"{len(plan.installments)} instalments")
        first = agreed.installments[0]
        due = Money(agreed.currency, first.amount_minor)
        link = work.issue_link(due, "installment", agreed.id)
        moment.say(
            "utter_plan_agreed", count=len(agreed.installments), amount=due.json(), date=first.due_on.isoformat(),
            lines=schedule_rows(agreed.installments, agreed.currency), link=work.link_url(link),
        )  # fmt: skip
        return [SlotSet("offers", None), SlotSet("plan_asked", None)]
