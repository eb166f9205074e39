"""Hear of a lawyer, a court or a regulator."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class HearLegalThreat(CaseAction):
    """Stops writing to somebody who is or may be represented (12 CFR 1006.6(b)(2)) and brings a person."""

    verb = "action_hear_legal_threat"

    def act(self, moment: Moment) -> Events:
        """Stop and hand over."""
        work = moment.case
        if not work.binds:
            moment.promise_person("utter_care_unproved", moment.leave_word("legal threat", timedelta(hours=24)))
            return self.identify_first(moment)
        work.hold("represented_by_lawyer", "legal steps announced")
        asked = work.hand_off("legal_threat", f"Announces legal steps: {moment.text[:200]}", timedelta(hours=24))
        moment.promise_person("utter_legal", asked)
        return end_form()
