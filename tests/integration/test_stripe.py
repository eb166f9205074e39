"""Stripe's pages and events over a scratch book, against a stand-in on this machine."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from payment_links.stripe_checkout import StripeCheckout
from tests.integration.pages import NOW, House, opened
from tests.stand_ins import served
from tests.stand_ins.stripe_api import KEY, SECRET, StripeApi, event, signed

AT = int(NOW.timestamp())
REF = "S-1"
ROW = {
    "customer": {"ref": REF, "name": "Claire", "identity": {"postal_code": "69003"}},
    "invoice": {"number": "F-S1", "currency": "EUR", "amount_minor": 10000, "issued_on": "2026-09-01", "due_on": "2026-10-01"},
}  # fmt: skip


@pytest_asyncio.fixture
async def shop(tmp_path: Path) -> AsyncIterator[tuple[House, StripeApi]]:
    from aiohttp.test_utils import TestClient, TestServer

    from bot.serving import site
    from bot.web.server import make_app

    api = StripeApi()
    house = await opened(tmp_path, extra=(ROW,))
    async with served(api.app) as url:
        provider = StripeCheckout(KEY, SECRET, "https://pay.example.org", house.app.tokens, house.clock, url)
        house.app.provider = provider
        await house.client.close()
        house.client = TestClient(TestServer(make_app(replace(site(house.app), provider=provider))))
        await house.client.start_server()
        yield house, api
        await house.client.close()
        await house.app.close()


async def call(house: House, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    answer = await house.client.post("/notices/stripe", data=body, headers=headers)
    return answer.status, await answer.json()


async def test_a_link_leads_to_a_hosted_page_and_the_payment_is_booked_once(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    path = await house.pay_page(REF)
    shown = await house.client.get(path)
    assert "https://checkout.stripe.com" in shown.headers["Content-Security-Policy"]
    for _ in range(2):
        answer = await house.client.post(path, data={"choice": "balance"}, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "https://checkout.stripe.com/c/1")
    assert len(api.sessions) == 1 and api.sessions[0]["line_items[0][price_data][unit_amount]"] == "10000"
    link = api.sessions[0]["metadata[relance_link]"]
    body = event(1, "checkout.session.completed", AT, id="cs_test_1", metadata={"relance_link": link}, currency="eur",
                 amount_total=10000, payment_status="paid", payment_intent="pi_1")  # fmt: skip
    assert await call(house, body, signed(body, AT)) == (200, {"received": True, "new": True})
    assert (await call(house, body, signed(body, AT)))[1]["new"] is False
    await house.app.payments.settle_pending()
    assert (await house.dossier(REF)).balance().minor == 0
    refund = event(2, "charge.refunded", AT + 1, before={"amount_refunded": 0}, id="ch_1", currency="eur",
                   amount_refunded=2500, payment_intent="pi_1", metadata={"relance_link": link})  # fmt: skip
    taken = event(3, "charge.dispute.funds_withdrawn", AT + 2, id="dp_1", currency="eur", amount=1000,
                  payment_intent="pi_1", reason="insufficient_funds")  # fmt: skip
    for each in (taken, refund):
        assert (await call(house, each, signed(each, AT)))[0] == 200
    await house.app.payments.settle_pending()
    assert (await house.dossier(REF)).balance().minor == 3500


async def test_calls_that_prove_nothing_change_nothing(shop: tuple[House, StripeApi]) -> None:
    house, _ = shop
    body = event(1, "checkout.session.completed", AT, currency="eur", amount_total=1, payment_status="paid")
    for headers in ({}, signed(body, AT, "other"), signed(body, AT - 1000), signed(body + b" ", AT)):
        assert (await call(house, body, headers))[0] == 400
    for odd in (b"[]", b"{", b'{"id": 1}'):
        assert (await call(house, odd, signed(odd, AT)))[0] == 400
    other_mode = event(2, "charge.refunded", AT, live=True, currency="eur")
    unknown = event(3, "customer.created", AT, id="cus_1")
    for quiet in (other_mode, unknown):
        assert await call(house, quiet, signed(quiet, AT)) == (200, {"received": True, "new": False})
    assert await house.app.store.pending_notices() == []


async def test_while_the_provider_is_down_the_customer_is_told_and_the_link_stays(
    shop: tuple[House, StripeApi],
) -> None:
    house, api = shop
    path = await house.pay_page(REF)
    api.down = True
    status, text = await house.post(path, choice="balance")
    assert status == 503 and "KEY" not in text
    api.down = False
    answer = await house.client.post(path, data={"choice": "balance"}, allow_redirects=False)
    assert answer.status == 303


@pytest.mark.parametrize("method", ["get", "post"])
async def test_the_sandbox_page_does_not_exist_beside_a_real_provider(
    shop: tuple[House, StripeApi], method: str
) -> None:
    house, _ = shop
    answer = await getattr(house.client, method)(f"{await house.pay_page(REF)}/card")
    assert answer.status == 404 and await house.app.store.pending_notices() == []
