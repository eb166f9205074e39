"""A calendar played on pure facts: what the plan wants and the governor allows is taken as sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.campaigns import load_strategies
from bot.domain.cadence import Due, due
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.governor.law import Packs
from bot.domain.messages import OUT, Exchange
from bot.domain.outlook import judge
from bot.domain.strategy import Strategy
from bot.packs import load_packs

ROOT = Path(__file__).resolve().parents[2]


@cache
def strategies() -> tuple[Strategy, ...]:
    return load_strategies(ROOT / "dialogues" / "strategies")


@cache
def packs() -> Packs:
    return load_packs()


@cache
def governor() -> Governor:
    return Governor(packs())


def send(found: Due, facts: Dossier, at: datetime) -> Dossier:
    """The dossier after this contact left."""
    content = {
        "about": found.about, "tone": found.tone, "wait_days": found.wait_days, "invoices": list(found.invoices),
        "deadline": found.deadline.isoformat(), "notice": found.values.get("notice"),
    }  # fmt: skip
    row = Exchange(
        f"x{at.isoformat()}", "c", at, OUT, "bot", found.point.channel, "text", purpose=found.purpose,
        address=found.point.address, state="sent", sent_at=at, content=content,
    )  # fmt: skip
    return replace(facts, exchanges=(*facts.exchanges, row))


def play(facts: Dossier, start: datetime, days: int) -> Iterator[tuple[datetime, Due]]:
    """Every contact of so many days, looked for every four hours."""
    for hours in range(0, days * 24, 4):
        at = (start + timedelta(hours=hours)).astimezone(UTC)
        found = due(facts, strategies(), at)
        if found and judge(found, facts, at, governor()).verdict == "allowed":
            facts = send(found, facts, at)
            yield at, found
