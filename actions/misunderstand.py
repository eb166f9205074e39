"""Not having understood."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment, end_form
from bot.domain import wishes


class Misunderstand(CaseAction):
    """Says so once and shows what is possible; the second time in a row a person takes over."""

    verb = "action_misunderstand"

    def act(self, moment: Moment) -> Events:
        """Ask again or hand over."""
        if wishes.shift(moment.text) and moment.case.identified:
            return [FollowupAction("action_propose_promise")]
        if isinstance(moment.value("count"), int) and moment.case.identified:
            return [FollowupAction("action_negotiate_plan")]
        if moment.said_before("nlu_fallback", "out_of_scope"):
            words = str(moment.tracker.latest_message.get("text") or "")
            moment.case.hand_off("not_understood", f"Not understood twice: {words[:200]}", timedelta(hours=4))
            moment.say("utter_handover_not_understood")
            return end_form()
        intent = (moment.tracker.latest_message.get("intent") or {}).get("name")
        moment.say("utter_out_of_scope" if intent == "out_of_scope" else "utter_rephrase")
        kept = moment.tracker.get_slot("open_question")
        return [{"event": "slot", "timestamp": None, "name": "open_question", "value": kept}]
