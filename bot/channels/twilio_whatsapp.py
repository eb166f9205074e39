"""WhatsApp through Twilio's Messages API: free text only as an answer within 24 hours, approved templates otherwise.

Interface: https://www.twilio.com/docs/whatsapp/api and https://www.twilio.com/docs/content. WhatsApp's business policy
lists debt collection among the uses that it bars: the operator attests that theirs is allowed, or the channel is off.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.channels import Setup, SetupError
from bot.channels.twilio import Twilio
from bot.domain.compliance import UNASKED
from bot.domain.messages import Exchange
from bot.ports import Arrival, Callback, Inbound, Receipt

WINDOW = timedelta(hours=24)
PREFIX = "whatsapp:"


class TwilioWhatsapp(Twilio):
    """One WhatsApp sender. `templates` names Twilio's content SID for each response and language."""

    per_second: float | None = 20.0
    options = frozenset({"sender", "api", "attested", "templates"})

    def __init__(self, setup: Setup) -> None:
        if not setup.options.get("attested"):
            raise SetupError(
                f"channels.{setup.name}.attested is missing: WhatsApp's policy bars many uses for collecting debts; "
                "read https://business.whatsapp.com/policy, and write who attests, and when, that yours is allowed"
            )
        sender = setup.option("sender")
        super().__init__(replace(setup, options={**setup.options, "sender": f"{PREFIX}{sender}"}))
        self._templates: Mapping[str, Any] = setup.options.get("templates") or {}

    async def send(self, exchange: Exchange) -> Receipt:
        """An answer in its own words while the window is open, anything else by its approved template."""
        if not exchange.address:
            return Receipt("rejected", reason="no_address")
        report = f"{self._callback_url}?{urlencode({'exchange': exchange.id})}"
        form = {"To": f"{PREFIX}{exchange.address}", "StatusCallback": report, **self._from}
        if exchange.purpose not in UNASKED and datetime.now(UTC) - exchange.at < WINDOW:
            return await self._post({**form, "Body": exchange.text}, exchange)
        known = self._templates.get(exchange.response or "")
        template = known.get(exchange.language) if isinstance(known, Mapping) else None
        if not template:
            return Receipt("rejected", reason=f"no approved template for {exchange.response} in {exchange.language}")
        filled = exchange.content.get("filled") or {}
        variables = {str(number): value for number, value in enumerate(filled.values(), 1)}
        form |= {"ContentSid": str(template), "ContentVariables": json.dumps(variables, ensure_ascii=False)}
        return await self._post(form, exchange)

    def read(self, callback: Callback) -> Sequence[Arrival]:
        """As for SMS; the address is the number itself."""
        return [
            replace(one, address=(one.address or "").removeprefix(PREFIX)) if isinstance(one, Inbound) else one
            for one in super().read(callback)
        ]
