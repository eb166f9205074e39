"""Put a plan that a person approved before the customer."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, schedule_rows


class PresentPlan(CaseAction):
    """Shows the schedule that a colleague approved and asks for an explicit yes."""

    verb = "action_present_plan"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Show it."""
        work = moment.case
        plan = work.dossier.plan(work.today, "proposed")
        if plan is None:
            moment.say("utter_agent_returned")
            return []
        moment.say(
            "utter_plan_approved", count=len(plan.installments),
            total={"minor": plan.total_minor, "currency": plan.currency},
            lines=schedule_rows(plan.installments, plan.currency),
        )  # fmt: skip
        return [SlotSet("open_question", "plan_offer")]
