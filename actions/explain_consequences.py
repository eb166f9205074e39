"""Say truthfully what happens if nothing is done."""

from actions.base import CaseAction, Events, Moment
from bot.domain.care import PRESSES
from bot.domain.fees import asks_about_fees, names_fees
from bot.domain.worries import worry


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
        if fear := worry(moment.text):
            moment.say(f"utter_worry_{fear}")
            return moment.keep_question()
        if not moment.case.identified:
            return self.identify_first(moment)
        if moment.case.dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        response = _planned(set(moment.case.creditor.get("consequences") or ()))
        moment.say("utter_consequences_told" if moment.said_lately(response) else response)
        return []


def _planned(steps: set[str]) -> str:
    if {"suspension", "referral"} <= steps:
        return "utter_consequences_suspension_referral"
    if "suspension" in steps:
        return "utter_consequences_suspension"
    return "utter_consequences_referral" if "referral" in steps else "utter_consequences_none"
