"""Answer whoever asks for less."""

from datetime import timedelta
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment
from bot.domain.messages import OUT

NO_DISCOUNT = "utter_no_discount"
# A rest from reminders for one of these: nobody is shown ways to pay.
NOT_PRESSED = frozenset({"payment_pending"})


class AnswerDiscount(CaseAction):
    """Says that the assistant cannot reduce a debt, what it can do instead, and that a colleague may be asked."""

    verb = "action_answer_discount"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Answer honestly; whoever insists, or needs care, has the wish passed on."""
        work = moment.case
        if work.dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        offered = _offered(moment)
        if offered is not None and offered >= work.dossier.balance().minor:
            return [FollowupAction("action_take_partial")]
        last = next((row for row in reversed(work.own_exchanges) if row.direction == OUT), None)
        cared_for = any(hold.kind not in NOT_PRESSED for hold in work.dossier.holds_in_force(work.now))
        if cared_for or (last is not None and last.response == NO_DISCOUNT):
            return pass_on(moment, moment.text, offered)
        moment.say(NO_DISCOUNT, amount=work.dossier.balance().json())
        return [SlotSet("open_question", "discount_offer")]


class PassDiscountOn(CaseAction):
    """The customer wants a colleague to decide on less: what was asked goes there in their own words."""

    verb = "action_pass_discount_on"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Pass the wish on."""
        if moment.case.dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        return pass_on(moment, _words(moment), None)


def pass_on(moment: Moment, words: str, minor: int | None) -> Events:
    """Leave the wish to a person; the conversation goes on meanwhile."""
    ready: dict[str, Any] = {"settle_minor": minor} if minor else {}
    asked = moment.case.errand("discount", f"Asks for a reduction: {words[:200]}", timedelta(hours=24), proposal=ready)
    moment.promise_person("utter_discount_passed_on", asked)
    return [SlotSet("open_question", "none")]


def _offered(moment: Moment) -> int | None:
    sums = [sum_ for sum_ in moment.sums() if sum_.currency == moment.case.dossier.currency and sum_.minor > 0]
    return sums[-1].minor if sums else None


def _words(moment: Moment) -> str:
    """The customer's words when less was asked for last."""
    for event in reversed(moment.tracker.events):
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        if event.get("event") == "user" and intent == "ask_discount":
            return str(event.get("text") or "")
    return moment.text
