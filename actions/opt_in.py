"""Welcome messages again."""

from actions.base import CaseAction, Events, Moment
from bot.domain.consent import wants_messages


class OptIn(CaseAction):
    """The customer wants messages again: consent is recorded for the word or the button, else asked for."""

    verb = "action_opt_in"
    # Nobody but the customer brings messages back.
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Opt in, or ask whether that was meant."""
        work = moment.case
        mine = {point.channel for point in work.dossier.contact_points}
        scope = work.channel if work.channel in mine else None
        if moment.value("channel") == "all" or wants_messages(moment.text):
            work.opt_in(scope)
            moment.say("utter_opted_in")
            return []
        stopped = any(p.opted_out_at is not None for p in work.dossier.contact_points if scope in (None, p.channel))
        moment.say("utter_ask_opt_in" if stopped else "utter_what_else")
        return moment.keep_question()
