"""Cases for an agency: the file of one (JSON and PDF), giving it away, taking it back."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation.handoff import NotYours
from bot.conversation.turn import Turns
from bot.domain import referral
from bot.domain.case_file import case_file
from bot.domain.conversation import AUTOMATED
from bot.domain.dossier import Dossier
from bot.domain.strategy import Strategy
from bot.ports import Agent, Files, Stale, Store

Print = Callable[[Mapping[str, Any], str], bytes]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What an agency is sent: the same facts for machines and for people; `objections` say why it may not go now."""

    ref: str
    document: Mapping[str, Any]
    json: bytes
    pdf: bytes
    objections: tuple[str, ...]


@dataclass
class Referrals:
    """The way of a case to an agency and back. Only admins may go it."""

    store: Store
    turns: Turns
    strategies: Sequence[Strategy]
    files: Files
    print_record: Print

    async def file(self, customer_id: str, agency: str = "", language: str | None = None) -> CaseFile:
        """The file of a case as it stands now; raises LookupError."""
        return await self._file(await self._dossier(customer_id), agency, language)

    async def give(self, customer_id: str, agency: str, by: Agent) -> CaseFile:
        """Give a case to an agency; raises ValueError with the reason where it must stay in house."""
        agency = agency.strip()[:120]
        _may(by)
        if not agency:
            raise ValueError(referral.NO_NAME)
        dossier = await self._dossier(customer_id)
        made = await self._file(dossier, agency, None)
        if made.objections:
            raise ValueError(made.objections[0])
        kept = [{"name": f"{made.ref}.{kind}", "sha256": self.files.keep(body)}
                for kind, body in (("json", made.json), ("pdf", made.pdf))]  # fmt: skip
        work = self.turns.case_for(dossier, dossier.conversation.channel)
        referral.refer(work, agency, by.name, kept)
        request = dossier.handoff()
        if request is not None:
            work.save(replace(request, closed_at=work.now, outcome=f"given to {agency}"))
            work.converse(status=AUTOMATED, agent_id=None)
        await self._commit(dossier, work.changes(dossier.conversation.version))
        return made

    async def take_back(self, customer_id: str, why: str, by: Agent) -> None:
        """Take a case back from its agency; raises ValueError where none has it."""
        _may(by)
        dossier = await self._dossier(customer_id)
        work = self.turns.case_for(dossier, dossier.conversation.channel)
        referral.recall(work, why.strip()[:200] or f"by {by.name}")
        await self._commit(dossier, work.changes(dossier.conversation.version))

    async def _file(self, dossier: Dossier, agency: str, language: str | None) -> CaseFile:
        now = self.turns.clock.now()
        log = await self.store.log(dossier.customer.id)
        told = case_file(dossier, log, self.turns.creditor, agency, now)
        body = json.dumps(told, ensure_ascii=False, indent=2, default=dict).encode()
        pdf = self.print_record(told, language or dossier.conversation.language)
        against = tuple(referral.objections(dossier, self.strategies, now))
        return CaseFile(dossier.customer.ref, told, body, pdf, against)

    async def _dossier(self, customer_id: str) -> Dossier:
        dossier = await self.store.dossier(customer_id, exchanges=300)
        if dossier is None:
            raise LookupError(customer_id)
        return dossier

    async def _commit(self, dossier: Dossier, changes: Any) -> None:
        try:
            await self.store.commit(changes)
        except Stale:
            raise NotYours("the conversation changed meanwhile; look again") from None


def _may(by: Agent) -> None:
    if by.role != "admin":
        raise NotYours(ADMINS_ONLY)


ADMINS_ONLY = "Only an admin may give a case to an agency or take it back."
