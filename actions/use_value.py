"""Use a value that answers the open question."""

import json
from collections.abc import Mapping

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import N_, CaseAction, Events, Moment
from actions.check_payment import CLAIM_ANSWERS
from actions.validate_identity_form import volunteered
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.messages import OUT

_FOLLOW = {
    "promise_date": "action_propose_promise",
    "promise_confirm": "action_propose_promise",
    "rest_when": "action_propose_promise",
    "part_amount": "action_take_partial",
    "plan_terms": "action_negotiate_plan",
    "plan_offer": "action_negotiate_plan",
    "paid_when": "action_check_payment",
    "invoice_choice": "action_explain_invoice",
    "dispute_choice": "action_open_dispute",
    "language": "action_change_language",
}


def _ask_what_for(moment: Moment) -> None:
    """A sum alone says what is possible, not how: a part now, or so much a month."""
    amount = moment.sum()
    if amount is None or moment.spared(TAKES):
        return
    value = json.dumps({"amount": amount.json()})
    buttons = [
        {"title": N_("Pay it now"), "payload": f"/pay_partial{value}"},
        {"title": N_("Each month"), "payload": f"/propose_terms{value}"},
        {"title": N_("Talk to a person"), "payload": "/request_human"},
    ]
    moment.say("utter_amount_for_what", amount=amount.json(), buttons=buttons)


def _unfit(moment: Moment) -> bool:
    """Whether a sum is less than can be paid, or more than is owed."""
    work, named = moment.case, moment.sum()
    if named is None:
        return False
    return named.minor < work.limits.min_payment_minor or (
        work.identified and named.minor > work.dossier.balance().minor
    )


def _of_payment_made(moment: Moment) -> bool:
    """Whether a sum is said of the payment that we have just spoken of."""
    last = next((row for row in reversed(moment.case.own_exchanges) if row.direction == OUT), None)
    return last is not None and last.response in CLAIM_ANSWERS


class UseValue(CaseAction):
    """Reads a bare value (a day, a sum, a number) in the light of the question that is open."""

    verb = "action_use_value"
    takes_day = True

    def act(self, moment: Moment) -> Events:
        """Pass the value on to whoever asked."""
        following = _FOLLOW.get(str(moment.tracker.get_slot("open_question")))
        given = {} if moment.case.identified or following else volunteered(moment.case, moment.text)
        if given:
            # Who begins with a date of birth or a postal code wants to be recognised.
            told = [SlotSet(fact, value) for fact, value in given.items()]
            return [*told, SlotSet("wanted", None), FollowupAction("identity_form")]
        kinds = {entity.get("entity") for entity in moment.entities}
        alone = kinds and kinds <= {"date", "impossible_date"}
        once = alone and wishes.to_pay(moment.text) and not wishes.recurring(moment.text)
        if following == "action_negotiate_plan" and once:
            following = "action_propose_promise"
        if following is None and "amount" in kinds and _of_payment_made(moment):
            following = "action_check_payment"
        if following is None and moment.part_first() is not None and moment.days():
            # "Half now, the rest on the 15th": the day is that of the rest.
            following = "action_take_partial"
        if following is None and kinds & {"date", "impossible_date"}:
            following = "action_propose_promise"
        elif following is None and (moment.value("count") or (moment.value("amount") and wishes.rate(moment.text))):
            following = "action_negotiate_plan"
        elif following is None and moment.value("invoice_ref"):
            following = "action_explain_invoice"
        elif following is None and (moment.value("share") or _unfit(moment)):
            following = "action_take_partial"
        if following is None and isinstance(moment.value("amount"), Mapping):
            _ask_what_for(moment)
            return []
        if following is None:
            moment.say("utter_what_next")
            return []
        kept = moment.tracker.get_slot("open_question")
        return [{"event": "slot", "timestamp": None, "name": "open_question", "value": kept}, FollowupAction(following)]
