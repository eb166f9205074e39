"""E-mail: SMTP out, IMAP with IDLE in.

One-click unsubscription: RFC 8058; delivery reports: RFC 3464; automatic answers: RFC 3834.
"""

import asyncio
import html
import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import Parser
from email.utils import formatdate, parseaddr
from typing import Any

import aiosmtplib
from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError
from imap_tools.message import MailMessage

from bot.channels import Setup, SetupError
from bot.channels.mail_text import latest
from bot.domain.messages import Exchange
from bot.ports import Arrival, DeliveryReport, Inbound, Receipt

log = logging.getLogger(__name__)

PATIENCE = 30.0
IDLE = 60  # seconds after which a quiet line is asked whether it still lives
AT_ONCE = 50
SECURITIES = ("starttls", "tls", "none")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


class Mailbox:
    """One mailbox of the creditor. Replies find their conversation by the mail they answer, or by the sender."""

    idempotent = False
    per_second: float | None = 5.0
    options = frozenset({"smtp", "imap", "sender", "security", "folder"})

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._security = str(setup.options.get("security", "starttls"))
        if self._security not in SECURITIES:
            raise SetupError(f"channels.{self.name}.security is starttls, tls or none, not {self._security!r}")
        self._smtp = _place(setup, "smtp", 465 if self._security == "tls" else 587)
        port = 143 if self._security == "none" else 993
        self._imap = _place(setup, "imap", port) if "imap" in setup.options else None
        name, address = parseaddr(setup.option("sender"))
        if "@" not in address:
            raise SetupError(f"channels.{self.name}.sender is no e-mail address: {setup.options['sender']!r}")
        user, self._domain = address.rsplit("@", 1)
        self._sender = Address(name or str(setup.creditor.get("name", "")), user, self._domain)
        self._login = None if self._security == "none" else (setup.secret("user"), setup.secret("password"))
        self._folder = str(setup.options.get("folder", "INBOX"))
        self._unsubscribe = setup.unsubscribe
        self._print = setup.print_copies
        self._box: BaseMailBox | None = None

    async def send(self, exchange: Exchange) -> Receipt:
        """One mail, as plain text and as simple HTML."""
        if not exchange.address or "@" not in exchange.address:
            return Receipt("rejected", reason="no_address")
        mail = self.compose(exchange)
        host, port = self._smtp
        user, password = self._login or (None, None)
        try:
            await aiosmtplib.send(
                mail, hostname=host, port=port, username=user, password=password, timeout=PATIENCE,
                use_tls=self._security == "tls", start_tls=self._security == "starttls",
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients[0])
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError, OSError) as error:
            return Receipt("failed", reason=f"{host}:{port} is not reached: {error}")
        except (aiosmtplib.SMTPException, TimeoutError) as error:
            return Receipt("unsure", reason=str(error) or type(error).__name__)
        return Receipt("sent", str(mail["Message-ID"]))

    def compose(self, exchange: Exchange) -> EmailMessage:
        """The mail of an exchange."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, str(exchange.address)
        mail["Subject"] = str(exchange.content.get("subject") or self._sender.display_name)
        mail["Date"], mail["Message-ID"] = formatdate(), f"<{exchange.id}@{self._domain}>"
        # All mails of a conversation hang on one root, so that mail programs show them together.
        mail["References"] = mail["In-Reply-To"] = f"<{exchange.conversation_id}@{self._domain}>"
        # An answering machine that respects RFC 3834 stays silent.
        mail["Auto-Submitted"] = "auto-generated" if exchange.author == "bot" else "no"
        if self._unsubscribe is not None:
            mail["List-Unsubscribe"] = f"<{self._unsubscribe(exchange.conversation_id)}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(exchange.text)
        mail.add_alternative(_page(exchange), subtype="html")
        if self._print is not None and exchange.content.get("copies"):
            name = f"{exchange.content['copies']['reference']}.pdf"
            mail.add_attachment(self._print(exchange), maintype="application", subtype="pdf", filename=name)
        return mail

    async def listen(self, keep: Callable[[Sequence[Arrival]], Awaitable[None]]) -> None:
        """Read what is unseen, then wait for more, until cancelled; a mail is seen once it is kept."""
        if self._imap is None:
            return
        pause = 1.0
        while True:
            try:
                box = await asyncio.to_thread(self._connect)
                while True:
                    await self._take(box, keep)
                    pause = 1.0
                    await asyncio.to_thread(box.idle.wait, IDLE)
            except asyncio.CancelledError:
                self._hang_up()
                raise
            except (ImapToolsError, OSError, imaplib.IMAP4.error) as error:
                log.warning("%s: the mailbox is not reached: %s; again in %.0f s", self.name, error, pause)
                self._hang_up()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 300)

    async def close(self) -> None:
        """End the waiting for mail."""
        self._hang_up()

    def _connect(self) -> BaseMailBox:
        assert self._imap is not None
        host, port = self._imap
        context = ssl.create_default_context()
        box: BaseMailBox = (
            MailBoxUnencrypted(host, port, timeout=PATIENCE)
            if self._security == "none"
            else MailBox(host, port, timeout=PATIENCE, ssl_context=context)
        )
        self._box = box
        user, password = self._login or ("relance", "relance")
        box.login(user, password, initial_folder=self._folder)
        return box

    async def _take(self, box: BaseMailBox, keep: Callable[[Sequence[Arrival]], Awaitable[None]]) -> None:
        while found := await asyncio.to_thread(
            lambda: list(box.fetch(AND(seen=False), mark_seen=False, limit=AT_ONCE))
        ):
            for mail in found:
                await keep(self.arrivals(mail))
                await asyncio.to_thread(box.flag, str(mail.uid), MailMessageFlags.SEEN, True)

    def arrivals(self, mail: MailMessage) -> list[Arrival]:
        """What a mail brings: a bounce is a report, an automatic answer is marked as one."""
        if mail.obj.get_content_type() == "multipart/report":
            return self._reports(mail.obj)
        number = str(mail.obj.get("Message-ID") or f"uid-{mail.uid}").strip()[:200]
        words: dict[str, Any] = {"subject": mail.subject[:200], "thread": self._thread(mail.obj)}
        if str(mail.obj.get("Auto-Submitted", "no")).lower() != "no" or mail.obj.get("X-Autoreply"):
            words["automatic"] = True
        if mail.attachments:
            # Pictures of a signature stand in the text; what somebody attached does not.
            words["attachments"] = [
                {"kind": "file", "name": (a.filename or "")[:120], "body": a.payload}
                for a in mail.attachments if a.content_disposition != "inline"
            ]  # fmt: skip
        text = latest(mail.text or _without_tags(mail.html)) or mail.subject or "[…]"
        return [Inbound(self.name, mail.from_.lower(), text, number, mail.date or datetime.now(UTC), metadata=words)]

    def _thread(self, mail: Message) -> str | None:
        """The conversation that a mail answers, by the root of its thread."""
        told = f"{mail.get('References', '')} {mail.get('In-Reply-To', '')}"
        found = re.findall(rf"<([0-9a-z]+)@{re.escape(self._domain)}>", told)
        return found[0] if found else None

    def _reports(self, mail: Message) -> list[Arrival]:
        original, fields = "", dict[str, str]()
        for part in mail.walk():
            kind = part.get_content_type()
            if kind == "message/delivery-status":
                for block in part.get_payload():
                    fields.update({name.lower(): str(value) for name, value in block.items()})  # type: ignore[union-attr]
            elif kind in ("message/rfc822", "text/rfc822-headers"):
                inner = part.get_payload()
                head = inner[0] if isinstance(inner, list) else Parser().parsestr(str(inner), headersonly=True)
                original = str(head.get("Message-ID", ""))  # type: ignore[union-attr]
        found = re.match(r"<([0-9a-z]+)@", original.strip())
        if found is None or fields.get("action", "").lower() != "failed":
            return []
        status = fields.get("status", "")
        state = "closed" if status.startswith("5.1.") else "failed"
        reason = f"{status} {fields.get('diagnostic-code', '')}".strip()[:200]
        return [DeliveryReport(self.name, found[1], state, reason)]

    def _hang_up(self) -> None:
        """Closing the line wakes the thread that waits on it."""
        box, self._box = self._box, None
        if box is not None:
            with suppress(OSError, AttributeError):
                box.client.socket().shutdown(socket.SHUT_RDWR)


def _place(setup: Setup, name: str, port: int) -> tuple[str, int]:
    host, _, given = setup.option(name).rpartition(":")
    if not host:
        return given, port
    if not given.isdigit():
        raise SetupError(f"channels.{setup.name}.{name} is host or host:port, not {setup.options[name]!r}")
    return host, int(given)


def _refused(error: aiosmtplib.SMTPResponseException) -> Receipt:
    """5.1.x and the classical codes of a wrong mailbox close it; 4xx comes again (RFC 5321, RFC 3463)."""
    words = f"{error.code} {error.message}"[:200]
    if error.code < 500:
        return Receipt("failed", reason=words)
    gone = re.match(r"5\.1\.", error.message) or error.code in (551, 553)
    return Receipt("closed" if gone else "rejected", reason=words)


def _page(exchange: Exchange) -> str:
    """The text as HTML, its links as links; no pictures, nothing that calls home."""
    shown = html.escape(exchange.text)
    shown = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', shown)
    paragraphs = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in shown.split("\n\n"))
    language = html.escape(exchange.language or "en")
    style = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em;margin:1em"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><body style="{style}">{paragraphs}</body></html>'
    )


def _without_tags(page: str) -> str:
    text = re.sub(r"(?is)<(style|script)\b.*?</\1>", "", page)
    text = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</li>", "\n", text)
    return html.unescape(re.sub(r"<[^>]*>", "", text))
