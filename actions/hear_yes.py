"""Hear a yes to no question."""

from actions.base import CaseAction, Events, Moment, listen


class HearYes(CaseAction):
    """A yes that no question asked for: the open offer is put again before it can bind, else asks what to do."""

    verb = "action_hear_yes"

    def act(self, moment: Moment) -> Events:
        """Ask."""
        restated = moment.restate()
        if not restated:
            moment.say("utter_what_next")
        return listen(*restated)
