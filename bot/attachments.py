"""Files that came with a message: loaded, judged by what they are, and kept before the message is acknowledged."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from bot.domain.attachments import MOST_BYTES, MOST_FILES, file_name, kind_of, plain_name, refused
from bot.ports import Channel, Fetching, Files, Inbound, TooLarge

log = logging.getLogger(__name__)


async def collect(inbound: Inbound, channel: Channel | None, files: Files) -> list[dict[str, Any]]:
    """What is put on record of each file: its name, type, size and hash, or why it was not kept."""
    found = list(inbound.metadata.get("attachments") or ())
    kept = [await _collected(one, channel, files) for one in found[:MOST_FILES]]
    return kept + [{"name": _name(one), "refused": "number"} for one in found[MOST_FILES:]]


async def _collected(told: Mapping[str, Any], channel: Channel | None, files: Files) -> dict[str, Any]:
    try:
        body = told.get("body")
        if body is None and isinstance(channel, Fetching) and told.get("id"):
            body = await channel.fetch(str(told["id"]), MOST_BYTES)
    except TooLarge:
        return {"name": _name(told), "refused": "size"}
    if body is None:
        return {"name": _name(told), "refused": "unavailable"}
    return await keep_body(_name(told), body, files)


async def keep_body(name: str, body: bytes | None, files: Files) -> dict[str, Any]:
    """Keep one file if it is what may be kept; what goes on record of it. None: it was one too many."""
    name = plain_name(name)
    if body is None:
        return {"name": name, "refused": "number"}
    why, kind = refused(body), kind_of(body)
    if why or kind is None:
        return {"name": name, "refused": why or "type"}
    try:
        digest = await asyncio.to_thread(files.keep, body)
    except OSError:
        log.exception("a customer's file could not be kept")
        return {"name": name, "refused": "unavailable"}
    return {"name": file_name(name, kind), "type": kind, "size": len(body), "sha256": digest}


def _name(told: Mapping[str, Any]) -> str:
    return str(told.get("name") or told.get("kind") or "file")[:120]
