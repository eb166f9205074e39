"""Stand-ins for Twilio's Messages resource and for Kannel's sendsms."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

ACCOUNT, TOKEN = "AC" + "a" * 32, "12345"


class TwilioApi:
    """https://www.twilio.com/docs/messaging/api/message-resource; `trouble` answers the next calls.

    `meanwhile` gets the status callback address before the call is answered.
    """

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.trouble: list[tuple[int, dict[str, Any]]] = []
        self.meanwhile: Callable[[str], Awaitable[Any]] | None = None
        self.app = web.Application()
        self.app.router.add_post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", self.messages)

    async def messages(self, request: web.Request) -> web.Response:
        wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != wanted:
            return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if self.trouble:
            status, body = self.trouble.pop(0)
            return web.json_response(body, status=status)
        if not form.get("To", "").removeprefix("whatsapp:").startswith("+"):
            return web.json_response({"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}, status=400)
        self.sent.append(form)
        if self.meanwhile is not None:
            await self.meanwhile(form["StatusCallback"])
        return web.json_response({"sid": f"SM{len(self.sent):032}", "status": "queued"}, status=201)


class KannelGateway:
    """Kannel's user's guide, table "SMS push reply codes"; `hang` leaves a call without an answer."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.trouble: list[int] = []
        self.hang = asyncio.Event()
        self.hang.set()
        self.app = web.Application()
        self.app.router.add_get("/cgi-bin/sendsms", self.sendsms)

    async def sendsms(self, request: web.Request) -> web.Response:
        await self.hang.wait()
        if (request.query.get("username"), request.query.get("password")) != ("tester", "foobar"):
            return web.Response(status=403, text="Authorization failed for sendsms")
        if self.trouble:
            return web.Response(status=self.trouble.pop(0), text="Temporal failure, try again later.")
        self.sent.append(dict(request.query))
        return web.Response(status=202, text="0: Accepted for delivery")
