"""How fast things may go: so much a second over a channel; processes share their pace in Redis."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# Keys remembered in a process; the one that was asked for longest ago is forgotten first.
REMEMBERED = 50_000
# Nothing that is let through takes longer.
LONGEST = 3600.0
# What cannot reach Redis goes on by itself, and says so once in a while.
SAID_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Rate:
    """So much in so many seconds; as much may come at once."""

    count: float
    seconds: float = 1.0

    @property
    def interval(self) -> float:
        """Seconds that one takes."""
        return self.seconds / self.count


class Pace(Protocol):
    """Says who may go now and who has to wait."""

    async def wait(self, key: str, rate: Rate, cost: int = 1) -> float:
        """Seconds until `key` may go on; 0 when it goes now, and then its cost is counted."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


class OwnPace:
    """Within this process, by the generic cell rate algorithm: one number a key, when it will be through."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._through: OrderedDict[str, float] = OrderedDict()

    async def wait(self, key: str, rate: Rate, cost: int = 1) -> float:
        """Seconds until `key` may go on; 0 when it goes now."""
        now, spent = self._clock(), rate.interval * cost
        through = max(self._through.get(key, now), now)
        if through > now + rate.seconds + LONGEST:
            through = now  # the clock was set back
        early = through - now - max(rate.seconds - spent, 0.0)
        if early > 1e-6:
            return early
        self._through[key] = through + spent
        self._through.move_to_end(key)
        if len(self._through) > REMEMBERED:
            self._through.popitem(last=False)
        return 0.0

    async def close(self) -> None:
        """There is nothing to release."""


# The same in Redis, by its clock: those of several machines differ.
_SCRIPT = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local seconds, spent = tonumber(ARGV[1]), tonumber(ARGV[2])
local through = tonumber(redis.call('GET', KEYS[1]) or now)
through = math.max(through, now)
local early = through - now - math.max(seconds - spent, 0)
if early > 0.000001 then return string.format('%.6f', early) end
redis.call('SET', KEYS[1], string.format('%.6f', through + spent), 'PX', math.ceil((through + spent - now) * 1000))
return '0'
"""


class SharedPace:
    """Among all processes that know the same Redis; without it each keeps the pace by itself, and nothing is lost."""

    def __init__(self, url: str, alone: Pace) -> None:
        self._redis = Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0)
        self._script = self._redis.register_script(_SCRIPT)
        self._alone = alone
        self._said = -SAID_EVERY

    async def wait(self, key: str, rate: Rate, cost: int = 1) -> float:
        """Seconds until `key` may go on; 0 when it goes now."""
        try:
            told = await self._script(keys=[f"relance:pace:{key}"], args=[rate.seconds, rate.interval * cost])
        except (RedisError, OSError) as error:
            if time.monotonic() - self._said >= SAID_EVERY:
                self._said = time.monotonic()
                log.warning("Redis does not answer (%s): this process keeps the pace by itself", error)
            return await self._alone.wait(key, rate, cost)
        return float(told)

    async def close(self) -> None:
        """Release the connections."""
        await self._redis.aclose()
