"""The demo's phone, mailbox and letter box: messages stay on this machine, on a page that shows them."""

from bot.channels import Setup
from bot.domain.messages import Exchange
from bot.ports import Receipt


class DemoPhone:
    """Stands in for SMS, e-mail, Telegram or letters until a real provider is configured."""

    idempotent = True
    per_second: float | None = None

    options: frozenset[str] = frozenset()

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name

    async def send(self, exchange: Exchange) -> Receipt:
        """Accept everything that has an address."""
        if not exchange.address and exchange.purpose != "reply":
            return Receipt("rejected", reason="no_address")
        return Receipt("sent", f"demo-{exchange.id}")

    async def close(self) -> None:
        """Nothing is held."""
