"""The composition root: the only module that names concrete adapters."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from rasa_sdk.interfaces import Action

import actions
from bot.accounting import load_orders
from bot.campaigns import Campaigns, load_strategies
from bot.channels import Setup, SetupError
from bot.channels.call_desk import CallDesk
from bot.channels.demo_phone import DemoPhone
from bot.channels.kannel import Kannel
from bot.channels.letter_folder import LetterFolder
from bot.channels.mailbox import Mailbox
from bot.channels.telegram_bot import TelegramBot
from bot.channels.twilio import Twilio
from bot.channels.twilio_whatsapp import TwilioWhatsapp
from bot.channels.webchat import Webchat
from bot.charging import Charges
from bot.conversation.dialogue import respond
from bot.conversation.loading import load_script
from bot.conversation.required import Required
from bot.conversation.script import Script
from bot.conversation.turn import Turns
from bot.delivery import Delivery
from bot.domain.accounts import PaymentLink
from bot.domain.content import Content
from bot.domain.governor.judge import Governor
from bot.domain.messages import Exchange
from bot.domain.office import OfficeHours
from bot.domain.support import Support
from bot.i18n import Catalogues
from bot.late_booking import LateBooking
from bot.packs import load_evidence, load_packs, load_wording
from bot.payments import Payments
from bot.ports import Channel, Clock, Files, PaymentProvider, Store, SystemClock
from bot.rasa.bridge import Bridge
from bot.rasa.project import endpoints
from bot.reception import Reception
from bot.retrying import Learned
from bot.settings import Settings, SettingsError, read_yaml
from bot.storage.files import FolderFiles
from bot.storage.sqlite import SqliteStore, open_store
from bot.understanding.learning import model_of
from bot.understanding.reader import Reader
from bot.worker import Worker
from payment_links.sandbox import Sandbox
from payment_links.tokens import Tokens

Adapter = Webchat | DemoPhone | TelegramBot | Kannel | Twilio | Mailbox | LetterFolder | CallDesk | TwilioWhatsapp
CHANNELS: Mapping[str, type[Adapter]] = {
    "webchat": Webchat, "demo_phone": DemoPhone, "telegram_bot": TelegramBot, "kannel": Kannel, "twilio": Twilio,
    "mailbox": Mailbox, "letter_folder": LetterFolder,
    "call_desk": CallDesk, "twilio_whatsapp": TwilioWhatsapp,
}  # fmt: skip


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
    reception: Reception
    tokens: Tokens
    provider: PaymentProvider
    channels: Mapping[str, Channel]
    files: Files
    rules: Learned
    bridge: Bridge | None = None

    async def close(self) -> None:
        """Finish what waits and release the database."""
        if self.bridge is not None:
            await self.bridge.close()
        for channel in self.channels.values():
            await channel.close()
        await self.provider.close()
        await self.store.close()


async def open_book(settings: Settings, *, existing: bool = False, scratch: bool = False) -> Store:
    """The book that the settings name, made when absent unless it must be `existing`; raises StorageError.

    A `scratch` book has one user and is thrown away: it does not wait for the disk.
    """
    store = await open_store(settings.database, existing=existing, orders=load_orders())
    if scratch and isinstance(store, SqliteStore):
        await store.relax()
    return store


def load_reader(settings: Settings, progress: Callable[[str], None] = silent) -> Reader:
    """The trained understanding, from its cache or trained now, in a process of its own."""
    return Reader(model_of(sorted((settings.dialogues / "nlu").glob("*.yml")), settings.cache, progress))


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


def load_support(dialogues: Path) -> Support:
    """Helplines and debt advice by country; raises SupportError."""
    path = dialogues / "helplines.yml"
    return Support.read(read_yaml(path), str(path)) if path.is_file() else Support()


async def build(
    settings: Settings, clock: Clock | None = None, progress: Callable[[str], None] = silent,
    reader: Reader | None = None, *, scratch: bool = False,
) -> App:  # fmt: skip
    """Wire the parts, with a reader that is at hand or the one of the settings; raises SettingsError,
    ScriptErrors, StrategyError or StorageError with place and remedy.
    """
    clock = clock or SystemClock()
    script = load_script([settings.dialogues], settings.raw)
    catalogues = Catalogues(settings.locales)
    strategies = load_strategies(settings.dialogues / "strategies")
    tokens = Tokens(settings.secret)
    channels = make_channels(settings, tokens)
    public_url = settings.public_url
    provider = make_provider(settings, tokens, clock)
    store = await open_book(settings, scratch=scratch)
    reader = reader or load_reader(settings, progress)

    def link_url(link: PaymentLink) -> str:
        return f"{public_url}/pay/{tokens.pay(link.id)}"

    bridge = await _bridge(settings, catalogues)
    packs = load_packs()
    governor = Governor(packs, settings.role, attested(settings))
    support = load_support(settings.dialogues)
    learned = Learned(settings.retries)
    await learned.learn(store, clock.now())
    turns = Turns(
        store=store, script=script, actions=load_actions(), catalogues=catalogues, reader=reader, clock=clock,
        creditor=settings.creditor, policy=settings.policy(), link_url=link_url,
        fallback_below=float((settings.raw.get("understanding") or {}).get("fallback_below", 0.35)),
        office=OfficeHours.read(settings.raw.get("hours") or {}), support=support,
        required=Required(governor, load_evidence(), script, catalogues, settings.creditor, f"{public_url}/privacy",
                          support),
        rules=learned, engine=bridge.respond if bridge else respond,
    )  # fmt: skip
    content = Content(load_wording(packs), tuple(filter(None, [str(settings.creditor.get("iban") or "")])))
    delivery = Delivery(store, channels, clock, governor, content)
    payments = Payments(store, turns, provider)
    campaigns = Campaigns(store, turns, strategies, clock, governor)
    charges = Charges(store, turns, provider, learned, clock, governor, learned.learn)
    late = LateBooking(store, turns, governor, clock, settings.creditor.get("late_charges"))
    worker = Worker(store, turns, delivery, payments, campaigns, charges, clock, late)
    files = FolderFiles(settings.beside / "attachments")
    reception = Reception(store, turns, channels, catalogues, tokens, clock, worker.wake, files)
    return App(
        settings, clock, store, script, catalogues, reader, turns, delivery, payments, campaigns, worker, reception,
        tokens, provider, channels, files, learned, bridge,
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


def print_copies(settings: Settings, told: Mapping[str, Any], language: str, at: datetime) -> bytes:
    """Copies of invoices as one PDF."""
    from bot.documents.invoice import copies

    return copies(told, language, Catalogues(settings.locales), at)


def _carried(settings: Settings, message: Exchange) -> bytes:
    return print_copies(settings, message.content["copies"], message.language or "en", message.at)


def attested(settings: Settings) -> bool:
    """Whether the operator states that WhatsApp's policy lets them write to customers about debts."""
    chosen = (settings.raw.get("channels") or {}).get("whatsapp")
    return isinstance(chosen, Mapping) and bool(chosen.get("attested"))


def make_channels(settings: Settings, tokens: Tokens) -> dict[str, Channel]:
    """The configured channels by name; raises SettingsError with the setting's place."""
    made: dict[str, Channel] = {}
    for name, given in (settings.raw.get("channels") or {"webchat": "webchat"}).items():
        chosen = {"adapter": given} if isinstance(given, str) else dict(given or {})
        place = f"{settings.file}: channels.{name}"
        adapter = chosen.pop("adapter", None)
        if adapter not in CHANNELS:
            raise SettingsError(f"{place}: no adapter {adapter!r}; known: {', '.join(sorted(CHANNELS))}")
        kind = CHANNELS[adapter]
        for option in chosen.keys() - kind.options:
            known = ", ".join(sorted(kind.options)) or "none"
            raise SettingsError(f"{place}.{option}: no option of {adapter}; its options: {known}")
        key = tokens.callback_key(name)
        address = f"{settings.public_url}/hooks/{name}"
        setup = Setup(
            name, chosen, settings.channel_secret(name), address, key, settings.creditor,
            unsubscribe=partial(_unsubscribe_url, settings.public_url, tokens, name),
            print_letters=partial(print_letters, settings), print_copies=partial(_carried, settings),
            beside=settings.beside,
        )  # fmt: skip
        try:
            made[name] = kind(setup)
        except SetupError as error:
            raise SettingsError(f"{settings.file}: {error}") from None
    return made


def print_letters(settings: Settings, letters: Sequence[Exchange]) -> bytes:
    """These letters as one PDF, their addresses where the envelope's window is."""
    # Loaded on demand: typesetting is heavy, and most runs print nothing.
    from bot.documents.letter import letters as set_letters

    chosen = (settings.raw.get("channels") or {}).get("letter")
    window = chosen.get("window", "left") if isinstance(chosen, Mapping) else "left"
    return set_letters(letters, Catalogues(settings.locales), str(window))


def _unsubscribe_url(public_url: str, tokens: Tokens, channel: str, customer_id: str) -> str:
    return f"{public_url}/unsubscribe/{tokens.unsubscription(customer_id, channel)}"


def make_provider(settings: Settings, tokens: Tokens, clock: Clock) -> PaymentProvider:
    """The configured payment provider; raises SettingsError with the setting's place."""
    chosen = settings.raw.get("payments") or {}
    name = chosen.get("provider", "sandbox")
    if name == "sandbox":
        return Sandbox(settings.public_url, tokens)
    if name != "stripe":
        raise SettingsError(f"{settings.file}: payments.provider: {name!r} is not known; use sandbox or stripe")
    # Loaded on demand: its library is large, and the sandbox needs none of it.
    from payment_links.stripe_checkout import StripeCheckout

    return StripeCheckout(
        settings.provider_secret("stripe", "key"), settings.provider_secret("stripe", "webhook_secret"),
        settings.public_url, tokens, clock, chosen.get("api"),
    )  # fmt: skip
