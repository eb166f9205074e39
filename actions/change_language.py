"""Speak another language."""

from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment

SPOKEN = ("fr", "en", "es", "de")


class ChangeLanguage(CaseAction):
    """Goes on in the language asked for, now and in later messages."""

    verb = "action_change_language"

    def act(self, moment: Moment) -> Events:
        """Switch, or say which languages are spoken."""
        work = moment.case
        wanted = moment.value("language")
        if wanted not in SPOKEN:
            moment.say("utter_which_language")
            return [SlotSet("open_question", "language")]
        work.converse(language=wanted)
        if work.binds:
            work.save(replace(work.customer, language=wanted))
        moment.say("utter_language_changed")
        return []
