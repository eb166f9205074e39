"""Ask on which day a plan should begin."""

from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment
from bot.domain.negotiation import USUAL_FIRST


class AskFirstDay(CaseAction):
    """Proposes a day for the first payment, so that a yes is an answer; after a no, asks for another one."""

    verb = "action_ask_plan_form_plan_first_on"

    def act(self, moment: Moment) -> Events:
        """Ask, and remember the day that was named."""
        work = moment.case
        if moment.intent == "deny":
            moment.say("utter_ask_promise_date_again")
            return [SlotSet("first_day_named", None)]
        day = work.today + min(USUAL_FIRST, timedelta(days=work.limits.first_within_days))
        moment.say("utter_ask_plan_form_plan_first_on", date=day.isoformat())
        return [SlotSet("first_day_named", day.isoformat())]
