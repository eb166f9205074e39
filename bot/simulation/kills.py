"""Workers that die at random moments: between a decision and its record, or between a send and its receipt.

The book survives them, everything in memory is lost; what stood in mid-send is reconciled as after any crash.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.app import App
from bot.campaigns import Campaigns
from bot.charging import Charges
from bot.delivery import Delivery
from bot.domain.messages import Exchange
from bot.payments import Payments
from bot.ports import Clock, Receipt
from bot.retrying import rules
from bot.worker import Worker

# The writes at which a process may die, before or after them.
_WRITES = frozenset({"commit", "move", "close_notice", "receive"})


class Killed(BaseException):
    """The process is gone. No code of the program may catch this, as none could."""


@dataclass
class Fate:
    """When the worker dies; `share` is the chance at each write and each send. One that has died does nothing more."""

    chance: random.Random
    share: float
    dead: bool = False
    deaths: int = 0

    def here(self) -> None:
        """Die here, perhaps."""
        if self.dead or self.chance.random() < self.share:
            self.deaths += not self.dead
            self.dead = True
            raise Killed


class MortalStore:
    """The store as a process sees it that may die at any of its writes."""

    def __init__(self, store: Any, fate: Fate) -> None:
        self._store, self._fate = store, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._mortal(found) if name in _WRITES else found

    def _mortal(self, write: Callable[..., Any]) -> Callable[..., Any]:
        async def perhaps(*args: Any, **named: Any) -> Any:
            self._fate.here()
            done = await write(*args, **named)
            self._fate.here()
            return done

        return perhaps


@dataclass
class Carrier:
    """A carrier that shows twice what is sent twice. `told`: when it really took which message; outlives workers."""

    name: str
    fate: Fate
    clock: Clock
    told: dict[str, list[datetime]]
    idempotent = False

    async def send(self, exchange: Exchange) -> Receipt:
        """Take the message; the worker may die before that, or before it hears so."""
        self.fate.here()
        if not exchange.address and exchange.purpose != "reply":
            return Receipt("rejected", reason="no_address")
        self.told.setdefault(exchange.id, []).append(self.clock.now())
        self.fate.here()
        return Receipt("sent", f"carrier-{exchange.id}")

    async def close(self) -> None:
        """Nothing is held."""


def mortal(app: App, fate: Fate) -> Worker:
    """A fresh worker over the same book, as after a start of the program, that dies by `fate`."""
    store: Any = MortalStore(app.store, fate)
    turns = replace(app.turns, store=store)
    delivery = Delivery(store, app.channels, app.clock, app.campaigns.governor, app.delivery.content)
    payments = Payments(store, turns, app.provider)
    campaigns = Campaigns(store, turns, app.campaigns.strategies, app.clock, app.campaigns.governor)
    charges = Charges(store, turns, app.provider, rules, app.clock, app.campaigns.governor)
    return Worker(store, turns, delivery, payments, campaigns, charges, app.clock)
