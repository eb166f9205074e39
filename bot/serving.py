"""`relance serve`: pages, worker and store in one process."""

import asyncio
import errno
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from aiohttp import web

from bot.app import App, build, open_book, print_copies, print_letters
from bot.conversation.calls import Calls
from bot.conversation.handoff import Desk
from bot.conversation.post_room import PostRoom
from bot.demo import people, rows
from bot.ports import Agent, Asking, new_id
from bot.settings import Settings, UsageError
from bot.understanding.learning import Watch
from bot.web.server import make_app
from bot.web.sessions import DEMO_AGENTS, hash_password
from bot.web.site import Site

WEAKEST_PASSWORD = 10
ADD_AGENT = "relance add-agent you@example.org --name You"


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until interrupted."""
    listener = _listen(settings)
    try:
        import uvloop

        runner: Callable[..., None] = uvloop.run
    except ImportError:
        runner = asyncio.run
    with suppress(KeyboardInterrupt):
        runner(_serve(settings, listener, say))


async def _serve(settings: Settings, listener: socket.socket, say: Callable[[str], None]) -> None:
    settings.announce()
    running = await build(settings, progress=say)
    if settings.demo:
        await _fill(running, say)
    # The first message need not wait for the encoder, nor the start for it; whoever watches waits for /readyz.
    warming = asyncio.create_task(asyncio.to_thread(running.reader.warm))
    server = web.AppRunner(make_app(site(running, lambda: warming.done() and not warming.exception())), access_log=None)
    await server.setup()
    work = asyncio.create_task(running.worker.run())
    asking = [
        asyncio.create_task(channel.listen(running.reception.keep))
        for channel in running.channels.values()
        if isinstance(channel, Asking)
    ]
    watch = Watch(settings.dialogues / "nlu", settings.cache, running.reader, say)
    watching = asyncio.create_task(watch.run())
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await web.SockSite(server, listener).start()
        say(f"Relance is at {settings.public_url} (Ctrl+C ends it)")
        if not settings.demo:
            say(f"Agents sign in at {settings.public_url}/console once you add them: {ADD_AGENT}")
        await stop.wait()
    finally:
        await warming
        for task in (work, watching, *asking):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await server.cleanup()
        await running.close()


def site(running: App, ready: Callable[[], bool] = lambda: True) -> Site:
    """The services that the pages use."""
    return Site(
        store=running.store, desk=Desk(running.store, running.turns), delivery=running.delivery,
        tokens=running.tokens, provider=running.provider, catalogues=running.catalogues,
        strategies=running.campaigns.strategies, governor=running.campaigns.governor, clock=running.clock,
        creditor=running.settings.creditor,
        channels=running.channels, keep=running.reception.keep, unsubscribe=running.reception.unsubscribe,
        post_room=PostRoom(running.store, running.clock, running.campaigns.governor),
        files=running.files, assign=running.reception.assign,
        calls=Calls(running.store, running.turns, running.clock, running.campaigns.governor),
        print_letters=partial(print_letters, running.settings),
        print_copies=partial(print_copies, running.settings), public_url=running.settings.public_url,
        secret=running.settings.secret, demo=running.settings.demo,
        https=running.settings.public_url.startswith("https:"),
        zone=(running.settings.raw.get("hours") or {}).get("time_zone", "Europe/Paris"),
        people=people() if running.settings.demo else (), wake=running.worker.wake, answer=running.worker.answer,
        ready=ready, ahead=running.campaigns.ahead, command=called(), support=running.turns.support,
    )  # fmt: skip


def called() -> str:
    """How `relance` was called here, as it can be typed again."""
    command = Path(sys.argv[0])
    if command.name != "relance" or shutil.which("relance") == str(command.resolve()):
        return "relance"
    here = Path.cwd()
    return str(command.relative_to(here) if command.is_relative_to(here) else command)


async def create_agent(settings: Settings, email: str, name: str, role: str, password: str) -> None:
    """Add an agent, or change the one with this address."""
    if role not in ("agent", "admin"):
        raise UsageError(f"a role is agent or admin, not {role!r}")
    if "@" not in email:
        raise UsageError(f"{email!r} is no e-mail address")
    if len(password) < WEAKEST_PASSWORD:
        raise UsageError(f"a password has at least {WEAKEST_PASSWORD} characters")
    store = await open_book(settings)
    try:
        known = await store.agent(email.lower())
        await store.save_agent(
            Agent(known.id if known else new_id(), email.lower(), name, role, hash_password(password))
        )
    finally:
        await store.close()


async def _fill(running: App, say: Callable[[str], None]) -> None:
    """The demo's book and agents, on the first start only."""
    if await running.store.customers(limit=1):
        return
    say("First start: filling the demo book")
    await running.store.import_rows(rows(running.clock.now().date()), False)
    for email in DEMO_AGENTS:
        name = {"agent": "Alix", "admin": "Dominique"}[email.split("@")[0]]
        # Nobody knows this password: the demo's sign-in is the button on the door page.
        agent = Agent(new_id(), email, name, email.split("@")[0], hash_password(new_id()))
        await running.store.save_agent(agent)


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything slow happens, so that a conflict is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {settings.port} on {settings.host} is in use; stop the other program or choose another: "
                f"make run PORT={settings.port + 1}, or relance serve --port {settings.port + 1}"
            ) from None
        raise UsageError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None
    except OverflowError:
        listener.close()
        raise UsageError(f"{settings.port} is no port; choose one from 1 to 65535") from None
    return listener
