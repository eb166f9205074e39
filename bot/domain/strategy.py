"""Which strategy and which stage a customer is in: facts against an ordered list, the first match wins.

Nothing is counted in fields: the stage is recomputed from the dossier at every look, so that a payment, a credit
or a missed event changes it by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.dossier import Dossier
from bot.domain.plans import progress
from bot.domain.promises import state as promise_state


class StrategyError(ValueError):
    """A strategy file says something that cannot be followed; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions may look at."""

    customer_type: str
    trust: str
    subscription: bool
    failure_code: str | None
    days_past_due: int
    arrears_minor: int
    overdue_invoices: int
    broken_promises: int
    missed_installments: int


def facts_of(dossier: Dossier, today: date) -> Facts:
    """Derive the facts from a dossier as of a day."""
    overdue = dossier.overdue(today)
    watched = overdue or dossier.open_invoices()
    missed = sum(
        state == "missed"
        for plan in dossier.plans
        if plan.accepted_at is not None and plan.ended_at is None
        for _, state, _ in progress(plan, dossier.payments, today).installments
    )
    return Facts(
        customer_type=dossier.customer.type,
        trust=dossier.customer.trust,
        subscription=any(invoice.subscription_ref for invoice in watched),
        failure_code=next((invoice.failure_code for invoice in watched if invoice.failure_code), None),
        days_past_due=dossier.days_past_due(today),
        arrears_minor=dossier.arrears(today).minor,
        overdue_invoices=len(overdue),
        broken_promises=sum(promise_state(p, dossier.payments, today) == "broken" for p in dossier.promises),
        missed_installments=missed,
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the ladder: when it may speak, how, how often and through what.

    `every_days` is the time a message of this stage is left to work before anything follows it.
    """

    name: str
    when: Mapping[str, int]
    tone: str = "friendly"
    intent: str | None = "contact_reminder"
    purpose: str = "reminder"
    every_days: int = 7
    at_most: int = 3
    channels: tuple[str, ...] = ("email", "sms")


@dataclass(frozen=True, slots=True)
class Strategy:
    """A ladder for a segment of customers. `stages` stand most severe first.

    `consequences` are what really follows for this segment; None means those of the creditor (config.yml).
    """

    name: str
    applies: Mapping[str, Any]
    stages: tuple[Stage, ...]
    grace_days: int = 0
    pre_due_days: tuple[int, ...] = ()
    pre_due_channels: tuple[str, ...] = ("email", "sms")
    consequences: tuple[str, ...] | None = None


CONSEQUENCES = ("suspension", "referral")
_MINIMA = ("days_past_due", "arrears_minor", "overdue_invoices", "broken_promises", "missed_installments")
_SEGMENT = ("customer_type", "trust", "subscription", "failure_code")


def choose(strategies: Sequence[Strategy], facts: Facts) -> Strategy | None:
    """The first strategy whose segment the customer belongs to."""
    return next((s for s in strategies if all(_fits(getattr(facts, k), v) for k, v in s.applies.items())), None)


def stage_of(strategy: Strategy, facts: Facts) -> Stage | None:
    """The first stage whose every minimum is reached; None while nothing is overdue or grace runs."""
    if facts.arrears_minor <= 0 or facts.days_past_due <= strategy.grace_days:
        return None
    return next((s for s in strategy.stages if fits(s, facts)), None)


def fits(stage: Stage, facts: Facts) -> bool:
    """Whether every minimum of the stage is reached."""
    return all(getattr(facts, name) >= least for name, least in stage.when.items())


def _fits(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list | tuple) else bool(value == wanted)


def read(document: Any, file: str) -> tuple[Strategy, ...]:
    """Check and build the strategies of one YAML document; raises StrategyError."""
    if not isinstance(document, Mapping) or not isinstance(document.get("strategies"), list):
        raise StrategyError(f"{file}: begin with `strategies:` and a list under it")
    return tuple(_strategy(item, f"{file}: strategy {i}") for i, item in enumerate(document["strategies"], 1))


def _strategy(item: Any, place: str) -> Strategy:
    _keys(item, ("name", "applies", "grace_days", "pre_due", "stages", "consequences"), place)
    if not item.get("name"):
        raise StrategyError(f"{place}: give it a name")
    place = f"{place} ({item['name']})"
    _keys(item.get("applies") or {}, _SEGMENT, f"{place}, applies")
    pre_due = item.get("pre_due") or {}
    _keys(pre_due, ("days_before", "channels"), f"{place}, pre_due")
    stages = item.get("stages") or []
    if not stages:
        raise StrategyError(f"{place}: at least one stage is needed")
    ladder = tuple(_stage(stage, f"{place}, stage {i}") for i, stage in enumerate(stages, 1))
    lowest = next((stage for stage in reversed(ladder) if stage.intent is not None), None)
    if lowest is not None and (lowest.tone == "final" or lowest.purpose == "final_notice"):
        raise StrategyError(f"{place}: the last stage listed speaks first, so it cannot be {lowest.name}, which is "
                            "final; add a friendly or firm stage below it")  # fmt: skip
    return Strategy(
        name=str(item["name"]),
        applies=dict(item.get("applies") or {}),
        stages=ladder,
        grace_days=_whole(item.get("grace_days", 0), f"{place}, grace_days"),
        pre_due_days=tuple(_whole(d, f"{place}, pre_due.days_before") for d in pre_due.get("days_before") or ()),
        pre_due_channels=tuple(pre_due.get("channels") or ("email", "sms")),
        consequences=_consequences(item.get("consequences"), place),
    )


def _stage(item: Any, place: str) -> Stage:
    known = ("name", "when", "tone", "intent", "purpose", "every_days", "at_most", "channels")
    _keys(item, known, place)
    if not item.get("name"):
        raise StrategyError(f"{place}: give it a name")
    _keys(item.get("when") or {}, _MINIMA, f"{place} ({item['name']}), when")
    if item.get("tone", "friendly") not in ("friendly", "firm", "final"):
        raise StrategyError(f"{place}: tone is friendly, firm or final, not {item['tone']!r}")
    return Stage(
        name=str(item["name"]),
        when={key: _whole(value, f"{place}, when.{key}") for key, value in (item.get("when") or {}).items()},
        tone=item.get("tone", "friendly"),
        intent=item.get("intent", "contact_reminder"),
        purpose=item.get("purpose", "reminder"),
        every_days=_whole(item.get("every_days", 7), f"{place}, every_days"),
        at_most=_whole(item.get("at_most", 3), f"{place}, at_most"),
        channels=tuple(item.get("channels") or ("email", "sms")),
    )


def _consequences(value: Any, place: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not set(value) <= set(CONSEQUENCES):
        raise StrategyError(f"{place}: consequences are a list of {', '.join(CONSEQUENCES)}, not {value!r}")
    return tuple(value)


def _keys(item: Any, known: Sequence[str], place: str) -> None:
    if not isinstance(item, Mapping):
        raise StrategyError(f"{place}: expected keys {', '.join(known)}")
    for key in item:
        if key not in known:
            raise StrategyError(f"{place}: unknown key {key!r}; known here: {', '.join(known)}")


def _whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise StrategyError(f"{place}: a whole number from 0 on, not {value!r}")
    return value
