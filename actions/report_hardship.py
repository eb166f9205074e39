"""Hear that somebody cannot pay."""

from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, end_form
from bot.domain.conversation import AUTOMATED
from bot.domain.hardship import RESTING, cannot_pay, gives_cause
from bot.domain.money import Money
from bot.domain.plans import progress
from bot.domain.support import in_language

# House rule: time to think before any reminder.
REST = timedelta(days=7)
# Whoever says it again after one of these gets a person.
ASKED = ("utter_cannot_pay", "utter_cannot_pay_installment")


class ReportHardship(CaseAction):
    """Stops automated pressure at once and brings a person (FCA FG21/1; house target: 4 hours)."""

    verb = "action_report_hardship"

    def act(self, moment: Moment) -> Events:
        """Rest the reminders and hand over; a bare "I cannot pay" is asked first what would help."""
        work = moment.case
        if not work.binds:
            asked = moment.leave_word("hardship", timedelta(hours=4), "vulnerability_signal")
            moment.promise_person("utter_care_unproved", asked)
            return self.identify_first(moment)
        bare = cannot_pay(moment.text) and not gives_cause(moment.text)
        if bare and work.care is None and work.conversation.status == AUTOMATED and not _asked_before(moment):
            return ask_what_helps(moment)
        return hear_hardship(moment)


def hear_hardship(moment: Moment) -> Events:
    """Stop the pressure, bring a person, and name free advice."""
    work = moment.case
    work.hold("vulnerability_signal", "hardship reported", work.now + timedelta(days=30))
    asked = work.hand_off("report_hardship", f"Reports hardship: {moment.text[:200]}", timedelta(hours=4))
    moment.promise_person("utter_hardship", asked)
    name_debt_advice(moment)
    return end_form()


def ask_what_helps(moment: Moment) -> Events:
    """Let the customer choose the way: a day, instalments, a part, a person; reminders rest while they think.

    A plan that runs is adapted instead, and its dates go on being told.
    """
    work = moment.case
    plan = work.dossier.plan(work.today, "active")
    following = progress(plan, work.dossier.payments, work.today).next_open if plan else None
    if plan is not None and following is not None:
        item, left = following
        moment.say("utter_cannot_pay_installment", amount=Money(plan.currency, left).json(),
                   date=item.due_on.isoformat())  # fmt: skip
        return [SlotSet("open_question", "refusal_reason")]
    work.hold("vulnerability_signal", RESTING, work.now + REST)
    moment.say("utter_cannot_pay")
    return [SlotSet("open_question", "refusal_reason")]


def _asked_before(moment: Moment) -> bool:
    said = [e for e in moment.tracker.events if e.get("event") == "bot"]
    return bool(said) and (said[-1].get("metadata") or {}).get("utter_action") in ASKED


def name_debt_advice(moment: Moment) -> None:
    """Where free and independent advice on debts is found in the customer's country, if we know a place."""
    work = moment.case
    advice = work.support.country(work.customer.jurisdiction).debt_advice
    lines = [{"name": line.name, "where": line.reach} for line in in_language(advice, work.conversation.language)]
    if lines and work.customer.type == "consumer":
        moment.say("utter_debt_advice", lines=lines)
