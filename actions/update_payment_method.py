"""Take a new card."""

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.redaction import MASK


class UpdatePaymentMethod(CaseAction):
    """Points to the secure page, where a new card can be used; card data never go through the chat."""

    verb = "action_update_payment_method"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Give the secure page."""
        work = moment.case
        if wishes.shift(moment.text):
            return [FollowupAction("action_propose_promise")]
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say("utter_new_card_nothing_owed")
            return []
        link = work.issue_link(owed, "balance")
        response = "utter_card_in_chat" if MASK in moment.text else "utter_new_card"
        moment.say(response, amount=owed.json(), link=work.link_url(link))
        return []
