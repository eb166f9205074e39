"""Hear that this is the wrong person."""

from dataclasses import replace
from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class HearWrongPerson(CaseAction):
    """Stops this address at once, reveals nothing, and lets a person correct the file (12 CFR 1006.6(d)(3)(ii))."""

    verb = "action_hear_wrong_person"

    def act(self, moment: Moment) -> Events:
        """Close the address and apologise."""
        work = moment.case
        for point in work.dossier.contact_points:
            if point.channel == work.channel and point.address == work.address and point.closed_at is None:
                work.save(replace(point, closed_at=work.now))
        work.hold("wrong_person", f"reached the wrong person by {work.channel}")
        work.hand_off("wrong_person", "Says that we reached the wrong person.", timedelta(hours=24))
        moment.say("utter_wrong_person")
        return end_form()
