"""Not having understood."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class Misunderstand(CaseAction):
    """Says so once and shows what is possible; the second time in a row a person takes over."""

    verb = "action_misunderstand"

    def act(self, moment: Moment) -> Events:
        """Ask again or hand over."""
        if moment.said_before("nlu_fallback", "out_of_scope"):
            summary = f"Not understood twice: {moment.text[:200]}"
            asked = moment.case.hand_off("not_understood", summary, timedelta(hours=4))
            moment.promise_person("utter_handover_not_understood", asked)
            return end_form()
        moment.say("utter_out_of_scope" if moment.intent == "out_of_scope" else "utter_rephrase")
        kept = moment.tracker.get_slot("open_question")
        return [{"event": "slot", "timestamp": None, "name": "open_question", "value": kept}]
