"""Letters that wait to be printed: judged once more on the day when they are posted, and on record by whom."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.compliance import UNASKED, Verdict, assess
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.letters import too_late
from bot.domain.messages import NOTE, Exchange
from bot.ports import Agent, Clock, Store, new_id

WAITING = "printing"


class SetAside(ValueError):
    """The letter may not be posted any more; the message says why."""


@dataclass
class PostRoom:
    """What agents do with letters."""

    store: Store
    clock: Clock
    governor: Governor | None = None

    async def waiting(self) -> list[tuple[Dossier, Exchange, str]]:
        """Letters to be printed and posted, oldest first, with what stands against each by now, if anything."""
        found = []
        for letter in await self.store.outbound("letter", WAITING):
            dossier = await self.store.dossier(letter.conversation_id)
            if dossier is not None:
                found.append((dossier, letter, self.objection(letter, dossier, self.clock.now())[0]))
        return found

    async def posted(self, letter_id: str, agent: Agent) -> None:
        """It is in the post; raises SetAside where it may not leave, LookupError where it does not wait."""
        letter, dossier = await self._letter(letter_id)
        now = self.clock.now()
        why, verdict = self.objection(letter, dossier, now)
        if why:
            told = _note(letter, now, "set_aside", f"the letter was not posted: {why}", verdict)
            await self.store.move(letter, "withheld", note=told, receipt=verdict.rule if verdict else "not_posted")
            raise SetAside(why)
        told = _note(letter, now, "posted", f"{agent.name} posted the letter")
        await self.store.move(letter, "sent", note=replace(told, author_id=agent.id), sent_at=now)

    async def set_aside(self, letter_id: str, agent: Agent, reason: str) -> None:
        """It will not be posted; who decided so, and why, is on record."""
        letter, _ = await self._letter(letter_id)
        why = f"{agent.name} set the letter aside: {reason.strip()[:500]}"
        told = _note(letter, self.clock.now(), "set_aside", why)
        await self.store.move(letter, "withheld", note=replace(told, author_id=agent.id), receipt="not_posted")

    def objection(self, letter: Exchange, dossier: Dossier, now: datetime) -> tuple[str, Verdict | None]:
        """Why this letter must not be posted now, with the governor's verdict where it is one."""
        verdict = assess(letter, dossier, now, self.governor)
        if verdict.verdict == "refused":
            return FORBIDDEN, verdict
        if letter.purpose in UNASKED and dossier.balance().minor <= 0:
            return SETTLED, None
        today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
        deadline = letter.content["sheet"].get("deadline") if "sheet" in letter.content else None
        return (TOO_LATE, None) if too_late(deadline, today) else ("", None)

    async def _letter(self, letter_id: str) -> tuple[Exchange, Dossier]:
        letter = await self.store.exchange(letter_id)
        waits = letter is not None and letter.channel == "letter" and letter.state == WAITING
        dossier = await self.store.dossier(letter.conversation_id) if letter and waits else None
        if letter is None or dossier is None:
            raise LookupError(letter_id)
        return letter, dossier


# Shown in the agent's language (bot/web/words.py marks them for the catalogues).
FORBIDDEN = "a rule forbids it now"
SETTLED = "it has been settled meanwhile"
TOO_LATE = "the day that it names is too near"


def _note(letter: Exchange, now: datetime, purpose: str, text: str, verdict: Verdict | None = None) -> Exchange:
    content = {"exchange": letter.id}
    if verdict is not None:
        content |= {"rule": verdict.rule, "basis": verdict.basis, "source": verdict.source}
    return Exchange(
        id=new_id(), conversation_id=letter.conversation_id, at=now, direction=NOTE, author="agent", channel="letter",
        text=text, purpose=purpose, content=content,
    )  # fmt: skip
