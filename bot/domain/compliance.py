"""The governor: may this message leave now? Rules in a fixed order, the first that objects decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.accounts import ContactPoint
from bot.domain.closed_days import closed, next_open
from bot.domain.conversation import AWAITING_AGENT
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.governor.law import Packs
from bot.domain.governor.verdict import Verdict as Verdict
from bot.domain.messages import IN, OUT, Exchange
from bot.domain.sending import attempt_of

# What a customer did not ask for. Everything else answers them, confirms their act or is owed to them.
UNASKED = frozenset({"pre_due", "reminder", "plan_offer", "final_notice", "suspension_notice", "card_expiry", "charge"})
# House caps (facts/policies.yml: house, 1 a day; 3 in 7 days) and hours, until a jurisdiction pack says more.
OPENS, CLOSES = time(8), time(20)
PER_DAY, PER_WEEK, WEEK = 1, 3, timedelta(days=7)
# Channels on which a reminder needs the person's consent (47 CFR 64.1200, Telegram's and WhatsApp's rules).
CONSENT_NEEDED = frozenset({"sms", "telegram", "whatsapp"})
# House and law move a delay on in turns; they meet within days.
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class HoldRule:
    """What a hold that stops every unasked message rests on."""

    basis: str
    source: str


# facts/policies.yml, global.holds, as of 2026-11-22.
HOLDS: dict[str, HoldRule] = {
    "cease_all": HoldRule("regulation", "12 CFR 1006.6(c)"),
    "refuses_to_pay_written": HoldRule("regulation", "12 CFR 1006.6(c)(1)"),
    "dispute": HoldRule("regulation", "12 CFR 1006.38(d)(2); CONC 7.14"),
    "represented_by_lawyer": HoldRule("regulation", "12 CFR 1006.6(b)(2)"),
    "wrong_person": HoldRule("regulation", "12 CFR 1006.6(d)(3)(ii)"),
    "deceased": HoldRule("regulation", "12 CFR 1006.6(a)(4)"),
    "bankruptcy": HoldRule("law", "11 USC 362"),
    "breathing_space_gb": HoldRule("law", "SI 2020/1311"),
    "mental_health_crisis_gb": HoldRule("law", "SI 2020/1311"),
    "surendettement_fr": HoldRule("law", "C. conso L722-2 to L722-5"),
    "vulnerability_signal": HoldRule("regulation", "FCA FG21/1; CONC 7.2.1R(2)"),
    "self_harm_signal": HoldRule("house", "house"),
    "minor_or_no_capacity": HoldRule("regulation", "CONC 7.10"),
    "payment_pending": HoldRule("house", "house"),
}
_UNKNOWN_HOLD = HoldRule("house", "house: an unknown hold stops everything")


@dataclass(frozen=True, slots=True)
class Question:
    """One message to judge at one instant, with the facts that the rules look at."""

    exchange: Exchange
    dossier: Dossier
    now: datetime
    packs: Packs | None = None

    @property
    def unasked(self) -> bool:
        """Whether the customer did not ask for this message."""
        return self.exchange.purpose in UNASKED

    @property
    def local(self) -> datetime:
        """The instant on the customer's clock."""
        return self.now.astimezone(ZoneInfo(self.dossier.customer.time_zone))

    @property
    def point(self) -> ContactPoint | None:
        """The customer's address that this message goes to."""
        mine = [p for p in self.dossier.contact_points if p.channel == self.exchange.channel]
        named = [p for p in mine if p.address == self.exchange.address]
        return next(iter(named or mine), None)


def assess(exchange: Exchange, dossier: Dossier, now: datetime, governor: Governor | None = None) -> Verdict:
    """Judge one outbound exchange at the moment of sending: by the house, and by the law where packs are given."""
    found = _both(exchange, dossier, now, governor)
    if found.verdict != "deferred" or governor is None:
        return found
    # What the one delays to may be closed by the other: the instant told is open to both.
    at = found.not_before
    for _ in range(ROUNDS):
        later = _both(exchange, dossier, at, governor) if at else found
        if later.verdict != "deferred":
            return replace(found, not_before=at)
        at = later.not_before
    return Verdict("refused", found.rule, found.basis, found.source)


def _both(exchange: Exchange, dossier: Dossier, now: datetime, governor: Governor | None) -> Verdict:
    """The house's verdict and the law's: a refusal before a delay, the law's source before the house's."""
    house = _house(exchange, dossier, now, governor)
    attempt = attempt_of(exchange, dossier, now, governor.role, governor.attested) if governor else None
    if governor is None or attempt is None or house.verdict == "refused":
        return house
    law = governor.judge(attempt)
    return law if law.verdict == "refused" or house.verdict == "allowed" else house


def _house(exchange: Exchange, dossier: Dossier, now: datetime, governor: Governor | None) -> Verdict:
    question = Question(exchange, dossier, now, governor.packs if governor else None)
    for rule in RULES:
        verdict = rule(question)
        if verdict is not None:
            return _on_an_open_day(verdict, question)
    if question.unasked:
        return Verdict("allowed", "contact", "house", "house")
    return Verdict("allowed", "inbound_reply", "regulation", "12 CFR 1006 Supp. I cmt 6(b)(1)-2")


def person_holds(question: Question) -> Verdict | None:
    """While a person has the conversation the bot's own words stay unsaid, and while one is awaited, unasked ones."""
    talk = question.dossier.conversation
    if question.exchange.author != "bot" or not talk.held_by_person:
        return None
    if talk.status == AWAITING_AGENT and not question.unasked:
        return None
    request = question.dossier.handoff()
    # The sentence that announces the hand-over is written at the same instant as the request itself.
    if not question.unasked and request is not None and question.exchange.at <= request.opened_at:
        return None
    return Verdict("refused", "person_holds_conversation", "house", "house")


def holds(question: Question) -> Verdict | None:
    """A hold wins over any schedule; replies to the customer's own message go on."""
    if not question.unasked:
        return None
    for hold in question.dossier.holds_in_force(question.now):
        rule = HOLDS.get(hold.kind, _UNKNOWN_HOLD)
        return Verdict("refused", f"hold.{hold.kind}", rule.basis, rule.source)
    return None


def consent(question: Question) -> Verdict | None:
    """Some channels may be used only with the person's consent, and none without an address."""
    if not question.unasked:
        return None
    point = question.point
    if point is None:
        return Verdict("refused", "no_address", "house", "house")
    if point.closed_at is not None:
        return Verdict("refused", "address_closed", "house", "house")
    if question.exchange.channel in CONSENT_NEEDED and not point.consent:
        return Verdict("refused", "consent", "law", "47 USC 227; 47 CFR 64.1200")
    return None


def opt_out(question: Question) -> Verdict | None:
    """A refusal of a channel is honoured at once; its own confirmation and answers to new messages may go."""
    point = question.point
    if question.unasked and point is not None and point.opted_out_at is not None:
        return Verdict("refused", "opt_out", "regulation", "47 CFR 64.1200(a)(10); 12 CFR 1006.14(h)")
    return None


def hours(question: Question) -> Verdict | None:
    """Unasked messages only between 8 and 20 on the customer's clock, and inside the hours they prefer."""
    if not question.unasked:
        return None
    opens, closes = _window(question.dossier.customer.preferences)
    if opens <= question.local.time() < closes:
        return None
    return Verdict("deferred", "hours", "house", "house", _next_opening(question.local, opens))


def closed_days(question: Question) -> Verdict | None:
    """Nothing unasked on Sundays and public holidays; to businesses on working days only."""
    customer = question.dossier.customer
    today = question.local.date()
    if not question.unasked or not closed(today, customer.jurisdiction, customer.type, question.packs):
        return None
    opens, _ = _window(customer.preferences)
    return Verdict("deferred", "closed_day", "house", "house", _morning(question.local + timedelta(days=1), opens))


def _on_an_open_day(verdict: Verdict, question: Question) -> Verdict:
    """A delay never ends on a day on which nothing may be sent."""
    if verdict.not_before is None:
        return verdict
    customer = question.dossier.customer
    ends = verdict.not_before.astimezone(ZoneInfo(customer.time_zone))
    day = next_open(ends.date(), customer.jurisdiction, customer.type, question.packs)
    if day == ends.date():
        return verdict
    opens, _ = _window(customer.preferences)
    return replace(verdict, not_before=_morning(ends + (day - ends.date()), opens))


def caps(question: Question) -> Verdict | None:
    """At most one unasked message a day and three in seven days, over all channels and senders together."""
    if not question.unasked:
        return None
    zone = ZoneInfo(question.dossier.customer.time_zone)
    opens, _ = _window(question.dossier.customer.preferences)
    sent = sorted(unasked_contacts(question.dossier.exchanges, question.exchange.id))
    today = question.local.date()
    if sum(at.astimezone(zone).date() == today for at in sent) >= PER_DAY:
        return Verdict("deferred", "cap.day", "house", "house", _morning(question.local + timedelta(days=1), opens))
    recent = [at for at in sent if at > question.now - WEEK]
    if len(recent) >= PER_WEEK:
        free = (recent[-PER_WEEK] + WEEK).astimezone(zone)
        return Verdict("deferred", "cap.week", "house", "house", _into_window(free, *_window(
            question.dossier.customer.preferences)))  # fmt: skip
    return None


RULES: tuple[Callable[[Question], Verdict | None], ...] = (
    person_holds, holds, consent, opt_out, closed_days, hours, caps,
)  # fmt: skip


def unasked_contacts(exchanges: Iterable[Exchange], besides: str = "") -> list[datetime]:
    """When the customer was contacted unasked, over all channels."""
    return [
        exchange.sent_at or exchange.at
        for exchange in exchanges
        if exchange.direction == OUT and exchange.purpose in UNASKED and exchange.reached and exchange.id != besides
    ]


def last_inbound(exchanges: Iterable[Exchange]) -> datetime | None:
    """When the customer last wrote."""
    return max((exchange.at for exchange in exchanges if exchange.direction == IN), default=None)


def _window(preferences: Mapping[str, Any]) -> tuple[time, time]:
    """The lawful hours narrowed by the customer's own; a preference that leaves nothing open is ignored."""
    opens = max(OPENS, _clock(preferences.get("not_before"), OPENS))
    closes = min(CLOSES, _clock(preferences.get("not_after"), CLOSES))
    return (opens, closes) if opens < closes else (OPENS, CLOSES)


def _clock(value: Any, default: time) -> time:
    try:
        return time.fromisoformat(str(value)) if value else default
    except ValueError:
        return default


def _next_opening(local: datetime, opens: time) -> datetime:
    day = local if local.time() < opens else local + timedelta(days=1)
    return _morning(day, opens)


def _morning(local: datetime, opens: time) -> datetime:
    return local.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)


def _into_window(local: datetime, opens: time, closes: time) -> datetime:
    return local if opens <= local.time() < closes else _next_opening(local, opens)
