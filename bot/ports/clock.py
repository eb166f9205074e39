"""The time, and ids that sort by it."""

import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests and `--now` play a calendar through it."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it was put."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at


_id_lock = threading.Lock()
_latest_id = 0
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)


def new_id() -> str:
    """An id of 26 characters, greater than every earlier one of this process: 48 bits of milliseconds, 80 random bits.

    Rows sort by it in the order of writing, and new ones stay at the end of the index.
    """
    global _latest_id
    with _id_lock:
        number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        if number <= _latest_id:
            number = _latest_id + 1 + secrets.randbits(40)
        _latest_id = number
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
