"""Say truthfully what happens if nothing is done."""

from actions.base import CaseAction, Events, Moment


class ExplainConsequences(CaseAction):
    """Names only what the creditor's own plan really does next, and the way out first."""

    verb = "action_explain_consequences"
    names_debt = True
    aside = True

    def act(self, moment: Moment) -> Events:
        """Explain."""
        if moment.case.dossier.balance().minor <= 0:
            moment.say("utter_nothing_owed")
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
