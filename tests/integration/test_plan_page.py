"""A plan on its page: the dates for a calendar, a card kept with consent, charged on its days, and let go again."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.money import Money
from bot.domain.plans import schedule
from tests.integration.pages import NOW, House, opened

REF = "C-1001"


async def with_plan(folder: Path) -> tuple[House, str]:
    house = await opened(folder)
    dossier = await house.dossier(REF)
    work = house.app.turns.case_for(dossier, "webchat")
    owed = dossier.balance()
    plan = work.accept_plan(work.propose_plan(schedule(owed.minor, 3, NOW.date()), "EUR"), "3 fois")
    link = work.issue_link(Money("EUR", plan.installments[0].amount_minor), "installment", plan.id, NOW.date())
    await house.app.store.commit(work.changes(dossier.conversation.version))
    return house, f"/pay/{house.app.tokens.pay(link.id)}"


async def test_the_dates_go_into_a_calendar_in_the_customers_language(tmp_path: Path) -> None:
    house, path = await with_plan(tmp_path)
    status, text = await house.get(f"{path}/plan.ics")
    assert status == 200 and text.count("BEGIN:VEVENT") == 3 and "DTSTART;VALUE=DATE:20261224" in text
    assert "43\\,30" in text and "à Fibrelane" in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert (await house.get("/pay/nonsense/plan.ics"))[0] == 404
    plain = await house.pay_page(REF)
    assert (await house.get(f"{plain}/plan.ics"))[0] == 404
    await house.client.close()
    await house.app.close()


async def test_a_card_kept_with_consent_pays_the_plan_and_is_let_go_on_request(tmp_path: Path) -> None:
    house, path = await with_plan(tmp_path)
    _, text = await house.get(path)
    assert 'name="save"' in text and "24 déc. 2026" in text
    answer = await house.client.post(path, data={"choice": "asked", "save": "1"}, allow_redirects=False)
    target = answer.headers["Location"].split("8080")[-1]
    _, card = await house.get(target)
    assert 'name="save"' in card
    await house.post(target, outcome="accept", save="1", id="one")
    await house.app.worker.tick()
    dossier = await house.dossier(REF)
    assert [method.label for method in dossier.methods] == ["Visa •••• 4242"]
    assert "24 déc. 2026" in dossier.methods[0].agreement["text"]
    house.clock.at = datetime(2026, 12, 21, 10, tzinfo=UTC)
    await house.app.worker.tick()
    assert (await house.dossier(REF)).exchanges[-2].response == "utter_installment_due_charge"
    house.clock.at = datetime(2026, 12, 24, 9, tzinfo=UTC)
    for _ in range(3):
        await house.app.worker.tick()
        house.clock.at += timedelta(hours=1)
    dossier = await house.dossier(REF)
    assert [(charge.state, charge.about.split(":")[-1]) for charge in dossier.charges] == [("succeeded", "2")]
    _, text = await house.get(await next_page(house))
    assert "Visa •••• 4242" in text and 'name="save"' not in text
    stop = re.search(r'action="(/pay/[^"]+/forget)"', text)
    assert stop is not None
    await house.post(stop.group(1))
    house.clock.at = datetime(2027, 1, 24, 12, tzinfo=UTC)
    await house.app.worker.tick()
    assert len((await house.dossier(REF)).charges) == 1
    await house.client.close()
    await house.app.close()


async def test_a_method_without_a_consent_on_record_is_not_kept(tmp_path: Path) -> None:
    house, path = await with_plan(tmp_path)
    await house.post(f"{path}/card?amount=4330", outcome="accept", save="1", id="two")
    await house.app.worker.tick()
    dossier = await house.dossier(REF)
    assert dossier.methods == () and len(dossier.payments) == 1
    await house.client.close()
    await house.app.close()


async def next_page(house: House) -> str:
    dossier = await house.dossier(REF)
    work = house.app.turns.case_for(dossier, "webchat")
    plan = dossier.plans[-1]
    link = work.issue_link(
        Money("EUR", plan.installments[-1].amount_minor), "installment", plan.id, plan.installments[-1].due_on
    )
    await house.app.store.commit(work.changes(dossier.conversation.version))
    return f"/pay/{house.app.tokens.pay(link.id)}"
