"""Hear that somebody cannot pay."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form
from bot.domain.support import in_language


class ReportHardship(CaseAction):
    """Stops automated pressure at once and brings a person (FCA FG21/1; house target: 4 hours)."""

    verb = "action_report_hardship"

    def act(self, moment: Moment) -> Events:
        """Rest the reminders and hand over."""
        work = moment.case
        work.hold("vulnerability_signal", "hardship reported", work.now + timedelta(days=30))
        asked = work.hand_off("report_hardship", f"Reports hardship: {moment.text[:200]}", timedelta(hours=4))
        moment.promise_person("utter_hardship", asked)
        name_debt_advice(moment)
        return end_form()


def name_debt_advice(moment: Moment) -> None:
    """Where free and independent advice on debts is found in the customer's country, if we know a place."""
    work = moment.case
    advice = work.support.country(work.customer.jurisdiction).debt_advice
    lines = [{"name": line.name, "where": line.reach} for line in in_language(advice, work.conversation.language)]
    if lines and work.customer.type == "consumer":
        moment.say("utter_debt_advice", lines=lines)
