"""One movement on the creditor's account, as its bank tells it."""

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BankEntry:
    """Money that moved. `id` is the bank's own reference of it, or made of what it tells; `returned`: taken back."""

    line: int
    id: str
    booked_on: date
    currency: str
    amount_minor: int
    credit: bool
    reference: str = ""
    text: str = ""
    payer: str = ""
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line or an entry that cannot be taken, and why."""

    line: int
    reason: str


def made_id(account: str, *told: object) -> str:
    """An id for what carries none: the same movement read again gives the same one."""
    return hashlib.sha256("\x1f".join([account, *map(str, told)]).encode()).hexdigest()[:40]
