"""Look for a payment that the customer says was made."""

from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import N_, CaseAction, Events, Moment
from bot.domain.claims import day_paid, way_of_payment
from bot.domain.conversation import Handoff

# House rule payment_pending (compliance facts, section 6): reminders rest for at most a week.
SEARCH_LASTS = timedelta(days=7)
WAYS = {
    "card": N_("card"), "bank transfer": N_("bank transfer"), "direct debit": N_("direct debit"),
    "cheque": N_("cheque"), "cash": N_("cash"), "PayPal": "PayPal",
}  # fmt: skip


class CheckPayment(CaseAction):
    """Believes the customer first: looks at the ledger, rests the reminders once, asks for what helps to find it."""

    verb = "action_check_payment"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Say what the ledger shows."""
        work = moment.case
        if work.dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        hold = next((h for h in work.dossier.holds_in_force(work.now) if h.kind == "payment_pending"), None)
        again = hold is not None
        hold = hold or work.hold("payment_pending", "the customer says it is paid", work.now + SEARCH_LASTS)
        until = work.told(hold.until or work.now + SEARCH_LASTS)[:10]
        days = [day_paid(day, work.today, moment.text) for day in moment.days()]
        way = way_of_payment(moment.text)
        if days:
            asked = self._search(moment, f"paid on {days[0].isoformat()}" + (f" by {way}" if way else ""))
            moment.promise_person("utter_payment_search", asked, date=days[0].isoformat(), until=until)
            return []
        if way:
            asked = self._search(moment, f"paid by {way}")
            moment.promise_person("utter_payment_search_way", asked, way=WAYS[way], until=until)
            return [SlotSet("open_question", "paid_when")]
        if again and moment.intent == "already_paid":
            known = next((e for e in work.dossier.errands() if e.reason == "already_paid"), None)
            if known is not None and "paid on" in known.summary:
                moment.say("utter_claim_status", date=work.told(hold.since)[:10], until=until)
                return []
            asked = known or self._search(moment, "says it is paid")
            moment.promise_person("utter_payment_claim_known", asked, until=until)
            return [SlotSet("open_question", "paid_when")]
        moment.say("utter_ask_when_paid")
        return [SlotSet("open_question", "paid_when")]

    def _search(self, moment: Moment, claim: str) -> Handoff:
        """One errand for one claim: what is told later is added to it."""
        work = moment.case
        work.note("payment_claim", claim)
        return work.errand("already_paid", f"Payment to be found: {claim}", timedelta(days=2))
