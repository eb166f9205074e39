"""Go on with what was asked before identity was proved."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment


class Resume(CaseAction):
    """After the identity questions: does by itself what the customer had asked for."""

    verb = "action_resume"

    def act(self, moment: Moment) -> Events:
        """Resume."""
        wanted = moment.tracker.get_slot("wanted") or {}
        clear = [SlotSet(name, None) for name in ("birth_date", "postal_code", "registration_number")]
        if not moment.case.identified:
            return clear
        moment.say("utter_identified")
        if not wanted.get("action"):
            return [*clear, FollowupAction("action_state_balance")]
        return [*clear, SlotSet("wanted", {**wanted, "resumed": True}), FollowupAction(wanted["action"])]
