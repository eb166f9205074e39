"""A case goes to an agency by an admin's hand and comes back by the customer's payment."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.referral import given
from bot.ports import Agent
from bot.web.sessions import hash_password
from payment_links.sandbox import Sandbox
from tests.integration.pages import NOW, House, opened

ADMIN = Agent("admin-1", "dominique@example.org", "Dominique", "admin", hash_password("another password"))
ROW = {
    "customer": {"ref": "A-1", "name": "Ali Roux", "language": "fr", "identity": {"postal_code": "13001"},
                 "contacts": [{"channel": "sms", "address": "+33612345601", "consent": True}]},
    "invoice": {"number": "F-A1", "currency": "EUR", "amount_minor": 9000, "issued_on": "2026-08-01",
                "due_on": "2026-09-01"},
}  # fmt: skip


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path, demo=False, extra=(ROW,))
    yield made
    await made.client.close()
    await made.app.close()


async def end_of_the_ladder(house: House) -> None:
    """Days pass in silence until a person is asked what follows."""
    for day in range(90):
        house.clock.at = NOW + timedelta(days=day)
        await house.app.worker.tick()
        request = (await house.dossier("A-1")).handoff()
        if request is not None and request.reason == "referral":
            return
    raise AssertionError("nobody was asked")


async def test_a_case_is_given_to_an_agency_and_paid_to_us_it_is_taken_back(house: House) -> None:
    await house.app.store.save_agent(ADMIN)
    await house.sign_in()
    here = f"/console/{await house.id_of('A-1')}/agency"
    assert (await house.get(here))[0] == 403, "an agent is no admin"
    await house.post("/console/sign-out")
    await house.post("/console/sign-in", email=ADMIN.email, password="another password")

    status, page = await house.get(here)
    assert status == 200 and "/agency/give" not in page
    status, page = await house.post(f"{here}/give", agency="Recouvra")
    assert status == 409 and given(await house.dossier("A-1"), house.clock.at) is None

    await end_of_the_ladder(house)
    status, page = await house.get(here)
    assert "/agency/give" in page
    answer = await house.client.get(f"{here}/file.json")
    told = json.loads(await answer.read())
    assert told["claim"]["minor"] == 9000 and told["proof"]["whole"] and "13001" not in json.dumps(told)
    assert (await (await house.client.get(f"{here}/file.pdf")).read()).startswith(b"%PDF")

    status, page = await house.post(f"{here}/give", agency="Recouvra")
    dossier = await house.dossier("A-1")
    hold = given(dossier, house.clock.at)
    assert hold is not None and hold.reason == "Recouvra" and dossier.handoff() is None
    row = next(row for row in dossier.exchanges if row.purpose == "referral")
    for one in row.content["files"]:
        answer = await house.client.get(f"{here}/sent/{one['sha256']}")
        assert answer.status == 200 and len(await answer.read()) > 500

    house.clock.at += timedelta(days=20)
    assert "reminder" not in await house.app.worker.tick(), "what an agency has is not asked for by us"
    before = len((await house.dossier("A-1")).exchanges)
    await house.app.worker.tick()
    assert len((await house.dossier("A-1")).exchanges) == before

    work = house.app.turns.case_for(dossier := await house.dossier("A-1"), "sms")
    link = work.issue_link(dossier.balance(), "balance")
    await house.app.store.commit(work.changes(dossier.conversation.version))
    sandbox = Sandbox(house.app.settings.public_url, house.app.tokens)
    await house.app.store.add_notice(sandbox.notice(link, 9000, True, "e1", house.clock.at))
    await house.app.worker.tick()
    dossier = await house.dossier("A-1")
    assert given(dossier, house.clock.at) is None and dossier.balance().minor == 0
    assert [errand.reason for errand in dossier.errands()] == ["agency"]
    _, page = await house.get(here)
    assert "Recouvra" in page
