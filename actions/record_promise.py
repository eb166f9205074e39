"""Record a promise."""

from datetime import date

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment
from bot.domain.money import Money


class RecordPromise(CaseAction):
    """The customer confirmed the day: reminders rest until then."""

    verb = "action_record_promise"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Record it and give the link for the day."""
        work = moment.case
        offer = moment.tracker.get_slot("offer") or {}
        owed = work.dossier.balance()
        if not offer.get("due_on") or owed.minor <= 0 or date.fromisoformat(offer["due_on"]) < work.today:
            moment.say("utter_what_next")
            return [SlotSet("offer", None)]
        amount = Money(offer["currency"], min(offer["minor"], owed.minor))
        promise = work.promise(date.fromisoformat(offer["due_on"]), amount)
        link = work.issue_link(amount, "promise")
        moment.say("utter_promise_recorded", amount=amount.json(), date=promise.due_on.isoformat(),
                   link=work.link_url(link))  # fmt: skip
        return [SlotSet("offer", None)]
