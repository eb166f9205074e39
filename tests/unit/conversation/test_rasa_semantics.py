"""What a real Rasa 3.6.21 answered when it was asked (facts of the field, probed), and what scripts must be refused."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.dialogue import Message, Performed, respond
from bot.conversation.lint import lint
from bot.conversation.loading import load_script
from bot.conversation.responses import choose
from bot.conversation.script import Script, ScriptErrors
from bot.conversation.tracker import Tracker

DOMAIN = """
version: "3.1"
intents: [greet, thank, ask, plan, inform, affirm, deny, explain]
entities: [number]
slots:
  count: {type: any, mappings: [{type: from_entity, entity: number, conditions: [{active_loop: plan_form}]}]}
  day: {type: any, mappings: [{type: from_text, conditions: [{active_loop: plan_form, requested_slot: day}]}]}
  vip: {type: bool, mappings: [{type: custom}]}
forms:
  plan_form: {required_slots: [count, day], ignored_intents: [explain, thank]}
responses:
  utter_greet: [{text: hello}]
  utter_thank: [{text: welcome}]
  utter_vip: [{text: for you}]
  utter_ask: [{text: answer}]
  utter_explain: [{text: explained}]
  utter_ask_count: [{text: how many}]
  utter_ask_plan_form_day: [{text: which day}]
  utter_done: [{text: "done {count}"}]
  utter_default: [{text: default}]
"""
RULES = """
version: "3.1"
rules:
- rule: thanks
  steps: [{intent: thank}, {action: utter_thank}]
- rule: greet
  condition: [{slot_was_set: [{vip: false}]}]
  steps: [{intent: greet}, {action: utter_greet}]
- rule: greet vip
  condition: [{slot_was_set: [{vip: true}]}]
  steps: [{intent: greet}, {action: utter_vip}]
- rule: explain
  steps: [{intent: explain}, {action: utter_explain}]
- rule: plan
  steps: [{intent: plan}, {action: plan_form}, {active_loop: plan_form}]
- rule: planned
  condition: [{active_loop: plan_form}]
  steps:
  - action: plan_form
  - active_loop: null
  - slot_was_set: [{requested_slot: null}]
  - action: utter_done
"""
STORIES = """
version: "3.1"
stories:
- story: ask
  steps: [{intent: ask}, {action: utter_ask}, {intent: affirm}, {action: utter_thank}]
"""
CONFIG = {"policies": [{"name": "RulePolicy"}, {"name": "MemoizationPolicy", "max_history": 6}]}


def script(folder: Path, **files: str) -> Script:
    for name, text in {"domain": DOMAIN, "rules": RULES, "stories": STORIES, **files}.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")
    return load_script([folder], CONFIG)


async def perform(name: str, tracker: Tracker) -> Performed:
    raise AssertionError(f"{name} is no custom action here")


def talk(made: Script, *messages: Any, slots: dict[str, Any] | None = None) -> tuple[list[list[str]], Tracker]:
    tracker = Tracker("c", made)
    for name, value in (slots or {}).items():
        tracker.apply({"event": "slot", "name": name, "value": value})
    said = []
    for number, item in enumerate(messages):
        intent, entities = item if isinstance(item, tuple) else (item, {})
        message = Message(f"text {number}", {"name": intent, "confidence": 1.0},
                          [{"entity": k, "value": v} for k, v in entities.items()])  # fmt: skip
        turn = asyncio.run(respond(made, tracker, message, perform, now=1000.0 + number))
        said.append([str(reply.text) for reply in turn.replies])
    return said, tracker


def test_a_rule_answers_by_its_condition(tmp_path: Path) -> None:
    made = script(tmp_path)
    assert talk(made, "greet", slots={"vip": False})[0] == [["hello"]]
    assert talk(made, "greet", slots={"vip": True})[0] == [["for you"]]
    assert talk(made, "greet")[0] == [["default"]], "an unset slot is not false"


def test_a_general_rule_inside_a_form_answers_and_asks_again_by_itself(tmp_path: Path) -> None:
    said, tracker = talk(script(tmp_path), "plan", "thank")
    assert said == [["how many"], ["welcome", "how many"]] and tracker.loop == "plan_form"


def test_an_ignored_intent_is_explained_and_the_question_asked_again(tmp_path: Path) -> None:
    said, tracker = talk(script(tmp_path), "plan", ("inform", {"number": 3}), "explain", "inform")
    assert said == [["how many"], ["which day"], ["explained", "which day"], ["done {count}"]]
    assert tracker.loop is None and tracker.slots["count"] == 3 and tracker.slots["day"] == "text 3"


def test_nothing_usable_falls_back_and_leaves_the_form_open_without_asking_again(tmp_path: Path) -> None:
    said, tracker = talk(script(tmp_path), "plan", "inform", "affirm")
    assert said == [["how many"], ["default"], ["default"]] and tracker.loop == "plan_form"


def test_without_a_form_values_and_yes_and_no_fall_back(tmp_path: Path) -> None:
    assert talk(script(tmp_path), "inform", "affirm", "deny")[0] == [["default"]] * 3


def test_a_story_goes_on_and_does_not_start_again_in_mid_conversation(tmp_path: Path) -> None:
    said, _ = talk(script(tmp_path), "ask", "affirm", "ask")
    assert said == [["answer"], ["welcome"], ["default"]]


def test_an_augmented_memory_does_start_again(tmp_path: Path) -> None:
    for name, text in {"domain": DOMAIN, "rules": RULES, "stories": STORIES}.items():
        (tmp_path / f"{name}.yml").write_text(text, "utf-8")
    made = load_script([tmp_path], {"policies": [{"name": "AugmentedMemoizationPolicy", "max_history": 4}]})
    assert talk(made, "ask", "affirm", "ask")[0][-1] == ["answer"]


def test_restart_closes_the_form_says_nothing_and_empties_the_slots(tmp_path: Path) -> None:
    said, tracker = talk(script(tmp_path), "plan", ("inform", {"number": 3}), "restart")
    assert said[-1] == [] and tracker.loop is None and tracker.slots["count"] is None


def test_an_unknown_intent_falls_back(tmp_path: Path) -> None:
    assert talk(script(tmp_path), "nope")[0] == [["default"]]


def test_replaying_the_events_gives_the_same_state(tmp_path: Path) -> None:
    made = script(tmp_path)
    _, tracker = talk(made, "plan", ("inform", {"number": 3}), "thank", "nope", "inform", "ask")
    again = Tracker.from_events("c", made, tracker.events)
    assert again.current_state() == tracker.current_state() and again.states == tracker.states


def test_a_session_expires_and_keeps_its_slots(tmp_path: Path) -> None:
    made = script(tmp_path)
    _, tracker = talk(made, "plan", ("inform", {"number": 3}))
    asyncio.run(respond(made, tracker, Message("x", {"name": "thank"}), perform, now=1000.0 + 61 * 60 + 5))
    assert tracker.loop is None and tracker.slots["count"] == 3


@pytest.mark.parametrize(
    ("channel", "slots", "text"),
    [("sms", {"vip": True}, "both"), ("sms", {}, "channel"), ("web", {"vip": True}, "condition"), ("web", {}, "plain")],
)
def test_the_most_fitting_wording_is_said(tmp_path: Path, channel: str, slots: dict[str, Any], text: str) -> None:
    more = """
version: "3.1"
responses:
  utter_x:
  - {text: plain}
  - {text: channel, channel: sms}
  - {text: condition, condition: [{type: slot, name: vip, value: true}]}
  - {text: both, channel: sms, condition: [{type: slot, name: vip, value: true}]}
"""
    found = choose(script(tmp_path, more=more), "utter_x", slots, channel)
    assert found is not None and found.text == text


@pytest.mark.parametrize(
    ("rules", "rule", "said"),
    [
        ("- rule: a\n  steps: [{intent: nope}, {action: utter_greet}]", "intent", "'nope'"),
        ("- rule: a\n  steps: [{intent: thank}, {action: utter_nope}]", "response", "'utter_nope'"),
        ("- rule: a\n  steps: [{intent: ask}, {action: action_nope}]", "action", "'action_nope'"),
        (
            "- rule: a\n  steps: [{intent: ask}, {action: utter_ask}, {intent: thank}, {action: utter_thank}]",
            "two_turns",
            "more than one",
        ),
        (
            "- rule: a\n  condition: [{slot_was_set: [{nope: true}]}]\n  steps: [{intent: deny}, {action: utter_ask}]",
            "slot",
            "'nope'",
        ),
        ("- rule: a\n  steps: [{intent: thank}, {action: utter_ask}]", "contradiction", "utter_thank"),
    ],
)
def test_a_fault_in_a_rule_is_named_with_its_place(tmp_path: Path, rules: str, rule: str, said: str) -> None:
    made = script(tmp_path, more=f'version: "3.1"\nrules:\n{rules}\n')
    found = [finding for finding in lint(made) if finding.rule == rule]
    assert found and said in found[0].message and found[0].line >= 1 and found[0].remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('version: "3.1"\nrules:\n- rule: a\n  description: no\n  steps: []\n', "description"),
        ('version: "3.1"\nrules:\n- rule: a\n  steps: [{intnt: greet}]\n', "unknown step"),
        ('version: "3.1"\nslots:\n  x: {type: text}\n', "no mappings"),
        ('version: "3.1"\nslots:\n  x: {type: txt, mappings: []}\n', "'txt'"),
        ('version: "3.1"\nresponses:\n  utter_y: [{text: a, lang: fr}]\n', "'lang'"),
        ('version: "3.1"\nforms:\n  f: {required_slots: [], colour: red}\n', "'colour'"),
        ('version: "3.1"\nresponses:\n  utter_y: [text: a\n', "expected"),
    ],
)
def test_what_rasa_refuses_is_refused_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScriptErrors) as refused:
        script(tmp_path, more=text)
    finding = refused.value.findings[0]
    assert said in finding.message and finding.file.endswith("more.yml") and finding.remedy
