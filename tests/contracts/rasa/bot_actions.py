"""The actions of the contract bots, run by Rasa's action server while recording and in process while replaying."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk import events as E
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

Events = list[dict[str, Any]]


class ValidatePlanForm(FormValidationAction):
    """Counts up to twelve; nought ends the form at once."""

    def name(self) -> str:
        return "validate_plan_form"

    def validate_count(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        if value == 13:
            return {"count": None, "requested_slot": None}
        if not isinstance(value, int) or not 0 < value <= 12:
            dispatcher.utter_message(text="up to twelve")
            return {"count": None}
        return {"count": value}


class AskDay(Action):
    """Asks by code."""

    def name(self) -> str:
        return "action_ask_plan_form_day"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        dispatcher.utter_message(text=f"which day for {tracker.get_slot('count')}")
        return []


class Close(Action):
    def name(self) -> str:
        return "action_close"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        return [E.ActiveLoop(None), E.SlotSet("requested_slot", None)]


class Pay(Action):
    def name(self) -> str:
        return "action_pay"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        return [E.SlotSet("paid", next(tracker.get_latest_entity_values("what"), None) == "well")]


class OwnSlot(Action):
    def name(self) -> str:
        return "action_own_slot"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        return [E.SlotSet("own", tracker.latest_message.get("intent", {}).get("name"))]


class ValidateMappings(Action):
    def name(self) -> str:
        return "action_validate_slot_mappings"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        if tracker.get_slot("checked") == "bad":
            return [E.SlotSet("checked", None)]
        return []


def _simple(action: str, events: Any, says: str | None = None) -> None:
    """Make an action that returns always the same events."""

    def run(self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        if says:
            dispatcher.utter_message(text=says)
        return events(tracker) if callable(events) else list(events)

    globals()[action] = type(action, (Action,), {"name": lambda self: action, "run": run, "__module__": __name__})


_simple("action_follow", [E.FollowupAction("utter_after")])
_simple("action_hold", [E.ConversationPaused()], "a person takes over")
_simple("action_free", [E.ConversationResumed()])
_simple("action_forget", [E.UserUtteranceReverted()])
_simple("action_undo", lambda tracker: [] if any(e.get("event") == "undo" for e in tracker.events) else [
    E.ActionReverted()
])  # fmt: skip
_simple("action_loopy", [E.FollowupAction("action_loopy")])
_simple("action_wipe", [E.AllSlotsReset()])
_simple("action_refuse_event", [E.ActionExecutionRejected("action_refuse_event")])
_simple("action_again", [E.Restarted()])
_simple("action_rung", [E.SlotSet("rung", True)])
_simple("action_remind", lambda tracker: [
    # Rasa compares with the machine's own clock.
    E.ReminderScheduled("timer", datetime.now() + timedelta(seconds=1), name="bell")  # noqa: DTZ005
])  # fmt: skip
_simple("action_chain", lambda tracker: [E.SlotSet("b", str(tracker.get_slot("b")) + "+")])
_simple("action_set", lambda tracker: [E.SlotSet("b", tracker.get_slot("a"))])
_simple("action_bot", [E.BotUttered("from an event")], "from the dispatcher")
_simple("action_unknown_follow", [E.FollowupAction("action_nobody_knows")])


class Refuse(Action):
    def name(self) -> str:
        return "action_refuse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        raise ActionExecutionRejection("action_refuse")


def stub(action: str, sets: dict[str, list[Any]]) -> type[Action]:
    """Stands in for one of our own actions: sets slots in turn, by how often it has run in this conversation."""

    def run(self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        times = sum(e.get("event") == "action" and e.get("name") == action for e in tracker.events)
        found: Events = []
        for slot, values in sets.items():
            value = values[times % len(values)]
            found.append(E.FollowupAction(value) if slot == "followup" else E.SlotSet(slot, value))
        return [event for event in found if event.get("name") is not None or event.get("event") == "slot"]

    return type(action, (Action,), {"name": lambda self: action, "run": run, "__module__": __name__})


def own_stubs(domain: Path) -> dict[str, type[Action]]:
    """A stub for every action of our own domain; `own.yml` tells what some of them set."""
    names = yaml.safe_load(domain.read_text("utf-8"))["actions"]
    sets = yaml.safe_load((Path(__file__).parent / "bots" / "own.yml").read_text("utf-8"))["stubs"]
    return {name: stub(name, sets.get(name) or {}) for name in names}


if os.environ.get("TRACE_DOMAIN"):
    globals().update(own_stubs(Path(os.environ["TRACE_DOMAIN"])))
