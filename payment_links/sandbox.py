"""A provider that moves no money: its page is ours, and its notices take the same way as a real one's."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from bot.domain.accounts import PaymentLink
from bot.domain.dossier import Dossier
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.ports import Charged, PaymentNotice
from payment_links.tokens import Tokens


class Sandbox:
    """The test provider of the demo and of the end-to-end tests."""

    name = "sandbox"
    form_targets: tuple[str, ...] = ()

    def __init__(self, public_url: str, tokens: Tokens) -> None:
        self._public_url = public_url
        self._tokens = tokens

    async def checkout_url(self, link: PaymentLink, dossier: Dossier, amount_minor: int, save: bool = False) -> str:
        """Our own page where the visitor chooses how the pretended payment ends."""
        kept = "&save=1" if save else ""
        return f"{self._public_url}/pay/{quote(self._tokens.pay(link.id))}/card?amount={amount_minor}{kept}"

    async def charge(self, method: PaymentMethod, attempt: ChargeAttempt, dossier: Dossier) -> Charged:
        """A pretended bank. The method's reference says how it behaves: `accept`, `decline:<code>`, or
        `from:<day>:<code>`, which declines until a day, as an account does that waits for a salary.
        """
        rule, _, rest = method.reference.partition(":")
        day, _, code = rest.partition(":") if rule == "from" else ("", "", rest)
        accepted = rule == "accept" or (rule == "from" and attempt.at.date() >= date.fromisoformat(day))
        if accepted:
            return Charged("succeeded", attempt.at, f"sandbox-{attempt.id}")
        return Charged("failed", attempt.at, f"sandbox-{attempt.id}", code or "card_declined")

    async def close(self) -> None:
        """Nothing to release."""

    def notice(
        self, link: PaymentLink, amount_minor: int, succeeded: bool, event_id: str, at: datetime, save: bool = False
    ) -> PaymentNotice:
        """What a real provider would post to the webhook."""
        kind = "payment_succeeded" if succeeded else "payment_failed"
        detail: dict[str, Any] = {} if succeeded else {"decline_code": "card_declined"}
        if succeeded and save:
            detail["method"] = {"reference": "accept", "network": "visa", "label": "Visa •••• 4242"}
        return PaymentNotice(self.name, event_id, kind, link.id, link.currency, amount_minor, at, detail)
