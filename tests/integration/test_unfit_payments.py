"""Money that cannot be booked is a task for a person, with its sum, its reference and the reason."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports import PaymentNotice
from tests.integration.pages import NOW, House, opened

FRENCH = {"Accept-Language": "fr"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path)
    await made.sign_in()
    yield made
    await made.client.close()
    await made.app.close()


async def told(house: House, event: str, link: str = "", currency: str = "EUR", **more: object) -> PaymentNotice:
    kind, provider = str(more.pop("kind", "payment_succeeded")), str(more.pop("provider", "sandbox"))
    notice = PaymentNotice(provider, event, kind, link, currency, 12345, NOW, more)
    assert await house.app.store.add_notice(notice)
    await house.app.payments.settle_pending()
    return notice


async def test_a_sum_that_does_not_fit_its_link_is_an_errand_in_the_queue(house: House) -> None:
    await house.pay_page("C-1001")
    link = (await house.dossier("C-1001")).links[-1].id
    await told(house, "e-1", link, "USD")
    await told(house, "e-2", link, "USD")
    (errand,) = (await house.dossier("C-1001")).errands()
    assert errand.reason == "unfit_payment" and len(errand.proposal["notices"]) == 2
    assert (await house.dossier("C-1001")).balance().minor == 12990, "nothing is booked"
    for path in ("/console", f"/console/{await house.id_of('C-1001')}"):
        _, page = await house.get(path, headers=FRENCH)
        assert "Paiement qui ne correspond pas" in page and "123,45" in page and "$" in page
        assert "unfit_payment" not in page and "does not fit" not in page
    assert "sandbox:e-1" in page and "sandbox:e-2" in page
    assert "has found no customer" not in (await house.get("/console"))[1], "whoever it concerns is known"
    await house.post(f"/console/{await house.id_of('C-1001')}/done", errand=errand.id, outcome="sent back")
    assert not (await house.dossier("C-1001")).errands()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"link": "nobody's"}, "no payment page of ours"),
        ({"attempt": "nobody's"}, "no charge of ours"),
        ({"provider": "hand", "customer": "nobody's"}, "no customer of ours"),
        ({"kind": "payment_reversed", "payment": "p-9"}, "no payment that we have booked"),
    ],
)
async def test_what_names_nobody_stands_in_a_list_of_the_console(
    house: House, more: dict[str, str], said: str
) -> None:  # fmt: skip
    notice = await told(house, "e-9", **more)
    house.clock.at += timedelta(days=4)  # a later notice may overtake the one of its payment
    await house.app.payments.settle_pending()
    # A name that is nobody's must not hide it.
    _, page = await house.get("/console/payments", headers={"Accept-Language": "en"})
    assert said in page and "€123.45" in page
    assert "One payment has found no customer" in (await house.get("/console"))[1]
    await house.post(f"/console/payments/{notice.provider}/file", event="e-9", outcome="it is another shop's")
    assert "Every payment has found its customer" in (await house.get("/console/payments"))[1]
    assert await house.app.store.quarantined() == []


async def test_a_transfer_is_given_to_its_customer_and_booked(house: House) -> None:
    detail = {"payer": "M Martin", "text": "merci 4111 1111", "reason": "names no reference of ours"}
    await told(house, "b-1", provider="bank", **detail)
    _, page = await house.get("/console/payments", headers=FRENCH)
    assert "M Martin" in page and "names no reference" not in page
    status, page = await house.post("/console/payments/bank/assign", event="b-1", reference="X-1")
    assert status == 404 and "X-1" in page
    await house.post("/console/payments/bank/assign", event="b-1", reference="c-1001")
    await house.app.payments.settle_pending()
    assert (await house.dossier("C-1001")).balance().minor == 12990 - 12345
    assert (await house.post("/console/payments/bank/assign", event="b-1", reference="C-1001"))[0] == 409
    assert (await house.post("/console/payments/sandbox/file", event="none", outcome="x"))[0] == 409


async def test_only_an_agent_sees_or_moves_money_without_a_customer(house: House) -> None:
    await told(house, "b-2", provider="bank", payer="M Secret")
    await house.post("/console/sign-out")
    assert "M Secret" not in (await house.get("/console/payments"))[1]
    await house.post("/console/payments/bank/file", event="b-2", outcome="gone")
    assert len(await house.app.store.quarantined()) == 1
