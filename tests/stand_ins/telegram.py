"""A stand-in for Telegram's Bot API: the methods that the adapter calls, with their documented limits.

https://core.telegram.org/bots/api; it keeps state, so that an update is given until the next offset forgets it.
"""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
KNOWN = {
    "sendMessage": {"chat_id", "text", "reply_markup", "link_preview_options"},
    "getUpdates": {"offset", "timeout", "allowed_updates"},
    "deleteWebhook": set(),
    "setWebhook": {"url", "secret_token", "allowed_updates"},
    "answerCallbackQuery": {"callback_query_id"},
    "getFile": {"file_id"},
    "sendDocument": {"chat_id", "document"},
}
BUTTON_LIMIT, TEXT_LIMIT, FILE_LIMIT = 64, 4096, 20 * 1024 * 1024


class Telegram:
    """Chats that exist, chats that blocked the bot, messages shown, and updates that wait."""

    def __init__(self, chats: set[int], blocked: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        self.chats, self.blocked = chats, blocked
        self.shown: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.trouble: list[tuple[int, dict[str, Any]]] = []
        self.webhook: dict[str, Any] = {}
        self.came = asyncio.Event()
        self.app = web.Application()
        self.files: dict[str, bytes] = {}
        self.app.router.add_route("*", f"/bot{TOKEN}/{{method}}", self.call)
        self.app.router.add_get(f"/file/bot{TOKEN}/{{name}}", self.download)

    def say(self, chat: int, text: str, **more: Any) -> dict[str, Any]:
        """A customer's message as an update."""
        number = len(self.calls) + len(self.updates) + 1000
        who = {"id": chat, "is_bot": False, "first_name": "C", "language_code": "fr"}
        message = {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": "private"},
                   "from": who, "text": text, **more}  # fmt: skip
        return self.push({"message": message})

    def push(self, update: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": 5000 + len(self.updates) + len(self.calls), **update}
        self.updates.append(update)
        self.came.set()
        return update

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = dict(await request.post())
        self.calls.append(method)
        if method not in KNOWN or set(form) - KNOWN[method]:
            return _no(404, f"Not Found: {method} {sorted(form)}")
        if self.trouble and method == "sendMessage":
            status, body = self.trouble.pop(0)
            return web.json_response(body, status=status)
        return await getattr(self, "on_" + method.lower())({name: str(value) for name, value in form.items()})

    async def on_sendmessage(self, form: dict[str, str]) -> web.Response:
        chat = int(form["chat_id"])
        if chat in self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        if chat not in self.chats:
            return _no(400, "Bad Request: chat not found")
        if not 0 < len(form["text"]) <= TEXT_LIMIT:
            return _no(400, "Bad Request: message is too long")
        markup = json.loads(form.get("reply_markup", "{}"))
        for row in markup.get("inline_keyboard", ()):
            for button in row:
                if len(button.get("callback_data", "").encode()) > BUTTON_LIMIT:
                    return _no(400, "Bad Request: BUTTON_DATA_INVALID")
                if "url" in button and "." not in (urlsplit(button["url"]).hostname or ""):
                    return _no(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
        message = {"message_id": len(self.shown) + 1, "date": int(time.time()),
                   "chat": {"id": chat, "type": "private"}, "text": form["text"]}  # fmt: skip
        self.shown.append({**message, "reply_markup": markup})
        return _yes(message)

    async def on_getupdates(self, form: dict[str, str]) -> web.Response:
        offset = int(form.get("offset", 0))
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            self.came.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.came.wait(), float(form.get("timeout", 0)))
        return _yes(self.updates)

    async def on_senddocument(self, form: dict[str, str]) -> web.Response:
        document = {"file_id": "d1", "file_unique_id": "d1"}
        message = {"message_id": len(self.shown) + 1, "date": int(time.time()), "document": document,
                   "chat": {"id": int(form["chat_id"]), "type": "private"}}  # fmt: skip
        self.shown.append({**message, "text": "", "reply_markup": {}})
        return _yes(message)

    async def on_getfile(self, form: dict[str, str]) -> web.Response:
        body = self.files.get(form["file_id"])
        if body is None:
            return _no(400, "Bad Request: invalid file_id")
        if len(body) > FILE_LIMIT:
            return _no(400, "Bad Request: file is too big")
        told = {"file_id": form["file_id"], "file_unique_id": form["file_id"], "file_size": len(body)}
        return _yes({**told, "file_path": form["file_id"]})

    async def download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def on_setwebhook(self, form: dict[str, str]) -> web.Response:
        self.webhook = form
        return _yes(True)

    async def on_deletewebhook(self, form: dict[str, str]) -> web.Response:
        return _yes(True)

    async def on_answercallbackquery(self, form: dict[str, str]) -> web.Response:
        return _yes(True)


def _yes(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _no(status: int, words: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": status, "description": words}, status=status)
