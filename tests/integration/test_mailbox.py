"""E-mail against a real SMTP server in this process and a real IMAP server (Dovecot)."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from bot.channels import Setup
from bot.channels.mailbox import Mailbox
from bot.ports import Arrival, DeliveryReport, Inbound
from tests.stand_ins.mail import Sink, mail_server
from tests.unit.dossiers import message

AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
DOVECOT = """base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{d}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={d}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mailbox(smtp: int = 9, imap: int | None = None, **options: str) -> Mailbox:
    places = {"smtp": f"127.0.0.1:{smtp}", "sender": "Fibrelane <factures@fibrelane.example>", "security": "none"}
    if imap:
        places["imap"] = f"127.0.0.1:{imap}"
    return Mailbox(
        Setup("email", {**places, **options}, unsubscribe=lambda customer: f"https://x.example/u/{customer}")
    )


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    with mail_server() as server:
        yield server


async def test_a_mail_reads_well_threads_and_can_be_stopped_by_one_click(sink: tuple[Sink, int]) -> None:
    kept, port = sink
    words = "Bonjour,\n\nvoici la page : https://pay.example.org/pay/abc.\n\nCordialement\nFibrelane & Cie"
    exchange = message(AT, address="claire@example.org", id="01abc", content={"subject": "Facture F-1 à régler"})
    receipt = await mailbox(port).send(replace(exchange, text=words, language="fr"))
    assert receipt.state == "sent"
    mail = kept.mails[0]
    assert mail["Subject"] == "Facture F-1 à régler" and mail["From"] == "Fibrelane <factures@fibrelane.example>"
    assert mail["References"] == "<c@fibrelane.example>" and mail["Message-ID"] == "<01abc@fibrelane.example>"
    assert mail["List-Unsubscribe"] == "<https://x.example/u/c>" and "One-Click" in mail["List-Unsubscribe-Post"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == words
    page = mail.get_body(("html",)).get_content()
    assert '<a href="https://pay.example.org/pay/abc">https://pay.example.org/pay/abc</a>.' in page
    assert "Fibrelane &amp; Cie" in page and 'lang="fr"' in page


@pytest.mark.parametrize(
    ("address", "text", "state"),
    [("gone@example.org", "x", "closed"), ("full@example.org", "x", "failed"), ("a@example.org", "SPAM", "rejected"),
     ("no address", "x", "rejected")],
)  # fmt: skip
async def test_refusals_are_told_apart(sink: tuple[Sink, int], address: str, text: str, state: str) -> None:
    receipt = await mailbox(sink[1]).send(replace(message(AT, address=address), text=text))
    assert receipt.state == state and receipt.reason


async def test_a_server_that_is_down_is_tried_again() -> None:
    assert (await mailbox(9).send(message(AT, address="a@example.org"))).state == "failed"


def test_a_bounce_is_a_report_about_the_message_it_names() -> None:
    from imap_tools.message import MailMessage

    raw = (
        b"From: MAILER-DAEMON@mx.example\r\nTo: factures@fibrelane.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; gone@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <01abc@fibrelane.example>\r\nSubject: x\r\n\r\nhello\r\n--b--\r\n"
    )
    assert mailbox().arrivals(MailMessage.from_bytes(raw)) == [DeliveryReport("email", "01abc", "closed", "5.1.1")]


@pytest.fixture
def imap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if shutil.which("dovecot") is None:
        pytest.skip("needs Dovecot: apt install dovecot-imapd")
    folder, port = tmp_path_factory.mktemp("imap"), free_port()
    for place in (folder, *folder.parents):
        if place.is_relative_to(Path("/tmp/pytest-of-root")):
            place.chmod(0o755)  # the server's own user must be able to enter
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "mail", "mail")
    (folder / "dovecot.conf").write_text(DOVECOT.format(d=folder, port=port))
    process = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(20)


def drop(port: int, text: str, **headers: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ann <Ann@X.example>", "factures@fibrelane.example", "Re: F-1"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with MailBoxUnencrypted("127.0.0.1", port).login("relance", "relance") as box:
        box.append(mail.as_bytes(), "INBOX")


async def test_replies_are_read_at_once_and_seen_only_when_they_are_kept(imap: int) -> None:
    heard: asyncio.Queue[Arrival] = asyncio.Queue()
    full = [True]

    async def keep(arrivals: Any) -> None:
        if full:
            full.clear()
            raise OSError("the disk is full")
        for arrival in arrivals:
            heard.put_nowait(arrival)

    channel = mailbox(imap=imap)
    drop(imap, "Je paie vendredi\n\nLe 24 nov. 2026, Fibrelane a écrit :\n> payez", Message_ID="<m1@x.example>",
         In_Reply_To="<01customer@fibrelane.example>")  # fmt: skip
    listening = asyncio.create_task(channel.listen(keep))
    try:
        first = await asyncio.wait_for(heard.get(), 30)
        assert isinstance(first, Inbound) and first.text == "Je paie vendredi" and first.address == "ann@x.example"
        assert first.provider_message_id == "<m1@x.example>" and first.metadata["thread"] == "01customer"
        await asyncio.to_thread(
            drop, imap, "je suis absente", Message_ID="<m2@x.example>", Auto_Submitted="auto-replied"
        )
        second = await asyncio.wait_for(heard.get(), 30)
        assert isinstance(second, Inbound) and second.metadata["automatic"]
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    assert heard.empty()
