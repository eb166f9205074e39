"""The agents' calls: who may be called now, with what script, and what the outcome changes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import Setup
from bot.channels.call_desk import CallDesk
from bot.conversation.turn import Contact
from bot.domain.messages import Exchange
from tests.integration.pages import NOW, House, opened

PERSON = {
    "customer": {"ref": "R-8", "name": "Ana Ruiz", "language": "es", "type": "consumer", "jurisdiction": "ES",
                 "time_zone": "Europe/Madrid", "identity": {"postal_code": "28012"},
                 "contacts": [{"channel": "phone", "address": "+34612345678", "consent": True}]},
    "invoice": {"number": "R-F-8", "currency": "EUR", "amount_minor": 7700, "issued_on": "2026-09-01",
                "due_on": "2026-10-01"},
}  # fmt: skip


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path, extra=(PERSON,))
    made.app.channels["phone"] = CallDesk(Setup("phone"))  # type: ignore[index]
    await made.sign_in()
    yield made
    await made.client.close()
    await made.app.close()


async def due(house: House) -> Exchange:
    facts = {"deadline": (NOW.date() + timedelta(days=5)).isoformat(), "wait_days": 7}
    answer = await house.app.turns.open(
        await house.dossier("R-8"),
        Contact("contact_reminder", "phone", "+34612345678", "reminder", "firm", facts, facts),
    )
    assert await house.app.delivery.deliver(answer.replies[0]) == "calling"
    return answer.replies[0]


async def test_a_call_comes_with_number_facts_and_a_script_in_the_customers_language(house: House) -> None:
    await due(house)
    _, page = await house.get("/console/calls", headers={"Accept-Language": "en"})
    assert "+34612345678" in page and "¿Hablo con Ana Ruiz?" in page and "€77.00" in page and "18:00" in page


async def test_a_promise_on_the_telephone_is_a_promise(house: House) -> None:
    call = await due(house)
    day = (NOW.date() + timedelta(days=6)).isoformat()
    await house.post(f"/console/calls/{call.id}/ended", outcome="promised", sum="50,00", due_on=day, words="pays half")
    dossier = await house.dossier("R-8")
    assert [(p.amount_minor, p.due_on.isoformat()) for p in dossier.promises] == [(5000, day)]
    _, page = await house.get("/console/calls")
    assert "Ana Ruiz" not in page


@pytest.mark.parametrize("fields", [{"sum": "50"}, {"due_on": "2026-12-01"}, {"sum": "90", "due_on": "2026-12-01"},
                                    {"sum": "x", "due_on": "2026-12-01"}, {"sum": "50", "due_on": "2026-01-01"}])  # fmt: skip
async def test_a_promise_needs_a_day_to_come_and_a_sum_that_is_owed(house: House, fields: dict[str, str]) -> None:
    call = await due(house)
    status, page = await house.post(f"/console/calls/{call.id}/ended", outcome="promised", **fields)
    assert status == 409 and "+34612345678" in page, "the call stays on the list"
    assert (await house.dossier("R-8")).promises == ()


async def test_a_wrong_number_is_not_called_again(house: House) -> None:
    call = await due(house)
    await house.post(f"/console/calls/{call.id}/ended", outcome="wrong_number")
    assert all(not p.open for p in (await house.dossier("R-8")).contact_points if p.channel == "phone")


async def test_the_number_is_not_shown_at_night_nor_under_a_hold(house: House) -> None:
    call = await due(house)
    house.clock.at += timedelta(hours=10)
    _, page = await house.get("/console/calls")
    assert "+34612345678" not in page and "Ana Ruiz" in page
    status, _ = await house.post(f"/console/calls/{call.id}/ended", outcome="reached")
    kept = await house.app.store.exchange(call.id)
    assert status == 409 and kept is not None and kept.state == "calling", "it waits for its hour"
    house.clock.at = NOW
    dossier = await house.dossier("R-8")
    work = house.app.turns.case_for(dossier, "phone")
    work.hold("represented_by_lawyer", "has a lawyer")
    await house.app.store.commit(work.changes(dossier.conversation.version))
    status, page = await house.post(f"/console/calls/{call.id}/ended", outcome="reached")
    kept = await house.app.store.exchange(call.id)
    assert status == 409 and kept is not None and kept.state == "withheld"
