"""SMS through Kannel, the open gateway to any carrier.

Interface: Kannel user's guide, "Using the HTTP interface to send SMS messages" and "Delivery reports"
(https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html).
"""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

import aiohttp

from bot.channels import Setup
from bot.channels.numbers import international
from bot.domain.messages import Exchange
from bot.domain.sms import is_gsm
from bot.ports import Arrival, Callback, DeliveryReport, Forged, Inbound, Malformed, Receipt

PATIENCE = aiohttp.ClientTimeout(total=20)
# Which reports to send back: 1 delivered, 2 failed, 8 accepted by the centre, 16 refused by it.
REPORTS = 1 | 2 | 8 | 16
DELIVERED, FAILED, REFUSED = "1", "2", "16"


class Kannel:
    """One sendsms user. Messages and reports come back to our callback address, which holds a key of its own."""

    idempotent = False
    # Carriers' limits lie between one and some hundreds; Kannel's own throughput setting goes before.
    per_second: float | None = 10.0
    thanks = ("", "text/plain")
    options = frozenset({"url", "sender"})

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._url = setup.option("url")
        self._sender = str(setup.options.get("sender", ""))
        self._user, self._password = setup.secret("user"), setup.secret("password")
        self._callback_url, self._key = setup.callback_url, setup.callback_key
        self._session: aiohttp.ClientSession | None = None

    @property
    def callback_address(self) -> str:
        """What stands as get-url in the gateway's sms-service group."""
        return f"{self._callback_url}?key={self._key}&from=%p&text=%b&id=%I"

    async def send(self, exchange: Exchange) -> Receipt:
        """Hand one text to the gateway; it cuts long ones into segments."""
        if not exchange.address:
            return Receipt("rejected", reason="no_address")
        report = urlencode({"key": self._key, "exchange": exchange.id}) + "&report=%d&answer=%A"
        query = {
            "username": self._user, "password": self._password, "to": exchange.address, "text": exchange.text,
            "charset": "UTF-8", "coding": "0" if is_gsm(exchange.text) else "2", "dlr-mask": str(REPORTS),
            "dlr-url": f"{self._callback_url}?{report}",
        }  # fmt: skip
        if self._sender:
            query["from"] = self._sender
        self._session = self._session or aiohttp.ClientSession(timeout=PATIENCE)
        try:
            async with self._session.get(self._url, params=query) as answer:
                words = (await answer.text())[:200].strip()
        except TimeoutError:
            return Receipt("unsure", reason="timed out")
        except aiohttp.ClientConnectorError as error:
            return Receipt("failed", reason=f"the gateway is not reached: {error.os_error.strerror or error}")
        except aiohttp.ClientError as error:
            return Receipt("unsure", reason=str(error) or type(error).__name__)
        if answer.status in (200, 202):
            return Receipt("sent", exchange.id)
        return Receipt("failed" if answer.status >= 500 else "rejected", reason=f"{answer.status} {words}")

    def read(self, callback: Callback) -> Sequence[Arrival]:
        """A message (from, text, id) or a delivery report (exchange, report)."""
        query = callback.query
        if not hmac.compare_digest(query.get("key", "").encode(), self._key.encode()):
            raise Forged("the key is missing or wrong")
        if "exchange" in query:
            state = {DELIVERED: "delivered", FAILED: "failed", REFUSED: "failed"}.get(query.get("report", ""))
            if state is None:
                return []
            return [DeliveryReport(self.name, query["exchange"], state, query.get("answer") or None)]
        missing = [name for name in ("from", "text", "id") if name not in query]
        if missing:
            raise Malformed(f"{', '.join(missing)} missing: see the channel guide for the sms-service line")
        sender = international(query["from"])
        return [Inbound(self.name, sender, query["text"], query["id"], datetime.now(UTC))]

    async def close(self) -> None:
        """Release connections."""
        if self._session is not None:
            await self._session.close()
