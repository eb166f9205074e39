"""Telegram by the Bot API: python-telegram-bot reads updates and sends, nothing else.

Limits: https://core.telegram.org/bots/api (text 4,096 characters, callback data 64 bytes, start parameter 64).
"""

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, Update
from telegram.constants import ChatMemberStatus, ChatType, MessageLimit
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.channels import Setup, SetupError, parsed
from bot.domain.messages import Exchange
from bot.ports import AddressClosed, Arrival, Callback, Forged, Inbound, Malformed, Receipt, TooLarge

# The library is about to give waits as timedelta, and warns until told that this is welcome.
os.environ.setdefault("PTB_TIMEDELTA", "true")
log = logging.getLogger(__name__)

WAIT = 30  # seconds that one question for updates may stay open
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot was kicked")


class TelegramBot:
    """One bot; a customer's address is the chat's number."""

    idempotent = False
    # Its FAQ: about 30 a second over all chats when many are written to at once.
    per_second: float | None = 25.0
    thanks = ("", "text/plain")
    options = frozenset({"mode", "api"})

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._mode = str(setup.options.get("mode", "polling"))
        if self._mode not in ("polling", "webhook"):
            raise SetupError(f"channels.{self.name}.mode is polling or webhook, not {self._mode!r}")
        api = str(setup.options.get("api", "https://api.telegram.org")).rstrip("/")
        self._requests = HTTPXRequest(connection_pool_size=32), HTTPXRequest()
        try:
            self._bot = Bot(
                setup.secret("token"), base_url=f"{api}/bot", base_file_url=f"{api}/file/bot",
                request=self._requests[0], get_updates_request=self._requests[1],
            )  # fmt: skip
        except InvalidToken:
            raise SetupError("RELANCE_TELEGRAM_TOKEN is no bot token; @BotFather gives one") from None
        self._callback_url = setup.callback_url
        self._print = setup.print_copies
        self._key = setup.callback_key
        self._thanking: set[asyncio.Task[None]] = set()

    @property
    def callback_address(self) -> str:
        """Where the provider calls."""
        return self._callback_url

    async def send(self, exchange: Exchange) -> Receipt:
        """One message, in parts where it is longer than Telegram allows; the buttons stand under the last part."""
        if not exchange.address:
            return Receipt("rejected", reason="no_address")
        text, keyboard = exchange.text, _keyboard(exchange)
        parts = _parts(text + _plain_links(exchange))
        sent = None
        try:
            for number, part in enumerate(parts, 1):
                sent = await self._bot.send_message(
                    exchange.address, part, reply_markup=keyboard if number == len(parts) else None,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )  # fmt: skip
        except RetryAfter as error:
            wait = error.retry_after
            wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            return _broken(sent, Receipt("failed", reason="rate_limited", retry_after=wait))
        except Forbidden as error:
            return Receipt("closed", reason=error.message)
        except BadRequest as error:
            gone = any(word in error.message.lower() for word in _GONE)
            return Receipt("closed" if gone else "rejected", reason=error.message)
        except TimedOut:
            return Receipt("unsure", reason="timed out")  # Telegram may have shown it all the same
        except TelegramError as error:
            return _broken(sent, Receipt("failed", reason=error.message))
        await self._send_copies(exchange)
        return Receipt("sent", str(sent.message_id) if sent else None)

    async def _send_copies(self, exchange: Exchange) -> None:
        """The copies that the message speaks of; the words went first, and its link shows the same without them."""
        if self._print is None or not exchange.content.get("copies") or not exchange.address:
            return
        name = f"{exchange.content['copies']['reference']}.pdf"
        try:
            await self._bot.send_document(
                exchange.address, await asyncio.to_thread(self._print, exchange), filename=name
            )
        except TelegramError as error:
            log.warning("telegram: the copies of exchange %s were not sent: %s", exchange.id, error.message)

    async def fetch(self, reference: str, most: int) -> bytes | None:
        """A file by its id; Telegram gives bots at most 20 MB."""
        try:
            found = await self._bot.get_file(reference)
            if (found.file_size or 0) > most:
                raise TooLarge
            return bytes(await found.download_as_bytearray())
        except BadRequest as error:
            if "too big" in error.message.lower():
                raise TooLarge from None
            log.warning("telegram: a file is not given: %s", error.message)
        except TelegramError as error:
            log.warning("telegram: a file is not given: %s", error.message)
        return None

    def read(self, callback: Callback) -> Sequence[Arrival]:
        """The messages of a webhook call; raises Forged where the secret is not ours."""
        given = callback.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            raise Forged("the secret token is missing or wrong")
        update = Update.de_json(dict(parsed(callback.body)), self._bot)
        if update is None:
            raise Malformed("no update in the body")
        return self._arrivals(update)

    async def listen(self, keep: Callable[[Sequence[Arrival]], Awaitable[None]]) -> None:
        """Register the webhook, or ask for updates until cancelled."""
        if self._mode == "webhook":
            await self._registered()
            return
        offset, pause, polling = 0, 1.0, False
        while True:
            try:
                if not polling:
                    await self._bot.delete_webhook()
                    polling = True
                updates = await self._bot.get_updates(offset, timeout=WAIT, allowed_updates=WANTED)
                await keep([arrival for update in updates for arrival in self._arrivals(update)])
                # Asking for what lies behind it is what makes Telegram forget an update.
                offset, pause = updates[-1].update_id + 1 if updates else offset, 1.0
            except TelegramError as error:
                log.warning("telegram: %s; asking again in %.0f s", error.message, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60)

    async def close(self) -> None:
        """Release connections."""
        await asyncio.gather(*self._thanking, return_exceptions=True)
        for request in self._requests:
            await request.shutdown()

    async def _acknowledge(self, query_id: str) -> None:
        """Without this the pressed button shows a spinner for a while; it carries nothing else."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query_id)

    async def _registered(self) -> None:
        pause = 1.0
        while True:
            try:
                await self._bot.set_webhook(self._callback_url, secret_token=self._key, allowed_updates=WANTED)
                return
            except TelegramError as error:
                log.warning("telegram: the webhook cannot be set: %s; again in %.0f s", error.message, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 300)

    def _arrivals(self, update: Update) -> list[Arrival]:
        if update.my_chat_member is not None:
            member = update.my_chat_member
            if member.new_chat_member.status == ChatMemberStatus.BANNED:
                return [AddressClosed(self.name, str(member.chat.id), "the customer blocked the bot")]
            return []
        if update.callback_query is not None:
            return self._press(update)
        message = update.message or update.edited_message
        if message is None or message.chat.type != ChatType.PRIVATE:
            return []
        return [self._message(message, edited=update.message is None)]

    def _press(self, update: Update) -> list[Arrival]:
        query = update.callback_query
        assert query is not None
        exchange, _, number = (query.data or "").rpartition(":")
        if not exchange or not number.isdigit() or query.message is None:
            return []
        task = asyncio.get_running_loop().create_task(self._acknowledge(query.id))
        self._thanking.add(task)
        task.add_done_callback(self._thanking.discard)
        words = {
            "button": {"exchange": exchange, "number": int(number)},
            "language": query.from_user.language_code or "en",
        }
        return [
            Inbound(self.name, str(query.message.chat.id), query.data or "", f"press-{query.id}", datetime.now(UTC),
                    metadata=words)
        ]  # fmt: skip

    def _message(self, message: Message, edited: bool) -> Inbound:
        text = message.text or message.caption or ""
        words: dict[str, object] = {"language": (message.from_user and message.from_user.language_code) or "en"}
        kept = [{"kind": "photo", "id": message.photo[-1].file_id}] if message.photo else []
        if message.document:
            kept.append({"kind": "document", "id": message.document.file_id, "name": message.document.file_name or ""})
        if kept:
            words["attachments"] = kept
            if not text:
                words["wordless"], text = True, f"[{kept[0]['kind']}]"
        number = f"{message.chat.id}-{message.message_id}"
        if edited:
            words["edited"] = number
            number += f"-{int(message.edit_date.timestamp()) if message.edit_date else 0}"
        payload = None
        if text.startswith("/start"):
            words["invitation"] = text.removeprefix("/start").strip()
            text, payload = "/start", "/greet"
        return Inbound(
            self.name, str(message.chat.id), text or "[…]", number, message.date, payload=payload, metadata=words
        )


def _keyboard(exchange: Exchange) -> InlineKeyboardMarkup | None:
    rows = []
    for number, button in enumerate(exchange.content.get("buttons", ())):
        if "url" in button:
            if _public(button["url"]):
                rows.append([InlineKeyboardButton(button["title"], url=button["url"])])
        else:
            # A payload can be longer than the 64 bytes of callback data: the message and the place stand for it.
            rows.append([InlineKeyboardButton(button["title"], callback_data=f"{exchange.id}:{number}")])
    return InlineKeyboardMarkup(rows) if rows else None


def _plain_links(exchange: Exchange) -> str:
    """Telegram refuses buttons to addresses of the local network: such links stand in the text."""
    links = [b for b in exchange.content.get("buttons", ()) if "url" in b and not _public(b["url"])]
    return "".join(f"\n{button['title']}: {button['url']}" for button in links)


def _public(url: str) -> bool:
    return "." in (urlsplit(url).hostname or "") and not (urlsplit(url).hostname or "").replace(".", "").isdigit()


def _parts(text: str) -> list[str]:
    """The text cut at line ends, or at spaces, into what one message may hold."""
    parts, limit = [], int(MessageLimit.MAX_TEXT_LENGTH)
    while len(text) > limit:
        cut = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit))
        cut = cut if cut > 0 else limit
        parts.append(text[:cut])
        text = text[cut:].lstrip()
    return [*parts, text]


def _broken(sent: Message | None, receipt: Receipt) -> Receipt:
    """A message of several parts that broke off must not begin again from its first part."""
    return receipt if sent is None else Receipt("unsure", str(sent.message_id), f"broke off: {receipt.reason}")
