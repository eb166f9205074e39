"""The chat page: what is queued is shown by the page itself, which reads the log."""

from bot.channels import Setup
from bot.domain.messages import Exchange
from bot.ports import Receipt


class Webchat:
    """Sending is showing: the page asks for what is new, so there is nothing to transmit."""

    idempotent = True
    per_second: float | None = None

    options: frozenset[str] = frozenset()

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name

    async def send(self, exchange: Exchange) -> Receipt:
        """The exchange can be seen from its commit on."""
        return Receipt("sent", exchange.id)

    async def close(self) -> None:
        """Nothing is held."""
