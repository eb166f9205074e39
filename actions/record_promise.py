"""Record a promise."""

from datetime import date

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment, forget_terms, listen
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.offers import PROMISE_OFFERS, shown_last


class RecordPromise(CaseAction):
    """The customer confirmed the day shown last: reminders rest until then."""

    verb = "action_record_promise"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Record it and give the link for the day."""
        work = moment.case
        if moment.changes_terms():
            return [
                SlotSet("open_question", moment.tracker.get_slot("open_question")),
                FollowupAction("action_propose_promise"),
            ]
        offer = moment.tracker.get_slot("offer") or {}
        owed = work.dossier.balance()
        if not offer.get("due_on") or owed.minor <= 0 or date.fromisoformat(offer["due_on"]) < work.today:
            moment.say("utter_what_next")
            return listen(SlotSet("offer", None), SlotSet("open_question", "none"))
        if shown_last(work.own_exchanges, PROMISE_OFFERS, work.message) is None:
            return listen(*moment.restate())
        if wishes.conditional(moment.text):
            moment.say("utter_ask_promise_date_again")
            return listen(SlotSet("open_question", "promise_confirm"))
        part = work.part_awaited()
        amount = Money(offer["currency"], min(offer["minor"], owed.minor))
        promise = work.promise(date.fromisoformat(offer["due_on"]), amount)
        link = work.issue_link(amount, offer.get("purpose") or "promise", due_on=promise.due_on)
        left = owed - amount
        if part is not None:
            left = Money(left.currency, max(left.minor - part.minor, 0))
        said = {"amount": amount.json(), "date": promise.due_on.isoformat(), "link": work.link_url(link)}
        settled = [*forget_terms(), SlotSet("offer", None)]
        if left.minor > 0:
            moment.say("utter_promise_recorded_rest", rest=left.json(), **said)
            return listen(*settled, SlotSet("open_question", "none"))
        ahead = work.charge_ahead
        if ahead is not None and ahead.at is not None and ahead.method is not None and ahead.agreed:
            # The word given moves the charge of the saved method: nothing is tried before, and the customer knows.
            moment.say("utter_promise_recorded_charge", **{**said, "date": work.local_day(ahead.at).isoformat()},
                       card=ahead.method.label)  # fmt: skip
            return listen(*settled, SlotSet("open_question", "none"))
        moment.say("utter_promise_recorded", **said)
        return listen(*settled, SlotSet("open_question", "none"))
