"""What agents do with a conversation: take it, speak, decide a proposal, give it back, close it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.conversation.turn import Contact, Turns
from bot.domain.accounts import Adjustment, Dispute, Invoice
from bot.domain.case import Case
from bot.domain.compliance import last_inbound
from bot.domain.conversation import AUTOMATED, CLOSED, WITH_AGENT
from bot.domain.dossier import Dossier
from bot.domain.ledger.facts import PRINCIPAL
from bot.domain.messages import OUT, Exchange
from bot.domain.money import Money
from bot.domain.plans import Installment, after_part, schedule
from bot.domain.proof import Place, asked_from, known, places
from bot.domain.redaction import redact
from bot.ports import Agent, Stale, Store, new_id

# An agent's words answer the customer for this long after their last message; later they are an unasked contact.
STILL_AN_ANSWER = timedelta(hours=72)

ALREADY_DECIDED = "This objection has been decided already."
NO_REASON = "Write why the invoice stands: the customer is told."
UNPROVED_READER = (
    "Whoever reads this has not proved to be the customer. Confirm that your message tells nothing about the account."
)
NOT_THAT_SUM = "Cancel at least one cent and at most what is open of the disputed invoice."


class NotYours(Exception):
    """Another agent holds this conversation, or nobody does; the message says which."""


def part_offered(dossier: Dossier, today: date) -> Installment | None:
    """The part that the customer offered to pay before the instalments, less what has come in since they asked."""
    request = dossier.handoff()
    if request is None or not request.proposal.get("now_minor"):
        return None
    paid = sum(p.amount_minor for p in dossier.payments if p.currency == dossier.currency
               and p.paid_at >= request.opened_at)  # fmt: skip
    left = min(int(request.proposal["now_minor"]) - paid, dossier.balance().minor)
    day = date.fromisoformat(str(request.proposal.get("now_on") or today.isoformat()))
    return Installment(1, max(day, today), left) if left > 0 else None


def _with_part(total_minor: int, part: Installment | None, count: int, first_on: date) -> tuple[Installment, ...]:
    if part is None:
        return schedule(total_minor, count, first_on)
    if not 0 < part.amount_minor <= total_minor - count:
        raise ValueError("the part leaves nothing to spread over the instalments")
    if first_on <= part.due_on:
        raise ValueError("the first instalment comes after the day of the part")
    return after_part(total_minor, part, count, first_on)


@dataclass
class Desk:
    """The agents' side of conversations; every act is on record and what is said leaves by the one door."""

    store: Store
    turns: Turns

    async def take(self, customer_id: str, agent: Agent) -> None:
        """Become the one who holds the conversation; raises NotYours when somebody else was faster."""
        dossier = await self._dossier(customer_id)
        if dossier.conversation.status == WITH_AGENT and dossier.conversation.agent_id != agent.id:
            raise NotYours("another agent has taken this conversation")
        work = self._work(dossier)
        request = dossier.handoff()
        if request is not None:
            work.save(replace(request, agent_id=agent.id, taken_at=request.taken_at or work.now))
        work.converse(status=WITH_AGENT, agent_id=agent.id)
        work.note("taken", f"{agent.name} took the conversation", agent=agent.id)
        await self._commit(dossier, work)

    async def say(self, customer_id: str, agent: Agent, text: str, confirmed: bool = False) -> Exchange:
        """Queue an agent's message to who asked for a person; returns it for delivery.

        Where nobody has proved to be the customer, the agent confirms that nothing of the account is told.
        """
        words = redact(text.strip()[:4000]).text
        if not words:
            raise ValueError("an empty message is not sent")
        dossier = await self._held(customer_id, agent)
        work = self._work(dossier, addressee(dossier))
        if work.address is not None and not work.known and not confirmed:
            raise ValueError(UNPROVED_READER)
        answered = last_inbound(dossier.exchanges)
        answers = answered is not None and work.now - answered < STILL_AN_ANSWER
        row = self._said(work, agent, words, "reply" if answers else "reminder")
        if not answers:
            (row,) = self.turns.with_required(work, row)
        await self._commit(dossier, work, (row,))
        return row

    async def approve(
        self, customer_id: str, agent: Agent, count: int, first_on: date, part_minor: int | None = None
    ) -> tuple[Exchange, ...]:
        """Put a plan beyond the policy before the customer in the creditor's name; they accept it explicitly.

        `part_minor` is paid before the instalments; None means the part that the customer offered.
        """
        if not 1 <= count <= 60:
            raise ValueError("a plan has 1 to 60 instalments")
        dossier = await self._held(customer_id, agent)
        work = self._work(dossier)
        if first_on < work.today:
            raise ValueError("the first instalment cannot be in the past")
        owed = work.dossier.balance()
        if owed.minor <= 0:
            raise ValueError("nothing is owed: there is nothing to spread")
        _may_hear(work)
        part = part_offered(dossier, work.today)
        if part_minor is not None:
            part = Installment(1, part.due_on if part else work.today, part_minor) if part_minor else None
        rows = _with_part(owed.minor, part, count, first_on)
        plan = work.propose_plan(rows, owed.currency)
        work.note("decision", f"{agent.name} approved {count} instalments", agent=agent.id, plan_id=plan.id)
        self._release(work, "approved")
        return await self._return(dossier, work, "contact_plan_approved", {})

    async def give_back(self, customer_id: str, agent: Agent, summary: str = "") -> tuple[Exchange, ...]:
        """Return the conversation to the assistant, with a word to the customer."""
        dossier = await self._held(customer_id, agent)
        work = self._work(dossier, addressee(dossier))
        work.note("returned", f"{agent.name} gave the conversation back", agent=agent.id, summary=summary[:500])
        self._release(work, "returned")
        return await self._return(dossier, work, "contact_agent_returned", {})

    async def close(self, customer_id: str, agent: Agent, outcome: str) -> None:
        """End the matter that needed a person; nothing more is said."""
        dossier = await self._held(customer_id, agent)
        work = self._work(dossier)
        work.note("closed", f"{agent.name} closed: {outcome[:500]}", agent=agent.id)
        self._release(work, outcome[:500] or "closed")
        work.converse(status=CLOSED)
        await self._commit(dossier, work)

    async def lift_hold(self, customer_id: str, agent: Agent, hold_id: str) -> None:
        """End a hold; who did it is on record."""
        dossier = await self._dossier(customer_id)
        work = self._work(dossier)
        for hold in dossier.holds:
            if hold.id == hold_id and hold.ended_at is None:
                work.save(replace(hold, ended_at=work.now))
                work.note("hold_lifted", f"{agent.name} lifted {hold.kind}", agent=agent.id)
        await self._commit(dossier, work)

    async def close_dispute(
        self, customer_id: str, agent: Agent, dispute_id: str, outcome: str, reason: str = "", minor: int | None = None
    ) -> tuple[Exchange, ...]:
        """Decide a dispute and tell the customer: upheld (they were right) or rejected for a reason.

        What an upheld dispute cancels (`minor`, without it all that is open of the claim) is booked as a credit note.
        """
        if outcome not in ("upheld", "rejected"):
            raise ValueError("a dispute is upheld or rejected")
        dossier = await self._held(customer_id, agent)
        dispute = next((item for item in dossier.disputes if item.id == dispute_id and item.closed_at is None), None)
        if dispute is None:
            raise ValueError(ALREADY_DECIDED)
        words = redact(reason.strip()[:1000]).text
        if outcome == "rejected" and not words:
            raise ValueError(NO_REASON)
        work = self._work(dossier)
        claim = [i for i in dossier.open_invoices() if dispute.invoice_id in (None, i.id)]
        open_ = sum(dossier.open_minor[invoice.id] for invoice in claim)
        if minor is not None and not 0 < minor <= open_:
            raise ValueError(NOT_THAT_SUM)
        sum_ = Money(dossier.currency, open_ if minor is None else minor)
        if outcome == "upheld":
            _credit(work, dispute, claim, sum_, agent)
        work.save(replace(dispute, closed_at=work.now, outcome=outcome))
        work.note("dispute_closed", f"{agent.name}: {outcome}", agent=agent.id, dispute_id=dispute.id, reason=words,
                  amount_minor=sum_.minor)  # fmt: skip
        if not any(item.closed_at is None for item in work.dossier.disputes):
            for hold in work.dossier.holds_in_force(work.now):
                if hold.kind == "dispute":
                    work.save(replace(hold, ended_at=work.now))
                    work.note("hold_lifted", f"{agent.name} lifted dispute", agent=agent.id)
        _may_hear(work)
        values = {
            "outcome": outcome, "reason": words, "amount": sum_.json(),
            "numbers": ", ".join(invoice.number for invoice in claim),
        }  # fmt: skip
        contact = Contact("contact_dispute_decided", work.channel, None, "receipt", values=values)
        queued, events = await self.turns.play(work, contact)
        # The house's word, told while the agent holds the conversation.
        queued = tuple(replace(row, author="system") for row in queued)
        await self.store.commit(work.changes(dossier.conversation.version, queued, events=events))
        return queued

    async def finish(self, customer_id: str, agent: Agent, errand_id: str, outcome: str) -> None:
        """Note that an errand is done; the conversation stays where it is."""
        dossier = await self._dossier(customer_id)
        work = self._work(dossier)
        for errand in dossier.errands():
            if errand.id == errand_id:
                done = replace(errand, agent_id=agent.id, taken_at=errand.taken_at or work.now, closed_at=work.now)
                work.save(replace(done, outcome=outcome[:500] or "done"))
                work.note("errand_done", f"{agent.name}: {errand.reason}: {outcome[:500]}", agent=agent.id)
        await self._commit(dossier, work)

    def _work(self, dossier: Dossier, to: Place | None = None) -> Case:
        """A case that speaks to `to`, else to where the customer last wrote from and is known."""
        work = self.turns.case_for(dossier, to.channel if to else dossier.conversation.channel)
        work.to = to
        return work

    def _release(self, work: Case, outcome: str) -> None:
        request = work.dossier.handoff()
        if request is not None:
            work.save(replace(request, closed_at=work.now, outcome=outcome))
        work.converse(status=AUTOMATED, agent_id=None)

    def _said(self, work: Case, agent: Agent, text: str, purpose: str) -> Exchange:
        return Exchange(
            id=new_id(), conversation_id=work.conversation.id, at=work.now, direction=OUT, author="agent",
            author_id=agent.id, channel=work.channel, text=text, purpose=purpose, address=work.address,
            language=work.conversation.language, state="queued", content={"agent": agent.name},
        )  # fmt: skip

    async def _return(self, dossier: Dossier, work: Case, intent: str, values: dict[str, Any]) -> tuple[Exchange, ...]:
        queued, events = await self.turns.play(work, Contact(intent, work.channel, None, "reply", values=values))
        await self.store.commit(work.changes(dossier.conversation.version, queued, events=events))
        return queued

    async def _commit(self, dossier: Dossier, work: Case, rows: tuple[Exchange, ...] = ()) -> None:
        try:
            await self.store.commit(work.changes(dossier.conversation.version, rows))
        except Stale:
            raise NotYours("the conversation changed meanwhile; look again") from None

    async def _dossier(self, customer_id: str) -> Dossier:
        dossier = await self.store.dossier(customer_id, exchanges=300)
        if dossier is None:
            raise LookupError(customer_id)
        return dossier

    async def _held(self, customer_id: str, agent: Agent) -> Dossier:
        dossier = await self._dossier(customer_id)
        if dossier.conversation.status != WITH_AGENT or dossier.conversation.agent_id != agent.id:
            raise NotYours("take the conversation first")
        return dossier


def addressee(dossier: Dossier) -> Place | None:
    """Whom an agent answers: who asked for a person, else the latest who is known, else the latest."""
    heard = places(dossier)
    first = heard[:1] if asked_from(dossier) else []
    return next(iter([*first, *(place for place in heard if known(dossier, place)), *heard]), None)


def _may_hear(work: Case) -> None:
    """What names the debt is said to the customer only."""
    if work.address is not None and not work.known:
        raise ValueError(UNPROVED_READER)


def _credit(work: Case, dispute: Dispute, claim: Sequence[Invoice], sum_: Money, agent: Agent) -> None:
    """Cancel a part of the claim, the oldest invoice first: a credit note for each that it touches."""
    left = sum_.minor
    for invoice in claim:
        part = min(left, work.dossier.open_minor[invoice.id])
        if part <= 0:
            continue
        left -= part
        work.save(Adjustment(
            new_id(), work.customer.id, invoice.id, "credit_note", PRINCIPAL, sum_.currency, part, work.now,
            f"dispute {dispute.id} upheld", agent.name,
        ))  # fmt: skip
