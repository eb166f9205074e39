"""Cards kept at Stripe: consent, charges while the customer is away, lost answers and lost calls."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.money import Money
from bot.domain.plans import schedule
from bot.ports import ProviderDown
from bot.serving import site
from bot.web.server import make_app
from payment_links.stripe_checkout import StripeCheckout
from tests.integration.pages import NOW, House, opened
from tests.stand_ins import served
from tests.stand_ins.stripe_api import KEY, SECRET, StripeApi, event, signed

AT = int(NOW.timestamp())
REF = "S-1"
ROW = {
    "customer": {"ref": REF, "name": "Claire", "jurisdiction": "FR", "contacts": [{"channel": "email", "address": "c@example.org"}]},
    "invoice": {"number": "F-S1", "currency": "EUR", "amount_minor": 9000, "issued_on": "2026-09-01", "due_on": "2026-10-01"},
}  # fmt: skip
CHARGE_DAY = datetime(2026, 12, 24, 10, tzinfo=UTC)


@pytest_asyncio.fixture
async def shop(tmp_path: Path) -> AsyncIterator[tuple[House, StripeApi]]:
    api = StripeApi()
    house = await opened(tmp_path, extra=(ROW,))
    async with served(api.app) as url:
        provider = StripeCheckout(KEY, SECRET, "https://pay.example.org", house.app.tokens, house.clock, url)
        house.app.provider = house.app.payments.provider = house.app.worker.charges.provider = provider
        await house.client.close()
        house.client = TestClient(TestServer(make_app(replace(site(house.app), provider=provider))))
        await house.client.start_server()
        yield house, api
        await house.client.close()
        await house.app.close()


async def with_kept_card(house: House, api: StripeApi) -> None:
    """A plan in three, its first payment made on Stripe's page with the box ticked."""
    dossier = await house.dossier(REF)
    work = house.app.turns.case_for(dossier, "webchat")
    plan = work.accept_plan(work.propose_plan(schedule(9000, 3, NOW.date()), "EUR"), "3 fois")
    link = work.issue_link(Money("EUR", 3000), "installment", plan.id, NOW.date())
    await house.app.store.commit(work.changes(dossier.conversation.version))
    path = f"/pay/{house.app.tokens.pay(link.id)}"
    await house.client.post(path, data={"choice": "asked", "save": "1"}, allow_redirects=False)
    session = api.sessions[-1]
    assert (
        session["payment_intent_data[setup_future_usage]"] == "off_session" and session["customer_creation"] == "always"
    )
    body = event(1, "checkout.session.completed", AT, id="cs_test_1", currency="eur", amount_total=3000, payment_status="paid",
                 payment_intent="pi_1", metadata={"relance_link": link.id, "relance_save": session["metadata[relance_save]"]})  # fmt: skip
    answer = await house.client.post("/notices/stripe", data=body, headers=signed(body, AT))
    assert answer.status == 200
    await house.app.payments.settle_pending()


async def test_the_card_of_the_first_payment_is_kept_and_charged_on_the_next_date(
    shop: tuple[House, StripeApi],
) -> None:
    house, api = shop
    await with_kept_card(house, api)
    (method,) = (await house.dossier(REF)).methods
    assert (method.label, method.network, method.reference) == ("Visa •••• 4242", "visa", "cus_1:pm_1")
    assert str(method.expires_on) == "2028-04-30" and method.agreement["text"]
    house.clock.at = CHARGE_DAY
    for _ in range(3):
        await house.app.worker.tick()
    dossier = await house.dossier(REF)
    assert [charge.state for charge in dossier.charges] == ["succeeded"] and dossier.balance().minor == 3000
    assert len(api.intents) == 1 and api.intents[0]["amount"] == 3000
    # Stripe tells of the same charge by its own event too: it is booked already.
    intent = api.intents[0]
    told = event(2, "payment_intent.succeeded", AT, **intent)
    await house.client.post("/notices/stripe", data=told, headers=signed(told, int(CHARGE_DAY.timestamp())))
    await house.app.payments.settle_pending()
    assert (await house.dossier(REF)).balance().minor == 3000


async def test_an_answer_lost_on_the_way_charges_once(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    await with_kept_card(house, api)
    house.clock.at, api.cut = CHARGE_DAY, True
    for _ in range(2):
        await house.app.worker.tick()
    assert [charge.state for charge in (await house.dossier(REF)).charges] == ["started"]
    api.cut = False
    await house.app.worker.tick()
    dossier = await house.dossier(REF)
    assert len(api.intents) == 1 and [c.state for c in dossier.charges] == ["succeeded"]


async def test_a_refused_charge_is_tried_again_by_its_code_and_told_since_it_was_agreed(
    shop: tuple[House, StripeApi],
) -> None:
    house, api = shop
    await with_kept_card(house, api)
    house.clock.at, api.declines = CHARGE_DAY, "insufficient_funds"
    await house.app.worker.tick()
    dossier = await house.dossier(REF)
    (attempt,) = dossier.charges
    assert (attempt.state, attempt.code, attempt.advice) == ("failed", "insufficient_funds", "try_again_later")
    assert any(row.response == "utter_agreed_charge_failed" for row in dossier.exchanges)
    api.declines = None
    for days in range(1, 9):
        house.clock.at = CHARGE_DAY + timedelta(days=days)
        await house.app.worker.tick()
    assert [charge.state for charge in (await house.dossier(REF)).charges] == ["failed", "succeeded"]


async def test_while_stripe_is_down_nothing_is_lost(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    await with_kept_card(house, api)
    house.clock.at, api.down = CHARGE_DAY, True
    assert (await house.app.worker.tick())["waiting_for_provider"] >= 1
    assert [attempt.state for attempt in (await house.dossier(REF)).charges] == ["started"]
    with pytest.raises(ProviderDown):
        await house.app.worker.recall()
    api.down = False
    await house.app.worker.tick()
    assert (await house.dossier(REF)).balance().minor == 3000


async def test_a_call_that_never_arrived_is_found_at_night(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    path = await house.pay_page(REF)
    await house.client.post(path, data={"choice": "balance"}, allow_redirects=False)
    link = api.sessions[-1]["metadata[relance_link]"]

    def told(number: int, at: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(event(
            number, "checkout.session.completed", at, id="cs_test_1", currency="eur", amount_total=9000,
            payment_status="paid", payment_intent="pi_9", metadata={"relance_link": link},
        ))  # fmt: skip
        return found

    api.events = [
        told(7, AT),
        told(8, AT - 30 * 86400),
        *(told(n, AT) | {"type": "customer.created"} for n in range(9, 12)),
    ]
    assert await house.app.worker.recall() == 1
    assert await house.app.worker.recall() == 0
    await house.app.worker.tick()
    assert (await house.dossier(REF)).balance().minor == 0
