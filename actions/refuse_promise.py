"""Hear that the day echoed is not the one."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, listen
from bot.domain import wishes


class RefusePromise(CaseAction):
    """Lets the offer go and asks for another day; whoever gives up the day altogether is asked what would suit."""

    verb = "action_refuse_promise"

    def act(self, moment: Moment) -> Events:
        """Ask."""
        if wishes.called_off(moment.text):
            moment.say("utter_what_else")
            return listen(SlotSet("offer", None), SlotSet("open_question", "none"))
        moment.say("utter_ask_promise_date_again")
        return listen(SlotSet("offer", None), SlotSet("open_question", "promise_date"))
