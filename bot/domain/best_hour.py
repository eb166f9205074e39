"""At which hour a message is likeliest to be answered by this customer: a prior, and their own answers.

Every hour of the day holds a Beta distribution of the chance that a message of that hour is answered within a day. What
the customer did moves it: an answer raises the hour in which it came, silence lowers the hour in which we wrote.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.compliance import UNASKED
from bot.domain.messages import IN, OUT, Exchange

# The chance before anything is known of this customer (house): noon and the end of the working day are a little better.
USUAL = 0.15
PRIOR = {9: 0.16, 10: 0.16, 11: 0.17, 12: 0.17, 13: 0.16, 17: 0.17, 18: 0.18, 19: 0.17}
# So many messages does the prior weigh; an answer tells a little of the hours beside it too.
WEIGHT, BESIDE = 20.0, 0.4
ANSWERED_WITHIN = timedelta(days=1)
# An hour is waited for when it is likelier by so much. The prior alone never is: two of the customer's answers are.
WORTH = 1.5


@dataclass(frozen=True, slots=True)
class Hours:
    """What is known of a customer's hours: the chance of an answer by hour, and on how many answers it stands."""

    chances: tuple[float, ...]
    answers: int

    def better(self, hour: int) -> list[int]:
        """The later hours of a day that are worth waiting for, the likeliest first."""
        worth = [h for h in range(hour + 1, 24) if self.chances[h] >= WORTH * self.chances[hour]]
        return sorted(worth, key=lambda h: (-self.chances[h], h))


def hours_of(exchanges: Iterable[Exchange], zone: str, now: datetime) -> Hours:
    """What a customer's log tells of their hours; a talk counts once, at its first message of the day."""
    clock, rows = ZoneInfo(zone), list(exchanges)
    talks: dict[object, datetime] = {}
    for row in rows:
        if row.direction == IN:
            at = row.at.astimezone(clock)
            talks.setdefault(at.date(), at)
    answered: Counter[int] = Counter()
    beside: Counter[int] = Counter()
    for at in talks.values():
        answered[at.hour] += 1
        beside[(at.hour - 1) % 24] += 1
        beside[(at.hour + 1) % 24] += 1
    silent = Counter(at.astimezone(clock).hour for at in _unanswered(rows, now))
    chances = []
    for hour in range(24):
        yes = answered[hour] + BESIDE * beside[hour]
        chances.append((WEIGHT * PRIOR.get(hour, USUAL) + yes) / (WEIGHT + yes + silent[hour]))
    return Hours(tuple(chances), len(talks))


def _unanswered(rows: list[Exchange], now: datetime) -> list[datetime]:
    """When we wrote and heard nothing within a day, as far back as the log at hand has the customer's words too."""
    others = [row.at for row in rows if row.direction != OUT or row.purpose not in UNASKED]
    since = min(others, default=None)
    heard = [row.at for row in rows if row.direction == IN]
    found = []
    for row in rows:
        if row.direction != OUT or row.purpose not in UNASKED or not row.reached:
            continue
        at = row.sent_at or row.at
        over = at + ANSWERED_WITHIN <= now and (since is None or row.at >= since)
        if over and not any(at < answer <= at + ANSWERED_WITHIN for answer in heard):
            found.append(at)
    return found


def wait_until(hours: Hours, zone: str, now: datetime, allowed: Callable[[datetime], bool]) -> datetime | None:
    """The instant later today at which a message is clearly likelier to be answered and may leave; None to write now.

    Nothing waits for another day: the plan's day is the plan's.
    """
    local = now.astimezone(ZoneInfo(zone))
    for hour in hours.better(local.hour):
        at = datetime.combine(local.date(), time(hour), local.tzinfo).astimezone(UTC)
        if at > now and allowed(at):
            return at
    return None
