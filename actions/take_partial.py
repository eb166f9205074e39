"""Take a part now."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment
from actions.propose_promise import ask_day
from actions.send_payment_link import chosen_invoices
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money


class TakePartial(CaseAction):
    """Gives a link for a part of what is open and agrees when the rest comes."""

    verb = "action_take_partial"
    names_debt = True
    money = TAKES
    takes_day = True

    def act(self, moment: Moment) -> Events:
        """Check the sum and give the link."""
        work = moment.case
        owed, sums = work.dossier.balance(), moment.sums()
        part = sums[0] if sums else moment.part_first() or moment.sum()
        if owed.minor <= 0:
            moment.say_settled()
            return []
        if part is None and chosen_invoices(moment):
            return [FollowupAction("action_send_payment_link")]
        if work.dossier.plan(work.today, "active") is not None and (wishes.shift(moment.text) or moment.days()):
            return [FollowupAction("action_change_plan")]
        if part is None:
            moment.say("utter_ask_part_amount", amount=owed.json())
            return [SlotSet("open_question", "part_amount")]
        least = min(work.limits.min_payment_minor, owed.minor)
        if part.currency != owed.currency:
            moment.say("utter_other_currency", amount=owed.json())
            return [SlotSet("open_question", "part_amount")]
        if part.minor < least:
            moment.say("utter_part_too_small", amount={"minor": least, "currency": owed.currency})
            return [SlotSet("open_question", "part_amount")]
        halves = moment.value("share") is not None and bool(moment.days()) and wishes.now(moment.text)
        if moment.value("count") is not None and not halves:
            # "50 now and the rest in three": one plan whose first payment is today.
            return [FollowupAction("action_negotiate_plan")]
        if moment.days() and moment.value("share") != "rest" and not wishes.now(moment.text):
            return [FollowupAction("action_propose_promise")]
        return _give(moment, part, owed)


def _give(moment: Moment, part: Money, owed: Money) -> Events:
    work = moment.case
    if part.minor >= owed.minor:
        link = work.issue_link(owed, "balance")
        if part.minor > owed.minor:
            moment.say("utter_no_more_owed", amount=owed.json())
        moment.say("utter_payment_link", amount=owed.json(), link=work.link_url(link))
        return []
    exactly = [invoice for invoice in work.dossier.payable() if work.dossier.open_minor[invoice.id] == part.minor]
    chosen = chosen_invoices(moment) or exactly
    link = work.issue_link(part, f"invoice:{chosen[0].id}" if len(chosen) == 1 else "part")
    said = {"amount": part.json(), "link": work.link_url(link)}
    if work.dossier.plan(work.today, "active") is not None:
        moment.say("utter_payment_link", **said)
        return []
    rest = owed - part
    days = [day for day in moment.days() if day > work.today]
    if not days:
        moment.say("utter_partial_link", rest=rest.json(), **said)
        return [SlotSet("open_question", "rest_when")]
    moment.say("utter_payment_link", **said)
    return ask_day(moment, days[0], rest)
