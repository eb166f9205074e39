"""Stay calm when insulted."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment


class BearInsult(CaseAction):
    """Answers calmly once; then offers a person, and brings one when it goes on."""

    verb = "action_bear_insult"

    def act(self, moment: Moment) -> Events:
        """Answer calmly."""
        heard = [e for e in moment.tracker.events if e.get("event") == "user"]
        intents = [(e.get("parse_data") or {}).get("intent", {}).get("name") for e in heard]
        in_a_row = next((n for n, intent in enumerate(reversed(intents)) if intent != "abuse"), len(intents))
        if in_a_row >= 3:
            return [FollowupAction("action_hand_over")]
        if in_a_row == 2:
            moment.say("utter_offer_person")
            return [SlotSet("open_question", "person_offer")]
        moment.say("utter_calm")
        return moment.keep_question()
