"""What the governor answers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """allowed, deferred (with the next lawful instant) or refused; `rule` is stable, `basis` law, regulation,
    platform or house, `source` the text behind it, `missing` the required parts that the message lacks."""

    verdict: str
    rule: str
    basis: str
    source: str
    not_before: datetime | None = None
    missing: tuple[str, ...] = ()
