"""Ways to reach a customer, one file each."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.messages import Exchange
from bot.ports import Malformed


class SetupError(Exception):
    """A channel's settings are wrong; the message names the setting and the remedy."""


@dataclass(frozen=True)
class Setup:
    """What an adapter is made from: its options in config.yml, its secrets, and where its provider calls us.

    `secret` gives the value of RELANCE_<CHANNEL>_<NAME> or raises SetupError naming that variable; `unsubscribe`
    makes the address of a customer's one-click opt-out; `print_letters` sets letters as one PDF, `print_copies` the
    copies of invoices that a message carries. Relative folders lie
    `beside` the book.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    secret: Callable[[str], str] = lambda name: ""
    callback_url: str = ""
    callback_key: str = ""
    creditor: Mapping[str, Any] = field(default_factory=dict)
    unsubscribe: Callable[[str], str] | None = None
    print_letters: Callable[[Sequence[Exchange]], bytes] | None = None
    print_copies: Callable[[Exchange], bytes] | None = None
    beside: Path = Path()

    def option(self, name: str) -> str:
        """An option that must be there."""
        value = self.options.get(name)
        if value in (None, ""):
            raise SetupError(f"channels.{self.name}.{name} is missing")
        return str(value)


def parsed(body: bytes) -> Mapping[str, Any]:
    """A JSON object; raises Malformed."""
    try:
        document = json.loads(body)
    except ValueError:
        raise Malformed("the body is no JSON") from None
    if not isinstance(document, dict):
        raise Malformed("the body is no JSON object")
    return document
