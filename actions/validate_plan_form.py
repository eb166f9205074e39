"""Ask what somebody can afford."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from bot.domain import wishes
from bot.ports import case


class ValidatePlanForm(FormValidationAction):  # type: ignore[misc]
    """Asks for the affordable sum and the first day; a number of payments answers the first question too."""

    def name(self) -> str:
        """The validator of plan_form."""
        return "validate_plan_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Check what came in and name what is still to be asked."""
        work = case.get()
        events: list[dict[str, Any]] = []
        monthly, count = tracker.get_slot("plan_monthly"), tracker.get_slot("plan_count")
        first = tracker.get_slot("plan_first_on")
        heard = {entity.get("entity") for entity in tracker.latest_message.get("entities") or ()}
        if "amount" in heard and isinstance(monthly, dict):
            # "25 a week" is more than 25 a month.
            words = str(tracker.latest_message.get("text") or "")
            monthly = {**monthly, "minor": int(int(monthly.get("minor") or 0) * wishes.times_a_month(words))}
            events.append(SlotSet("plan_monthly", monthly))
            if count is not None and "count" not in heard:
                count = None
                events.append(SlotSet("plan_count", None))
        elif "count" in heard and monthly is not None:
            monthly = None
            events.append(SlotSet("plan_monthly", None))
        if isinstance(monthly, dict) and int(monthly.get("minor") or 0) <= 0:
            monthly = None
            events.append(SlotSet("plan_monthly", None))
        day = min(
            (d for d in (first if isinstance(first, list) else [first]) if d and d >= work.today.isoformat()),
            default=None,
        )
        if first is not None and day is None:
            dispatcher.utter_message(response="utter_first_day_past")
        if day != first:
            events.append(SlotSet("plan_first_on", day))
        if monthly is None and count is None:
            return [*events, SlotSet("requested_slot", "plan_monthly")]
        return [*events, SlotSet("requested_slot", None if day else "plan_first_on")]
