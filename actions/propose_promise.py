"""Agree a day for payment."""

from datetime import date, timedelta

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment
from actions.send_payment_link import chosen_invoices
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money


class ProposePromise(CaseAction):
    """Takes the day (and sum) that the customer names, echoes it in full and asks for a yes."""

    verb = "action_propose_promise"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Echo the day and ask, or ask for the day."""
        work = moment.case
        if work.dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        if (moment.value("count") or 1) > 1:
            return [FollowupAction("action_negotiate_plan")]
        if work.dossier.plan(work.today, "active") is not None:
            return [FollowupAction("action_change_plan")]
        if moment.sums() and moment.value("share") == "rest":
            return [FollowupAction("action_take_partial")]
        latest = work.today + timedelta(days=work.limits.promise_within_days)
        amount = promised_sum(moment)
        days = [day for day in dict.fromkeys(moment.days()) if day >= work.today]
        offer = moment.tracker.get_slot("offer") or {}
        if not moment.days() and moment.sums() and offer.get("due_on", "") >= work.today.isoformat():
            # "Yes, but only 50": the day that was named stays.
            days = [date.fromisoformat(offer["due_on"])]
        if not days:
            response = "utter_date_past" if moment.days() else "utter_ask_promise_date"
            moment.say(response, latest=latest.isoformat())
            return [SlotSet("offer", None), SlotSet("open_question", "promise_date")]
        if len(days) > 1:
            buttons = [
                {"title": day.isoformat(), "payload": f'/promise_to_pay{{"date": "{day.isoformat()}"}}'}
                for day in days[:4]
            ]
            moment.say("utter_which_date", buttons=buttons)
            return [SlotSet("offer", None), SlotSet("open_question", "promise_date")]
        return ask_day(moment, days[0], amount)


def ask_day(moment: Moment, day: date, amount: Money) -> Events:
    """Ask for a yes to a sum on a day, or to the latest day that can be agreed when it is further ahead."""
    latest = moment.case.today + timedelta(days=moment.case.limits.promise_within_days)
    if day <= latest:
        moment.say("utter_confirm_promise", amount=amount.json(), date=day.isoformat())
    else:
        buttons = [
            {"title": "Yes, I agree", "payload": "/affirm"},
            {"title": "Pay in instalments", "payload": "/request_installments"},
            {"title": "Ask a colleague", "payload": "/pass_terms_on"},
        ]
        days = {"date": day.isoformat(), "latest": latest.isoformat()}
        moment.say("utter_date_too_late", amount=amount.json(), buttons=buttons, **days)
    chosen = chosen_invoices(moment)
    about = {"purpose": f"invoice:{chosen[0].id}"} if len(chosen) == 1 else {}
    offer = {"due_on": min(day, latest).isoformat(), "asked_on": day.isoformat(), **about, **amount.json()}
    return [SlotSet("offer", offer), SlotSet("open_question", "promise_confirm")]


def promised_sum(moment: Moment) -> Money:
    """The sum named; else what was offered or promised before, whose day moves; else all that is to be agreed."""
    work = moment.case
    owed = work.dossier.balance()
    named = moment.sum()
    if named is None and (chosen := chosen_invoices(moment)):
        named = Money(owed.currency, sum(work.dossier.open_minor[invoice.id] for invoice in chosen))
    question = moment.tracker.get_slot("open_question")
    before = moment.tracker.get_slot("offer") or {}
    promise = work.dossier.open_promise(work.today)
    if named is not None and named.currency == owed.currency and named.minor > 0:
        sum_ = named
    elif wishes.all_at_once(moment.text):
        sum_ = owed
    elif question == "rest_when":
        sum_ = moment.rest()
    elif question == "promise_confirm" and before.get("minor"):
        sum_ = Money(before["currency"], before["minor"])
    elif promise is not None:
        sum_ = Money(promise.currency, promise.amount_minor)
    else:
        sum_ = moment.rest()
    return Money(owed.currency, min(sum_.minor, owed.minor))
