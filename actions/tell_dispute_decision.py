"""Tell the customer what became of an objection."""

from actions.base import CaseAction, Events, Moment


class TellDisputeDecision(CaseAction):
    """Says who was right, what is cancelled or stands, and why."""

    verb = "action_tell_dispute_decision"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Tell it."""
        numbers, amount = moment.value("numbers"), moment.value("amount")
        rest = moment.case.dossier.balance()
        if moment.value("outcome") == "rejected":
            moment.say("utter_dispute_rejected", numbers=numbers, reason=moment.value("reason"), amount=amount)
        elif rest.minor > 0:
            moment.say("utter_dispute_upheld_rest", numbers=numbers, amount=amount, rest=rest.json())
        else:
            moment.say("utter_dispute_upheld", numbers=numbers, amount=amount)
        return []
