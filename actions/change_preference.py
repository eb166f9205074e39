"""Remember how somebody wants to be reached."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.base import CaseAction, Events, Moment

REACHABLE = ("sms", "email", "telegram", "whatsapp", "letter")


class ChangePreference(CaseAction):
    """Keeps the channel and hours that the customer prefers; a new number or address is confirmed by a person."""

    verb = "action_change_preference"

    def act(self, moment: Moment) -> Events:
        """Keep what can be kept, pass on the rest."""
        work = moment.case
        channel, time = moment.value("channel"), moment.value("time")
        address = moment.value("phone") or moment.value("email")
        words = str(moment.tracker.latest_message.get("text") or "")
        if address or channel == "phone" or not (channel in REACHABLE or time):
            work.hand_off("change_preference", f"Asks for a change: {words[:200]}", timedelta(hours=24))
            moment.say("utter_preference_person")
            return []
        wanted: dict[str, Any] = dict(work.customer.preferences)
        if channel in REACHABLE:
            wanted["channel"] = channel
        if time:
            wanted["not_before"] = str(time)
        work.save(replace(work.customer, preferences=wanted))
        work.note("preference", words[:200], **{k: v for k, v in wanted.items() if isinstance(v, str)})
        moment.say("utter_preference_kept")
        return []
