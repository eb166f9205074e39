"""Take a part now."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment
from bot.domain.negotiation import Policy


class TakePartial(CaseAction):
    """Gives a link for a part of what is open; the rest stays open at its stage."""

    verb = "action_take_partial"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Check the sum and give the link."""
        work = moment.case
        owed, part = work.dossier.balance(), moment.sum()
        if owed.minor <= 0:
            moment.say("utter_nothing_owed")
            return []
        if part is None:
            moment.say("utter_ask_part_amount", amount=owed.json())
            return [SlotSet("open_question", "part_amount")]
        least = min(Policy.read(work.policy).min_payment_minor, owed.minor)
        if part.currency != owed.currency:
            moment.say("utter_other_currency", amount=owed.json())
            return [SlotSet("open_question", "part_amount")]
        if part.minor < least:
            moment.say("utter_part_too_small", amount={"minor": least, "currency": owed.currency})
            return [SlotSet("open_question", "part_amount")]
        if part.minor >= owed.minor:
            link = work.issue_link(owed, "balance")
            moment.say("utter_payment_link", amount=owed.json(), link=work.link_url(link))
            return []
        link = work.issue_link(part, "part")
        rest = owed - part
        moment.say("utter_partial_link", amount=part.json(), rest=rest.json(), link=work.link_url(link))
        return [SlotSet("open_question", "rest_when")]
