"""A customer's message is kept before anybody is told that it arrived."""

from collections.abc import Mapping

from bot.domain.messages import IN, Exchange
from bot.domain.redaction import redact
from bot.ports import Clock, Inbound, Store, new_id

LONGEST = 4000
# What stays of a channel's own facts about a message.
KEPT = ("attachments", "subject", "edited", "wordless")


async def take_in(
    store: Store, clock: Clock, customer_id: str, channel: str, text: str, message_id: str, *,
    payload: str | None = None, address: str | None = None, metadata: Mapping[str, object] | None = None,
) -> bool:  # fmt: skip
    """Store one inbound message; False when it was there already.

    Card numbers and IBANs never reach the disk. Beyond 4,000 characters a text is cut, and says so.
    """
    at = clock.now()
    # A lone surrogate is no character: it could neither be kept nor sealed.
    text = text.encode("utf-8", "replace").decode()
    safe = redact(text[:LONGEST])
    words = safe.text + (" […]" if len(text) > LONGEST else "")
    shown = redact(payload[:LONGEST]).text if payload else None
    content: dict[str, object] = {"payload": shown} if shown else {}
    content.update({name: value for name, value in (metadata or {}).items() if name in KEPT})
    if safe.found:
        content["redacted"] = list(safe.found)
    row = Exchange(
        id=new_id(), conversation_id=customer_id, at=at, direction=IN, author="customer", channel=channel,
        text=words, purpose="message", address=address, provider_message_id=message_id, content=content,
        state="received",
    )  # fmt: skip
    return await store.receive(Inbound(channel, address, words, message_id, at, customer_id, shown), row)
