"""One-off work on the book from the command line: a chat, a tick, a look, a verification."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.accounting import journal, prove
from bot.app import App, attested, build, open_book, referrals
from bot.campaigns import load_strategies
from bot.conversation.handoff import NotYours
from bot.conversation.referrals import CaseFile
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.messages import OUT, Exchange, first_broken
from bot.intake import take_in
from bot.packs import load_packs
from bot.ports import Clock, SetClock, SystemClock, new_id
from bot.retrying import Learned
from bot.settings import Settings, UsageError
from bot.show import show

# A server that works on the same book may answer first: wait for it, half a minute at most.
ELSEWHERE_TRIES = 600
ELSEWHERE_PAUSE = 0.05


@asynccontextmanager
async def opened(settings: Settings, at: datetime | None, progress: Callable[[str], None]) -> AsyncIterator[App]:
    """The application without its server, on the present or on a set clock."""
    clock: Clock = SetClock(at.astimezone(UTC)) if at else SystemClock()
    running = await build(settings, clock, progress)
    try:
        yield running
    finally:
        await running.close()


async def referred(
    settings: Settings, ref: str, folder: Path, agency: str | None, by: str | None, recall: str | None,
    at: datetime | None, progress: Callable[[str], None],
) -> dict[str, Any]:  # fmt: skip
    """Write a case's file for an agency; give the case away or take it back where that is asked. Raises UsageError."""
    async with opened(settings, at, progress) as running:
        customer_id, way = await running.store.customer_id(ref), referrals(running)
        if customer_id is None:
            raise UsageError(f"no customer has the reference {ref!r}; `relance import` brings customers in")
        who = await running.store.agent(by.lower()) if by else None
        if (agency or recall) and who is None:
            raise UsageError(f"no admin signs in as {by!r}; name yours with --by, or add one: relance add-agent")
        try:
            if recall and who:
                await way.take_back(customer_id, recall, who)
                return {"ref": ref, "recalled": True}
            made = await (way.give(customer_id, agency, who) if agency and who else way.file(customer_id))
        except (ValueError, NotYours) as problem:
            raise UsageError(f"{ref}: {problem}") from None
    against = [] if agency else list(made.objections)
    return {"ref": ref, "referred": agency or None, "objections": against, "files": _written(made, folder)}


def _written(made: CaseFile, folder: Path) -> list[str]:
    """The file of a case in a folder, for the owner's eyes."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = "".join(char if char.isalnum() or char in "-_" else "_" for char in made.ref)
    files = []
    for kind, body in (("json", made.json), ("pdf", made.pdf)):
        file = folder / f"{stem}.{kind}"
        file.touch(mode=0o600)
        file.write_bytes(body)
        files.append(str(file))
    return files


async def shown(settings: Settings, ref: str, at: datetime | None) -> dict[str, Any]:
    """A customer's dossier as JSON."""
    store = await open_book(settings, existing=True)
    try:
        customer_id = await store.customer_id(ref)
        dossier = await store.dossier(customer_id, exchanges=1000) if customer_id else None
        if dossier is None:
            raise UsageError(f"no customer has the reference {ref!r}; `relance import` brings customers in")
        strategies, governor = (
            load_strategies(settings.dialogues / "strategies"),
            Governor(load_packs(), settings.role, attested(settings)),
        )
        now, learned = at or datetime.now(UTC), Learned(settings.retries)
        await learned.learn(store, now)
        return show(dossier, strategies, now, governor, learned(now.date()))
    finally:
        await store.close()


async def verify(settings: Settings, ref: str | None) -> tuple[str | None, int]:
    """Check one or all hash chains; returns the first broken link in words, and how many conversations were read."""
    store = await open_book(settings, existing=True)
    count, after = 0, ""
    try:
        if ref is not None:
            one = await store.customer_id(ref)
            if one is None:
                raise UsageError(f"no customer has the reference {ref!r}")
            pages = [one]
        while ref is not None or (pages := await store.customers(after)):
            for customer_id in pages:
                count += 1
                dossier = await store.dossier(customer_id, exchanges=0)
                if dossier is None:
                    return f"customer {customer_id}: the conversation is missing", count
                head = dossier.conversation
                if broken := first_broken(await store.log(customer_id), head.log_seq, head.log_hash):
                    return f"{dossier.customer.ref}: {broken[1]}", count
            if ref is not None:
                break
            after = pages[-1]
        return None, count
    finally:
        await store.close()


async def proved(settings: Settings, ref: str | None) -> dict[str, Any]:
    """The proof of one or all ledgers, with the journal of one."""
    store = await open_book(settings, existing=True)
    try:
        report = await prove(store, ref)
        return {**report, "journal": await journal(store, ref)} if ref is not None else report
    finally:
        await store.close()


@dataclass
class Chat:
    """A customer's side of a conversation, as the machine interface plays it."""

    app: App
    customer_id: str
    channel: str
    address: str | None

    @classmethod
    async def start(
        cls, settings: Settings, ref: str, channel: str, at: datetime | None, identified: bool,
        progress: Callable[[str], None],
    ) -> "Chat":  # fmt: skip
        """Open the book and find the customer; raises UsageError when there is none."""
        clock: Clock = SetClock(at.astimezone(UTC)) if at else SystemClock()
        app = await build(settings, clock, progress)
        customer_id = await app.store.customer_id(ref)
        dossier = await app.store.dossier(customer_id) if customer_id else None
        if customer_id is None or dossier is None:
            await app.close()
            raise UsageError(f"no customer has the reference {ref!r}; `relance import` brings customers in")
        if channel not in app.channels:
            await app.close()
            raise UsageError(f"no channel {channel!r} in the configuration; there are {', '.join(app.channels)}")
        work = app.turns.case_for(dossier, channel)
        if identified and not work.identified:
            work.identify("the caller's word (--identified)")
            await app.store.commit(work.changes(dossier.conversation.version))
        return cls(app, customer_id, channel, work.address)

    async def turn(self, item: dict[str, Any]) -> dict[str, Any]:
        """One message in, what the bot answers out."""
        clock = self.app.clock
        if "now" in item and isinstance(clock, SetClock):
            clock.at = datetime.fromisoformat(item["now"]).astimezone(UTC)
        text, payload = item.get("text"), item.get("payload")
        if not isinstance(text, str) and not isinstance(payload, str):
            raise ValueError('expected {"text": "..."} or {"payload": "/intent{...}"}')
        message_id = new_id()
        await take_in(
            self.app.store, clock, self.customer_id, self.channel, str(text if text is not None else payload),
            message_id, payload=payload, address=self.address,
        )  # fmt: skip
        answers = await self.app.worker.answer(self.customer_id)
        if not answers:
            return await self._answered_elsewhere(message_id)
        dossier = await self.app.store.dossier(self.customer_id, exchanges=1)
        queued = [reply for answer in answers for reply in answer.replies]
        intent = next((a.reading.intent for a in reversed(answers) if a.reading), None)
        return _told(queued, intent, dossier)

    async def _answered_elsewhere(self, message_id: str) -> dict[str, Any]:
        """What a server on the same book answered, where it was quicker than this process; raises UsageError."""
        for _ in range(ELSEWHERE_TRIES):
            dossier = await self.app.store.dossier(self.customer_id)
            rows = dossier.exchanges if dossier else ()
            message = next((row for row in rows if row.provider_message_id == message_id), None)
            if dossier and message and message.state != "received":
                said = [row for row in rows if row.in_reply_to == message.id and row.direction == OUT]
                heard = (e for e in reversed(dossier.events) if e.get("event") == "user")
                return _told(said, next((e["parse_data"]["intent"]["name"] for e in heard), None), dossier)
            await asyncio.sleep(ELSEWHERE_PAUSE)
        raise UsageError("another process works on this book and has not answered; try again in a moment")

    async def close(self) -> None:
        """Release the database."""
        await self.app.close()


def _told(said: Sequence[Exchange], intent: str | None, dossier: Dossier | None) -> dict[str, Any]:
    return {
        "replies": [
            {"text": r.text, "buttons": list(r.content.get("buttons", ())), "response": r.response} for r in said
        ],
        "intent": intent,
        "status": dossier.conversation.status if dossier else None,
    }
