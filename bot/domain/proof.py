"""Who has proved to be the customer, and where: an address on file, or a visit in which identity was shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.conversation import PROOF_LASTS, PROVED_VISIT, PROVING_CHANNELS
from bot.domain.dossier import Dossier
from bot.domain.messages import IN, Exchange


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes from: a channel and an address there (for a web chat: the visit)."""

    channel: str
    address: str | None

    @property
    def key(self) -> str:
        """One word for it."""
        return f"{self.channel}|{self.address or ''}"


def disowned(dossier: Dossier, place: Place) -> bool:
    """Whether somebody said there that they are not the customer."""
    return any(
        point.disowned and (point.channel, point.address) == (place.channel, place.address or "")
        for point in dossier.contact_points
    )


def known(dossier: Dossier, place: Place) -> bool:
    """Whether whoever writes from there is the customer, so that what they say binds; proofs of the past count."""
    if disowned(dossier, place):
        return False
    mine = [
        point for point in dossier.contact_points if (point.channel, point.address) == (place.channel, place.address)
    ]
    if _on_file(place, dossier) and all(point.proved for point in mine):
        return True
    talk = dossier.conversation
    shown = talk.identified_at is not None and talk.identified_on == (place.address or "")
    return shown or any(_same(place, row) for row in _proofs(dossier))


def proved_when_written(dossier: Dossier, row: Exchange) -> bool:
    """Whether whoever wrote this message had proved to be the customer when they wrote it."""
    place = Place(row.channel, row.address)
    if disowned(dossier, place):
        return False
    mine = [point for point in dossier.contact_points if (point.channel, point.address) == (row.channel, row.address)]
    if _on_file(place, dossier) and all(point.proved for point in mine):
        return True
    at, on = dossier.conversation.identified_at, dossier.conversation.identified_on
    if at is not None and on == (row.address or "") and at <= row.at < at + PROOF_LASTS:
        return True
    return any(
        _same(place, proof) and (proof.in_reply_to == row.id or proof.at <= row.at < proof.at + PROOF_LASTS)
        for proof in _proofs(dossier)
    )


def asked_from(dossier: Dossier) -> Place | None:
    """Where the person was asked for who is awaited now."""
    if dossier.handoff() is None:
        return None
    asked = (row for row in reversed(dossier.exchanges) if row.purpose == "handoff" and row.address is not None)
    return next((Place(row.channel, row.address) for row in asked), None)


def places(dossier: Dossier) -> list[Place]:
    """Where messages came from, the one that asked for a person first, then the latest."""
    heard = [Place(row.channel, row.address) for row in reversed(dossier.exchanges) if row.direction == IN]
    asked = asked_from(dossier)
    return list(dict.fromkeys([*([asked] if asked else []), *heard]))


def _on_file(place: Place, dossier: Dossier) -> bool:
    if (place.channel, place.address or "") in dossier.shared:
        return False
    return place.channel in PROVING_CHANNELS or (place.address or "").startswith(PROVED_VISIT)


def _proofs(dossier: Dossier) -> Iterator[Exchange]:
    return (row for row in dossier.exchanges if row.purpose == "identity" and row.content.get("proof"))


def _same(place: Place, row: Exchange) -> bool:
    return (row.channel, row.address or "") == (place.channel, place.address or "")
