"""SMS through Twilio's Messages API.

Interface: https://www.twilio.com/docs/messaging/api/message-resource; signatures:
https://www.twilio.com/docs/usage/security#validating-requests; codes: https://www.twilio.com/docs/api/errors.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import aiohttp

from bot.channels import Setup
from bot.domain.messages import Exchange
from bot.ports import Arrival, Callback, DeliveryReport, Forged, Inbound, Malformed, Receipt

PATIENCE = aiohttp.ClientTimeout(total=20)
# 21211 and 21614 no mobile number, 21610 the person texted STOP to the carrier, 30003 unreachable for good,
# 30005 unknown number, 30006 landline.
GONE = frozenset({21211, 21610, 21614, 30005, 30006})
BUSY = timedelta(seconds=30)
ENDED = {"delivered": "delivered", "read": "delivered", "undelivered": "failed", "failed": "failed"}


class Twilio:
    """One account and sender. The form posts that Twilio sends us are signed with the account's token."""

    idempotent = False
    # One segment a second from a long number (support article on queues); more with other senders: per_second.
    per_second: float | None = 1.0
    thanks = ("<?xml version='1.0' encoding='UTF-8'?><Response/>", "text/xml")
    options = frozenset({"sender", "messaging_service", "api"})

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._account, self._token = setup.secret("account"), setup.secret("token")
        service = setup.options.get("messaging_service")
        self._from = {"MessagingServiceSid": str(service)} if service else {"From": setup.option("sender")}
        api = str(setup.options.get("api", "https://api.twilio.com")).rstrip("/")
        self._url = f"{api}/2010-04-01/Accounts/{self._account}/Messages.json"
        word = base64.b64encode(f"{self._account}:{self._token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {word}"}
        self._callback_url = setup.callback_url
        self._session: aiohttp.ClientSession | None = None

    @property
    def callback_address(self) -> str:
        """Where the provider calls."""
        return self._callback_url

    async def send(self, exchange: Exchange) -> Receipt:
        """Hand one text to Twilio."""
        if not exchange.address:
            return Receipt("rejected", reason="no_address")
        report = f"{self._callback_url}?{urlencode({'exchange': exchange.id})}"
        form = {"To": exchange.address, "Body": exchange.text, "StatusCallback": report, **self._from}
        return await self._post(form, exchange)

    async def _post(self, form: Mapping[str, str], exchange: Exchange) -> Receipt:
        self._session = self._session or aiohttp.ClientSession(timeout=PATIENCE, headers=self._headers)
        try:
            async with self._session.post(self._url, data=form) as answer:
                told = await answer.json(content_type=None)
        except TimeoutError:
            return Receipt("unsure", reason="timed out")
        except aiohttp.ClientConnectorError as error:
            return Receipt("failed", reason=f"Twilio is not reached: {error}")
        except (aiohttp.ClientError, ValueError) as error:
            return Receipt("unsure", reason=str(error) or type(error).__name__)
        told = told if isinstance(told, dict) else {}
        if answer.status in (200, 201):
            return Receipt("sent", str(told.get("sid") or exchange.id))
        code, words = told.get("code"), f"{told.get('code', answer.status)} {told.get('message', '')}".strip()
        if code in GONE:
            return Receipt("closed", reason=words)
        if answer.status == 429 or answer.status >= 500:
            return Receipt("failed", reason=words, retry_after=BUSY if answer.status == 429 else None)
        return Receipt("rejected", reason=words)

    def read(self, callback: Callback) -> Sequence[Arrival]:
        """A message (From, Body, MessageSid) or a status (exchange, MessageStatus)."""
        form = dict(parse_qsl(callback.body.decode("utf-8", "replace"), keep_blank_values=True))
        given = callback.headers.get("X-Twilio-Signature", "")
        if not hmac.compare_digest(given.encode(), signature(self._token, callback.url, form).encode()):
            raise Forged("the signature is missing or wrong")
        if "exchange" in callback.query:
            state = ENDED.get(form.get("MessageStatus", ""))
            if state is None:
                return []
            code = form.get("ErrorCode", "")
            gone = code.isdigit() and int(code) in GONE
            return [DeliveryReport(self.name, callback.query["exchange"], "closed" if gone else state, code or None)]
        missing = [name for name in ("From", "Body", "MessageSid") if name not in form]
        if missing:
            raise Malformed(f"{', '.join(missing)} missing")
        return [Inbound(self.name, form["From"], form["Body"] or "[…]", form["MessageSid"], datetime.now(UTC))]

    async def close(self) -> None:
        """Release connections."""
        if self._session is not None:
            await self._session.close()


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """What Twilio writes into X-Twilio-Signature for a form post."""
    told = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()).decode()
