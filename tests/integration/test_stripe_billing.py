"""Stripe Billing's arrears come in with code and card, and what was paid here is told there."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.settings import UsageError
from bot.syncing import sync
from payment_links.sandbox import Sandbox
from payment_links.stripe_checkout import StripeCheckout
from tests.integration.pages import NOW, House, opened
from tests.stand_ins import served
from tests.stand_ins.stripe_api import CARD, KEY, SECRET, StripeApi

THEN = int((NOW - timedelta(days=20)).timestamp())
PERSON = {
    "id": "cus_1", "object": "customer", "name": "Claire Martin", "email": "claire@example.org", "phone": "+33612345678",
    "preferred_locales": ["fr-FR"], "address": {"country": "FR", "postal_code": "69003"}, "metadata": {},
    "invoice_settings": {"default_payment_method": CARD},
}  # fmt: skip


def invoice(number: int, status: str = "open", **more: Any) -> dict[str, Any]:
    return {
        "id": f"in_{number}", "object": "invoice", "number": f"ST-{number}", "status": status, "currency": "eur", "total": 2900,
        "amount_paid": 0, "amount_remaining": 2900, "created": THEN, "due_date": None, "attempt_count": 1, "customer": PERSON,
        "description": None, "default_payment_method": None, "parent": {"subscription_details": {"subscription": "sub_1"}},
        "lines": {"object": "list", "data": [{"description": "Fibre", "amount": 2900}]},
        "payments": {"object": "list", "data": [{"payment": {"type": "payment_intent", "payment_intent": f"pi_failed_{number}"}}]},
    } | more  # fmt: skip


@pytest_asyncio.fixture
async def shop(tmp_path: Path) -> AsyncIterator[tuple[House, StripeApi]]:
    api, house = StripeApi(), await opened(tmp_path)
    async with served(api.app) as url:
        house.app.provider = StripeCheckout(KEY, SECRET, "https://pay.example.org", house.app.tokens, house.clock, url)
        yield house, api
        await house.client.close()
        await house.app.close()


async def test_a_failing_subscription_comes_in_with_its_code_and_card(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    api.invoices = [
        invoice(1),
        invoice(2, attempt_count=0),  # nothing has failed yet
        invoice(3, attempt_count=0, due_date=THEN + 86400, parent=None),  # by transfer, and late
        invoice(4, "paid"),  # of somebody who never was in arrears here
        invoice(5) | {"number": None},
    ]
    assert (await sync(house.app))["created"] == 2
    dossier = await house.dossier("cus_1")
    assert [item.number for item in dossier.invoices] == ["ST-1", "ST-3"]
    first = dossier.invoices[0]
    assert (first.failure_code, first.subscription_ref, first.lines[0].text) == ("insufficient_funds", "sub_1", "Fibre")
    assert [(method.reference, method.label) for method in dossier.methods] == [("cus_1:pm_1", "Visa •••• 4242")]
    assert dossier.customer.language == "fr" and not any(point.consent for point in dossier.contact_points)
    again = await sync(house.app)
    assert (again.get("created", 0), again["unchanged"]) == (0, 2)


async def test_what_becomes_of_an_invoice_on_either_side_is_known_on_the_other(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    api.invoices = [invoice(1), invoice(2), invoice(3), invoice(4)]
    await sync(house.app)
    api.invoices[0] |= {"status": "paid", "amount_paid": 2900}
    api.invoices[1] |= {"status": "uncollectible"}
    api.invoices[2] |= {"status": "void"}
    report = await sync(house.app)
    assert (report["updated"], report["write_off"], report["credit_note"]) == (1, 1, 1)
    dossier = await house.dossier("cus_1")
    assert sorted(dossier.open_minor.values()) == [0, 0, 0, 2900] and dossier.books.balance("write_off", "EUR") == 2900
    house.clock.at += timedelta(hours=1)
    path = await house.pay_page("cus_1")
    link = (await house.dossier("cus_1")).links[-1]
    assert path
    notice = Sandbox("", house.app.tokens).notice(link, 2900, True, "paid-here", house.clock.at)
    await house.app.store.add_notice(notice)
    await house.app.payments.settle_pending()
    assert (await house.dossier("cus_1")).balance().minor == 0
    assert (await sync(house.app))["paid_back"] == 1
    assert (api.invoices[3]["status"], api.invoices[3]["paid_out_of_band"]) == ("paid", "true")
    assert "paid_back" not in await sync(house.app)


async def test_a_provider_that_is_down_or_writes_no_invoices_is_told(shop: tuple[House, StripeApi]) -> None:
    house, api = shop
    api.down = True
    with pytest.raises(UsageError, match="cannot be reached"):
        await sync(house.app)
    house.app.provider = Sandbox("", house.app.tokens)
    with pytest.raises(UsageError, match="no invoices"):
        await sync(house.app)
