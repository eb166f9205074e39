"""Telephone calls, made by people: a due call becomes a task in the console."""

from bot.channels import Setup
from bot.domain.messages import Exchange
from bot.ports import Receipt


class CallDesk:
    """The agents are the provider; their word about a call is its receipt."""

    idempotent = True
    per_second: float | None = None
    options: frozenset[str] = frozenset()

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name

    async def send(self, exchange: Exchange) -> Receipt:
        """Put the call on the list."""
        if not exchange.address:
            return Receipt("rejected", reason="no_address")
        return Receipt("calling", f"call-{exchange.id}")

    async def close(self) -> None:
        """Nothing is held."""
