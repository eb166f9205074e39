"""The rules that a pack may hold, each with its source, its dates and the facets that it binds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

# (first minute, minute after the last) of the local day.
Span = tuple[int, int]
FIRST_DAY, LAST_DAY = date.min, date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One dated value with the text behind it. Empty facets bind everybody."""

    id: str
    basis: str
    source: str
    confidence: str
    valid_from: date = FIRST_DAY
    valid_to: date = LAST_DAY
    roles: frozenset[str] = frozenset()
    customer_types: frozenset[str] = frozenset()
    debt_types: frozenset[str] = frozenset()

    def binds(self, role: str, customer_type: str, debt_type: str) -> bool:
        """Whether the rule is about this kind of sender, customer and debt."""
        return (
            (not self.roles or role in self.roles)
            and (not self.customer_types or customer_type in self.customer_types)
            and (not self.debt_types or debt_type in self.debt_types)
        )

    def in_force(self, on: date) -> bool:
        """Whether the rule is in force on this day."""
        return self.valid_from <= on <= self.valid_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Rule):
    """Hours of each weekday (Monday first) in which something may be sent."""

    open: tuple[tuple[Span, ...], ...]
    except_channels: frozenset[str] = frozenset()
    with_element: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays(Rule):
    """Whether the public holidays of a calendar are closed; `candidates` are those of every country that it may be."""

    calendar: str
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Rule):
    """At most so many contacts in a period, or none for a while after a conversation."""

    channels: frozenset[str]
    max: int = 0
    per: timedelta = timedelta()
    after_conversation: int = 0
    scope: str = "customer"
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Rule):
    """Channels that need the customer's consent, or else their own recent message there."""

    channels: frozenset[str]
    or_inbound: bool = False
    within: timedelta | None = None
    with_element: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut(Rule):
    """A refusal of one of these channels: of that one, or of all of them at once."""

    channels: frozenset[str]
    revokes_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar(Rule):
    """Channels that may not be used at all."""

    channels: frozenset[str]
    unless_attested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements(Rule):
    """Parts that a message must contain at some moment; `answers`: also when it answers the customer.

    Those of `may_link` may stand on the page that a short message links to.
    """

    when: str
    require: frozenset[str]
    answers: bool = True
    may_link: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban(Rule):
    """What may not be said; `element` names it where the governor can see it."""

    what: str
    element: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Rule):
    """A reason to leave the customer alone: the purposes that it stops and how it ends."""

    stops: frozenset[str]
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences(Rule):
    """The customer's own hours, days and channel bind."""

    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed(Rule):
    """A rule about a time that passes: replies, confirmations."""

    channels: frozenset[str] = frozenset()
    within: timedelta | None = None
    max: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Rule):
    """A value that other parts read: fees, interest, allocation, limitation, plans, duties, retention."""

    rule: Mapping[str, Any] = field(default_factory=dict)


BLOCKS: Mapping[str, type[Rule]] = {
    "windows": Window, "holidays": Holidays, "caps": Cap, "consent": Consent, "opt_outs": OptOut, "bars": Bar,
    "preferences": Preferences, "elements": Elements, "bans": Ban, "fees": Fact, "interest": Fact, "allocation": Fact,
    "limitation": Fact, "plan": Fact, "duties": Fact, "retention": Fact,
}  # fmt: skip
# What stands in everywhere.yml only.
COMMON_BLOCKS: Mapping[str, type[Rule]] = {
    **BLOCKS, "holds": Hold, "charges": Timed, "confirmation": Timed, "replies": Timed,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one jurisdiction. `replaces` names the blocks that stand instead of the parent's."""

    code: str
    title: str
    extends: str | None
    replaces: frozenset[str]
    covers: Rule
    zones: tuple[str, ...]
    blocks: Mapping[str, tuple[Rule, ...]]
