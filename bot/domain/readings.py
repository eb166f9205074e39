"""What a customer's message was understood to mean."""

from dataclasses import dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in a text.

    `kind` is one of amount, share, count, date, time, invoice_ref, phone, email, card, iban, channel, language.
    `value` is JSON: amount `{"minor": int, "currency": str | None}`; share `"half" | "rest" | "all"` ...;
    date an ISO date or, when several readings are possible, a list of them; count an int; others a string.
    `start` and `end` are character offsets into the text that was read.
    """

    kind: str
    text: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of one message: its main intent, how sure, and the values that it carries.

    `also` lists further intents found in a message with several meanings, most important first.
    `command` tells that a rule decided (button payload, stop word) and no probability is involved.
    """

    text: str
    intent: str
    confidence: float
    language: str
    entities: tuple[Entity, ...] = ()
    also: tuple[str, ...] = ()
    second: str | None = None
    margin: float = 1.0
    command: bool = False
