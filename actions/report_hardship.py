"""Hear that somebody cannot pay."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class ReportHardship(CaseAction):
    """Stops automated pressure at once and brings a person (FCA FG21/1; house target: 4 hours)."""

    verb = "action_report_hardship"

    def act(self, moment: Moment) -> Events:
        """Rest the reminders and hand over."""
        work = moment.case
        work.hold("vulnerability_signal", "hardship reported", work.now + timedelta(days=30))
        asked = work.hand_off("report_hardship", f"Reports hardship: {moment.text[:200]}", timedelta(hours=4))
        moment.promise_person("utter_hardship", asked)
        return end_form()
