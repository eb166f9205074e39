"""Look for a payment that the customer says was made."""

from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment

# House rule payment_pending (compliance facts, section 6): reminders rest for at most a week.
SEARCH_LASTS = timedelta(days=7)


class CheckPayment(CaseAction):
    """Believes the customer first: looks at the ledger, rests the reminders, and asks for what helps to find it."""

    verb = "action_check_payment"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Say what the ledger shows."""
        work = moment.case
        if work.dossier.balance().minor <= 0:
            moment.say("utter_nothing_owed")
            return []
        work.hold("payment_pending", "the customer says it is paid", work.now + SEARCH_LASTS)
        day = next((d for d in moment.days() if d <= work.today), None)
        if day is not None:
            work.note("payment_claim", f"says paid on {day.isoformat()}", paid_on=day.isoformat())
            moment.say("utter_payment_search", date=day.isoformat())
            return []
        moment.say("utter_ask_when_paid")
        return [SlotSet("open_question", "paid_when")]
