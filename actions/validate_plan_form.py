"""Ask what somebody can afford."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.base import end_form, listen
from bot.domain import wishes
from bot.ports import case

# What a yes and a no to the form's questions put into the slot that is asked for (dialogues/domain.yml).
YES, NO = "proposed", "another"


class ValidatePlanForm(FormValidationAction):  # type: ignore[misc]
    """Asks for the affordable sum and the first day; a number of payments answers the first question too."""

    def name(self) -> str:
        """The validator of plan_form."""
        return "validate_plan_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Check what came in and name what is still to be asked."""
        if tracker.get_slot("plan_monthly") == NO:
            dispatcher.utter_message(response="utter_what_else")
            return listen(*end_form(), SlotSet("plan_monthly", None))
        monthly, count = _terms(tracker)
        if monthly is None and count is None and _leaves_it_to_us(tracker):
            count = case.get().limits.usual_count
        first = tracker.get_slot("plan_first_on")
        day = _first_day(first, tracker.get_slot("first_day_named"), case.get().today)
        if first is not None and day is None and first not in (YES, NO):
            dispatcher.utter_message(response="utter_first_day_past")
        _say_unusual(dispatcher, tracker)
        said = {"plan_monthly": monthly, "plan_count": count, "plan_first_on": day}
        asked = "plan_monthly" if monthly is None and count is None else None if day else "plan_first_on"
        changed = [SlotSet(name, value) for name, value in said.items() if value != tracker.get_slot(name)]
        return [*changed, SlotSet("requested_slot", asked)]


def _leaves_it_to_us(tracker: Tracker) -> bool:
    """Whether the answer to what is affordable is that it is all the same: then the usual number is proposed."""
    words = str(tracker.latest_message.get("text") or "")
    return tracker.get_slot("requested_slot") == "plan_monthly" and wishes.any_day(words)


def _say_unusual(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """A day that does not exist, a rhythm that our plans do not have: said before they are turned into what can be."""
    text = str(tracker.latest_message.get("text") or "")
    found = tracker.latest_message.get("entities") or ()
    missing = next((e for e in found if e.get("entity") == "impossible_date"), None)
    if (
        missing is not None
        and not _said(tracker, "utter_no_such_day")
        and not any(e.get("entity") == "date" for e in found)
    ):
        said = text[missing.get("start", 0) : missing.get("end", 0)]
        dispatcher.utter_message(response="utter_no_such_day", said=said, date=missing.get("value"))
    if wishes.rhythm(text) and not _said(tracker, "utter_rhythm"):
        dispatcher.utter_message(response="utter_rhythm")


def _said(tracker: Tracker, response: str) -> bool:
    """Whether an action before the form has said it in answer to this message."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "bot" and (event.get("metadata") or {}).get("utter_action") == response:
            return True
    return False


def _terms(tracker: Tracker) -> tuple[Mapping[str, Any] | None, Any]:
    """The monthly sum and the number of payments; what was said last replaces the other."""
    monthly, count = tracker.get_slot("plan_monthly"), tracker.get_slot("plan_count")
    heard = {entity.get("entity") for entity in tracker.latest_message.get("entities") or ()}
    if not isinstance(monthly, Mapping) or int(monthly.get("minor") or 0) <= 0:
        return None, count
    if "amount" in heard:
        # "25 a week" is more than 25 a month.
        words = str(tracker.latest_message.get("text") or "")
        minor = int(int(monthly["minor"]) * wishes.times_a_month(words))
        return {**monthly, "minor": minor}, count if "count" in heard else None
    return (None, count) if "count" in heard else (monthly, count)


def _first_day(said: Any, named: Any, today: date) -> str | None:
    """The first of the days meant that has not passed; a yes means the day that the question named."""
    days = [named] if said == YES else [] if said == NO else said if isinstance(said, list) else [said]
    return min((str(day) for day in days if day and str(day) >= today.isoformat()), default=None)
