"""Failed charges in a made-up world, tried again by several schedules: the same customers, the same luck.

Nothing here is fitted to a real book. Kinds of refusal come in the mix that processors tell (a lack of funds and
"do not honour" are three quarters, and half of the latter hide a lack of funds). Money is there after a pay-day, or by
chance, for some days; one figure, how surely a pay-day brings enough, is set so that the fixed schedule of eight
tries in two weeks recovers a given share. Everything a schedule must not know is hidden from it.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.retries import FailedCharge, Failure, Rulebook, plan_retry
from bot.domain.retries.learning import Experience, Tried
from bot.domain.retries.timing import kind_of
from bot.retrying import rules

ZONE = ZoneInfo("Europe/Paris")
BEGINS = datetime(2026, 1, 5, 5, tzinfo=UTC)
SPREAD, WINDOW = 84, timedelta(days=35)
# What the bank says, how often, and what is behind it.
MIX = (
    ("insufficient_funds", 0.41, "funds"), ("do_not_honor", 0.175, "funds"), ("do_not_honor", 0.175, "issuer"),
    ("processing_error", 0.09, "outage"), ("expired_card", 0.08, "dead"), ("stolen_card", 0.07, "dead"),
)  # fmt: skip
PAY_DAYS = ((1, 0.22), (5, 0.1), (10, 0.08), (15, 0.14), (25, 0.1), (28, 0.14), (31, 0.22))
ISSUER_PASSES = 0.1
FIXED = {
    "fixed: 8 tries in 2 weeks": (1, 2, 2, 2, 2, 2, 2, 1),
    "fixed: 3 tries, 4 days apart": (4, 4, 4),
    "fixed: after 1, 8, 4, 7 days": (1, 8, 4, 7),
}
REFERENCE = "fixed: 8 tries in 2 weeks"
WITH = "promises heard"
KEPT_FOR = timedelta(days=4)


@dataclass(frozen=True)
class World:
    """What is assumed: `brings` how surely a pay-day brings enough, `answers` the share of customers short of money
    who name a day when they are written to, `reserves` how many of these set the sum aside for it (with 0.35 about
    two promises in three are kept, as vendors tell), `stays_days` how long money stays."""

    brings: float = 0.5
    answers: float = 0.25
    reserves: float = 0.35
    stays_days: float = 4.0


@dataclass
class Failing:
    """One failed charge and the hidden truth about its customer. `money` holds when it may come, until when it stays,
    and the luck that decides whether it comes at all."""

    number: int
    at: datetime
    code: str
    cause: str
    pay_day: int
    chance: random.Random
    money: list[tuple[datetime, datetime, float]] = field(default_factory=list)
    names: float = 1.0
    keeps: float = 1.0
    pay_on: date | None = None
    issuer: dict[date, float] = field(default_factory=dict)

    def promise_on(self, world: World) -> date | None:
        """The day that this customer names when asked: the one after the next pay-day."""
        return self.pay_on if self.names < world.answers else None

    def passes(self, at: datetime, world: World, heard: bool) -> bool:
        """Whether a charge at this instant goes through; what is set aside for a day is there from that day on."""
        if self.cause == "dead":
            return False
        day = at.astimezone(ZONE).date()
        if self.cause == "issuer":
            return self.issuer.setdefault(day, self.chance.random()) < ISSUER_PASSES
        promised = self.promise_on(world) if heard else None
        if promised is not None and self.keeps < world.reserves and promised <= day < promised + KEPT_FOR:
            return True
        return any(start <= at < end and luck < world.brings for start, end, luck in self.money)


def failures(number: int, seed: int, stays_days: float) -> list[Failing]:
    """The failed charges; the same seed gives the same customers whatever else is assumed."""
    found = []
    for n in range(number):
        draw = random.Random(f"{seed}/{n}")
        at = BEGINS + timedelta(days=draw.randrange(SPREAD), minutes=draw.randrange(120))
        code, _, cause = draw.choices(MIX, [share for _, share, _ in MIX])[0]
        pay_day = draw.choices(PAY_DAYS, [share for _, share in PAY_DAYS])[0][0]
        one = Failing(n, at, code, cause, pay_day, draw)
        if cause == "outage":
            one.money = [(at + timedelta(days=draw.expovariate(1.0)), at + timedelta(days=400), 0.0)]
        if cause == "funds":
            _fill(one, stays_days)
        found.append(one)
    return found


def _fill(one: Failing, stays_days: float) -> None:
    """When money may come: on pay-days, and by chance between them."""
    draw, first = one.chance, one.at.astimezone(ZONE).date()
    one.names, one.keeps = draw.random(), draw.random()
    for days in range(1, WINDOW.days + 5):
        day = first + timedelta(days=days)
        paid = (day + timedelta(days=1)).day == 1 if one.pay_day == 31 else day.day == one.pay_day
        luck, stays = draw.random(), timedelta(days=max(1.2, draw.expovariate(1 / stays_days)))
        if paid and one.pay_on is None:
            one.pay_on = day + timedelta(days=1)
        if paid or luck < 1 / 15:
            start = datetime.combine(day, time(6), ZONE).astimezone(UTC)
            one.money.append((start, start + stays, luck if paid else luck * 15))


@dataclass
class Result:
    """What one schedule did."""

    failures: int = 0
    recovered: int = 0
    tries: int = 0
    days: list[float] = field(default_factory=list)
    too_early: int = 0
    beyond_rules: int = 0

    def row(self, name: str) -> dict[str, Any]:
        """As JSON."""
        return {
            "schedule": name, "recovered_share": round(self.recovered / self.failures, 4),
            "tries_per_failure": round(self.tries / self.failures, 2),
            "tries_per_recovery": round(self.tries / max(1, self.recovered), 2),
            "median_days": round(median(self.days), 1) if self.days else None,
            "tries_before_the_promised_day": self.too_early, "beyond_network_rules": self.beyond_rules,
        }  # fmt: skip


Next = Callable[[Failing, list[Failure]], datetime | None]


def play(book: Sequence[Failing], following: Next, world: World, heard: bool = False) -> Result:
    """Let a schedule try every charge until it gives up, is paid, or the time is over."""
    result = Result()
    for one in book:
        result.failures += 1
        failed = [Failure(one.at, one.code, "stripe")]
        while (at := following(one, failed)) is not None and at <= one.at + WINDOW:
            result.tries += 1
            named = one.promise_on(world)
            told = one.at + timedelta(days=TOLD_AFTER)
            result.too_early += named is not None and told < at and at.astimezone(ZONE).date() < named
            result.beyond_rules += _beyond(one, failed, at)
            if one.passes(at, world, heard):
                result.recovered += 1
                result.days.append((at - one.at).total_seconds() / 86400)
                break
            failed.append(Failure(at, one.code, "stripe"))
    return result


# The customer is written to on the fourth day; who answers is heard then.
TOLD_AFTER = 4


def _beyond(one: Failing, failed: Sequence[Failure], at: datetime) -> bool:
    """A try after a hard stop, or the sixteenth within 30 days."""
    lately = sum(failure.at > at - timedelta(days=30) for failure in failed)
    return one.code in ("stolen_card", "expired_card") or lately >= 15


def relance(book: Rulebook, world: World, promises: bool) -> Next:
    """Our own schedule, with or without the customers' words."""

    def following(one: Failing, failed: list[Failure]) -> datetime | None:
        last = failed[-1].at
        heard = one.at + timedelta(days=TOLD_AFTER)
        charge = FailedCharge("visa", tuple(failed), ZONE)
        plan = plan_retry(charge, book, last)
        named = one.promise_on(world) if promises else None
        if named is not None and (plan.next_at is None or plan.next_at > heard):
            plan = plan_retry(replace(charge, promise_on=named), book, max(last, heard))
        return plan.next_at.astimezone(UTC) if plan.next_at is not None else None

    return following


def fixed(gaps: Sequence[int]) -> Next:
    """A schedule that knows hard refusals and nothing else."""

    def following(one: Failing, failed: list[Failure]) -> datetime | None:
        if one.code in ("stolen_card", "expired_card") or len(failed) > len(gaps):
            return None
        return failed[-1].at + timedelta(days=gaps[len(failed) - 1])

    return following


def lessons(number: int, seed: int, world: World) -> Experience:
    """What a season before, with other customers, has taught."""
    book = rules(BEGINS.date())
    network = book.networks["visa"]
    found: list[Tried] = []
    following = relance(book, world, promises=False)

    def recording(one: Failing, failed: list[Failure]) -> datetime | None:
        at = following(one, failed)
        if at is not None:
            local = at.astimezone(ZONE)
            rule = book.codes["stripe", one.code]
            day = kind_of(local.date(), network, book.pay_days if rule.fault != "technical" else None)
            paid = one.passes(at, world, heard=False)
            found.append(Tried(at - timedelta(days=182), rule.fault or "generic", day, local.time(), paid))
        return at

    play(failures(number, seed + 1_000_003, world.stays_days), recording, world)
    return Experience(found)


def calibrated(share: float, book: Sequence[Failing], world: World) -> World:
    """The world in which the reference schedule recovers this share."""
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        tried = replace(world, brings=middle)
        seen = play(book, fixed(FIXED[REFERENCE]), tried)
        low, high = (middle, high) if seen.recovered / seen.failures < share else (low, middle)
    return replace(world, brings=(low + high) / 2)


def compare(
    number: int, seed: int, share: float = 0.5, world: World | None = None, full: bool = True
) -> dict[str, Any]:
    """Every schedule on the same failures, in the world in which the reference schedule recovers this share."""
    world = world or World()
    book, plain = failures(number, seed, world.stays_days), rules(BEGINS.date())
    world = calibrated(share, book, world)
    eight = replace(plain, schedule=replace(plain.schedule, most_tries=9, after_days=(2, 3)))
    schedules: dict[str, tuple[Next, bool]] = {
        f"relance, {WITH}": (relance(plain, world, promises=True), True),
        f"relance set to 8 tries 2-3 days apart, {WITH}": (relance(eight, world, promises=True), True),
        REFERENCE: (fixed(FIXED[REFERENCE]), False),
    }
    if full:
        learned = replace(plain, experience=lessons(number, seed, world))
        schedules |= {
            f"relance, {WITH}, lessons of a season": (relance(learned, world, promises=True), True),
            "relance, without promises": (relance(plain, world, promises=False), False),
            **{name: (fixed(gaps), False) for name, gaps in FIXED.items()},
        }
    rows = [play(book, following, world, heard).row(name) for name, (following, heard) in schedules.items()]
    return {"failures": number, "seed": seed, "pay_day_brings_enough": round(world.brings, 3), "schedules": rows}


def sensitivity(number: int, seed: int) -> dict[str, dict[str, Any]]:
    """The comparison with each assumption at both ends."""
    base = World()
    worlds = {
        "reference recovers 45 %": (0.45, base),
        "reference recovers 57 %": (0.57, base),
        "1 in 10 customers names a day": (0.50, replace(base, answers=0.1)),
        "4 in 10 customers name a day": (0.50, replace(base, answers=0.4)),
        "nobody sets the sum aside": (0.50, replace(base, reserves=0.0)),
        "6 in 10 set the sum aside": (0.50, replace(base, reserves=0.6)),
        "money stays 2 days": (0.50, replace(base, stays_days=2.0)),
        "money stays 8 days": (0.50, replace(base, stays_days=8.0)),
    }
    return {name: compare(number, seed, share, world, full=False) for name, (share, world) in worlds.items()}
