"""Generated cases, dense where rules have their edges, and what is found when both statements judge them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.governor.attempt import CHANNELS, PURPOSES, Attempt, Past
from bot.domain.governor.judge import Governor
from bot.domain.governor.verdict import Verdict
from tests.fuzz import restated

PLACES = (
    "FR",
    "DE",
    "GB",
    "ES",
    "IT",
    "EU",
    "US",
    "US-CA",
    "US-FL",
    "US-MA",
    "US-NY-NYC",
    "US-WA",
    "US-TX",
    "BR",
    "PL",
)
PARTS = (
    "ai_disclosure", "sender_identity", "creditor_identity", "collector_status", "mini_miranda", "from_debt_collector",
    "debt_reference", "amount_breakdown", "payment_methods", "opt_out_notice", "dispute_path", "human_path",
    "hardship_path", "privacy_notice_link", "letter_reference", "cpce_L111_8_reproduction", "validation_information",
    "time_barred_notice", "plan_cost_notice", "plan_terms", "receipt", "deadline", "mise_en_demeure_wording",
    "risk_warning_L312_36", "claim_ground_with_contract_date", "interest_calculation", "higher_interest_notice_if_any",
    "cost_breakdown", "vat_statement_if_any", "address_source_if_researched", "supervisory_authority",
    "opt_out_confirmation_only",
)  # fmt: skip
# Where hours, caps, laws and clocks change.
EDGES = tuple(datetime(*day, tzinfo=UTC) for day in (
    (2026, 8, 2), (2026, 8, 11), (2026, 9, 1), (2026, 10, 25), (2026, 11, 1), (2026, 12, 25), (2027, 1, 1), (2027, 3, 14),
    (2027, 3, 28), (2027, 3, 29), (2027, 5, 17), (2027, 10, 31), (2027, 12, 26), (2028, 2, 28), (2028, 2, 29), (2028, 3, 1),
    (2028, 3, 26),
))  # fmt: skip
FIRST, DAYS = datetime(2026, 6, 1, tzinfo=UTC), 900
CLOCKS = (
    (8, 0),
    (7, 30),
    (9, 0),
    (8, 30),
    (10, 0),
    (13, 0),
    (14, 0),
    (17, 0),
    (18, 0),
    (20, 0),
    (20, 30),
    (21, 0),
    (0, 0),
)
HOURS_AGO = (0, 1, 5, 12, 23, 24, 25, 30, 48, 71, 100, 144, 167, 168, 169, 200, 500, 719, 720, 721, 1439, 1441)


def attempts(seed: int, count: int) -> Iterator[Attempt]:
    """So many cases."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _attempt(chance)


def _attempt(chance: random.Random) -> Attempt:
    where = chance.choice(PLACES)
    zone = chance.choice(restated.ZONES.get(where) or ("America/Sao_Paulo", "Europe/Warsaw"))
    at = _instant(chance, zone)
    channel = chance.choice(CHANNELS)
    purpose = "charge" if channel == "charge" else chance.choice(PURPOSES[:-1])
    one_zone = (zone,) if chance.random() < 0.8 else ()
    return Attempt(
        at=at, channel=channel, purpose=purpose,
        jurisdictions=(where,) if chance.random() < 0.98 else (), role=chance.choice(("creditor", "collector")),
        customer_type=chance.choices(("consumer", "sole_trader", "business"), (8, 1, 1))[0],
        debt_type=chance.choices(("invoice", "consumer_credit"), (9, 1))[0], zones=one_zone,
        consent=chance.random() < 0.85, opted_out=_some(chance, CHANNELS, 0.1),
        holds=tuple(_some(chance, tuple(restated.HOLDS), 0.1)), preferences=_wishes(chance),
        history=_history(chance, at), elements=_elements(chance), author=chance.choices(("bot", "agent"), (9, 1))[0],
        answers=chance.choices((None, True, False), (8, 1, 1))[0],
        place=chance.choices((None, "work", "other_than_home_or_cell"), (8, 1, 1))[0],
        debt=chance.choice((None, "a", "b")), payment_link=chance.random() < 0.3, attested=chance.random() < 0.5,
    )  # fmt: skip


def _instant(chance: random.Random, zone: str) -> datetime:
    if chance.random() < 0.3:
        day: date = (chance.choice(EDGES) + timedelta(days=chance.randint(-1, 1))).date()
    else:
        day = (FIRST + timedelta(days=chance.randrange(DAYS))).date()
    if chance.random() < 0.4:
        clock = time(*chance.choice(CLOCKS))
        beside = timedelta(seconds=chance.choice((-60, -1, 0, 0, 1, 60)))
        return (datetime.combine(day, clock, ZoneInfo(zone))).astimezone(UTC) + beside
    return datetime.combine(day, time(), UTC) + timedelta(seconds=chance.randrange(86400))


def _history(chance: random.Random, at: datetime) -> tuple[Past, ...]:
    rows = []
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 4, 6, 9))):
        ago = timedelta(hours=chance.choice(HOURS_AGO)) + timedelta(minutes=chance.choice((0, 0, 1, 4, 5, 6, 29, 31)))
        outbound = chance.random() < 0.75
        rows.append(Past(
            at - ago, chance.choice(CHANNELS), outbound,
            chance.choice(PURPOSES) if outbound else "reply", chance.choice((None, "a", "b")),
            chance.choice((None, None, "work", "other_than_home_or_cell")), chance.random() < 0.2,
        ))  # fmt: skip
    return tuple(rows)


def _wishes(chance: random.Random) -> dict[str, object]:
    wishes: dict[str, object] = {}
    if chance.random() < 0.85:
        return wishes
    if chance.random() < 0.5:
        wishes["not_before"] = chance.choice(("09:00", "12:30", "18:00"))
    if chance.random() < 0.5:
        wishes["not_after"] = chance.choice(("10:00", "17:00", "19:30"))
    if chance.random() < 0.3:
        wishes["days"] = sorted(_some(chance, ("mon", "wed", "fri", "sat"), 0.6)) or ["tue"]
    if chance.random() < 0.3:
        wishes["channel"] = chance.choice(("sms", "email", ["email", "phone"]))
    return wishes


def _elements(chance: random.Random) -> frozenset[str] | None:
    kind = chance.random()
    if kind < 0.2:
        return None
    parts = frozenset(PARTS) if kind < 0.6 else frozenset(PARTS) - _some(chance, PARTS, 0.05)
    return parts | {"promotion"} if chance.random() < 0.08 else parts


def _some(chance: random.Random, names: tuple[str, ...], share: float) -> frozenset[str]:
    return frozenset(name for name in names if chance.random() < share / 2) if chance.random() < 0.5 else frozenset()


def contradiction(attempt: Attempt, governor: Governor, chance: random.Random) -> str | None:
    """What the verdict and the rules restated say differently; None when they agree."""
    found = Governor(governor.packs, attempt.role).judge(attempt)
    against = restated.forbids(attempt)
    if against:
        return None if found.verdict == "refused" else f"{found.verdict} in spite of {sorted(against)}"
    late = restated.untimely(attempt, attempt.at)
    if late:
        return _deferral(attempt, found, late, chance)
    wrong = restated.lacks(attempt)
    if found.verdict == "deferred" or (found.verdict == "refused") != wrong:
        return f"{found.verdict} ({found.rule}) while {'a part is missing' if wrong else 'nothing stands against it'}"
    return None


def _deferral(attempt: Attempt, found: Verdict, late: set[str], chance: random.Random) -> str | None:
    """A delay ends in the first lawful minute; where a year has none the attempt is refused."""
    if found.verdict == "allowed":
        return f"allowed in spite of {sorted(late)}"
    if found.verdict == "refused":
        tried = (attempt.at + timedelta(hours=chance.uniform(0, 24 * 300)) for _ in range(60))
        lawful = next((at for at in tried if not restated.untimely(attempt, at)), None)
        return f"refused although lawful at {lawful}" if lawful else None
    end = found.not_before
    if end is None or end <= attempt.at:
        return "a delay without end"
    if against := restated.untimely(attempt, end):
        return f"delayed to {end}, where {sorted(against)} forbids it"
    if not restated.untimely(attempt, end.astimezone(UTC) - timedelta(seconds=1)):
        return f"delayed to {end}, lawful a second before"
    span = (end - attempt.at).total_seconds()
    for _ in range(3):
        earlier = attempt.at + timedelta(seconds=chance.uniform(0, span - 1))
        if not restated.untimely(attempt, earlier):
            return f"delayed to {end}, lawful at {earlier}"
    return None
