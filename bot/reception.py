"""What arrives from channels: messages find their customer, reports their message, strangers an agent."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.attachments import collect
from bot.conversation.turn import Turns
from bot.domain.case import Case
from bot.domain.conversation import PROOF_LASTS
from bot.domain.messages import IN, OUT, Exchange
from bot.domain.redaction import redact
from bot.i18n import N_, Catalogues
from bot.intake import LONGEST, take_in
from bot.ports import (
    AddressClosed,
    Arrival,
    Channel,
    Clock,
    DeliveryReport,
    Files,
    Inbound,
    Stale,
    Store,
    Stray,
    new_id,
)  # fmt: skip
from bot.understanding import commands
from payment_links.tokens import BadToken, Tokens

log = logging.getLogger(__name__)

TRIES = 5
# A stranger is told once a day how to be recognised: an answering machine must not be drawn into a talk.
ANSWERED_FOR = timedelta(days=1)
WHO = N_(
    "I am an automated assistant and do not recognise this address. Please send me your customer number or an "
    "invoice number, and I will ask you two questions to make sure it is you."
)
# The states after which a report brings nothing new.
ENDED = frozenset({"delivered", "failed", "withheld"})


class Reception:
    """Keeps everything that channels bring, before anybody is told that it arrived."""

    def __init__(
        self, store: Store, turns: Turns, channels: Mapping[str, Channel], catalogues: Catalogues, tokens: Tokens,
        clock: Clock, wake: Callable[[], None], files: Files,
    ) -> None:  # fmt: skip
        self._files = files
        self._store = store
        self._turns = turns
        self._channels = channels
        self._catalogues = catalogues
        self._tokens = tokens
        self._clock = clock
        self._wake = wake

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Store each arrival; when this returns, its provider may forget it."""
        for arrival in arrivals:
            if isinstance(arrival, Inbound):
                await self._message(arrival)
            elif isinstance(arrival, DeliveryReport):
                await self._report(arrival)
            else:
                await self._close(arrival)
        self._wake()

    async def _message(self, inbound: Inbound) -> None:
        address = inbound.address or ""
        customer_id = (
            await self._invited(inbound)
            or await self._owner(inbound)
            or await self._threaded(inbound)
            or await self._named(inbound)
        )
        if customer_id is None:
            await self._stray(inbound)
            return
        if inbound.metadata.get("automatic"):
            # An absence note is no answer of the customer's, and answering it would begin a talk of machines.
            words = redact(f"automatic reply: {inbound.text[:500]}").text
            await self._change(customer_id, inbound.channel, lambda work: work.note("delivery", words))
            return
        await self._open_again(customer_id, inbound.channel, address)
        text, payload = await self._pressed(inbound)
        sent = await collect(inbound, self._channels.get(inbound.channel), self._files)
        await take_in(
            self._store, self._clock, customer_id, inbound.channel, text, inbound.provider_message_id,
            payload=payload, address=address,
            metadata={**inbound.metadata, "attachments": sent} if sent else inbound.metadata,
        )  # fmt: skip

    async def _invited(self, inbound: Inbound) -> str | None:
        """Who came by one of our signed deep links; from then on this address is theirs and no other customer's."""
        token = inbound.metadata.get("invitation")
        if not token:
            return None
        try:
            customer_id = self._tokens.invited(str(token), self._clock.now().date())
        except BadToken:
            log.warning("%s: an invitation of a message was forged or too old", inbound.channel)
            return None
        address = inbound.address or ""
        before = await self._store.customers_by_address(inbound.channel, address)
        if before and before != [customer_id]:
            await self._close(AddressClosed(inbound.channel, address, "now another customer's"))
        await self._tie(customer_id, inbound.channel, address, "signed link")
        return customer_id

    async def _owner(self, inbound: Inbound) -> str | None:
        """Whose address this is; of several who share it, the one whose talk from there goes on. Identity is asked."""
        address, now = inbound.address or "", self._clock.now()
        owners = await self._store.customers_by_address(inbound.channel, address)
        if len(owners) <= 1:
            return owners[0] if owners else None
        if commands.command(inbound.text) == "stop_contact":
            # Whoever wrote it reads what goes there: for none of them does it go on.
            for owner in owners:
                await self.unsubscribe(owner, inbound.channel)
        latest: dict[str, datetime] = {}
        for owner in owners:
            dossier = await self._store.dossier(owner)
            heard = [r.at for r in dossier.exchanges if r.direction == IN and r.channel == inbound.channel
                     and r.address == address and now - r.at < PROOF_LASTS] if dossier else []  # fmt: skip
            if heard:
                latest[owner] = max(heard)
        return max(latest, key=lambda owner: latest[owner]) if latest else None

    async def _threaded(self, inbound: Inbound) -> str | None:
        """Who answers one of our mails from an address that we do not know."""
        thread = inbound.metadata.get("thread")
        if not thread or inbound.address is None or await self._store.dossier(str(thread), exchanges=0) is None:
            return None
        await self._tie(str(thread), inbound.channel, inbound.address, "answered one of our messages")
        return str(thread)

    async def _named(self, inbound: Inbound) -> str | None:
        """Who a stranger says to be, by customer or invoice number; it must still be proved before a debt is named."""
        word = inbound.text.strip().strip(".!# ")
        if not 3 <= len(word) <= 80 or inbound.address is None:
            return None
        found = await self._store.customer_id(word) or await self._store.customer_by_invoice(word)
        if found is not None:
            await self._tie(found, inbound.channel, inbound.address, "wrote a reference")
        return found

    async def _pressed(self, inbound: Inbound) -> tuple[str, str | None]:
        """The words and the payload of a message; a pressed button is looked up in the message that showed it."""
        pressed = inbound.metadata.get("button")
        if pressed is None:
            return inbound.text, inbound.payload
        shown = await self._store.exchange(str(pressed["exchange"]))
        buttons = shown.content.get("buttons", ()) if shown else ()
        number = int(pressed["number"])
        if 0 <= number < len(buttons):
            return str(buttons[number]["title"]), buttons[number].get("payload")
        return inbound.text, None

    async def _stray(self, inbound: Inbound) -> None:
        address = inbound.address or ""
        now = self._clock.now()
        earlier = await self._store.strays(1, inbound.channel, address)
        quiet = any(now - one.received_at < ANSWERED_FOR for one in earlier) or commands.command(inbound.text)
        language = str(inbound.metadata.get("language", "en"))[:2]
        answer = "" if quiet or not address else self._catalogues.translate(WHO, language)
        stray = Stray(
            new_id(), inbound.channel, address, redact(inbound.text[:LONGEST]).text, inbound.provider_message_id, now,
            answer,
        )  # fmt: skip
        if await self._store.add_stray(stray) and answer:
            words = Exchange(
                id=stray.id, conversation_id="", at=now, direction=OUT, author="bot", channel=inbound.channel,
                text=answer, address=address,
            )  # fmt: skip
            receipt = await self._channels[inbound.channel].send(words)
            log.info("%s: a stranger was asked for a reference (%s)", inbound.channel, receipt.state)

    async def assign(self, stray: Stray, customer_id: str, agent: str) -> None:
        """An agent knows whose this is: the address is tied, and all that it wrote joins the conversation.

        The debt is not named there before identity is proved: the agent may be wrong.
        """
        await self._tie(customer_id, stray.channel, stray.address, f"assigned by {agent}")
        for one in reversed(await self._store.strays(100, stray.channel, stray.address)):
            if one.outcome is None and await self._store.close_stray(one.id, f"assigned by {agent}"):
                await take_in(
                    self._store, self._clock, customer_id, one.channel, one.text, one.provider_message_id,
                    address=one.address,
                )  # fmt: skip
        self._wake()

    async def _report(self, report: DeliveryReport) -> None:
        exchange = await self._store.exchange(report.exchange_id)
        if exchange is None or exchange.channel != report.channel or exchange.state in ENDED:
            return  # a repeat, one out of order, or about a message that is not ours
        state = "failed" if report.state == "closed" else report.state
        note = None
        if state == "failed":
            note = Exchange(
                id=new_id(), conversation_id=exchange.conversation_id, at=self._clock.now(), direction="note",
                author="system", channel=exchange.channel, text=f"not delivered: {report.reason or 'unknown'}",
                purpose="delivery", content={"exchange": exchange.id, "reason": report.reason},
            )  # fmt: skip
        await self._store.move(exchange, state, note=note)
        if report.state == "closed" and exchange.address:
            await self._close(AddressClosed(exchange.channel, exchange.address, report.reason or "unreachable"))

    async def unsubscribe(self, customer_id: str, channel: str) -> None:
        """One click in a message: nothing unasked on this channel from now on."""
        await self._change(customer_id, channel, lambda work: work.opt_out(channel))

    async def _close(self, closed: AddressClosed) -> None:
        for customer_id in await self._store.customers_by_address(closed.channel, closed.address):
            await self._change(
                customer_id, closed.channel, lambda work: work.close_address(closed.address, closed.reason)
            )

    async def _tie(self, customer_id: str, channel: str, address: str, source: str) -> None:
        await self._change(customer_id, channel, lambda work: work.tie(address, source))

    async def _open_again(self, customer_id: str, channel: str, address: str) -> None:
        dossier = await self._store.dossier(customer_id, exchanges=0)
        points = dossier.contact_points if dossier else ()
        if any(p.closed_at and not p.disowned and p.channel == channel and p.address == address for p in points):
            await self._tie(customer_id, channel, address, "wrote again")

    async def _change(self, customer_id: str, channel: str, change: Callable[[Case], Any]) -> None:
        for _ in range(TRIES):
            dossier = await self._store.dossier(customer_id)
            if dossier is None:
                return
            work = self._turns.case_for(dossier, channel)
            change(work)
            if not work.put and not work.notes:
                return
            try:
                await self._store.commit(work.changes(dossier.conversation.version))
                return
            except Stale:
                continue
        raise Stale(customer_id)
