"""Which strategy and which stage a customer is in: facts against an ordered list, the first match wins.

Nothing is counted in fields: the stage is recomputed from the dossier at every look, so that a payment, a credit
or a missed event changes it by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.conversation import PROVING_CHANNELS
from bot.domain.dossier import Dossier
from bot.domain.plans import progress
from bot.domain.promises import state as promise_state


class StrategyError(ValueError):
    """A strategy file says something that cannot be followed; the message names the place and the remedy.

    `path` leads to the place in the document: keys and positions.
    """

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


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

    `consequences` are what really follows for this segment; None means those of the creditor (config.yml). Whoever
    has answered within `keep_days` stays in house at the end of the ladder.
    """

    name: str
    applies: Mapping[str, Any]
    stages: tuple[Stage, ...]
    grace_days: int = 0
    pre_due_days: tuple[int, ...] = ()
    pre_due_channels: tuple[str, ...] = ("email", "sms")
    consequences: tuple[str, ...] | None = None
    keep_days: int = 30


CONSEQUENCES = ("suspension", "referral")
CHANNELS = PROVING_CHANNELS | {"webchat"}
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


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the document the reader is, in words and as a path."""

    words: str
    path: tuple[str | int, ...]

    def at(self, words: str, *path: str | int) -> "_Place":
        """A place below this one."""
        return _Place(f"{self.words}{words}", (*self.path, *path))

    def wrong(self, message: str) -> StrategyError:
        """The error that names this place."""
        return StrategyError(f"{self.words}: {message}", self.path)


def read(document: Any, file: str) -> tuple[Strategy, ...]:
    """Check and build the strategies of one YAML document; raises StrategyError."""
    if not isinstance(document, Mapping) or not isinstance(document.get("strategies"), list):
        raise StrategyError(f"{file}: begin with `strategies:` and a list under it")
    top = _Place(f"{file}: ", ("strategies",))
    return tuple(_strategy(item, top.at(f"strategy {i + 1}", i)) for i, item in enumerate(document["strategies"]))


def _strategy(item: Any, place: _Place) -> Strategy:
    _keys(item, ("name", "applies", "grace_days", "pre_due", "stages", "consequences", "keep_days"), place)
    if not item.get("name"):
        raise place.wrong("give it a name")
    place = place.at(f" ({item['name']})")
    _keys(item.get("applies") or {}, _SEGMENT, place.at(", applies", "applies"))
    pre_due, before = item.get("pre_due") or {}, place.at(", pre_due", "pre_due")
    _keys(pre_due, ("days_before", "channels"), before)
    stages = item.get("stages") or []
    if not isinstance(stages, list) or not stages:
        raise place.at("", "stages").wrong("a list of at least one stage is needed")
    days = pre_due.get("days_before") or []
    if not isinstance(days, list):
        raise before.at(".days_before", "days_before").wrong("write a list of days, such as [5, 2]")
    ladder = tuple(_stage(stage, place.at(f", stage {i + 1}", "stages", i)) for i, stage in enumerate(stages))
    index = next((i for i in reversed(range(len(ladder))) if ladder[i].intent is not None), None)
    if index is not None and (ladder[index].tone == "final" or ladder[index].purpose == "final_notice"):
        raise place.at("", "stages", index).wrong(
            f"the last stage listed speaks first, so it cannot be {ladder[index].name}, which is final; "
            "add a friendly or firm stage below it"
        )
    return Strategy(
        name=str(item["name"]),
        applies=dict(item.get("applies") or {}),
        stages=ladder,
        grace_days=_whole(item.get("grace_days", 0), place.at(", grace_days", "grace_days")),
        pre_due_days=tuple(_whole(day, before.at(".days_before", "days_before")) for day in days),
        pre_due_channels=_channels(pre_due.get("channels"), before.at(".channels", "channels")),
        consequences=_consequences(item.get("consequences"), place),
        keep_days=_whole(item.get("keep_days", 30), place.at(", keep_days", "keep_days")),
    )


def _stage(item: Any, place: _Place) -> Stage:
    known = ("name", "when", "tone", "intent", "purpose", "every_days", "at_most", "channels")
    _keys(item, known, place)
    if not item.get("name"):
        raise place.wrong("give it a name")
    place = place.at(f" ({item['name']})")
    when = item.get("when") or {}
    _keys(when, _MINIMA, place.at(", when", "when"))
    if item.get("tone", "friendly") not in ("friendly", "firm", "final"):
        raise place.at("", "tone").wrong(f"tone is friendly, firm or final, not {item['tone']!r}")
    return Stage(
        name=str(item["name"]),
        when={key: _whole(value, place.at(f", when.{key}", "when", key)) for key, value in when.items()},
        tone=item.get("tone", "friendly"),
        intent=item.get("intent", "contact_reminder"),
        purpose=item.get("purpose", "reminder"),
        every_days=_whole(item.get("every_days", 7), place.at(", every_days", "every_days")),
        at_most=_whole(item.get("at_most", 3), place.at(", at_most", "at_most")),
        channels=_channels(item.get("channels"), place.at(", channels", "channels")),
    )


def _consequences(value: Any, place: _Place) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(word in CONSEQUENCES for word in value):
        raise place.at("", "consequences").wrong(f"consequences are a list of {', '.join(CONSEQUENCES)}, not {value!r}")
    return tuple(value)


def _channels(value: Any, place: _Place) -> tuple[str, ...]:
    if value is None:
        return ("email", "sms")
    if not isinstance(value, list):
        raise place.wrong("write a list of channels, such as [email, sms]")
    for channel in value:
        if channel not in CHANNELS:
            raise place.wrong(f"no channel is called {channel!r}; use some of {', '.join(sorted(CHANNELS))}")
    return tuple(value) or ("email", "sms")


def _keys(item: Any, known: Sequence[str], place: _Place) -> None:
    if not isinstance(item, Mapping):
        raise place.wrong(f"expected keys {', '.join(known)}")
    for key in item:
        if key not in known:
            raise place.at("", key).wrong(f"unknown key {key!r}; known here: {', '.join(known)}")


def _whole(value: Any, place: _Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise place.wrong(f"a whole number from 0 on, not {value!r}")
    return value
