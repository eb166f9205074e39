"""Hear a refusal to pay."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment, end_form
from bot.domain.hardship import cannot_pay


class AcceptRefusal(CaseAction):
    """Asks for the reason once; whoever keeps refusing is written to no more (12 CFR 1006.6(c)) and meets a person."""

    verb = "action_accept_refusal"

    def act(self, moment: Moment) -> Events:
        """Ask why, or hand over."""
        work = moment.case
        if cannot_pay(moment.text):
            return [FollowupAction("action_report_hardship")]
        if not work.binds:
            return self.identify_first(moment)
        if moment.said_before("refuse_to_pay", "deny") or moment.tracker.get_slot("reason_asked"):
            work.hold("refuses_to_pay_written", "refuses to pay, in writing")
            asked = work.hand_off("refuse_to_pay", "Refuses to pay.", timedelta(hours=24))
            moment.promise_person("utter_handover_refusal", asked)
            return end_form()
        moment.say("utter_refusal")
        return [SlotSet("reason_asked", True), SlotSet("open_question", "refusal_reason")]
