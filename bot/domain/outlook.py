"""The next contact as it will really happen: the plan asked instant by instant, and the governor after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.best_hour import hours_of, wait_until
from bot.domain.cadence import Due, due
from bot.domain.compliance import UNASKED, Verdict, assess
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.messages import OUT, Exchange
from bot.domain.strategy import Strategy

LOOK_AHEAD = timedelta(days=120)
# What a person makes or posts has hours of its own.
BY_HAND = frozenset({"letter", "phone"})


@dataclass(frozen=True, slots=True)
class NextContact:
    """When the customer hears from us next if nothing happens until then, on which channel, and why."""

    at: datetime
    channel: str
    purpose: str
    stage: str
    why: str


def next_contact(
    dossier: Dossier, strategies: Sequence[Strategy], now: datetime, governor: Governor | None = None
) -> NextContact | None:
    """The first contact that the plan wants and the governor allows; None when none comes in the months ahead."""
    on_its_way = _queued(dossier, now, governor)
    if on_its_way is not None:
        return on_its_way
    at, end = now, now + LOOK_AHEAD
    while at < end:
        found = due(dossier, strategies, at)
        verdict = judge(found, dossier, at, governor) if found else None
        if found and verdict and verdict.verdict == "allowed":
            at = better_hour(found, dossier, at, governor) or at
            return NextContact(at, found.point.channel, found.purpose, found.stage, found.why)
        later = verdict.not_before if verdict else None
        at = later if later is not None and later > at else _tomorrow(at, dossier)
    return None


def judge(found: Due, dossier: Dossier, now: datetime, governor: Governor | None = None) -> Verdict:
    """What the governor says of a contact that is planned for this instant."""
    draft = Exchange(
        id="", conversation_id=dossier.conversation.id, at=now, direction=OUT, author="bot",
        channel=found.point.channel, text="", purpose=found.purpose, address=found.point.address,
    )  # fmt: skip
    return assess(draft, dossier, now, governor)


def better_hour(found: Due, dossier: Dossier, now: datetime, governor: Governor | None = None) -> datetime | None:
    """Until when a contact that may leave now waits, because the customer answers at another hour of this day."""
    if found.point.channel in BY_HAND:
        return None
    zone = dossier.customer.time_zone

    def allowed(at: datetime) -> bool:
        return judge(found, dossier, at, governor).verdict == "allowed"

    return wait_until(hours_of(dossier.exchanges, zone, now), zone, now, allowed)


def _queued(dossier: Dossier, now: datetime, governor: Governor | None) -> NextContact | None:
    for row in dossier.exchanges:
        if row.direction == OUT and row.purpose in UNASKED and row.state == "queued":
            verdict = assess(row, dossier, max(now, row.not_before or now), governor)
            if verdict.verdict != "refused":
                at = verdict.not_before or max(now, row.not_before or now)
                stage = str(row.content.get("about") or row.purpose).removeprefix("stage:").split(":")[0]
                return NextContact(at, row.channel, row.purpose, stage, "written and waiting to be sent")
    return None


def _tomorrow(at: datetime, dossier: Dossier) -> datetime:
    """The first instant of the customer's next day; the governor says from which hour."""
    zone = ZoneInfo(dossier.customer.time_zone)
    day = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(at.tzinfo)
