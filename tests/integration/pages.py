"""The pages over a scratch book, without a process of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

import bot.app
from bot.app import App, build
from bot.conversation.turn import Contact
from bot.demo import rows
from bot.domain.dossier import Dossier
from bot.domain.money import Money
from bot.importing import check
from bot.ports import Agent, SetClock
from bot.serving import site
from bot.settings import load
from bot.understanding.reader import Reader
from bot.web.server import make_app
from bot.web.sessions import DEMO_AGENTS, hash_password

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
AGENT = Agent("agent-1", "alix@example.org", "Alix", "agent", hash_password("a long password"))


@dataclass
class House:
    """A running set of pages with what a test looks at."""

    app: App
    client: Any
    clock: SetClock

    async def get(self, path: str, **more: Any) -> tuple[int, str]:
        answer: ClientResponse = await self.client.get(path, **more)
        return answer.status, await answer.text()

    async def post(self, path: str, **form: str) -> tuple[int, str]:
        answer: ClientResponse = await self.client.post(path, data=form)
        return answer.status, await answer.text()

    async def id_of(self, ref: str) -> str:
        found = await self.app.store.customer_id(ref)
        assert found is not None
        return found

    async def dossier(self, ref: str) -> Dossier:
        found = await self.app.store.dossier(await self.id_of(ref), exchanges=500)
        assert found is not None
        return found

    async def pay_page(self, ref: str, minor: int | None = None) -> str:
        """The path of a new payment link for a sum, or for all that is open."""
        dossier = await self.dossier(ref)
        work = self.app.turns.case_for(dossier, "webchat")
        owed = dossier.balance()
        link = work.issue_link(Money(owed.currency, minor or owed.minor), "settlement")
        await self.app.store.commit(work.changes(dossier.conversation.version))
        return f"/pay/{self.app.tokens.pay(link.id)}"

    async def chat_page(self, ref: str, visit: str = "visit-1") -> str:
        return f"/chat/{self.app.tokens.chat(await self.id_of(ref), visit)}"

    async def sign_in(self) -> None:
        await self.app.store.save_agent(AGENT)
        status, _ = await self.post("/console/sign-in", email=AGENT.email, password="a long password")
        assert status == 200


async def opened(
    folder: Path, *, demo: bool = True, ready: bool = True, extra: tuple[dict[str, Any], ...] = ()
) -> House:
    """The demo's book behind the pages; messages in these tests are buttons, so that no model is needed."""
    bot.app.load_reader = lambda settings, progress: Reader(None)  # type: ignore[assignment,arg-type]
    clock = SetClock(NOW)
    environ = {
        "RELANCE_DATABASE": f"sqlite:///{folder}/b.sqlite3",
        "RELANCE_SECRET": "test",
        "RELANCE_DEMO": str(int(demo)),
    }
    app = await build(load(environ=environ), clock)
    await app.store.import_rows(rows(NOW.date()), False)
    await app.store.import_rows([check(n, row) for n, row in enumerate(extra, 1)], False)
    for email in DEMO_AGENTS:
        await app.store.save_agent(Agent(email, email, email.split("@")[0].title(), "agent", ""))
    client = TestClient(TestServer(make_app(site(app, lambda: ready))))
    await client.start_server()
    return House(app, client, clock)


async def play(house: House, ref: str, intent: str) -> None:
    """Let the dialogue speak first, as a planned contact does."""
    dossier = await house.dossier(ref)
    work = house.app.turns.case_for(dossier, "webchat")
    queued, events = await house.app.turns.play(work, Contact(intent, "webchat", None, "reply"))
    await house.app.store.commit(work.changes(dossier.conversation.version, queued, events=events))
