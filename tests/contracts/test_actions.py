"""What every action must do."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from bot.app import load_actions
from bot.conversation.loading import load_script
from bot.domain.case import Case
from bot.ports import case, new_id
from bot.settings import load
from tests.unit.dossiers import NOON, dossier

SETTINGS = load(environ={"RELANCE_SECRET": "s", "RELANCE_DATABASE": "sqlite:///var/none.sqlite3"})
SCRIPT = load_script([SETTINGS.dialogues], SETTINGS.raw)
ACTIONS = load_actions()
ENTITIES = [
    {"entity": "amount", "value": {"minor": 5000, "currency": "EUR"}}, {"entity": "date", "value": "2026-11-27"},
    {"entity": "count", "value": 3}, {"entity": "channel", "value": "email"}, {"entity": "language", "value": "en"},
    {"entity": "invoice_ref", "value": "F-1"}, {"entity": "time", "value": "18:00"},
]  # fmt: skip


async def run(
    name: str, identified: bool, entities: list[dict[str, object]]
) -> tuple[list[dict[str, object]], list[dict[str, object]], Case]:
    work = Case(dossier(), NOON, "webchat", new_id, creditor=SETTINGS.creditor, policy=SETTINGS.policy())
    if identified:
        work.converse(identified_at=NOON)
    tracker = Tracker.from_dict({
        "sender_id": "c", "slots": dict.fromkeys(SCRIPT.slots),
        "latest_message": {"text": "bonjour", "intent": {"name": "inform"}, "entities": entities},
        "events": [], "active_loop": {}, "latest_action_name": "action_listen",
    })  # fmt: skip
    dispatcher = CollectingDispatcher()
    token = case.set(work)
    try:
        events = await call_potential_coroutine(ACTIONS[name].run(dispatcher, tracker, {}))
    finally:
        case.reset(token)
    return list(events or ()), dispatcher.messages, work


def test_the_domain_and_the_code_name_the_same_actions() -> None:
    assert set(ACTIONS) == set(SCRIPT.actions)


@pytest.mark.parametrize("entities", [[], ENTITIES], ids=["nothing said", "everything said"])
@pytest.mark.parametrize("name", sorted(ACTIONS))
async def test_an_action_answers_with_responses_of_the_domain_and_all_their_values(
    name: str, entities: list[dict[str, object]]
) -> None:
    events, said, _ = await run(name, True, entities)
    assert all("event" in event for event in events)
    for reply in said:
        variations = SCRIPT.responses[str(reply["response"])]
        for value in variations[0].values:
            assert value in reply, f"{reply['response']} lacks {value}"


@pytest.mark.parametrize(
    "name", sorted(n for n in ACTIONS if not n.startswith(("action_remind", "action_give", "action_ask_about")))
)
async def test_no_action_names_the_debt_before_identity_is_proved(name: str) -> None:
    _, said, work = await run(name, False, ENTITIES)
    if name in ("action_thank_for_payment", "validate_plan_form"):
        return  # a receipt answers a payment; the plan form opens only after identity
    told = str(said)
    assert "12990" not in told and "F-1'" not in told.replace("'invoice_ref': 'F-1'", ""), told
    assert not work.dossier.links and not work.dossier.promises and not work.dossier.plans
