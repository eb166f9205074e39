"""What customers, agents and machines find at the pages, whatever they send."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.conversation.required import ON_THE_PAGE
from bot.i18n import money
from bot.importing import check
from bot.serving import site
from bot.web.amounts import read_amount
from bot.web.server import make_app
from tests.integration.pages import NOW, House, opened

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


async def test_real_customers_close_the_one_click_sign_ins(open_house: Any) -> None:
    house = await open_house()
    _, page = await house.get("/")
    assert "Enter as admin" in page
    await house.post("/demo/sign-in", email="admin@demo.example")
    assert "Relance console" in (await house.get("/console"))[1]
    await house.app.store.import_rows([check(1, REAL)], False)
    _, page = await house.get("/")
    assert "Enter as" not in page and "relance add-agent" in page, "the door tells how to sign in instead"
    status, page = await house.post("/demo/sign-in", email="admin@demo.example")
    assert status == 403 and "real customers" in page and "relance add-agent" in page
    _, page = await house.get("/console")
    assert "Réelle Personne" not in page and 'name="password"' in page, "a sign-in of before shows nobody"
    await house.sign_in()
    assert "Relance console" in (await house.get("/console"))[1], "an agent with a password comes in as before"


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


async def test_the_payment_page_says_what_a_text_message_leaves_to_it(house: House) -> None:
    shown = (await house.get(await house.pay_page("C-1001")))[1]
    told = {
        "creditor_identity": "Fibrelane SAS, 12 rue des Lices", "debt_reference": "F-2026", "amount_breakdown": "frais ajoutés",
        "payment_methods": "FR76 3000", "dispute_path": "inexact", "human_path": "tel:+33472000000",
        "hardship_path": "Points conseil budget", "privacy_notice_link": "/privacy",
    }  # fmt: skip
    assert set(told) == ON_THE_PAGE
    for part, words in told.items():
        assert words in shown, part
    for language in ("fr", "en", "es", "de"):
        status, text = await house.get("/privacy", headers={"Accept-Language": language})
        assert (status == 200 and "Fibrelane SAS" in text and "GDPR" in text) or "RGPD" in text or "DSGVO" in text


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


async def asked_for(house: House, ref: str, payload: str = "/request_human") -> str:
    """A customer who is known and whose message brought a person in; returns the console's address of the talk."""
    before = await house.dossier(ref)
    work = house.app.turns.case_for(before, "webchat")
    work.identify("test")
    await house.app.store.commit(work.changes(before.conversation.version))
    await house.client.post(
        f"/api/v1/customers/{ref}/messages", json={"text": "J'ai besoin d'aide", "payload": payload}, headers=KEY
    )
    return f"/console/{await house.id_of(ref)}"


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
])  # fmt: skip
async def test_a_form_of_another_site_changes_nothing(house: House, headers: dict[str, str]) -> None:
    await house.sign_in()
    here = await asked_for(house, "C-1001")
    for path in (
        f"{here}/take",
        f"{here}/close",
        "/console/sign-out",
        "/console/sign-in",
        await house.chat_page("C-1002"),
    ):
        answer = await house.client.post(path, data={"outcome": "x", "text": "x"}, headers=headers)
        assert answer.status == 403, path
    assert (await house.dossier("C-1001")).conversation.status == "awaiting_agent"
    assert (await house.dossier("C-1002")).exchanges == ()
    assert (
        await house.client.post(f"{here}/take", headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})
    ).status == 200


async def test_headers_and_cookies_protect_every_page(house: House) -> None:
    await house.sign_in()
    pages = [
        "/",
        "/chat",
        await house.chat_page("C-1001"),
        await house.pay_page("C-1001"),
        "/console",
        "/nothing",
        "/api/v1/x",
        "/static/chat.js",
    ]
    for path in pages:
        headers = (await house.client.get(path)).headers
        assert (
            "default-src 'self'" in headers["Content-Security-Policy"]
            and "unsafe" not in headers["Content-Security-Policy"]
        )
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert ("no-store" in headers.get("Cache-Control", "")) is not path.startswith("/static/")
    for cookie in house.client.session.cookie_jar:
        assert cookie["httponly"] and cookie["samesite"] == "Lax", cookie.key


async def test_cookies_are_bound_to_tls_where_the_pages_are(house: House) -> None:
    async with TestClient(TestServer(make_app(replace(site(house.app), https=True)))) as secure:
        answer = await secure.get(await house.chat_page("C-1001"))
        assert "Secure" in answer.headers["Set-Cookie"] and "Strict-Transport-Security" in answer.headers


async def test_the_console_speaks_the_agents_language_in_plain_words(house: House) -> None:
    await house.sign_in()
    here = await asked_for(house, "C-1001", "/report_hardship")
    await house.post(f"{here}/take")
    for language in ("en", "fr", "es", "de"):
        for path in ("/console", here, "/console/sign-in", "/console/nobody"):
            _, page = await house.get(path, headers={"Accept-Language": language})
            assert f'<html lang="{language}">' in page
            for inner in (
                "report_hardship",
                "vulnerability_signal",
                "inbound_reply",
                "webchat",
                "utter_",
                "person_holds",
            ):
                assert inner not in page, (language, path, inner)
            if language != "en":
                assert not (set(re.findall(r">([A-Z][a-z]+ [a-z ]+)<", page)) & ENGLISH), (language, path)
    _, page = await house.get(here, headers={"Accept-Language": "fr"})
    assert "Difficultés financières" in page and "Europe/Paris" in page


ENGLISH = {
    "Take this conversation",
    "Give back to the assistant",
    "Sign out",
    "Contact is suspended",
    "Next contact",
    "No such customer",
}


async def test_an_unknown_customer_is_told_in_words_and_a_reference_leads_to_its_page(house: House) -> None:
    await house.sign_in()
    for status, page in (await house.get("/console/C-9999"), await house.post("/console/find", reference="C-9999")):
        assert status == 404 and "Nothing is known under “C-9999”" in page
    for status, page in (
        await house.get("/console/c-1001"),
        await house.post("/console/find", reference=" f-2026-0101 "),
    ):
        assert status == 200 and "Claire Martin" in page


async def test_take_is_not_offered_while_a_colleague_has_the_conversation(house: House) -> None:
    here = await asked_for(house, "C-1001")
    await house.post("/demo/sign-in", email="agent@demo.example")
    await house.post(f"{here}/take")
    await house.sign_in()
    _, page = await house.get(here)
    assert "Take this conversation" not in page and "Agent has this conversation" in page
    status, page = await house.post(f"{here}/take")
    assert status == 409 and "another agent has taken this conversation" in page


async def test_lifting_a_hold_is_confirmed_first(house: House) -> None:
    await house.sign_in()
    here = await asked_for(house, "C-1001", "/report_hardship")
    _, page = await house.get(here)
    assert re.search(r"<details[^>]*><summary>Lift</summary><form[^>]*/lift", page), (
        "the button stands behind a question"
    )
    hold = (await house.dossier("C-1001")).holds_in_force(NOW)[0]
    await house.post(f"{here}/lift", hold=hold.id)
    assert (await house.dossier("C-1001")).holds_in_force(NOW) == []


async def test_an_agent_is_told_what_was_masked_and_nothing_of_it_is_kept(house: House) -> None:
    await house.sign_in()
    here = await asked_for(house, "C-1001")
    await house.post(f"{here}/take")
    _, page = await house.post(f"{here}/say", text="Here is FR76 3000 6000 0112 3456 7890 189")
    assert "was masked before it was sent: an IBAN." in page.replace("\n", " ").replace("  ", " ")
    await house.post(f"{here}/close", outcome="paid with 4111 1111 1111 1111")
    for row in (await house.dossier("C-1001")).exchanges:
        assert "4111 1111" not in row.text and "3456 7890" not in row.text


async def test_a_plan_without_sense_is_refused_in_words(house: House) -> None:
    await house.sign_in()
    here = await asked_for(house, "C-1001")
    await house.post(f"{here}/take")
    for count, first_on, said in (("x", "2026-12-01", "number of instalments"), ("3", "", "number of instalments"),
                                  ("99", "2026-12-01", "1 to 60"), ("3", "2020-01-01", "in the past")):  # fmt: skip
        status, page = await house.post(f"{here}/approve", count=count, first_on=first_on)
        assert status == 409 and said in page


async def test_an_agent_sees_the_part_that_the_customer_offered_and_may_change_it(house: House) -> None:
    chat = await house.chat_page("C-1001", "proved-1")
    mine = await house.id_of("C-1001")
    await house.post(
        chat, payload='/pay_partial{"amount": {"minor": 3000, "currency": "EUR"}, "count": 12, "share": "rest"}'
    )
    await house.post(chat, payload="/pass_terms_on")
    await house.sign_in()
    here = f"/console/{mine}"
    await house.post(f"{here}/take")
    _, page = await house.get(here)
    assert 'name="part"' in page and 'value="30.00"' in page
    status, page = await house.post(f"{here}/approve", count="12", first_on="2026-12-30", part="25,50")
    assert status == 200
    plan = (await house.dossier("C-1001")).plans[-1]
    assert [plan.installments[0].amount_minor, len(plan.installments)] == [2550, 13]
    assert sum(item.amount_minor for item in plan.installments) == plan.total_minor


async def test_the_chat_greets_first_and_spent_choices_rest(house: House) -> None:
    chat = await house.chat_page("C-1005")
    _, page = await house.get(chat)
    assert page.index("How can I help you?") < page.index('id="more"') and " disabled" not in page
    await house.post(chat, payload="/request_human", text="Talk to a person")
    _, page = await house.get(chat)
    greeting = page[: page.index("Talk to a person</p>")]
    assert greeting.count(" disabled>") == 3, "choices that were passed over cannot be pressed"
    assert "A person will join" in page


async def test_a_visit_left_in_the_middle_of_the_identity_questions_says_nothing_about_the_next(house: House) -> None:
    first, second = await house.chat_page("C-1001"), await house.chat_page("C-1001", "visit-2")
    await house.post(first, payload="/ask_amount_due")
    await house.post(first, text="1990-05-01", payload="/inform")
    assert "postal code" in (await house.get(first))[1] or "code postal" in (await house.get(first))[1]
    known = (await house.dossier("C-1001")).customer.identity
    await house.post(second, payload="/ask_amount_due")
    await house.post(second, text=known["postal_code"], payload="/inform")
    assert not (await house.dossier("C-1001")).conversation.identified_at, (
        "one answer is no proof, whatever was said before"
    )
    await house.post(second, text=known["birth_date"], payload="/inform")
    found = (await house.dossier("C-1001")).conversation
    assert found.identified_on == "visit-2", "right answers are right, whatever another visit answered"


async def test_payment_links_read_well_and_lead_to_the_page(house: House) -> None:
    chat = await house.chat_page("C-1005")
    await house.post(chat, payload="/request_human", text="A person please")
    await house.sign_in()
    here = f"/console/{await house.id_of('C-1005')}"
    await house.post(f"{here}/take")
    await house.post(
        f"{here}/say", text="Here <b>is</b> https://x.example/pay/01abc.Def-_g. See https://x.example/help, too",
        confirmed="yes",
    )  # fmt: skip
    _, page = await house.get(chat)
    assert (
        '&lt;b&gt;is&lt;/b&gt; <a href="https://x.example/pay/01abc.Def-_g" rel="noopener">the payment page</a>. See'
        in page
    )
    assert '<a href="https://x.example/help" rel="noopener">x.example/help</a>, too' in page


async def test_an_agents_answer_goes_to_the_visit_that_asked_and_not_unasked_to_a_stranger(house: House) -> None:
    asking, stranger = await house.chat_page("C-1005"), await house.chat_page("C-1005", "visit-2")
    await house.post(asking, payload="/request_human", text="A person please")
    await house.post(stranger, payload="/greet", text="Hello")
    await house.sign_in()
    here = f"/console/{await house.id_of('C-1005')}"
    await house.post(f"{here}/take")
    status, page = await house.post(f"{here}/say", text="This is a word about you.")
    assert status == 409 and "has not proved to be the customer" in page and "identity not proved" in page
    await house.post(f"{here}/say", text="This is a word about you.", confirmed="yes")
    assert "This is a word about you." in (await house.get(asking))[1]
    assert "This is a word about you." not in (await house.get(stranger))[1]


@pytest.mark.parametrize("written", ["C-1001", "c-1001", " C‑1001 ", "f-2026-0101", "F-2026-0101"])
async def test_a_reference_is_known_however_it_is_typed(house: House, written: str) -> None:
    status, page = await house.post("/chat", reference=written)
    assert status == 200 and 'id="say"' in page


async def test_odd_numbers_in_an_address_are_harmless(house: House) -> None:
    chat = await house.chat_page("C-1001")
    for after in ("²", "-1", "9" * 40, "x"):
        assert (await house.get(f"{chat}/log", params={"after": after, "status": "automated"}))[0] == 204


async def test_at_night_the_demo_phone_says_what_waits_and_until_when(house: House) -> None:
    assert "Nothing yet" in (await house.get("/demo/phone"))[1]
    house.clock.at = NOW.replace(hour=22)
    await house.app.worker.tick()
    _, page = await house.get("/demo/phone")
    assert "messages wait" in page and "<strong>25 Nov 2026, 08:00</strong>" in page
    house.clock.at = NOW.replace(day=25)
    await house.app.worker.tick()
    _, page = await house.get("/demo/phone")
    assert "messages wait" not in page and "SMS" in page and "utter_" not in page


async def test_a_planned_message_that_was_held_back_is_told_in_the_console(house: House) -> None:
    await house.sign_in()
    house.clock.at = NOW.replace(hour=22)
    await house.app.worker.tick()
    _, page = await house.get(f"/console/{await house.id_of('C-1001')}", headers={"Accept-Language": "en"})
    assert "Planned message: Postponed" in page and "outside the lawful hours" in page


async def test_the_console_opens_every_note_of_a_record(house: House) -> None:
    """Each kind of note that the log may hold is shown in words, whatever its values are called."""
    await house.sign_in()
    here = await asked_for(house, "C-1001")
    dossier = await house.dossier("C-1001")
    work = house.app.turns.case_for(dossier, "webchat")
    for purpose, text in (
        ("agreement", "3 instalments"), ("dispute", "never delivered"), ("preference", "channel: sms"),
        ("closed", "Alix closed: paid in cash"), ("dispute_closed", "Alix: upheld"), ("hold_lifted", "Alix lifted dispute"),
    ):  # fmt: skip
        work.note(purpose, text)
    await house.app.store.commit(work.changes(dossier.conversation.version))
    for language in ("fr", "en", "es", "de"):
        status, page = await house.get(here, headers={"Accept-Language": language})
        assert status == 200 and "never delivered" in page


async def test_a_sum_that_is_written_counts_though_its_choice_was_not_touched(house: House) -> None:
    pay = await house.pay_page("C-1004")
    answer = await house.client.post(pay, data={"choice": "asked", "amount": "50"}, allow_redirects=False)
    assert answer.status == 303 and "5000" in answer.headers["Location"]


async def test_only_what_is_overdue_can_be_paid(house: House) -> None:
    pay, dossier = await house.pay_page("C-1004"), await house.dossier("C-1004")
    late = dossier.arrears(NOW.date()).minor
    assert 0 < late < dossier.balance().minor
    answer = await house.client.post(pay, data={"choice": "overdue", "amount": ""}, allow_redirects=False)
    assert answer.status == 303 and str(late) in answer.headers["Location"]
