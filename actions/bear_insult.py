"""Stay calm when insulted."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class BearInsult(CaseAction):
    """Stays kind; the second time in a row a person takes over."""

    verb = "action_bear_insult"

    def act(self, moment: Moment) -> Events:
        """Answer calmly."""
        if moment.said_before("abuse"):
            asked = moment.case.hand_off("abuse", "Is very angry.", timedelta(hours=24))
            moment.promise_person("utter_handover", asked)
            return end_form()
        moment.say("utter_calm")
        return []
