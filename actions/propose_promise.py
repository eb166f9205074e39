"""Agree a day for payment."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment
from actions.send_payment_link import chosen_invoices
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.shifts import on_top


class ProposePromise(CaseAction):
    """Takes the day (and sum) that the customer names, echoes it in full and asks for a yes."""

    verb = "action_propose_promise"
    names_debt = True
    money = TAKES
    takes_day = True

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
        owed, named = work.dossier.balance(), moment.sum()
        least = min(work.limits.min_payment_minor, owed.minor)
        if named is not None and named.currency == owed.currency and named.minor < least:
            moment.say("utter_part_too_small", amount={"minor": least, "currency": amount.currency})
            return [SlotSet("open_question", "part_amount")]
        if named is not None and named.currency == owed.currency and named.minor > owed.minor:
            moment.say("utter_no_more_owed", amount=owed.json())
        offer = moment.tracker.get_slot("offer") or {}
        days = _days(moment, offer)
        if not moment.days() and moment.sums() and offer.get("due_on", "") >= work.today.isoformat():
            # "Yes, but only 50": the day that was named stays.
            days = [date.fromisoformat(offer["due_on"])]
        if not days:
            response = "utter_date_past" if moment.days() else "utter_ask_promise_date"
            moment.say(response, latest=latest.isoformat())
            return _ask_again(moment, amount)
        if len(days) > 1:
            buttons = [
                {"title": day.isoformat(), "payload": f'/promise_to_pay{{"date": "{day.isoformat()}"}}'}
                for day in days[:4]
            ]
            moment.say("utter_which_date", buttons=buttons)
            return _ask_again(moment, amount)
        return ask_day(moment, days[0], amount)


def _days(moment: Moment, offer: Mapping[str, Any]) -> list[date]:
    """The days that may be meant, from today on: one so much later than the day agreed, the end of this week, a day."""
    today = moment.case.today
    if step := on_top(moment.text):
        promise = moment.case.dossier.open_promise(today)
        named = offer.get("due_on") or (promise.due_on.isoformat() if promise else None)
        return [step.after(max(date.fromisoformat(named), today) if named else today)]
    days = [day for day in dict.fromkeys(moment.days()) if day >= today]
    # "This week" and "by the end of the month" leave until the last day of it.
    return days[-1:] if wishes.this_span(moment.text) and moment.days()[:1] == [today] else days


def _ask_again(moment: Moment, amount: Money) -> Events:
    """The day is still to be named; a sum that was named stays."""
    kept = amount.json() if moment.sum() is not None else None
    return [SlotSet("offer", kept), SlotSet("open_question", "promise_date")]


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
    elif question in ("promise_confirm", "promise_date") and before.get("minor"):
        sum_ = Money(before["currency"], before["minor"])
    elif promise is not None:
        sum_ = Money(promise.currency, promise.amount_minor)
    else:
        sum_ = moment.rest()
    return Money(owed.currency, min(sum_.minor, owed.minor))
