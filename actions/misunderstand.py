"""Not having understood."""

import re
from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions.base import N_, CaseAction, Events, Moment, end_form
from bot.domain import wishes
from bot.domain.care import TAKES

# What may be offered as "did you mean", by the intent that a message was half taken for.
OFFERS = {
    "ask_amount_due": N_("My account"),
    "explain_invoice": N_("Explain the invoice"),
    "request_invoice_copy": N_("A copy of the invoice"),
    "pay_now": N_("Pay now"),
    "ask_payment_methods": N_("Ways to pay"),
    "pay_partial": N_("Pay a part now"),
    "promise_to_pay": N_("Pay on another day"),
    "request_extension": N_("Pay on another day"),
    "request_installments": N_("Pay in instalments"),
    "propose_terms": N_("Pay in instalments"),
    "already_paid": N_("It is paid already"),
    "dispute_invoice": N_("Something is wrong"),
    "report_hardship": N_("I cannot pay now"),
    "refuse_to_pay": N_("I cannot pay now"),
    "payment_problem": N_("The payment does not work"),
    "update_payment_method": N_("A new card"),
    "cancel_subscription": N_("End the service"),
    "wrong_person": N_("I am not this person"),
    "ask_status": N_("Where things stand"),
    "ask_consequences": N_("What if I do not pay?"),
    "ask_identity": N_("Who are you?"),
    "ask_privacy": N_("My data"),
    "stop_contact": N_("No more messages"),
}
# The same wish under two names is offered once, under the one that asks least of the customer.
_SAME = {
    "promise_to_pay": "request_extension",
    "propose_terms": "request_installments",
    "refuse_to_pay": "report_hardship",
}
MOST = 3


class Misunderstand(CaseAction):
    """Says so once and offers the likeliest meanings; the second time in a row a person takes over."""

    verb = "action_misunderstand"

    def act(self, moment: Moment) -> Events:
        """Ask again or hand over."""
        if wishes.shift(moment.text) and moment.case.identified:
            return [FollowupAction("action_propose_promise")]
        if isinstance(moment.value("count"), int) and moment.case.identified:
            return [FollowupAction("action_negotiate_plan")]
        if not _readable(moment.text):
            moment.say("utter_nothing_readable")
            return moment.keep_question()
        if moment.tracker.get_slot("open_question") == "refusal_reason":
            # The reason was asked for: whatever it is, it is an answer, and a person may read it.
            moment.case.note("delay_reason", moment.text[:200])
            moment.say("utter_reason_noted")
            return []
        awaited = moment.case.dossier.handoff() is not None
        if (awaited or not _misunderstood_before(moment)) and moment.spared(TAKES):
            return moment.keep_question()
        if _misunderstood_before(moment):
            summary = f"Not understood twice: {moment.text[:200]}"
            asked = moment.case.hand_off("not_understood", summary, timedelta(hours=4))
            moment.promise_person("utter_handover_not_understood", asked)
            return end_form()
        offers = _offers(moment)
        if moment.intent == "out_of_scope":
            moment.say("utter_out_of_scope")
        elif offers:
            moment.say("utter_did_you_mean", buttons=offers)
        else:
            moment.say("utter_rephrase")
        return moment.keep_question()


def _offers(moment: Moment) -> list[dict[str, str]]:
    """The likeliest meanings as buttons, and a person; none where there is no likely one."""
    ranking = moment.tracker.latest_message.get("intent_ranking") or ()
    likely = [_SAME.get(str(guess.get("name")), str(guess.get("name"))) for guess in ranking]
    found = [intent for intent in dict.fromkeys(likely) if intent in OFFERS][:MOST]
    if not found:
        return []
    buttons = [{"title": OFFERS[intent], "payload": f"/{intent}"} for intent in found]
    return [*buttons, {"title": N_("Talk to a person"), "payload": "/request_human"}]


def _misunderstood_before(moment: Moment) -> bool:
    """Whether the message before this one was not understood either; what could not be read does not count."""
    heard = [e for e in moment.tracker.events if e.get("event") == "user" and _readable(str(e.get("text") or ""))]
    if len(heard) < 2:
        return False
    intent = (heard[-2].get("parse_data") or {}).get("intent", {}).get("name")
    return intent in ("nlu_fallback", "out_of_scope")


def _readable(text: str) -> bool:
    return re.search(r"[^\W_]", text) is not None
