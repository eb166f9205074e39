"""Say who writes, and why."""

import re

from actions.base import CaseAction, Events, Moment
from bot.domain.care import TELLS
from bot.domain.words import plain

_WHY = re.compile(r"\b(?:pourquoi|why|por que|warum|wieso|weshalb|a quel sujet|what (?:is this|for)|worum)\b")


class TellIdentity(CaseAction):
    """Names the creditor and the assistant; the reason in figures only to somebody who has proved who they are."""

    verb = "action_tell_identity"

    def act(self, moment: Moment) -> Events:
        """Introduce ourselves."""
        work = moment.case
        moment.say("utter_identity")
        overdue = work.dossier.overdue(work.today)
        told = work.care is None or TELLS in work.care.allows
        if overdue and told and work.identified and _WHY.search(plain(moment.text)):
            numbers = ", ".join(invoice.number for invoice in overdue[:4])
            moment.say("utter_identity_why", numbers=numbers, amount=work.dossier.arrears(work.today).json())
        return moment.keep_question()
