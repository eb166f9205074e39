"""One turn's work on a dossier: what actions may do, gathered into one change set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.accounts import (
    DISOWNED,
    UNPROVED,
    Adjustment,
    Allocation,
    ContactPoint,
    Customer,
    Dispute,
    Hold,
    Payment,
    PaymentLink,
)
from bot.domain.care import Care, care_of, protecting
from bot.domain.charging import NextCharge, next_charge
from bot.domain.conversation import AUTOMATED, AWAITING_AGENT, Conversation, Handoff
from bot.domain.dossier import Dossier
from bot.domain.hardship import RESTING
from bot.domain.messages import IN, NOTE, OUT, Exchange
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.domain.money import Money
from bot.domain.negotiation import Policy, Standing
from bot.domain.office import OfficeHours
from bot.domain.plans import Installment, InstallmentPlan, changed, progress
from bot.domain.promises import Promise
from bot.domain.proof import Place, disowned, known
from bot.domain.retries.rulebook import Rulebook
from bot.domain.support import Support

LINK_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one step changes, committed whole or not at all if the conversation is still at `version`.

    `put`: records to insert or replace by id. `exchanges`: rows appended to the log, in order.
    `events`: dialogue events appended, in order. `handled`: inbound exchanges that this step answers.
    """

    conversation: Conversation
    version: int
    put: tuple[Any, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    handled: tuple[str, ...] = ()


# The dossier's collections by record type.
_PLACES: dict[type, str] = {
    ContactPoint: "contact_points",
    Promise: "promises",
    InstallmentPlan: "plans",
    PaymentLink: "links",
    Dispute: "disputes",
    Hold: "holds",
    Handoff: "handoffs",
    Payment: "payments",
    Allocation: "allocations",
    PaymentMethod: "methods",
    ChargeAttempt: "charges",
    Adjustment: "adjustments",
}


@dataclass
class Case:
    """A dossier being worked on at one instant on one channel; every change is kept for the commit.

    `policy` is the creditor's negotiation policy, `creditor` its published facts (config.yml, section creditor),
    `office` the hours of its agents, `support` who helps people in danger or deep in debt and `rulebook` when saved
    methods may be charged.
    """

    dossier: Dossier
    now: datetime
    channel: str
    new_id: Callable[[], str]
    policy: Mapping[str, Any] = field(default_factory=dict)
    creditor: Mapping[str, Any] = field(default_factory=dict)
    office: OfficeHours = field(default_factory=OfficeHours)
    support: Support = field(default_factory=Support)
    link_url: Callable[[PaymentLink], str] = lambda link: link.id
    rulebook: Rulebook | None = None
    script_version: str = ""
    message: Exchange | None = None
    # Where an act without a message speaks to, when it is not where the customer last wrote from.
    to: Place | None = None
    put: dict[str, Any] = field(default_factory=dict)
    notes: list[Exchange] = field(default_factory=list)

    @property
    def customer(self) -> Customer:
        """The customer as changed so far."""
        return self.dossier.customer

    @property
    def conversation(self) -> Conversation:
        """The conversation as changed so far."""
        return self.dossier.conversation

    @property
    def today(self) -> date:
        """The customer's calendar day."""
        return self.now.astimezone(ZoneInfo(self.customer.time_zone)).date()

    def local_day(self, at: datetime) -> date:
        """The customer's calendar day at an instant."""
        return at.astimezone(ZoneInfo(self.customer.time_zone)).date()

    @property
    def limits(self) -> Policy:
        """What the assistant may grant by itself to this customer."""
        found = self.dossier
        hardship = any(hold.kind == "vulnerability_signal" for hold in found.holds_in_force(self.now))
        facts = Standing(found.days_past_due(self.today), found.broken_plans(self.today), hardship)
        return Policy.read(self.policy).in_currency(found.currency).envelope(found.balance().minor, facts)

    @property
    def address(self) -> str | None:
        """Where an answer goes: where the customer last wrote from on this channel, else their address there."""
        if self.message is not None:
            return self.message.address
        if self.to is not None and self.to.channel == self.channel:
            return self.to.address
        heard = [Place(row.channel, row.address) for row in reversed(self.dossier.exchanges)
                 if row.direction == IN and row.channel == self.channel]  # fmt: skip
        # What strangers wrote in between leads nobody's answer to them.
        for place in [*(place for place in dict.fromkeys(heard) if known(self.dossier, place)), *heard]:
            return place.address
        return next((p.address for p in self.dossier.contact_points if p.channel == self.channel), None)

    @property
    def identified(self) -> bool:
        """Whether the debt may be named here and now."""
        if self.turned_away:
            return False
        mine = [p for p in self.dossier.contact_points if p.channel == self.channel and p.address == self.address]
        # Who answers from an address of several customers must show which of them they are.
        alone = self.message is None or (self.channel, self.address or "") not in self.dossier.shared
        on_file = alone and all(p.proved for p in mine)
        return self.conversation.identified(self.channel, self.address, self.now, on_file)

    @property
    def place(self) -> Place:
        """The channel and the address at hand."""
        return Place(self.channel, self.address)

    @property
    def turned_away(self) -> bool:
        """Whether somebody said here that they are not the customer."""
        return disowned(self.dossier, self.place)

    @property
    def known(self) -> bool:
        """Whether whoever writes here has proved to be the customer, now or before."""
        return self.identified or known(self.dossier, self.place)

    @property
    def binds(self) -> bool:
        """Whether what is said here may change the account: a visit that proved nothing only leaves word."""
        return self.message is None or self.known

    @property
    def care(self) -> Care | None:
        """What protects whoever writes here; the word of a visit that proved nothing counts in that visit alone."""
        if self.binds:
            return care_of(protecting(self.dossier, self.now))
        here = (row for row in self.dossier.exchanges if (row.channel, row.address) == (self.channel, self.address))
        return care_of(str(row.content.get("kind")) for row in here if row.purpose == "unproved_word")

    @property
    def own_exchanges(self) -> list[Exchange]:
        """The log without what was said to visits that proved nothing: the customer has not seen that."""
        seen = {
            place: known(self.dossier, place) for place in {Place(r.channel, r.address) for r in self.dossier.exchanges}
        }
        return [row for row in self.dossier.exchanges if row.direction != OUT or seen[Place(row.channel, row.address)]]

    @property
    def charge_ahead(self) -> NextCharge | None:
        """The charge of a saved method that will be made by itself, as things stand in this case."""
        found = next_charge(self.dossier, self.rulebook, self.now) if self.rulebook is not None else None
        return found if found is not None and found.at is not None and found.method is not None else None

    def told(self, at: datetime) -> str:
        """An instant as it is told to the customer: on their own clock, to the minute, as ISO text."""
        return at.astimezone(ZoneInfo(self.customer.time_zone)).isoformat(timespec="minutes")

    def save(self, record: Any) -> None:
        """Keep a new or changed record and let the rest of the turn see it."""
        self.put[record.id] = record
        if isinstance(record, Customer):
            self.dossier = replace(self.dossier, customer=record)
            return
        place = _PLACES[type(record)]
        others = tuple(item for item in getattr(self.dossier, place) if item.id != record.id)
        changed: dict[str, Any] = {place: (*others, record)}
        self.dossier = replace(self.dossier, **changed)

    def converse(self, **changes: Any) -> None:
        """Change the conversation itself (status, language, channel, ...)."""
        self.dossier = replace(self.dossier, conversation=replace(self.conversation, **changes))

    def note(self, purpose: str, text: str, author: str = "system", **content: Any) -> Exchange:
        """Put a fact on record: an agreement, a hold, a change of hands."""
        row = Exchange(
            id=self.new_id(), conversation_id=self.conversation.id, at=self.now, direction=NOTE,
            author=author, channel=self.channel, address=self.address if self.message else None, text=text,
            purpose=purpose, content=content,
            script_version=self.script_version, in_reply_to=self.message.id if self.message else None,
        )  # fmt: skip
        self.notes.append(row)
        return row

    def changes(self, version: int, exchanges: tuple[Exchange, ...] = (), **more: Any) -> ChangeSet:
        """Everything gathered, ready to commit."""
        return ChangeSet(
            conversation=self.conversation,
            version=version,
            put=tuple(self.put.values()),
            exchanges=(*self.notes, *exchanges),
            **more,
        )

    # What a conversation can bring about.

    def identify(self, proof: str) -> None:
        """The customer proved who they are; `proof` names the facts compared, never their values."""
        self.converse(identified_at=self.now, identified_on=self.address or "")
        for point in self.dossier.contact_points:
            if point.channel == self.channel and point.address == self.address and not point.proved:
                self.save(replace(point, consent=True, consent_source="customer"))
        self.note("identity", f"identity proved by {proof}", proof=proof)

    def promise(self, due_on: date, amount: Money) -> Promise:
        """Record the customer's word; an earlier open promise and whatever was proposed are replaced by it."""
        self._withdraw_promise()
        self.withdraw_proposals()
        made = Promise(self.new_id(), self.customer.id, amount.currency, amount.minor, due_on, self.now, self.channel)
        self.save(made)
        self._end_rest()
        self.note("promise", f"promised {amount.minor} {amount.currency} by {due_on.isoformat()}",
                  promise_id=made.id, due_on=due_on.isoformat(), **amount.json())  # fmt: skip
        return made

    def _withdraw_promise(self) -> None:
        earlier = self.dossier.open_promise(self.today)
        if earlier is not None:
            self.save(replace(earlier, withdrawn_at=self.now))

    def propose_plan(self, installments: tuple[Installment, ...], currency: str) -> InstallmentPlan:
        """Put a plan before the customer; an earlier proposal is replaced by it."""
        self.withdraw_proposals()
        total = sum(item.amount_minor for item in installments)
        plan = InstallmentPlan(self.new_id(), self.customer.id, currency, total, installments, self.now)
        self.save(plan)
        return plan

    def withdraw_proposals(self) -> None:
        """No proposal made so far can be accepted any more."""
        for plan in self.dossier.plans:
            if plan.accepted_at is None and plan.ended_at is None:
                self.save(replace(plan, ended_at=self.now))

    def accept_plan(self, plan: InstallmentPlan, summary: str) -> InstallmentPlan:
        """The customer said yes to this plan; the wording agreed to is kept as proof.

        A running plan takes the new schedule for what is left of it; a promise made before is replaced.
        """
        agreement: dict[str, Any] = {
            "text": summary,
            "language": self.conversation.language,
            "channel": self.channel,
            "script_version": self.script_version,
            "accepted_at": self.now.isoformat(),
            "exchange": self.message.id if self.message else None,
        }
        running = self.dossier.plan(self.today, "active")
        if running is not None:
            agreement["replaces"] = dict(running.agreement)
            seen = progress(running, self.dossier.payments, self.today).installments
            agreement["after_miss"] = any(state == "missed" for _, state, _ in seen)
            accepted = replace(changed(running, self.dossier.payments, plan.installments), agreement=agreement)
            self.save(replace(plan, ended_at=self.now))
        else:
            broken = self.dossier.plan(self.today, "broken")
            if broken is not None and broken.ended_at is None:
                # What comes in from now on belongs to the new plan.
                self.save(replace(broken, ended_at=self.now))
            accepted = replace(plan, accepted_at=self.now, agreement=agreement)
        self.save(accepted)
        self.withdraw_proposals()
        self._withdraw_promise()
        self._end_rest()
        self.note("agreement", summary, plan_id=accepted.id, **{k: v for k, v in agreement.items() if k != "text"})
        return accepted

    def _end_rest(self) -> None:
        """What is agreed takes the place of the time to think, so that its own dates are spoken of."""
        for hold in self.dossier.holds_in_force(self.now):
            if hold.reason == RESTING:
                self.save(replace(hold, ended_at=self.now))

    def issue_link(
        self, amount: Money, purpose: str, plan_id: str | None = None, due_on: date | None = None, fresh: bool = False
    ) -> PaymentLink:
        """Create a payment link that lives until two weeks after the sum is due.

        An open one for the same sum and purpose that lasts as long is used again; a fresh one replaces it.
        """
        days = max((due_on - self.today).days, 0) if due_on else 0
        expires = self.now + timedelta(days=days) + LINK_LASTS
        for link in reversed(self.dossier.links):
            same = (link.amount_minor, link.currency, link.purpose, link.plan_id) == (
                amount.minor, amount.currency, purpose, plan_id,
            )  # fmt: skip
            if not same or link.state(self.dossier.payments, self.now) != "open":
                continue
            if fresh:
                self.save(replace(link, voided_at=self.now))
            elif due_on is None or link.expires_at.date() >= expires.date():
                return link
        link = PaymentLink(
            self.new_id(), self.customer.id, amount.currency, amount.minor, purpose, self.now, expires, plan_id,
        )  # fmt: skip
        self.save(link)
        return link

    def part_awaited(self) -> Money | None:
        """The part for which a link was given today and that has not come in yet."""
        zone = ZoneInfo(self.customer.time_zone)
        for link in reversed(self.dossier.links):
            if (link.purpose == "part" or link.invoice_id) and link.created_at.astimezone(zone).date() == self.today:
                waits = link.state(self.dossier.payments, self.now) == "open"
                return Money(link.currency, link.amount_minor) if waits else None
        return None

    def dispute(self, reason: str, invoice_id: str | None = None) -> Dispute:
        """Record an objection; the disputed sum is no longer asked for. An open one on the same claim is kept."""
        for running in self.dossier.disputes:
            if running.closed_at is None and running.invoice_id in (None, invoice_id):
                return running
        opened = Dispute(self.new_id(), self.customer.id, invoice_id, reason, self.now)
        self.save(opened)
        self.note("dispute", reason, invoice_id=invoice_id)
        return opened

    def hold(self, kind: str, reason: str, until: datetime | None = None) -> Hold:
        """Leave the customer alone for a reason; an equal hold in force is kept unless the new one lasts longer.

        The word of a visit that proved nothing holds nothing: it is put on record.
        """
        if not self.binds:
            self.note("unproved_word", f"{kind}: {reason}", kind=kind)
            return Hold(self.new_id(), self.customer.id, kind, self.now, until, reason)
        for running in self.dossier.holds_in_force(self.now):
            if running.kind == kind and (running.until is None or (until and until <= running.until)):
                return running
        hold = Hold(self.new_id(), self.customer.id, kind, self.now, until, reason)
        self.save(hold)
        self.note("hold", f"{kind}: {reason}", until=until.isoformat() if until else None)
        return hold

    def hand_off(
        self,
        reason: str,
        summary: str,
        within: timedelta,
        urgent: bool = False,
        proposal: Mapping[str, Any] | None = None,
    ) -> Handoff:
        """Ask for a person, who answers within this much office time; from the commit on the bot is silent.

        A running request is made more urgent; one of the customer's own is not replaced by that of an unproved visit.
        """
        running = self.dossier.handoff()
        if running is not None and not self.binds:
            return self.errand("unproved_word", f"{reason}: {summary}", within)
        due_at = self.office.after(self.now, within)
        request = Handoff(
            id=running.id if running else self.new_id(),
            customer_id=self.customer.id,
            reason=reason,
            summary=summary,
            opened_at=running.opened_at if running else self.now,
            due_at=min(running.due_at, due_at) if running else due_at,
            urgent=urgent or bool(running and running.urgent),
            proposal=proposal or (running.proposal if running else {}),
        )
        self.save(request)
        if self.conversation.status == AUTOMATED:
            self.converse(status=AWAITING_AGENT)
        self.note("handoff", f"{reason}: {summary}", urgent=request.urgent, proposal=dict(request.proposal))
        return request

    def errand(
        self, reason: str, summary: str, within: timedelta, proposal: Mapping[str, Any] | None = None
    ) -> Handoff:
        """Ask a person to see to something beside the conversation (reason: one of ERRANDS); the bot goes on.

        A running errand of the same kind takes up what is new about it.
        """
        running = next((errand for errand in self.dossier.errands() if errand.reason == reason), None)
        due_at = self.office.after(self.now, within)
        if running is None:
            made = Handoff(
                self.new_id(), self.customer.id, reason, summary, self.now, due_at, proposal=proposal or {}
            )  # fmt: skip
        else:
            known = summary in running.summary
            both = running.summary if known else f"{running.summary}\n{summary}"[:1000]
            made = replace(
                running, summary=both, due_at=min(running.due_at, due_at), proposal=proposal or running.proposal
            )  # fmt: skip
        if made != running:
            self.save(made)
            self.note("errand", f"{reason}: {summary}")
        return made

    def refuse_messages(self, everything: bool = False) -> str | None:
        """The customer wants no more messages: on the channel written on, or on all; returns which, None for all.

        A web chat has no address to write to, so a refusal said there means every channel. Where nobody is known to be
        the customer, it stops the address that it came from, and nothing else.
        """
        if not self.binds:
            self._stop_here()
            return self.channel
        mine = {point.channel for point in self.dossier.contact_points}
        stopped = self.channel if self.channel in mine and not everything and len(mine) > 1 else None
        self.opt_out(stopped)
        return stopped

    def _stop_here(self) -> None:
        for point in self.dossier.contact_points:
            here = (point.channel, point.address) == (self.channel, self.address or "")
            if here and point.opted_out_at is None:
                self.save(replace(point, opted_out_at=self.now))
        self.note("unproved_word", f"stop: wants no more messages, said by {self.channel}")

    def opted_out(self, channel: str | None = None) -> bool:
        """Whether messages were refused already on this channel, or on all that there are when None."""
        points = [point for point in self.dossier.contact_points if channel in (None, point.channel)]
        return bool(points) and all(point.opted_out_at is not None for point in points)

    def opt_out(self, channel: str | None = None) -> None:
        """No more unasked messages on this channel, or on any when None."""
        for point in self.dossier.contact_points:
            if channel in (None, point.channel) and point.opted_out_at is None:
                self.save(replace(point, opted_out_at=self.now))
        self.note("opt_out", f"opted out of {channel or 'all channels'}", channel=channel)

    def welcome(self, channel: str) -> None:
        """The customer asks for messages on this channel by name: that is consent, whatever was before."""
        for point in self.dossier.contact_points:
            if point.channel == channel and (point.opted_out_at is not None or not point.consent):
                self.save(replace(point, opted_out_at=None, consent=True, consent_source="customer"))

    def opt_in(self, channel: str | None = None) -> None:
        """Messages are welcome again on this channel, or on all when None."""
        for point in self.dossier.contact_points:
            if channel in (None, point.channel) and point.opted_out_at is not None:
                again = replace(point, opted_out_at=None, consent=True, consent_source="customer")
                self.save(again)
        self.note("opt_in", f"opted in to {channel or 'all channels'}", channel=channel)

    def tie(self, address: str, source: str) -> None:
        """This address on this channel says it is the customer's; a closed one opens again, unless it was disowned.

        It is answered from now on, and written to unasked only once identity was proved there.
        """
        for point in self.dossier.contact_points:
            if point.channel == self.channel and point.address == address:
                if point.closed_at is not None and not point.disowned:
                    self.save(replace(point, closed_at=None))
                    self.note("contact", f"{self.channel} address open again: {source}")
                return
        self.save(ContactPoint(self.new_id(), self.customer.id, self.channel, address, False, UNPROVED))
        self.note("contact", f"{self.channel} address added: {source}")

    def close_address(self, address: str, reason: str) -> None:
        """Nothing reaches this address any more."""
        for point in self.dossier.contact_points:
            if point.channel == self.channel and point.address == address and point.closed_at is None:
                self.save(replace(point, closed_at=self.now))
                self.note("contact", f"{self.channel} address closed: {reason}")

    def disown(self) -> None:
        """Whoever reads this address or visit is not the customer: it proves nothing from now on and stays closed.

        Payment pages that were sent may have reached this person: where the address is on file, none opens any more.
        """
        here = (self.channel, self.address or "")
        mine = [point for point in self.dossier.contact_points if (point.channel, point.address) == here]
        if any(point.proved for point in mine):
            for link in self.dossier.links:
                if link.state(self.dossier.payments, self.now) == "open":
                    self.save(replace(link, voided_at=self.now))
        for point in mine or [ContactPoint(self.new_id(), self.customer.id, *here, False, DISOWNED)]:
            self.save(replace(point, consent=False, consent_source=DISOWNED, closed_at=point.closed_at or self.now))
        if self.conversation.identified_on == here[1]:
            self.converse(identified_at=None, identified_on="")
