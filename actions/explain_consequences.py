"""Say truthfully what happens if nothing is done."""

from actions.base import CaseAction, Events, Moment
from bot.domain.care import PRESSES
from bot.domain.fees import asks_about_fees, names_fees


class ExplainConsequences(CaseAction):
    """Names only what the creditor's own plan really does next, and the way out first."""

    verb = "action_explain_consequences"
    aside = True

    def act(self, moment: Moment) -> Events:
        """Explain; what fees there are is no secret to anybody."""
        if names_fees(moment.text) or asks_about_fees(moment.text):
            moment.say("utter_fees")
            return moment.keep_question()
        if moment.spared(PRESSES):
            return []
        if not moment.case.identified:
            return self.identify_first(moment)
        if moment.case.dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        planned = set(moment.case.creditor.get("consequences") or ())
        if {"suspension", "referral"} <= planned:
            moment.say("utter_consequences_suspension_referral")
        elif "suspension" in planned:
            moment.say("utter_consequences_suspension")
        elif "referral" in planned:
            moment.say("utter_consequences_referral")
        else:
            moment.say("utter_consequences_none")
        return []
