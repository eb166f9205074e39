"""What customers, agents and machines find at the pages, whatever they send."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.i18n import money
from bot.web.amounts import read_amount
from tests.integration.pages import House, opened

REAL = {
    "customer": {"ref": "R-7", "name": "Réelle Personne", "identity": {"birth_date": "1970-07-07", "postal_code": "75011"}},
    "invoice": {"number": "R-F-1", "currency": "EUR", "amount_minor": 7700, "issued_on": "2026-09-01", "due_on": "2026-10-01"},
}  # fmt: skip


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path)
    yield made
    await made.client.close()
    await made.app.close()


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[Any]:
    made: list[House] = []

    async def make(**how: Any) -> House:
        made.append(await opened(tmp_path, **how))
        return made[-1]

    yield make
    for one in made:
        await one.client.close()
        await one.app.close()


async def test_the_door_shows_made_up_people_only(open_house: Any) -> None:
    taken_over = {"customer": {**REAL["customer"], "ref": "C-1002"}, "invoice": {**REAL["invoice"], "number": "R-F-2"}}
    house = await open_house(extra=(REAL, taken_over))
    _, page = await house.get("/")
    assert "Claire Martin" in page and "1984-03-09" in page
    for secret in ("Réelle Personne", "1970-07-07", "75011", "Karim Benali"):
        assert secret not in page, "a real customer's facts stand on an open page"
    assert "real customers" in page, "whoever imported real customers into a demo is warned"


async def test_without_the_demo_the_door_knows_nobody_and_its_sign_ins_are_closed(open_house: Any) -> None:
    house = await open_house(demo=False)
    _, page = await house.get("/")
    assert "Claire Martin" not in page and "Demo" not in page
    assert (await house.get("/demo/phone"))[0] == 404
    assert (await house.post("/demo/sign-in", email="admin@demo.example"))[0] == 404


async def test_a_cookie_of_the_demo_does_not_outlive_it(open_house: Any) -> None:
    house = await open_house()
    await house.post("/demo/sign-in", email="agent@demo.example")
    assert (await house.get("/console"))[1].count("Relance console")
    cookies = {c.key: c.value for c in house.client.session.cookie_jar}
    strict = await open_house(demo=False)
    answer = await strict.client.get("/console", cookies=cookies, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/console/sign-in")


@pytest.mark.parametrize(("said", "environ", "demo"), [
    ("demo: true", {}, True), ("demo: false", {}, False), ("", {}, False),
    ("demo: true", {"RELANCE_DEMO": "0"}, False), ("demo: false", {"RELANCE_DEMO": "1"}, True),
])  # fmt: skip
def test_an_installed_package_knows_whether_it_is_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, environ: dict[str, str], demo: bool
) -> None:
    package = tmp_path / "site-packages" / "bot"
    (package / "_data").mkdir(parents=True)
    (package / "_data" / "config.yml").write_text(f"creditor: {{name: Fibrelane}}\n{said}\n", "utf-8")
    monkeypatch.setattr(settings, "_PACKAGE", package)
    monkeypatch.setattr(settings, "_CHECKOUT", package.parent)
    monkeypatch.chdir(tmp_path)
    assert settings.load(environ=environ).demo is demo


async def test_ready_means_that_messages_are_understood_without_delay(open_house: Any) -> None:
    assert (await (await open_house(ready=False)).get("/readyz"))[0] == 503
    assert (await (await open_house()).get("/readyz"))[0] == 200


async def test_a_damaged_form_is_a_clear_400(house: House) -> None:
    chat, pay = await house.chat_page("C-1001"), await house.pay_page("C-1001")
    for path in (chat, pay, "/chat", "/console/sign-in", "/demo/sign-in", f"{pay}/card"):
        for kind, body in (("multipart/form-data; boundary=x", b"broken"), ("multipart/form-data", b"--x\r\n\r\nx"),
                           ("application/x-www-form-urlencoded; charset=nonsense", b"text=x")):  # fmt: skip
            answer = await house.client.post(path, data=body, headers={"Content-Type": kind})
            assert answer.status == 400, (path, kind)
            assert "damaged" in await answer.text()
    assert (await house.dossier("C-1001")).exchanges == ()


async def test_the_end_of_a_payment_is_told_from_the_ledger_alone(house: House) -> None:
    pay = await house.pay_page("C-1005", 2000)
    for end in ("done", "refused"):
        _, page = await house.get(f"{pay}/{end}")
        assert "No payment has arrived yet" in page, "nobody paid and no card was refused"
    await house.post(f"{pay}/card?amount=500", outcome="refuse", id="e1")
    await house.app.payments.settle_pending()
    assert "The card was refused" in (await house.get(f"{pay}/done"))[1]
    await house.post(f"{pay}/card?amount=500", outcome="accept", id="e2")
    await house.app.payments.settle_pending()
    for end in ("done", "refused"):
        _, page = await house.get(f"{pay}/{end}")
        assert "We have received £5.00" in page and "Still open: £84.99" in page


async def test_a_payment_that_is_not_booked_yet_is_said_to_be_under_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.portal.LOOKS", 1)
    pay = await house.pay_page("C-1005")
    _, page = await house.post(f"{pay}/card", outcome="accept", id="e1")
    assert "under way" in page and "Thank you!" not in page


@pytest.mark.parametrize(("written", "said"), [
    ("0", "smallest payment is £1.00"), ("0,50", "smallest payment is £1.00"), ("500", "at most £89.99"),
    ("9000000000", "could not read"), ("abc", "could not read"), ("", "could not read"), ("12,345,6", "could not read"),
    ("-5", "could not read"), ("nan", "could not read"), ("1e1", "could not read"),
])  # fmt: skip
async def test_a_wrong_amount_is_kept_and_explained(house: House, written: str, said: str) -> None:
    pay = await house.pay_page("C-1005")
    status, page = await house.post(pay, choice="part", amount=written)
    assert status == 422
    assert said in page and f'value="{written}"' in page


@pytest.mark.parametrize(("written", "minor"), [
    ("25", 2500), ("25.5", 2550), ("25,50", 2550), ("£ 25.50", 2550), ("25,50 €", 2550), ("1 234,50", 123450),
    ("1.234,50", 123450), ("1,234.50", 123450), ("1\u202f234", 123400), ("0,99", 99),
])  # fmt: skip
def test_amounts_are_read_as_people_write_them(written: str, minor: int) -> None:
    assert read_amount(written, "EUR").minor == minor


@given(st.integers(0, 99_999_999), st.sampled_from(["fr", "en", "es", "de"]), st.sampled_from(["EUR", "GBP"]))
def test_what_the_pages_print_is_read_back_as_the_same_amount(minor: int, language: str, currency: str) -> None:
    assert read_amount(money(minor, currency, language), currency).minor == minor


@pytest.mark.parametrize("amount", ["0", "-1", "x", "99999999"])
async def test_the_card_page_takes_no_other_sum_than_may_be_paid(house: House, amount: str) -> None:
    pay = await house.pay_page("C-1005")
    assert (await house.get(f"{pay}/card?amount={amount}"))[0] == 422
    assert (await house.post(f"{pay}/card?amount={amount}", outcome="accept"))[0] == 422
    assert await house.app.store.pending_notices() == []


async def test_the_payment_page_leads_back_to_the_same_conversation(house: House) -> None:
    chat, pay = await house.chat_page("C-1001", "mine"), await house.pay_page("C-1001")
    await house.get(chat)
    assert f'href="{chat}"' in (await house.get(pay))[1]
    other = await house.pay_page("C-1002")
    assert chat not in (await house.get(other))[1], "a visit belongs to one customer"


KEY = {"Authorization": "Bearer test"}


@pytest.mark.parametrize(("method", "path", "more", "status", "said"), [
    ("get", "/api/v1/customers/C-1001", {}, 401, "RELANCE_SECRET"),
    ("get", "/api/v1/customers/C-1001", {"headers": {"Authorization": "Bearer Ünsinn"}}, 401, "RELANCE_SECRET"),
    ("get", "/api/v1/customers/C-9", {"headers": KEY}, 404, "no customer has this reference"),
    ("get", "/api/v1/nothing", {"headers": KEY}, 404, "openapi.json"),
    ("delete", "/api/v1/customers/C-1001", {"headers": KEY}, 405, "DELETE is not offered"),
    ("post", "/api/v1/customers/C-1001/messages", {"headers": KEY, "data": b"{", "json": None}, 400, "no JSON"),
    ("post", "/api/v1/customers/C-1001/messages", {"headers": KEY, "json": []}, 400, '"text"'),
    ("post", "/api/v1/customers/C-1001/messages", {"headers": KEY, "json": {"text": 5}}, 400, '"text"'),
    ("post", "/api/v1/customers/C-1001/messages", {"headers": {**KEY, "Content-Type": "text/plain"}, "data": "hello"}, 415, "Content-Type: application/json"),
    ("post", "/api/v1/customers/C-1001/messages", {"headers": KEY, "json": {"text": "x" * 300_000}}, 413, "too large"),
])  # fmt: skip
async def test_the_api_says_in_json_what_is_wrong(
    house: House, method: str, path: str, more: dict[str, Any], status: int, said: str
) -> None:
    if "data" in more and "json" in more:
        more = {"headers": {**more["headers"], "Content-Type": "application/json"}, "data": more["data"]}
    answer = await getattr(house.client, method)(path, **more)
    assert (answer.status, answer.content_type) == (status, "application/json")
    assert said in (await answer.json())["error"]


async def test_a_repeated_message_is_answered_once_and_told_again(house: House) -> None:
    async def send(ref: str) -> dict[str, Any]:
        url = f"/api/v1/customers/{ref}/messages"
        answer = await house.client.post(url, json={"payload": "/request_human", "id": "m-1"}, headers=KEY)
        assert answer.status == 200
        return dict(await answer.json())

    first, again, other = await send("C-1001"), await send("C-1001"), await send("C-1002")
    assert first["replies"] and first["replies"] == again["replies"]
    assert (first["repeated"], again["repeated"], other["repeated"]) == (False, True, False)
    assert other["replies"], "two customers may carry the same message id"
    rows = (await house.dossier("C-1001")).exchanges
    assert sum(row.direction == "in" for row in rows) == 1
    assert sum(row.direction == "out" for row in rows) == len(first["replies"])
