"""Say hello."""

from actions.base import CaseAction, Events, Moment


class AnswerGreeting(CaseAction):
    """Greets and says what can be done here, without a word on any debt."""

    verb = "action_answer_greeting"

    def act(self, moment: Moment) -> Events:
        """Greet."""
        moment.say("utter_greet")
        return []
