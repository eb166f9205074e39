"""What every channel must do: answer each send with a receipt that is true, whatever its provider does."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app import CHANNELS
from bot.channels import Setup, SetupError
from bot.ports import Channel
from tests.stand_ins import served
from tests.stand_ins.gateways import ACCOUNT, TOKEN, KannelGateway, TwilioApi
from tests.stand_ins.mail import mail_server
from tests.stand_ins.telegram import TOKEN as BOT
from tests.stand_ins.telegram import Telegram
from tests.unit.dossiers import message

AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
SECRETS = {
    "telegram_bot": {"token": BOT}, "twilio": {"account": ACCOUNT, "token": TOKEN},
    "twilio_whatsapp": {"account": ACCOUNT, "token": TOKEN},
    "kannel": {"user": "tester", "password": "foobar"},
}  # fmt: skip


WHATSAPP: dict[str, Any] = {
    "sender": "+15005550006", "attested": "A. Person, 2026-11-25", "templates": {"utter_reminder": {"fr": "HX1"}},
}  # fmt: skip


@dataclass
class Bench:
    """A channel beside its provider's stand-in; `address` is one that exists."""

    channel: Channel
    provider: Any
    address: str


@pytest_asyncio.fixture(params=sorted(CHANNELS))
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    name = request.param
    async with AsyncExitStack() as stack:
        provider: Any = {
            "telegram_bot": lambda: Telegram({7}),
            "twilio": TwilioApi,
            "twilio_whatsapp": TwilioApi,
            "kannel": KannelGateway,
        }.get(name, lambda: None)()
        options: dict[str, Any] = {}
        if name == "mailbox":
            provider, port = stack.enter_context(mail_server())
            options = {"smtp": f"127.0.0.1:{port}", "sender": "a@fibrelane.example", "security": "none"}
        elif provider is not None:
            url = await stack.enter_async_context(served(provider.app))
            options = {"telegram_bot": {"api": url}, "twilio": {"api": url, "sender": "+15005550006"},
                       "twilio_whatsapp": WHATSAPP | {"api": url},
                       "kannel": {"url": f"{url}/cgi-bin/sendsms"}}[name]  # fmt: skip
        secret: Callable[[str], str] = SECRETS.get(name, {}).__getitem__
        setup = Setup(name, options, secret, f"https://pay.example.org/hooks/{name}", "key", beside=tmp_path,
                      print_letters=lambda letters: b"%PDF", print_copies=lambda one: b"%PDF copies")  # fmt: skip
        channel = CHANNELS[name](setup)
        stack.push_async_callback(channel.close)
        yield Bench(channel, provider, {"telegram_bot": "7", "mailbox": "a@example.org"}.get(name, "+33612345678"))


def only(*names: str) -> Any:
    return pytest.mark.parametrize("bench", names, indirect=True)


async def test_a_message_is_sent_with_the_number_that_its_provider_gave(bench: Bench) -> None:
    receipt = await bench.channel.send(
        message(
            AT, address=bench.address, content={"sheet": {"reference": "C-1"}}, response="utter_reminder", language="fr"
        )
    )
    assert receipt.state in ("sent", "printing", "calling") and receipt.provider_message_id


@only("telegram_bot", "twilio", "kannel", "mailbox")
async def test_a_provider_that_cannot_be_reached_is_tried_again(bench: Bench) -> None:
    dead = {"telegram_bot": {"api": "http://127.0.0.1:9"}, "twilio": {"api": "http://127.0.0.1:9", "sender": "+1"},
            "kannel": {"url": "http://127.0.0.1:9/"},
            "mailbox": {"smtp": "127.0.0.1:9", "sender": "a@x.example", "security": "none"}}[bench.channel.name]  # fmt: skip
    channel = CHANNELS[bench.channel.name](
        Setup(bench.channel.name, dead, SECRETS.get(bench.channel.name, {}).__getitem__)
    )
    receipt = await channel.send(message(AT, address=bench.address))
    await channel.close()
    assert receipt.state == "failed" and receipt.reason


@only("telegram_bot", "twilio", "kannel", "mailbox", "letter_folder")
async def test_a_message_without_an_address_is_rejected(bench: Bench) -> None:
    assert (await bench.channel.send(message(AT, address=None))).state == "rejected"


@only("telegram_bot", "twilio")
async def test_too_many_at_once_waits_as_long_as_the_provider_asks(bench: Bench) -> None:
    bench.provider.trouble.append((429, {"ok": False, "error_code": 429, "description": "Too Many Requests",
                                         "parameters": {"retry_after": 17}, "code": 20429, "message": "slow down"}))  # fmt: skip
    receipt = await bench.channel.send(message(AT, address=bench.address))
    assert receipt.state == "failed" and receipt.retry_after is not None
    assert receipt.retry_after >= timedelta(seconds=17)


@only("telegram_bot", "twilio", "kannel")
async def test_a_fault_of_the_provider_is_tried_again(bench: Bench) -> None:
    fault: Any = 503 if bench.channel.name == "kannel" else (500, {"ok": False, "error_code": 500, "description": "x"})
    bench.provider.trouble.append(fault)
    assert (await bench.channel.send(message(AT, address=bench.address))).state == "failed"


@only("telegram_bot", "twilio", "mailbox")
async def test_a_dead_address_is_closed(bench: Bench) -> None:
    dead = {"telegram_bot": "8", "twilio": "12", "mailbox": "gone@example.org"}[bench.channel.name]
    receipt = await bench.channel.send(message(AT, address=dead))
    assert receipt.state == "closed" and receipt.reason


@only("kannel")
async def test_a_gateway_that_hangs_leaves_the_send_unsure(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    import aiohttp

    monkeypatch.setattr("bot.channels.kannel.PATIENCE", aiohttp.ClientTimeout(total=0.05))
    bench.provider.hang.clear()
    receipt = await bench.channel.send(message(AT, address=bench.address))
    bench.provider.hang.set()
    assert receipt.state == "unsure"


@only("kannel")
async def test_letters_beyond_the_gsm_alphabet_go_as_unicode(bench: Bench) -> None:
    await bench.channel.send(replace(message(AT, address=bench.address), text="à régler"))
    await bench.channel.send(replace(message(AT, address=bench.address), text="Ваш счёт"))
    assert [sent["coding"] for sent in bench.provider.sent] == ["0", "2"]
    assert bench.provider.sent[1]["text"] == "Ваш счёт" and bench.provider.sent[1]["charset"] == "UTF-8"


@only("telegram_bot")
async def test_buttons_fit_telegram_whatever_their_payload(bench: Bench) -> None:
    long = '/inform{"amount": {"minor": 12990, "currency": "EUR"}, "date": "2026-12-05", "invoice": "F-2026-0042"}'
    buttons = [{"title": "Oui", "payload": long}, {"title": "Payer", "url": "https://pay.example.org/pay/x"},
               {"title": "Essai", "url": "http://127.0.0.1:8080/pay/x"}]  # fmt: skip
    receipt = await bench.channel.send(message(AT, address="7", content={"buttons": buttons}))
    assert receipt.state == "sent"
    shown = bench.provider.shown[0]
    assert [row[0]["text"] for row in shown["reply_markup"]["inline_keyboard"]] == ["Oui", "Payer"]
    assert shown["text"].endswith("Essai: http://127.0.0.1:8080/pay/x")


@only("telegram_bot")
async def test_a_long_text_goes_in_parts_and_loses_nothing(bench: Bench) -> None:
    text = " ".join(f"ligne{n}" for n in range(1500))
    assert (await bench.channel.send(replace(message(AT, address="7"), text=text))).state == "sent"
    assert " ".join(part["text"] for part in bench.provider.shown) == text


@only("twilio_whatsapp")
async def test_whatsapp_answers_in_its_own_words_for_a_day_and_by_template_otherwise(bench: Bench) -> None:
    now = datetime.now(UTC)
    fresh = message(now, "reply", address=bench.address, response="utter_x", language="fr")
    assert (await bench.channel.send(fresh)).state == "sent"
    late = replace(fresh, at=now - timedelta(hours=25))
    assert (await bench.channel.send(late)).state == "rejected", "no template says this"
    filled = {"customer_name": "Claire", "creditor_name": "Fibrelane", "amount": "129,90 €"}
    planned = message(now, address=bench.address, response="utter_reminder", language="fr", content={"filled": filled})
    assert (await bench.channel.send(planned)).state == "sent"
    assert (await bench.channel.send(replace(planned, language="de"))).state == "rejected"
    words, template = bench.provider.sent
    assert words["Body"] == "text" and words["To"] == f"whatsapp:{bench.address}"
    assert template["ContentSid"] == "HX1" and "Body" not in template
    assert json.loads(template["ContentVariables"]) == {"1": "Claire", "2": "Fibrelane", "3": "129,90 €"}


def test_whatsapp_is_off_until_somebody_attests_its_use() -> None:
    secret: Callable[[str], str] = SECRETS["twilio"].__getitem__
    with pytest.raises(SetupError, match="attested"):
        CHANNELS["twilio_whatsapp"](Setup("whatsapp", {"sender": "+15005550006"}, secret))


@only("telegram_bot", "mailbox")
async def test_copies_of_invoices_go_along(bench: Bench) -> None:
    carried = {"copies": {"reference": "C-1", "invoices": []}}
    assert (await bench.channel.send(message(AT, "reply", address=bench.address, content=carried))).state == "sent"
    if bench.channel.name == "telegram_bot":
        assert [bool(row.get("document")) for row in bench.provider.shown] == [False, True]
    else:
        sent = next(bench.provider.mails[0].iter_attachments())
        assert (sent.get_filename(), sent.get_content()) == ("C-1.pdf", b"%PDF copies")
