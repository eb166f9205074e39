"""Welcome messages again."""

from actions.base import CaseAction, Events, Moment


class OptIn(CaseAction):
    """The customer wants messages again."""

    verb = "action_opt_in"
    # Nobody but the customer brings messages back.
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Opt in."""
        work = moment.case
        mine = {point.channel for point in work.dossier.contact_points}
        work.opt_in(work.channel if work.channel in mine else None)
        moment.say("utter_opted_in")
        return []
