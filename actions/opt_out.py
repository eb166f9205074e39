"""Stop messages."""

from actions.base import CaseAction, Events, Moment, end_form


class OptOut(CaseAction):
    """Honours a refusal of messages at once, in whatever words (47 CFR 64.1200(a)(10)), and confirms it once.

    Said on one of our channels it binds that channel; in the chat, or "everything", it binds them all.
    """

    verb = "action_opt_out"

    def act(self, moment: Moment) -> Events:
        """Opt out and confirm."""
        moment.case.refuse_messages(moment.value("channel"))
        moment.say("utter_opted_out")
        return end_form()
