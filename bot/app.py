"""The composition root: the only module that names concrete adapters."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk.interfaces import Action

import actions
from bot.campaigns import Campaigns, load_strategies
from bot.channels.demo_phone import DemoPhone
from bot.channels.webchat import Webchat
from bot.conversation.dialogue import respond
from bot.conversation.loading import load_script
from bot.conversation.script import Script
from bot.conversation.turn import Turns
from bot.delivery import Delivery
from bot.domain.accounts import PaymentLink
from bot.i18n import Catalogues
from bot.payments import Payments
from bot.ports import Channel, Clock, Store, SystemClock
from bot.rasa.bridge import Bridge
from bot.rasa.project import endpoints
from bot.settings import Settings, SettingsError
from bot.storage.sqlite import open_store
from bot.understanding.reader import Reader
from bot.understanding.training import load_or_train
from bot.worker import Worker
from payment_links.sandbox import Sandbox
from payment_links.tokens import Tokens

CHANNELS: Mapping[str, Callable[[str], Channel]] = {"webchat": Webchat, "demo_phone": DemoPhone}


def silent(message: str) -> None:
    """Say nothing of progress."""


@dataclass
class App:
    """Everything that runs, wired together."""

    settings: Settings
    clock: Clock
    store: Store
    script: Script
    catalogues: Catalogues
    reader: Reader
    turns: Turns
    delivery: Delivery
    payments: Payments
    campaigns: Campaigns
    worker: Worker
    tokens: Tokens
    provider: Sandbox
    channels: Mapping[str, Channel]
    bridge: Bridge | None = None

    async def close(self) -> None:
        """Finish what waits and release the database."""
        if self.bridge is not None:
            await self.bridge.close()
        await self.store.close()


async def open_book(settings: Settings, *, existing: bool = False) -> Store:
    """The book that the settings name, made when absent unless it must be `existing`; raises StorageError."""
    return await open_store(settings.database, existing=existing)


def load_reader(settings: Settings, progress: Callable[[str], None] = silent) -> Reader:
    """The trained understanding, from its cache or trained now."""
    return Reader(load_or_train(sorted((settings.dialogues / "nlu").glob("*.yml")), settings.cache, progress))


def load_actions() -> dict[str, Action]:
    """Every action of the `actions` package by its name."""
    found: dict[str, Action] = {}
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"actions.{module.name}")
        for _, kind in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(kind, Action) and kind.__module__ == loaded.__name__:
                action: Any = kind()
                if action.name():  # the bases that actions share have no name
                    found[str(action.name())] = action
    return found


async def build(settings: Settings, clock: Clock | None = None, progress: Callable[[str], None] = silent) -> App:
    """Wire the parts; raises SettingsError, ScriptErrors, StrategyError or StorageError with place and remedy."""
    clock = clock or SystemClock()
    script = load_script([settings.dialogues], settings.raw)
    catalogues = Catalogues(settings.locales)
    strategies = load_strategies(settings.dialogues / "strategies")
    channels = _channels(settings)
    tokens = Tokens(settings.secret)
    public_url = settings.public_url
    provider = Sandbox(public_url, tokens)
    store = await open_book(settings)
    reader = load_reader(settings, progress)

    def link_url(link: PaymentLink) -> str:
        return f"{public_url}/pay/{tokens.pay(link.id)}"

    bridge = await _bridge(settings, catalogues)
    turns = Turns(
        store=store, script=script, actions=load_actions(), catalogues=catalogues, reader=reader, clock=clock,
        creditor=settings.creditor, policy=settings.policy(), link_url=link_url,
        fallback_below=float((settings.raw.get("understanding") or {}).get("fallback_below", 0.35)),
        engine=bridge.respond if bridge else respond,
    )  # fmt: skip
    delivery = Delivery(store, channels, clock)
    payments = Payments(store, turns)
    campaigns = Campaigns(store, turns, strategies, clock)
    worker = Worker(store, turns, delivery, payments, campaigns, clock)
    return App(
        settings, clock, store, script, catalogues, reader, turns, delivery, payments, campaigns, worker,
        tokens, provider, channels, bridge,
    )  # fmt: skip


async def _bridge(settings: Settings, catalogues: Catalogues) -> Bridge | None:
    """The way to a Rasa server, open, when the settings ask for one."""
    if settings.raw.get("engine") != "rasa":
        return None
    told = endpoints(settings.raw)
    bridge = Bridge(
        str(told["url"]), str(told["listen"]), catalogues, timeout=float(told["timeout_seconds"]),
        understands=told["understanding"] == "rasa",
    )  # fmt: skip
    try:
        await bridge.start()
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{settings.file}: rasa.listen: {told['listen']} cannot be listened on ({error}); another Relance may run"
        ) from None
    return bridge


def _channels(settings: Settings) -> dict[str, Channel]:
    chosen: dict[str, Channel] = {}
    for name, adapter in (settings.raw.get("channels") or {"webchat": "webchat"}).items():
        if adapter not in CHANNELS:
            known = ", ".join(sorted(CHANNELS))
            raise SettingsError(f"{settings.file}: channels.{name}: no adapter {adapter!r}; known: {known}")
        chosen[name] = CHANNELS[adapter](name)
    provider = (settings.raw.get("payments") or {}).get("provider", "sandbox")
    if provider != "sandbox":
        raise SettingsError(f"{settings.file}: payments.provider: {provider!r} is not known; use sandbox")
    return chosen
