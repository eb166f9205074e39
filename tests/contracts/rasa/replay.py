"""Plays a recorded conversation on the embedded engine and tells it in the recorder's words."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker as ActionTracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, ActionExecutionRejection
from rasa_sdk.utils import call_potential_coroutine

from bot.conversation.dialogue import ActionRejected, Message, Performed, respond
from bot.conversation.loading import load_script
from bot.conversation.script import Script
from bot.conversation.tracker import Tracker
from tests.contracts.rasa import bot_actions

HERE = Path(__file__).parent
_COMMAND = re.compile(r"^/(?P<intent>[^{@]+)(?P<confidence>@[0-9.]+)?(?P<entities>{.+})?(?P<rest>.*)")


@lru_cache
def bot(name: str) -> tuple[Script, dict[str, Action]]:
    """A contract bot's script and actions."""
    if name == "own":
        # As they were when they were recorded: `own.script.yml` is kept beside the trace.
        path = HERE / "traces" / "own.script.yml"
        config = yaml.safe_load(path.read_text("utf-8"))
        made = bot_actions.own_stubs(path)
        return load_script([path], config), {action: kind() for action, kind in made.items()}
    folder = HERE / "bots" / name
    config = yaml.safe_load((folder / "config.yml").read_text("utf-8"))
    kinds = [kind for kind in vars(bot_actions).values() if isinstance(kind, type) and issubclass(kind, Action)]
    actions = [kind() for kind in kinds if kind.__module__ == bot_actions.__name__]
    return load_script([folder / "bot.yml"], config), {action.name(): action for action in actions}


def understood(text: str, script: Script) -> tuple[str | None, list[dict[str, Any]]]:
    """What a payload means; what the recorder's JSON component reads; nothing for other words."""
    if text.startswith("{"):
        try:
            meant = json.loads(text)
        except ValueError:
            return None, []
        return meant["intent"], meant.get("entities") or []
    match = _COMMAND.match(text)
    if match is None or match["intent"].strip() not in script.intents:
        return None, []
    try:
        values = json.loads(match["entities"] or "{}")
    except ValueError:
        values = {}
    pairs = [(k, v) for k, v in values.items() if k in script.entities]
    entities = [{"entity": k, "value": one} for k, v in pairs for one in (v if isinstance(v, list) else [v])]
    return match["intent"].strip(), entities


async def replay(trace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The turns of a trace as the embedded engine plays them."""
    script, actions = bot(trace["bot"])
    tracker = Tracker("c", script)
    now = 1_800_000_000.0
    turns = []

    async def perform(name: str, tracker: Tracker) -> Performed:
        dispatcher = CollectingDispatcher()
        run = actions[name].run
        try:
            events = await call_potential_coroutine(
                run(dispatcher, ActionTracker.from_dict(tracker.current_state()), _domain(script))
            )
        except ActionExecutionRejection as rejection:
            raise ActionRejected(name) from rejection
        return Performed(json.loads(json.dumps(events or [])), dispatcher.messages)

    for recorded in trace["turns"]:
        now += 0.01 + recorded.get("wait", 0)
        external = recorded.get("external")
        intent, entities = (external, []) if external else understood(recorded["in"], script)
        message = Message(recorded["in"], {"name": intent, "confidence": 1.0}, entities, external=bool(external))
        turn = await respond(script, tracker, message, perform, now=now)
        told: dict[str, Any] = {"in": recorded["in"], "do": [], "set": {}, "say": []}
        for event in turn.events:
            if event["event"] == "action":
                told["do"].append(event["name"])
            elif event["event"] == "action_execution_rejected":
                told["do"].append("!" + event["name"])
            elif event["event"] == "slot":
                told["set"][event["name"]] = event["value"]
        told["say"] = [reply.response or reply.text for reply in turn.replies]
        turns.append(told)
    turns[-1]["slots"] = dict(tracker.slots)
    return turns


def _domain(script: Script) -> dict[str, Any]:
    forms = {name: {"required_slots": list(form.required_slots)} for name, form in script.forms.items()}
    return {"forms": forms, "slots": {name: {"mappings": []} for name in script.slots}}
