"""Where a contact goes: the customer's wish first, then the channels of the stage in turn."""

from collections.abc import Sequence

from bot.domain.accounts import ContactPoint
from bot.domain.compliance import CONSENT_NEEDED
from bot.domain.dossier import Dossier

# Channels on which we write of our own accord.
WRITTEN = frozenset({"sms", "email", "telegram", "whatsapp", "letter"})


def point_for(dossier: Dossier, channels: Sequence[str], turn: int) -> ContactPoint | None:
    """The customer's preferred channel, else the stage's channels in turn, so that silence on one tries the next."""
    written = usable(dossier)
    preferred = dossier.customer.preferences.get("channel")
    if preferred in written:
        return written[preferred]
    # A call is made only where the stage asks for one.
    calls = {p.channel: p for p in dossier.contact_points if p.channel == "phone" and p.open and p.proved}
    reached = {**written, **calls}
    mine = [reached[channel] for channel in channels if channel in reached]
    if mine:
        return mine[turn % len(mine)]
    # Whoever has none of the wished channels is written to where that is possible. Nothing usable: name an address
    # all the same, so that the governor's refusal goes on record.
    known = [point for point in dossier.contact_points if point.proved]
    return next(iter([*written.values(), *known]), None)


def usable(dossier: Dossier) -> dict[str, ContactPoint]:
    """The first address of each channel on which the customer may be written to unasked."""
    return {
        point.channel: point
        for point in reversed(dossier.contact_points)
        if point.channel in WRITTEN
        and point.open
        and point.proved
        and (point.consent or point.channel not in CONSENT_NEEDED)
    }
