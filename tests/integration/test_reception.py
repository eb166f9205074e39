"""What providers bring: proved, kept before it is acknowledged, answered once, and never lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest_asyncio
import yaml
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.app import App, build
from bot.channels.twilio import signature
from bot.importing import check
from bot.ports import Asking, Inbound, SetClock
from bot.serving import site
from bot.settings import data_folder, load
from bot.understanding.reader import Reader
from bot.web.server import make_app
from tests.integration.pages import AGENT
from tests.stand_ins import served
from tests.stand_ins.gateways import ACCOUNT, TOKEN, KannelGateway, TwilioApi
from tests.stand_ins.telegram import TOKEN as BOT
from tests.stand_ins.telegram import Telegram

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
MOBILE, CHAT = "+33612345678", 7
ROWS = [
    {
        "customer": {"ref": ref, "name": name, "language": "fr", "identity": {"postal_code": "69003"},
                     "contacts": contacts},
        "invoice": {"number": f"F-{ref}", "currency": "EUR", "amount_minor": 10000, "issued_on": "2026-09-01",
                    "due_on": "2026-10-01"},
    }
    for ref, name, contacts in (
        ("C-1", "Claire", [{"channel": "sms", "address": MOBILE, "consent": True}]),
        ("C-2", "Denis", []),
    )
]  # fmt: skip
ENVIRON = {
    "RELANCE_SECRET": "s", "RELANCE_TELEGRAM_TOKEN": BOT, "RELANCE_SMS_ACCOUNT": ACCOUNT, "RELANCE_SMS_TOKEN": TOKEN,
    "RELANCE_SMS_USER": "tester", "RELANCE_SMS_PASSWORD": "foobar",
}  # fmt: skip


@dataclass
class House:
    """Relance with Telegram and an SMS provider, all of it on loopback."""

    app: App
    web: TestClient[Any, Any]
    telegram: Telegram
    twilio: TwilioApi
    kannel: KannelGateway
    clock: SetClock

    async def twilio_says(self, query: str = "", **form: str) -> ClientResponse:
        url = f"https://pay.example.org/hooks/sms{query}"
        headers = {
            "X-Twilio-Signature": signature(TOKEN, url, form),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return await self.web.post(f"/hooks/sms{query}", data=urlencode(form), headers=headers)

    async def telegram_says(self, update: dict[str, Any]) -> ClientResponse:
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.app.tokens.callback_key("telegram")}
        return await self.web.post("/hooks/telegram", json=update, headers=secret)

    async def log(self, ref: str) -> list[tuple[str, str, str]]:
        customer_id = await self.app.store.customer_id(ref)
        assert customer_id is not None
        rows = await self.app.store.log(customer_id)
        return [(row.direction, row.text, row.state) for row in rows if row.direction != "note"]

    async def points(self, ref: str) -> list[tuple[str, str, bool]]:
        customer_id = await self.app.store.customer_id(ref)
        dossier = await self.app.store.dossier(customer_id or "")
        assert dossier is not None
        return [(point.channel, point.address, point.open) for point in dossier.contact_points]


@pytest_asyncio.fixture(params=["twilio"])
async def house(request: Any, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        telegram, twilio, kannel = Telegram({CHAT}), TwilioApi(), KannelGateway()
        urls = [await stack.enter_async_context(served(one.app)) for one in (telegram, twilio, kannel)]
        sms = {"twilio": {"adapter": "twilio", "api": urls[1], "sender": "+15005550006"},
               "kannel": {"adapter": "kannel", "url": f"{urls[2]}/cgi-bin/sendsms"}}[request.param]  # fmt: skip
        config = yaml.safe_load((data_folder() / "config.yml").read_text("utf-8"))
        config["channels"] = {"webchat": "webchat", "sms": sms, "telegram": {"adapter": "telegram_bot", "api": urls[0]}}
        config["server"]["public_url"] = "https://pay.example.org"
        (tmp_path / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
        clock = SetClock(NOW)
        environ = {**ENVIRON, "RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3"}
        app = await build(load(tmp_path / "config.yml", environ), clock, reader=Reader(None))  # type: ignore[arg-type]
        stack.push_async_callback(app.close)
        await app.store.import_rows([check(number, row) for number, row in enumerate(ROWS, 1)], False)
        web = await stack.enter_async_context(TestClient(TestServer(make_app(site(app)))))
        yield House(app, web, telegram, twilio, kannel, clock)


async def test_a_text_message_is_answered_once_however_often_it_is_delivered(house: House) -> None:
    for _ in range(3):
        answer = await house.twilio_says(From=MOBILE, Body="STOP", MessageSid="SM1")
        assert answer.status == 200 and "<Response/>" in await answer.text()
    await house.app.worker.pass_once()
    assert [row[0] for row in await house.log("C-1")] == ["in", "out", "out"]
    assert [sent["To"] for sent in house.twilio.sent] == [MOBILE, MOBILE]
    assert await house.points("C-1") == [("sms", MOBILE, False)]


async def test_a_forged_call_changes_nothing(house: House) -> None:
    form = {"From": MOBILE, "Body": "STOP", "MessageSid": "SM1"}
    for headers in ({}, {"X-Twilio-Signature": signature("other", "https://pay.example.org/hooks/sms", form)}):
        assert (await house.web.post("/hooks/sms", data=form, headers=headers)).status == 403
    assert (await house.web.post("/hooks/telegram", json=house.telegram.say(CHAT, "STOP"))).status == 403
    assert (await house.web.post("/hooks/fax", data=form)).status == 404
    assert await house.log("C-1") == [] and await house.app.store.strays() == []


async def test_a_genuine_call_that_cannot_be_read_is_told_what_is_missing(house: House) -> None:
    answer = await house.twilio_says(From=MOBILE)
    assert answer.status == 400 and "Body, MessageSid missing" in (await answer.json())["error"]
    secret = {"X-Telegram-Bot-Api-Secret-Token": house.app.tokens.callback_key("telegram")}
    assert (await house.web.post("/hooks/telegram", data=b"{", headers=secret)).status == 400


async def test_reports_of_delivery_come_twice_and_out_of_order(house: House) -> None:
    await house.twilio_says(From=MOBILE, Body="STOP", MessageSid="SM1")
    await house.app.worker.pass_once()
    reports = [sent["StatusCallback"].removeprefix("https://pay.example.org/hooks/sms") for sent in house.twilio.sent]
    for status in ("delivered", "sent", "queued", "delivered"):
        await house.twilio_says(reports[0], MessageStatus=status, MessageSid="x")
    await house.twilio_says(reports[1], MessageStatus="undelivered", ErrorCode="30005", MessageSid="y")
    assert [state for _, _, state in await house.log("C-1")] == ["handled", "delivered", "failed"]
    assert await house.points("C-1") == [("sms", MOBILE, False)]


async def test_a_report_may_overtake_the_answer_to_the_send(house: House) -> None:
    async def report(url: str) -> None:
        await house.twilio_says(
            url.removeprefix("https://pay.example.org/hooks/sms"), MessageStatus="delivered", MessageSid="x"
        )

    house.twilio.meanwhile = report
    await house.twilio_says(From=MOBILE, Body="STOP", MessageSid="SM1")
    for _ in range(3):
        await house.app.worker.pass_once()
    assert len(house.twilio.sent) == 2, "each answer once"
    assert [state for _, _, state in await house.log("C-1")] == ["handled", "delivered", "delivered"]


async def test_a_stranger_is_asked_once_a_day_who_they_are_and_kept_for_an_agent(house: House) -> None:
    for number, text in enumerate(("Bonjour ?", "Allô ?", "ma carte 4111 1111 1111 1111")):
        await house.twilio_says(From="+33699999999", Body=text, MessageSid=f"SM{number}")
    strays = await house.app.store.strays()
    assert [stray.text for stray in strays][1:] == ["Allô ?", "Bonjour ?"]
    assert "4111" not in strays[0].text
    assert [sent["To"] for sent in house.twilio.sent] == ["+33699999999"]
    await house.twilio_says(From="+33688888888", Body="STOP", MessageSid="SM9")
    assert len(house.twilio.sent) == 1, "who says stop is left in peace"
    house.clock.at += timedelta(days=2)
    await house.twilio_says(From="+33699999999", Body="Bonjour", MessageSid="SM10")
    assert len(house.twilio.sent) == 2


async def test_a_stranger_who_names_an_invoice_is_taken_in_and_must_still_prove_who_they_are(house: House) -> None:
    await house.twilio_says(From="+33699999999", Body="F-C-2", MessageSid="SM1")
    assert ("sms", "+33699999999", True) in await house.points("C-2")
    dossier = await house.app.store.dossier((await house.app.store.customer_id("C-2")) or "")
    assert dossier is not None
    await house.app.worker.pass_once()
    assert not any("100" in sent["Body"] for sent in house.twilio.sent), "the debt was named to a stranger"
    house.clock.at += timedelta(days=1)
    await house.app.worker.tick()
    assert "+33699999999" not in [sent["To"] for sent in house.twilio.sent[2:]]


async def test_a_signed_link_ties_a_telegram_chat_to_its_customer(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-2") or ""
    invitation = house.app.tokens.invitation(customer_id, NOW.date())
    assert len(invitation) <= 64 and invitation.replace("-", "").replace("_", "").isalnum()
    await house.telegram_says(house.telegram.say(CHAT, f"/start {invitation}"))
    await house.app.worker.pass_once()
    assert await house.points("C-2") == [("telegram", str(CHAT), True)]
    assert house.telegram.shown and house.telegram.shown[-1]["chat"]["id"] == CHAT


async def test_someone_elses_altered_or_old_link_ties_nothing(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-2") or ""
    good = house.app.tokens.invitation(customer_id, NOW.date())
    old = house.app.tokens.invitation(customer_id, NOW.date() - timedelta(days=90))
    for word in (good[:-1] + ("0" if good[-1] != "0" else "1"), old, "x", "-", "a-b-c", ""):
        await house.telegram_says(house.telegram.say(CHAT, f"/start {word}"))
    assert await house.points("C-2") == []


async def test_a_chat_that_comes_by_another_customers_link_speaks_for_that_one_only(house: House) -> None:
    for ref in ("C-2", "C-1"):
        customer_id = await house.app.store.customer_id(ref) or ""
        word = house.app.tokens.invitation(customer_id, NOW.date())
        await house.telegram_says(house.telegram.say(CHAT, f"/start {word}"))
    assert ("telegram", str(CHAT), False) in await house.points("C-2")
    assert ("telegram", str(CHAT), True) in await house.points("C-1")
    await house.telegram_says(house.telegram.say(CHAT, "bonjour"))
    assert [text for _, text, _ in await house.log("C-1")][-1] == "bonjour"


async def test_a_pressed_button_is_the_choice_it_showed(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-2") or ""
    await house.telegram_says(
        house.telegram.say(CHAT, f"/start {house.app.tokens.invitation(customer_id, NOW.date())}")
    )
    dossier = await house.app.store.dossier(customer_id)
    assert dossier is not None
    work = house.app.turns.case_for(dossier, "telegram")
    work.identify("test")
    await house.app.store.commit(work.changes(dossier.conversation.version))
    await house.app.worker.pass_once()
    shown = next(row for row in reversed(house.telegram.shown) if row["reply_markup"])
    button = shown["reply_markup"]["inline_keyboard"][0][0]
    press = {"id": "q1", "from": {"id": CHAT, "is_bot": False, "first_name": "D"}, "chat_instance": "1",
             "data": button["callback_data"],
             "message": {"message_id": 1, "date": 1, "chat": {"id": CHAT, "type": "private"}, "text": "x"}}  # fmt: skip
    await house.telegram_says({"update_id": 9000, "callback_query": press})
    assert (await house.log("C-2"))[-1][:2] == ("in", button["text"])


async def test_a_customer_who_blocks_the_bot_is_not_written_to_and_may_come_back(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-2") or ""
    await house.telegram_says(
        house.telegram.say(CHAT, f"/start {house.app.tokens.invitation(customer_id, NOW.date())}")
    )
    member = {"chat": {"id": CHAT, "type": "private"}, "from": {"id": CHAT, "is_bot": False, "first_name": "D"}, "date": 1,
              "old_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "b"}, "status": "member"},
              "new_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "b"}, "status": "kicked",
                                  "until_date": 0}}  # fmt: skip
    await house.telegram_says({"update_id": 9001, "my_chat_member": member})
    assert await house.points("C-2") == [("telegram", str(CHAT), False)]
    await house.telegram_says(house.telegram.say(CHAT, "me revoilà"))
    assert await house.points("C-2") == [("telegram", str(CHAT), True)]


async def test_polling_takes_each_update_once_and_forgets_none(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-2") or ""
    house.telegram.say(CHAT, f"/start {house.app.tokens.invitation(customer_id, NOW.date())}")
    channel = house.app.channels["telegram"]
    assert isinstance(channel, Asking)
    kept = asyncio.Event()
    broken = [True]

    async def keep(arrivals: Any) -> None:
        if arrivals and broken.pop() if broken else False:
            raise OSError("the disk is full")
        await house.app.reception.keep(arrivals)
        if arrivals:
            kept.set()

    first = asyncio.create_task(channel.listen(keep))
    with suppress(OSError):
        await first
    assert house.telegram.updates, "what could not be kept is still with Telegram"
    second = asyncio.create_task(channel.listen(keep))
    await asyncio.wait_for(kept.wait(), 10)
    second.cancel()
    assert [text for _, text, _ in await house.log("C-2")] == ["/start"]


async def test_who_answers_a_mail_from_another_address_must_prove_who_they_are(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-1") or ""
    mail = Inbound("email", "other@x.example", "combien ?", "<m1>", NOW, metadata={"thread": customer_id})
    await house.app.reception.keep([mail, mail])
    assert [text for _, text, _ in await house.log("C-1")] == ["combien ?"]
    dossier = await house.app.store.dossier(customer_id)
    assert dossier is not None
    assert not house.app.turns.case_for(dossier, "email").identified


async def test_an_absence_note_is_on_record_and_answered_by_nobody(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-1") or ""
    note = Inbound("sms", MOBILE, "je suis absent", "a1", NOW, metadata={"automatic": True})
    await house.app.reception.keep([note])
    await house.app.worker.pass_once()
    rows = await house.app.store.log(customer_id)
    assert [row.text for row in rows] == ["automatic reply: je suis absent"] and house.twilio.sent == []


async def test_one_click_stops_a_channel_and_looking_at_the_link_does_not(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-1") or ""
    word = house.app.tokens.unsubscription(customer_id, "sms")
    assert (await house.web.get(f"/unsubscribe/{word}")).status == 200
    assert await house.points("C-1") == [("sms", MOBILE, True)]
    assert (await house.web.post(f"/unsubscribe/{word}", data={"List-Unsubscribe": "One-Click"})).status == 200
    assert await house.points("C-1") == [("sms", MOBILE, False)]
    assert (await house.web.post(f"/unsubscribe/{word[:-1]}x")).status == 404


PNG = b"\x89PNG\r\n\x1a\n picture"


async def tied(house: House) -> None:
    customer_id = await house.app.store.customer_id("C-2") or ""
    word = house.app.tokens.invitation(customer_id, NOW.date())
    await house.telegram_says(house.telegram.say(CHAT, f"/start {word}"))
    await house.app.worker.pass_once()


def photo(file: str) -> list[dict[str, Any]]:
    return [{"file_id": file, "file_unique_id": file, "width": 9, "height": 9}]


async def test_a_photo_is_kept_thanked_for_and_shown_to_agents(house: House) -> None:
    await tied(house)
    house.telegram.files["p1"] = PNG
    update = house.telegram.say(CHAT, "", photo=photo("p1"))
    del update["message"]["text"]
    for _ in range(2):
        await house.telegram_says(update)
    await house.app.worker.pass_once()
    dossier = await house.app.store.dossier(await house.app.store.customer_id("C-2") or "")
    assert dossier is not None
    kept = [file for row in dossier.exchanges for file in row.content.get("attachments", ())]
    assert len(kept) == 1 and house.app.files.read(kept[0]["sha256"]) == PNG
    assert [errand.reason for errand in dossier.errands()] == ["attachment"]
    assert [row.response for row in dossier.exchanges if row.direction == "out"][-1] == "utter_files_kept"
    path = f"/console/{dossier.customer.id}/files/{kept[0]['sha256']}"
    assert (await house.web.get(path, allow_redirects=False)).status in (302, 303), "for agents only"
    await agent(house)
    assert kept[0]["sha256"] in await (await house.web.get(f"/console/{dossier.customer.id}")).text()
    shown = await house.web.get(path)
    assert await shown.read() == PNG and "sandbox" in shown.headers["Content-Security-Policy"]


async def test_what_is_too_large_or_no_photo_is_refused_kindly(house: House) -> None:
    await tied(house)
    house.telegram.files |= {"big": PNG + b"x" * 11 * 2**20, "huge": PNG + b"x" * 21 * 2**20, "exe": b"MZ\x90\x00"}
    for number, file in enumerate(("big", "huge", "exe", "gone")):
        document = {"file_id": file, "file_unique_id": file, "file_name": "../preuve.pdf"}
        update = house.telegram.say(CHAT, "", document=document, message_id=7000 + number)
        del update["message"]["text"]
        await house.telegram_says(update)
    await house.app.worker.pass_once()
    dossier = await house.app.store.dossier(await house.app.store.customer_id("C-2") or "")
    assert dossier is not None
    why = [file["refused"] for row in dossier.exchanges for file in row.content.get("attachments", ())]
    assert why == ["size", "size", "type", "unavailable"] and dossier.errands() == []
    await agent(house)
    assert "too large" in await (await house.web.get(f"/console/{dossier.customer.id}")).text()
    assert [row.response for row in dossier.exchanges if row.direction == "out"][-1] == "utter_files_refused"


async def agent(house: House) -> None:
    """Sign in as an agent."""
    await house.app.store.save_agent(AGENT)
    fields = {"email": AGENT.email, "password": "a long password"}
    answer = await house.web.post("/console/sign-in", data=fields, allow_redirects=False)
    # Behind HTTPS the cookie is for HTTPS only; this client speaks to the bare server.
    house.web.session.cookie_jar.update_cookies({name: cookie.value for name, cookie in answer.cookies.items()})


async def test_an_agent_says_whose_a_strangers_messages_are(house: House) -> None:
    for number, text in enumerate(("/ask_amount_due", "/greet")):
        await house.twilio_says(From="+33699999999", Body=text, MessageSid=f"SM{number}")
    await agent(house)
    stray = (await house.app.store.strays())[0]
    answer = await house.web.post(f"/console/strangers/{stray.id}/assign", data={"reference": "nobody"})
    assert answer.status == 404 and "nobody" in await answer.text()
    await house.web.post(f"/console/strangers/{stray.id}/assign", data={"reference": "c-2"})
    assert [row[1] for row in await house.log("C-2") if row[0] == "in"] == ["/ask_amount_due", "/greet"]
    await house.app.worker.pass_once()
    assert not any("100" in sent["Body"] for sent in house.twilio.sent), "the agent may be wrong"
    assert "+33699999999" not in await (await house.web.get("/console/strangers")).text()
    await house.twilio_says(From="+33699999999", Body="/greet", MessageSid="SM7")
    assert len([row for row in await house.log("C-2") if row[0] == "in"]) == 3


async def test_an_agent_dismisses_what_is_nobodys(house: House) -> None:
    await house.twilio_says(From="+33699999999", Body="win a prize", MessageSid="SM1")
    await agent(house)
    stray = (await house.app.store.strays())[0]
    assert "win a prize" in await (await house.web.get("/console/strangers")).text()
    await house.web.post(f"/console/strangers/{stray.id}/dismiss")
    assert "win a prize" not in await (await house.web.get("/console/strangers")).text()
    assert (await house.app.store.strays())[0].outcome == "dismissed by Alix", "it stays on record"


async def test_a_number_that_is_not_the_customers_stays_closed_and_its_words_reach_a_person(house: House) -> None:
    for number, words in enumerate(("/wrong_person", "/ask_amount_due", "/pay_now")):
        await house.twilio_says(From=MOBILE, Body=words, MessageSid=f"SM{number}")
        await house.app.worker.pass_once()
    assert await house.points("C-1") == [("sms", MOBILE, False)]
    told = " ".join(sent["Body"] for sent in house.twilio.sent)
    assert "F-C-1" not in told and "100" not in told
    customer_id = await house.app.store.customer_id("C-1")
    dossier = await house.app.store.dossier(customer_id or "")
    assert dossier is not None and not dossier.links
    assert [errand.reason for errand in dossier.errands()] == ["unproved_word"]
