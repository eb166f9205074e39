"""One turn: load the dossier, understand, predict and act, commit everything at once."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from rasa_sdk import Tracker as ActionTracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, ActionExecutionRejection
from rasa_sdk.utils import call_potential_coroutine

from bot.conversation import replies, visits
from bot.conversation.dialogue import ActionRejected, Message, Performed, Reply, Turn, respond
from bot.conversation.forms import Perform
from bot.conversation.light import in_care, in_light
from bot.conversation.required import Draft, Required, closed
from bot.conversation.responses import choose
from bot.conversation.script import Script
from bot.conversation.tracker import Tracker
from bot.conversation.visits import other_visit
from bot.domain.accounts import PaymentLink
from bot.domain.case import Case
from bot.domain.conversation import AUTOMATED, AWAITING_AGENT, CLOSED, WITH_AGENT
from bot.domain.dossier import Dossier
from bot.domain.letters import sheet
from bot.domain.messages import OUT, Exchange
from bot.domain.office import OfficeHours
from bot.domain.readings import OUT_OF_SCOPE, Reading
from bot.domain.retries import Rulebook
from bot.domain.support import Support
from bot.i18n import Catalogues
from bot.ports import Clock, Stale, Store, case, new_id
from bot.understanding.answers import completed
from bot.understanding.reader import PRIORITY, Reader

log = logging.getLogger(__name__)


class Engine(Protocol):
    """What plays a turn on a tracker."""

    def __call__(
        self, script: Script, tracker: Tracker, message: Message | None, perform: Perform, *, now: float
    ) -> Awaitable[Turn]:
        """The events and replies of one turn."""


TRIES = 5
DISCLOSURE = "utter_disclosure"
DISCLOSED_FOR = timedelta(days=7)
SIGNATURE, SUBJECT = "utter_signature", "utter_subject"
WAITING, WAITING_LONGER = "utter_waiting_for_person", "utter_waiting_longer"
FILES_KEPT, FILES_REFUSED = "utter_files_kept", "utter_files_refused"
WAITING_SAID_FOR = timedelta(hours=1)
# Said once a day to whoever writes from an address that is not the customer's: no talk of machines.
STRANGER = "utter_stranger"
STRANGER_TOLD_FOR = timedelta(days=1)
# Until a person takes the conversation, what binds nobody and what protects the customer is still answered.
SAFE_WHILE_WAITING = frozenset({
    "ask_identity", "ask_amount_due", "explain_invoice", "pay_now", "ask_payment_methods", "request_invoice_copy",
    "ask_status", "change_language", "stop_contact", "restart_contact", "report_sensitive", "legal_threat",
    "report_hardship", "ask_privacy", "cancel_subscription", "change_preference", "already_paid", "ask_consequences",
    "session_start", "restart",
})  # fmt: skip
# Whoever merely asked for a person, or was not understood, may settle meanwhile; other hand-overs wait for the person.
SETTLES_MEANWHILE = frozenset({"request_human", "not_understood"})
SETTLING = frozenset({
    "request_installments", "propose_terms", "promise_to_pay", "request_extension", "pay_partial", "payment_problem",
    "update_payment_method", "end_plan",
})  # fmt: skip
ANSWERING = frozenset({"affirm", "deny", "inform"})
# Text messages, on which the law and the carriers count keywords such as CANCEL and END as a stop.
CARRIED = frozenset({"sms", "whatsapp"})
COURTESIES = frozenset({"greet", "goodbye", "thank", "affirm"})
# What the open question, or the slot that a form asks for, wants, so that a bare "3" is read in its light.
EXPECTED = {
    "promise_date": frozenset({"date", "terms"}),
    "extension_date": frozenset({"date"}),
    "paid_when": frozenset({"date"}),
    "plan_terms": frozenset({"count", "amount", "date", "terms"}),
    "plan_offer": frozenset({"count", "amount", "date", "terms"}),
    "promise_confirm": frozenset({"date", "amount", "terms"}),
    "part_amount": frozenset({"amount"}),
    "rest_when": frozenset({"date", "count", "terms"}),
    "invoice_choice": frozenset({"invoice_ref"}),
    "plan_monthly": frozenset({"count", "amount", "terms"}),
    "plan_first_on": frozenset({"date", "terms"}),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A planned contact: which script to play, over which address, and what it is for.

    `intent` is the external intent that opens it (contact_reminder, ...); `values` become its entities;
    `content` goes on record with the message: what it concerns, the day it names, so that the log tells it was made.
    """

    intent: str
    channel: str
    address: str | None
    purpose: str
    tone: str = "friendly"
    values: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a turn did: the reading, the queued replies and the dossier as committed; `more` messages wait."""

    reading: Reading | None
    replies: tuple[Exchange, ...]
    dossier: Dossier
    more: bool = False


@dataclass
class Turns:
    """Plays dialogue scripts for customers' messages and for planned contacts."""

    store: Store
    script: Script
    actions: Mapping[str, Action]
    catalogues: Catalogues
    reader: Reader
    clock: Clock
    creditor: Mapping[str, Any]
    policy: Mapping[str, Any]
    link_url: Callable[[PaymentLink], str]
    fallback_below: float = 0.35
    office: OfficeHours = field(default_factory=OfficeHours)
    support: Support = field(default_factory=Support)
    required: Required | None = None
    rules: Callable[[date], Rulebook] | None = None
    # Plays one dialogue turn: the embedded engine, or the bridge to a Rasa server.
    engine: Engine = respond

    async def answer(self, customer_id: str) -> Answer | None:
        """Answer the customer's oldest unhandled message; None when there is none."""
        for _ in range(TRIES):
            dossier = await self.store.dossier(customer_id)
            message = next((e for e in dossier.exchanges if e.state == "received"), None) if dossier else None
            if dossier is None or message is None:
                return None
            more = sum(e.state == "received" for e in dossier.exchanges) > 1
            try:
                return replace(await self._answer(dossier, message), more=more)
            except Stale:
                continue
        raise Stale(customer_id)

    async def open(self, dossier: Dossier, contact: Contact) -> Answer:
        """Start a planned contact and queue its message; raises Stale when the dossier is no longer current."""
        work = self._case(dossier, contact.channel)
        queued, events = await self.play(work, contact)
        changes = work.changes(dossier.conversation.version, queued, events=events)
        await self.store.commit(changes)
        return Answer(None, queued, work.dossier)

    async def play(self, work: Case, contact: Contact) -> tuple[tuple[Exchange, ...], tuple[dict[str, Any], ...]]:
        """Play a planned contact on a case without committing; returns the messages and the dialogue events."""
        entities = [{"entity": name, "value": value} for name, value in contact.values.items()]
        message = Message(
            text=f"EXTERNAL: {contact.intent}", intent={"name": contact.intent, "confidence": 1.0},
            entities=entities, external=True, input_channel=contact.channel,
            metadata={"language": work.conversation.language},
        )  # fmt: skip
        said, events = await self._converse(work, message, contact.tone)
        queued = self._queue(work, said, contact.purpose, contact.address or work.address, None, contact.content)
        return queued, events

    def with_required(self, work: Case, row: Exchange) -> tuple[Exchange, ...]:
        """A message that a person wrote unasked, with the parts that law and house require of it."""
        draft = Draft(row, frozenset())
        facts = self._profile(work, _tone(work))
        return self.required.complete([draft], work.dossier, work.now, facts) if self.required else (row,)

    def case_for(self, dossier: Dossier, channel: str) -> Case:
        """A case to work on outside a customer's turn (payments, agents' acts)."""
        return self._case(dossier, channel)

    async def _answer(self, dossier: Dossier, message: Exchange) -> Answer:
        work = self._case(dossier, message.channel, message)
        version = dossier.conversation.version
        if dossier.conversation.status == CLOSED:
            work.converse(status=AUTOMATED, agent_id=None)
        if message.content.get("wordless"):
            return await self._look(work, dossier, message, version)
        reading = self._read(work, message)
        if work.conversation.status == WITH_AGENT:
            # The bot is silent, yet a refusal of messages binds from the moment it is said, and danger calls for help.
            if reading.intent == "stop_contact":
                work.refuse_messages()
            elif reading.command and reading.intent == "report_sensitive":
                # A helpline cannot wait for the colleague.
                said, events = await self._converse(work, self._message(reading, message, work), _tone(work))
                queued = self._queue(work, said, "reply", message.address, message, author="system")
                _give_language_back(work, dossier)
                await self.store.commit(work.changes(version, queued, events=events, handled=(message.id,)))
                return Answer(reading, queued, work.dossier)
            _give_language_back(work, dossier)
            await self.store.commit(work.changes(version, handled=(message.id,)))
            return Answer(reading, (), work.dossier)
        if reading.language and reading.language != work.conversation.language:
            work.converse(language=reading.language)
        said, events = list[Reply](), tuple[dict[str, Any], ...]()
        try:
            if work.turned_away and not _heard_from_strangers(reading):
                said = self._turn_away(work, message)
            elif work.conversation.status == AWAITING_AGENT and not _safe_while_waiting(reading, work):
                said = self._keep_waiting(work, reading)
            else:
                said, events = await self._converse(work, self._message(reading, message, work), _tone(work))
        except Stale:
            raise
        except Exception:
            log.exception("the turn on exchange %s failed; a person takes over", message.id)
            work = self._case(dossier, message.channel, message)
            asked = work.hand_off("technical_fault", "The assistant could not answer this message.", timedelta(hours=4))
            by = {"by": work.told(asked.due_at)}
            said, events = [Reply(response="utter_technical_fault", text=TECHNICAL_FAULT, values=by)], ()
        said = self._disclosed(work, dossier, message, [*self._thank_for_files(work, message), *said])
        queued = self._queue(work, said, "reply", message.address, message)
        _give_language_back(work, dossier)
        await self.store.commit(work.changes(version, queued, events=events, handled=(message.id,)))
        return Answer(reading, queued, work.dossier)

    async def _look(self, work: Case, dossier: Dossier, message: Exchange, version: int) -> Answer:
        """A photo without words says nothing that could be understood, or misunderstood."""
        thanks = [] if work.conversation.status == WITH_AGENT else self._thank_for_files(work, message)
        said = self._disclosed(work, dossier, message, thanks) if thanks else []
        queued = self._queue(work, said, "reply", message.address, message)
        await self.store.commit(work.changes(version, queued, handled=(message.id,)))
        return Answer(None, queued, work.dossier)

    def _disclosed(self, work: Case, dossier: Dossier, message: Exchange, said: list[Reply]) -> list[Reply]:
        """Who begins to talk with us learns first that it is an assistant (EU AI Act, art. 50(1))."""
        wording = (
            None if _spoken_lately(dossier, message, work.now) else choose(self.script, DISCLOSURE, {}, work.channel)
        )
        return [Reply(DISCLOSURE, wording.text), *said] if wording else said

    def _thank_for_files(self, work: Case, message: Exchange) -> list[Reply]:
        """Files go to a person, who can judge what they show; one that cannot be kept is refused kindly."""
        files = message.content.get("attachments") or ()
        kept = [str(file["name"]) for file in files if "sha256" in file]
        said: list[tuple[str, dict[str, Any]]] = []
        if kept:
            asked = work.errand("attachment", f"Sent {', '.join(kept)}", timedelta(days=1))
            said.append((FILES_KEPT, {"by": work.told(asked.due_at)}))
        if len(kept) < len(files):
            said.append((FILES_REFUSED, {}))
        worded = ((name, values, choose(self.script, name, {}, work.channel)) for name, values in said)
        return [Reply(name, wording.text, values) for name, values, wording in worded if wording]

    def _turn_away(self, work: Case, message: Exchange) -> list[Reply]:
        """Somebody who is not the customer writes again: a person reads it, and nothing of the account is told."""
        work.errand("unproved_word", f"after saying to be somebody else: {message.text[:200]}", timedelta(hours=24))
        lately = any(
            row.response == STRANGER and row.address == message.address and work.now - row.at < STRANGER_TOLD_FOR
            for row in work.dossier.exchanges
        )
        wording = None if lately else choose(self.script, STRANGER, {}, work.channel)
        return [Reply(STRANGER, wording.text)] if wording else []

    def _keep_waiting(self, work: Case, reading: Reading) -> list[Reply]:
        """A colleague will read this; said once in a while, not after every line, and not to a mere courtesy."""
        said = (WAITING, WAITING_LONGER)
        lately = any(row.response in said and work.now - row.at < WAITING_SAID_FOR for row in work.dossier.exchanges)
        # Whoever asks whether anybody is there hears that somebody is.
        silent = COURTESIES - {"greet"} if work.care or "?" in reading.text else COURTESIES
        if lately or reading.intent in silent:
            return []
        asked = work.dossier.handoff()
        in_time = asked is not None and asked.due_at > work.now
        response, by = (WAITING, work.told(asked.due_at)) if asked and in_time else (WAITING_LONGER, "")
        wording = choose(self.script, response, {"under_care": work.care is not None}, work.channel)
        return [Reply(response, wording.text, {"by": by}, list(wording.buttons))] if wording else []

    def _case(self, dossier: Dossier, channel: str, message: Exchange | None = None) -> Case:
        work = Case(
            dossier=dossier, now=self.clock.now(), channel=channel, new_id=new_id, policy=self.policy,
            creditor=self.creditor, link_url=self.link_url, script_version=self.script.version, message=message,
            office=self.office, support=self.support,
            rulebook=self.rules(self.clock.now().date()) if self.rules else None,
        )  # fmt: skip
        if message is not None:
            work.converse(script_version=self.script.version)
            if work.known:
                work.converse(channel=channel)
            else:
                work.converse(language=visits.spoken(work, message))
        return work

    def _read(self, work: Case, message: Exchange) -> Reading:
        # Only where choices are numbered in the text is a figure a choice; elsewhere it is a value.
        offered = _last_buttons(work.dossier, message) if work.channel in replies.NUMBERED else []
        text = str(message.content.get("payload") or replies.chosen(message.text, offered) or message.text)
        slots = _slots(work)
        question = str(slots.get("requested_slot") or slots.get("open_question"))
        reading = self.reader.read(
            text, language=work.conversation.language, today=work.today, currency=work.dossier.currency,
            expecting=EXPECTED.get(question, frozenset()), carrier=work.channel in CARRIED,
        )  # fmt: skip
        reading = completed(reading, today=work.today, currency=work.dossier.currency)
        reading = in_light(question, reading, work.dossier, work.today)
        return in_care(reading) if work.care else reading

    def _message(self, reading: Reading, message: Exchange, work: Case) -> Message:
        name, confidence = reading.intent, reading.confidence
        known = name in self.script.intents and not name.startswith("contact_")
        doubtful = not reading.command and name not in (OUT_OF_SCOPE, *PRIORITY) and confidence < self.fallback_below
        if not known or doubtful:
            name, confidence = "nlu_fallback", 1.0
        # What it may have been, likeliest first: the answer to a doubtful message offers these.
        guesses = [guess for guess in (reading.intent, reading.second, *reading.also) if guess and guess != name]
        ranking = (
            [{"name": guess, "confidence": 0.0} for guess in dict.fromkeys(guesses)] if name != reading.intent else []
        )
        entities = [{"entity": e.kind, "value": e.value, "start": e.start, "end": e.end} for e in reading.entities]
        return Message(
            text=message.text, intent={"name": name, "confidence": confidence}, entities=entities,
            intent_ranking=ranking, input_channel=message.channel,
            metadata={"exchange": message.id, "also": list(reading.also), "language": work.conversation.language},
        )  # fmt: skip

    async def _converse(
        self, work: Case, message: Message, tone: str
    ) -> tuple[list[Reply], tuple[dict[str, Any], ...]]:
        visit = visits.key_of(work)
        tracker = Tracker.from_events(work.conversation.id, self.script, visits.own_events(work))
        now = work.now.timestamp()
        before = []
        for name, value in self._profile(work, tone).items():
            if name in self.script.slots and tracker.slots.get(name) != value:
                event = {"event": "slot", "name": name, "value": value, "timestamp": now}
                tracker.apply(event)
                before.append(event)

        for event in other_visit(tracker, work.address, now) if work.message else ():
            tracker.apply(event)
            before.append(event)

        async def perform(name: str, tracker: Tracker) -> Performed:
            return await self._perform(work, name, tracker)

        turn = await self.engine(self.script, tracker, message, perform, now=now)
        return turn.replies, visits.marked((*before, *turn.events), visit, work)

    def _profile(self, work: Case, tone: str) -> dict[str, Any]:
        reached = [str(self.creditor[key]) for key in ("phone", "email") if self.creditor.get(key)]
        # An SMS has room for one; elsewhere whoever prefers to call and whoever prefers to write is served.
        contact: Any = reached[0] if len(reached) == 1 or (reached and work.channel == "sms") else {"either": reached}
        return {
            "identified": work.identified,
            "customer_name": work.customer.name,
            "customer_ref": work.customer.ref,
            "creditor_name": self.creditor.get("name"),
            "creditor_contact": contact,
            "tone": tone,
            "has_arrears": work.dossier.arrears(work.today).minor > 0,
            "channel": work.channel,
            "under_care": work.care is not None,
        }

    async def _perform(self, work: Case, name: str, tracker: Tracker) -> Performed:
        action = self.actions[name]
        dispatcher = CollectingDispatcher()
        token = case.set(work)
        try:
            events = await call_potential_coroutine(
                action.run(dispatcher, ActionTracker.from_dict(tracker.current_state()), {})
            )
        except ActionExecutionRejection as rejection:
            raise ActionRejected(name) from rejection
        finally:
            case.reset(token)
        return Performed(list(events or ()), dispatcher.messages)

    def _queue(
        self,
        work: Case,
        said: list[Reply],
        purpose: str,
        address: str | None,
        message: Exchange | None,
        facts: Mapping[str, Any] | None = None,
        author: str = "bot",
    ) -> tuple[Exchange, ...]:
        slots = self._profile(work, _tone(work))
        language = work.conversation.language
        drafts = []
        for number, reply in enumerate((_with_care(reply, work) for reply in said), 1):
            shown = replies.render(reply, slots, language, work.channel, self.catalogues)
            carried = {"buttons": shown.buttons, "filled": dict(shown.filled), "copies": reply.values.get("copies")}
            content: dict[str, Any] = {**{name: part for name, part in carried.items() if part}, **(facts or {})}
            closing = ""
            if work.channel in replies.HEADED:
                content["subject"] = shown.subject or self._standing(SUBJECT, work.channel, slots, language)
                if number == len(said):
                    closing = self._standing(SIGNATURE, work.channel, slots, language)
            if work.channel == "letter":
                content["sheet"] = sheet(work.dossier, self.creditor, work.today, address, closing, reply.values,
                                         (facts or {}).get("invoices", ()))  # fmt: skip
            row = Exchange(
                id=new_id(), conversation_id=work.conversation.id, at=work.now, direction=OUT, author=author,
                channel=work.channel, text=shown.text, purpose=purpose, response=shown.response,
                language=language, script_version=self.script.version, address=address,
                in_reply_to=message.id if message else None, state="queued", content=content,
            )  # fmt: skip
            drafts.append(Draft(row, shown.named, closing))
        return self.required.complete(drafts, work.dossier, work.now, slots) if self.required else closed(drafts)

    def _standing(self, name: str, channel: str, slots: Mapping[str, Any], language: str) -> str:
        """What every message of a channel carries: its signature, a subject where it has none of its own."""
        wording = choose(self.script, name, slots, channel)
        return self.catalogues.render(wording.text, slots, language) if wording and wording.text else ""


# Marked for the catalogue here because no script may be at hand when it is needed.
TECHNICAL_FAULT = (
    "I am sorry, something went wrong on our side. Your message is safe: a colleague will read it "
    "and answer you by {by}."
)  # fmt: skip


def _spoken_lately(dossier: Dossier, message: Exchange, now: datetime) -> bool:
    """Whether the assistant has written to this address within a week: it said then what it is."""
    return any(
        row.direction == OUT and row.author == "bot" and row.channel == message.channel
        and row.address == message.address and now - row.at < DISCLOSED_FOR
        for row in dossier.exchanges
    )  # fmt: skip


def _heard_from_strangers(reading: Reading) -> bool:
    """Whether anybody is heard in this: a refusal of messages, and danger to life."""
    return reading.intent == "stop_contact" or (reading.command and reading.intent == "report_sensitive")


def _give_language_back(work: Case, dossier: Dossier) -> None:
    """A visit that proved nothing is answered in its language; the customer's stays theirs."""
    if not work.known:
        work.converse(language=dossier.conversation.language)


def _safe_while_waiting(reading: Reading, work: Case) -> bool:
    loop = next((e.get("name") for e in reversed(visits.own_events(work)) if e.get("event") == "active_loop"), None)
    if reading.intent in SAFE_WHILE_WAITING or loop == "identity_form":
        return True
    asked = work.dossier.handoff()
    if asked is None or asked.reason not in SETTLES_MEANWHILE:
        return False
    asking = loop == "plan_form" or str(_slots(work).get("open_question")) in EXPECTED
    return reading.intent in SETTLING or (reading.intent in ANSWERING and asking)


def _with_care(reply: Reply, work: Case) -> Reply:
    """The reply without the buttons that whoever is cared for should not be shown."""
    care = work.care
    if care is None or not reply.buttons:
        return reply
    return replace(reply, buttons=[b for b in reply.buttons if care.offers(str(b.get("payload") or ""))])


def _tone(work: Case) -> str:
    days = work.dossier.days_past_due(work.today)
    return "friendly" if days < 30 else "firm" if days < 60 else "final"


def _slots(work: Case) -> dict[str, Any]:
    return {e["name"]: e.get("value") for e in visits.own_events(work) if e.get("event") == "slot"}


def _last_buttons(dossier: Dossier, message: Exchange) -> list[Mapping[str, str]]:
    earlier = [
        e for e in dossier.exchanges
        if e.direction == OUT and e.seq < message.seq and (e.channel, e.address) == (message.channel, message.address)
    ]  # fmt: skip
    return list(earlier[-1].content.get("buttons", ())) if earlier else []
