"""Hear that this is the wrong person."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class HearWrongPerson(CaseAction):
    """Stops this address at once, reveals nothing, and lets a person correct the file (12 CFR 1006.6(d)(3)(ii)).

    From now on the address proves nothing and nobody is recognised there. Where a customer was never proved to write,
    their account stays as it is.
    """

    verb = "action_hear_wrong_person"

    def act(self, moment: Moment) -> Events:
        """Close the address and apologise."""
        work = moment.case
        proved = work.identified
        if proved:
            work.hold("wrong_person", f"reached the wrong person by {work.channel}")
            work.hand_off("wrong_person", "Says that we reached the wrong person.", timedelta(hours=24))
        else:
            work.errand("unproved_word", f"wrong person: {moment.text[:200]}", timedelta(hours=24))
        work.disown()
        moment.say("utter_wrong_person")
        return end_form()
