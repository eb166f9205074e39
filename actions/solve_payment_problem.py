"""Help when a payment does not go through."""

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment
from bot.domain.money import Money


class SolvePaymentProblem(CaseAction):
    """Offers a fresh link and other ways; at the second time a person helps."""

    verb = "action_solve_payment_problem"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Help."""
        work = moment.case
        if moment.said_before("payment_problem"):
            return [FollowupAction("action_hand_over")]
        owed: Money = work.dossier.balance()
        if owed.minor <= 0:
            moment.say("utter_nothing_owed")
            return []
        link = work.issue_link(owed, "balance")
        moment.say("utter_payment_problem", link=work.link_url(link), amount=owed.json())
        return []
