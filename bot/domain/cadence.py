"""When to write next, about what, and on which channel: a pure look at the dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.accounts import ContactPoint
from bot.domain.compliance import CONSENT_NEEDED, UNASKED, last_inbound
from bot.domain.dossier import Dossier
from bot.domain.messages import OUT, Exchange
from bot.domain.plans import progress
from bot.domain.promises import TOLERANCE
from bot.domain.promises import state as promise_state
from bot.domain.strategy import Stage, Strategy, choose, facts_of, stage_of

# Whoever has just been in touch is left in peace: an answer lowers the pressure, it does not raise it.
QUIET_AFTER_ANSWER = timedelta(days=2)
INSTALLMENT_NOTICE = timedelta(days=3)
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Due:
    """A contact that is due: the script to play, where, and why. `about` names the fact it concerns."""

    intent: str
    purpose: str
    point: ContactPoint
    tone: str
    stage: str
    about: str
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)


def due(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> Due | None:
    """The one contact that is due to this customer now, the most specific reason first."""
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    facts = facts_of(dossier, today)
    strategy = choose(strategies, facts)
    if strategy is None or dossier.conversation.held_by_person or _in_flight(dossier.exchanges):
        return None
    found = (
        _promise(dossier, strategy, now)
        or _installment(dossier, strategy, now)
        or _reminder(dossier, strategy, stage_of(strategy, facts), now)
        or _pre_due(dossier, strategy, now)
    )
    answered = last_inbound(dossier.exchanges)
    if found and found.purpose == "reminder" and answered and now - answered < QUIET_AFTER_ANSWER:
        return None
    return found


def next_due(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> tuple[datetime, Due] | None:
    """The next contact if nothing happens until then, looking two months ahead."""
    for days in range(LOOK_AHEAD_DAYS):
        at = now + timedelta(days=days)
        if found := due(dossier, strategies, at):
            return at, found
    return None


def _promise(dossier: Dossier, strategy: Strategy, now: datetime) -> Due | None:
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    for promise in dossier.promises:
        values = {"amount": {"minor": promise.amount_minor, "currency": promise.currency},
                  "date": promise.due_on.isoformat()}  # fmt: skip
        state = promise_state(promise, dossier.payments, today)
        eve = promise.due_on - timedelta(days=1) <= today <= promise.due_on
        # Whoever promised yesterday for today needs no reminder of it.
        if state == "open" and eve and (promise.due_on - promise.made_at.date()).days > 1:
            return _new(dossier, strategy, "contact_promise_due", f"promise_due:{promise.id}",
                        "a promise falls due", values=values)  # fmt: skip
        fresh = today <= promise.due_on + TOLERANCE + timedelta(days=14)
        if state == "broken" and fresh and dossier.arrears(today).minor > 0:
            found = _new(dossier, strategy, "contact_promise_broken", f"promise_broken:{promise.id}",
                         "a promise was not kept", values=values)  # fmt: skip
            if found:
                return found
    return None


def _installment(dossier: Dossier, strategy: Strategy, now: datetime) -> Due | None:
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    plan = dossier.plan(today, "active", "broken")
    if plan is None:
        return None
    for item, state, left in progress(plan, dossier.payments, today).installments:
        values = {"amount": {"minor": left, "currency": plan.currency}, "date": item.due_on.isoformat(),
                  "count": item.number}  # fmt: skip
        found = None
        if state == "due" and item.due_on - INSTALLMENT_NOTICE <= today:
            found = _new(dossier, strategy, "contact_installment_due", f"installment_due:{plan.id}:{item.number}",
                         "an instalment falls due", values=values)  # fmt: skip
        elif state == "missed":
            found = _new(dossier, strategy, "contact_installment_missed",
                         f"installment_missed:{plan.id}:{item.number}", "an instalment was missed",
                         values=values)  # fmt: skip
        if found:
            return found
    return None


def _reminder(dossier: Dossier, strategy: Strategy, stage: Stage | None, now: datetime) -> Due | None:
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    settled_course = dossier.open_promise(today) or dossier.plan(today, "active")
    if stage is None or stage.intent is None or settled_course:
        return None
    oldest = dossier.overdue(today)[0]
    about = f"stage:{stage.name}:{oldest.id}"
    earlier = [e for e in _contacts(dossier.exchanges) if e.content.get("about") == about]
    last = max((_at(e) for e in _contacts(dossier.exchanges)), default=None)
    if len(earlier) >= stage.at_most or (last and now - last < timedelta(days=stage.every_days)):
        return None
    point = _point(dossier, stage.channels, len(earlier))
    if point is None:
        return None
    why = f"{strategy.name}, stage {stage.name}: {dossier.days_past_due(today)} days past due"
    return Due(stage.intent, stage.purpose, point, stage.tone, stage.name, about, why)


def _pre_due(dossier: Dossier, strategy: Strategy, now: datetime) -> Due | None:
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    for invoice in dossier.open_invoices():
        left = (invoice.due_on - today).days
        if left <= 0 or not any(left <= days for days in strategy.pre_due_days):
            continue
        nearest = min(days for days in strategy.pre_due_days if left <= days)
        found = _new(
            dossier, strategy, "contact_pre_due", f"pre_due:{nearest}:{invoice.id}",
            f"invoice {invoice.number} falls due in {left} days", purpose="pre_due",
            channels=strategy.pre_due_channels, values={"invoice_ref": invoice.number},
        )  # fmt: skip
        if found:
            return found
    return None


def _new(
    dossier: Dossier, strategy: Strategy, intent: str, about: str, why: str, purpose: str = "reminder",
    channels: Sequence[str] = ("sms", "email", "telegram", "letter"), values: Mapping[str, Any] | None = None,
) -> Due | None:  # fmt: skip
    """A contact about one fact, made once only: the log tells whether it was."""
    if any(e.content.get("about") == about for e in _contacts(dossier.exchanges)):
        return None
    point = _point(dossier, channels, 0)
    if point is None:
        return None
    return Due(intent, purpose, point, "friendly", intent.removeprefix("contact_"), about, why, values or {})


def _point(dossier: Dossier, channels: Sequence[str], turn: int) -> ContactPoint | None:
    """The customer's preferred channel, else the stage's channels in turn, so that silence on one tries the next."""
    usable = {
        point.channel: point
        for point in reversed(dossier.contact_points)
        if point.open and point.proved and (point.consent or point.channel not in CONSENT_NEEDED)
    }
    preferred = dossier.customer.preferences.get("channel")
    if preferred in usable:
        return usable[preferred]
    mine = [usable[channel] for channel in channels if channel in usable]
    if mine:
        return mine[turn % len(mine)]
    # Nothing usable: name an address all the same, so that the governor's refusal goes on record.
    return next((point for point in dossier.contact_points if point.channel in channels and point.proved), None)


def _contacts(exchanges: Sequence[Exchange]) -> list[Exchange]:
    return [e for e in exchanges if e.direction == OUT and e.purpose in UNASKED and e.state != "failed"]


def _in_flight(exchanges: Sequence[Exchange]) -> bool:
    return any(e.direction == OUT and e.purpose in UNASKED and e.state in ("queued", "sending") for e in exchanges)


def _at(exchange: Exchange) -> datetime:
    return exchange.sent_at or exchange.at
