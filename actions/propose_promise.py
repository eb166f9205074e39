"""Agree a day for payment."""

from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment
from bot.domain.money import Money
from bot.domain.negotiation import Policy


class ProposePromise(CaseAction):
    """Takes the day (and sum) that the customer names, echoes it in full and asks for a yes."""

    verb = "action_propose_promise"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Echo the day and ask, or ask for the day."""
        work = moment.case
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say("utter_nothing_owed")
            return []
        latest = work.today + timedelta(days=Policy.read(work.policy).promise_within_days)
        days = [day for day in dict.fromkeys(moment.days()) if day >= work.today]
        if not days:
            response = "utter_date_past" if moment.days() else "utter_ask_promise_date"
            moment.say(response, latest=latest.isoformat())
            return [SlotSet("open_question", "promise_date")]
        if len(days) > 1:
            buttons = [
                {"title": day.isoformat(), "payload": f'/promise_to_pay{{"date": "{day.isoformat()}"}}'}
                for day in days[:4]
            ]
            moment.say("utter_which_date", buttons=buttons)
            return [SlotSet("open_question", "promise_date")]
        day = days[0]
        if day > latest:
            moment.say("utter_date_too_late", date=day.isoformat(), latest=latest.isoformat(), buttons=[
                {"title": latest.isoformat(), "payload": f'/promise_to_pay{{"date": "{latest.isoformat()}"}}'},
                {"title": "Pay in instalments", "payload": "/request_installments"},
                {"title": "Talk to a person", "payload": "/request_human"},
            ])  # fmt: skip
            return [SlotSet("open_question", "promise_date")]
        asked = moment.sum()
        amount = owed if asked is None or asked.currency != owed.currency else asked
        amount = Money(owed.currency, min(amount.minor, owed.minor))
        moment.say("utter_confirm_promise", amount=amount.json(), date=day.isoformat())
        offer = {"due_on": day.isoformat(), **amount.json()}
        return [SlotSet("offer", offer), SlotSet("open_question", "promise_confirm")]
