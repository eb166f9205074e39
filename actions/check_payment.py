"""Look for a payment that the customer says was made."""

from datetime import timedelta
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import N_, CaseAction, Events, Moment
from bot.domain.claims import day_paid, has_proof, way_of_payment
from bot.domain.conversation import Handoff

# House rule payment_pending (compliance facts, section 6): reminders rest for at most a week.
SEARCH_LASTS = timedelta(days=7)
WAYS = {
    "card": N_("card"), "bank transfer": N_("bank transfer"), "direct debit": N_("direct debit"),
    "cheque": N_("cheque"), "cash": N_("cash"), "PayPal": "PayPal",
}  # fmt: skip
# After one of these a sum alone is that of the payment that was made.
CLAIM_ANSWERS = frozenset({
    "utter_ask_when_paid", "utter_payment_search", "utter_payment_search_way", "utter_payment_search_sum",
    "utter_payment_sum_added",
    "utter_payment_claim_known", "utter_claim_status", "utter_payment_proof",
})  # fmt: skip


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
        if told := _told(moment, until):
            return told
        known = next((e for e in work.dossier.errands() if e.reason == "already_paid"), None)
        if has_proof(moment.text):
            asked = _search(moment, "says that there is a proof")
            moment.promise_person("utter_payment_proof", asked, until=until)
            return [SlotSet("open_question", "paid_when")]
        if again and moment.intent == "already_paid":
            if known is not None and "paid on" in known.summary:
                moment.say("utter_claim_status", date=work.told(hold.since)[:10], until=until)
                return []
            asked = known or _search(moment, "says it is paid")
            moment.promise_person("utter_payment_claim_known", asked, until=until)
            return [SlotSet("open_question", "paid_when")]
        moment.say("utter_ask_when_paid")
        return [SlotSet("open_question", "paid_when")]


def _told(moment: Moment, until: str) -> Events:
    """Take up what is told of the payment: its day, its way, its sum; nothing when none of them is."""
    if said := moment.missing_day():
        moment.say("utter_no_such_day_paid", said=said, date=moment.value("impossible_date"))
        return [SlotSet("open_question", "paid_when")]
    sums = [sum_ for sum_ in moment.sums() if sum_.minor > 0]
    days = [day_paid(day, moment.case.today, moment.text) for day in moment.days()]
    way = way_of_payment(moment.text)
    claim = " ".join([
        *([f"on {days[0].isoformat()}"] if days else []), *([f"by {way}"] if way else []),
        *([f"({sums[-1].major} {sums[-1].currency})"] if sums else []),
    ])  # fmt: skip
    if not claim:
        return []
    dated = any("paid on" in errand.summary for errand in moment.case.dossier.errands())
    asked = _search(moment, f"paid {claim}")
    values: dict[str, Any] = {"until": until}
    if days:
        moment.promise_person("utter_payment_search", asked, date=days[0].isoformat(), **values)
        return [SlotSet("open_question", "none")]
    if way:
        moment.promise_person("utter_payment_search_way", asked, way=WAYS[way], **values)
    elif dated:
        moment.promise_person("utter_payment_sum_added", asked, amount=sums[-1].json(), **values)
        return [SlotSet("open_question", "none")]
    else:
        moment.promise_person("utter_payment_search_sum", asked, amount=sums[-1].json(), **values)
    return [SlotSet("open_question", "paid_when")]


def _search(moment: Moment, claim: str) -> Handoff:
    """One errand for one claim: what is told later is added to it."""
    work = moment.case
    work.note("payment_claim", claim)
    return work.errand("already_paid", f"Payment to be found: {claim}", timedelta(days=2))
