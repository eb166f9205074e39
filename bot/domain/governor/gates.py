"""The gates that an attempt passes before any rule about time: each answers with the rule that refuses it, or None."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.governor.attempt import ABOUT_DEBT, ELECTRONIC, OWED, Attempt, Past
from bot.domain.governor.law import Law
from bot.domain.governor.rules import Ban, Bar, Consent, Elements, OptOut, Rule, Timed
from bot.domain.governor.times import own_wish

AI_DISCLOSURE = "ai_disclosure"
# After a week of silence an assistant says again what it is (house; facts: after_idle_P7D).
IDLE = timedelta(days=7)
# An unknown kind of hold stops everything.
UNKNOWN_HOLD = Rule(
    id="unknown_hold", basis="house", source="house: an unknown hold stops everything", confidence="none"
)
CONFIRMATION = "opt_out_confirmation"


@dataclass(frozen=True, slots=True)
class Case:
    """An attempt under the law of its day. `answer` is the rule by which it answers the customer, if it does."""

    attempt: Attempt
    law: Law
    answer: Timed | None


def answering(attempt: Attempt, law: Law) -> Timed | None:
    """The rule by which the attempt answers the customer's own message: once, on the same medium."""
    if attempt.charge or attempt.purpose != "reply":
        return None
    rules = law.of("replies", Timed)
    mine = [rule for rule in rules if attempt.channel in rule.channels] or [r for r in rules if not r.channels]
    if attempt.answers is not None:
        return mine[0] if attempt.answers and mine else None
    asked = last(attempt, lambda past: not past.outbound and past.channel == attempt.channel)
    if asked is None:
        return None
    if navigating(attempt, law):
        return mine[0]
    answered = last(attempt, lambda p: p.outbound and p.channel == attempt.channel and p.purpose == "reply")
    once = next((rule for rule in rules if not rule.channels), None)
    return None if answered is not None and answered >= asked else once


def navigating(attempt: Attempt, law: Law) -> bool:
    """Whether the customer is on our site at this moment."""
    for rule in law.of("replies", Timed):
        if attempt.channel in rule.channels and rule.within is not None:
            seen = last(attempt, lambda past: not past.outbound and past.channel == attempt.channel)
            return seen is not None and attempt.at - seen <= rule.within
    return False


def last(attempt: Attempt, wanted: Callable[[Past], bool]) -> datetime | None:
    """When the latest matching exchange was, up to the attempt itself."""
    return max((past.at for past in attempt.history if past.at <= attempt.at and wanted(past)), default=None)


def holds(case: Case) -> Rule | None:
    """A hold wins over any schedule; an answer to the customer's own message goes on."""
    if case.answer is not None:
        return None
    for kind in case.attempt.holds:
        hold = case.law.holds.get(kind)
        if hold is None:
            return UNKNOWN_HOLD
        if case.attempt.purpose in hold.stops:
            return hold
    if case.attempt.charge and case.attempt.holds:
        return next(iter(case.law.of("charges", Timed)), None)
    return None


def consent(case: Case) -> Rule | None:
    """Channels that are barred, and those that only the customer's consent opens."""
    attempt, law = case.attempt, case.law
    for bar in law.of("bars", Bar):
        freed = bar.unless_attested and (attempt.attested or case.answer is not None)
        if attempt.channel in bar.channels and not freed:
            return bar
    if case.answer is not None or attempt.purpose == CONFIRMATION:
        return None
    for rule in law.of("consent", Consent):
        if rule.with_element is not None and rule.with_element not in (attempt.elements or ()):
            continue
        channel = "charge" if attempt.charge else attempt.channel
        if channel in rule.channels and not attempt.consent and not (rule.or_inbound and _wrote(attempt, rule)):
            return rule
    return None


def _wrote(attempt: Attempt, rule: Consent) -> bool:
    seen = last(attempt, lambda past: not past.outbound and past.channel == attempt.channel)
    return seen is not None and (rule.within is None or attempt.at - seen <= rule.within)


def opt_out(case: Case) -> Rule | None:
    """A refused channel is left alone, but for one bare confirmation and answers to new messages."""
    attempt, law = case.attempt, case.law
    if case.answer is not None:
        return None
    if attempt.purpose == CONFIRMATION:
        return _confirmation(attempt, law)
    refused = attempt.opted_out
    if refused:
        for rule in law.of("opt_outs", OptOut):
            if attempt.channel not in rule.channels:
                continue
            if attempt.channel in refused or (rule.revokes_all and refused & rule.channels):
                return rule
    wanted = attempt.preferences.get("channel") if attempt.purpose not in OWED and not attempt.charge else None
    if wanted and attempt.channel not in ([wanted] if isinstance(wanted, str) else wanted):
        return own_wish(attempt, law)
    return None


def _confirmation(attempt: Attempt, law: Law) -> Rule | None:
    """An opt-out is confirmed once, within minutes, and only if there was one."""
    rule = next(iter(law.of("confirmation", Timed)), None)
    asked = last(attempt, lambda past: not past.outbound and past.channel == attempt.channel)
    told = last(attempt, lambda p: p.outbound and p.channel == attempt.channel and p.purpose == CONFIRMATION)
    if rule is None or (told is not None and (asked is None or told >= asked)):
        return rule
    if asked is not None:
        return rule if rule.within is not None and attempt.at - asked > rule.within else None
    known = attempt.channel in attempt.opted_out or "channel_opt_out" in attempt.holds
    return None if known else rule


def required(case: Case) -> list[tuple[Elements, frozenset[str]]]:
    """What the message must contain, rule by rule."""
    attempt = case.attempt
    if attempt.charge:
        return []
    now = moments(attempt)
    owed = case.answer is not None or attempt.purpose in ("receipt", CONFIRMATION)
    found = []
    for rule in case.law.of("elements", Elements):
        if rule.when not in now or (owed and not rule.answers):
            continue
        # A person who writes need not say that no machine does.
        parts = rule.require - {AI_DISCLOSURE} if attempt.author == "agent" else rule.require
        found.append((rule, parts))
    return found


def moments(attempt: Attempt) -> set[str]:
    """What this message is in the story of its customer: the first, one about money, a receipt, ..."""
    if attempt.purpose == CONFIRMATION:
        return {CONFIRMATION}
    told = [p for p in attempt.history if p.outbound and p.channel != "charge"]
    now = {"every_message", "subsequent_contact" if told else "first_contact", attempt.purpose}
    if attempt.channel in ELECTRONIC:
        now.add("every_electronic_message")
    if attempt.purpose in ABOUT_DEBT and not any(p.purpose in ABOUT_DEBT for p in told):
        now |= {"first_debt_message", "credit_first_default"}
    if attempt.purpose == "final_notice":
        now.add("formal_notice")
    if attempt.payment_link:
        now.add("payment_link")
    if "time_barred" in attempt.holds and attempt.purpose in ABOUT_DEBT:
        now.add("time_barred_debt")
    if not told:
        now.add("first_message_of_conversation")
    elif attempt.at - max(p.at for p in told) > IDLE:
        now.add("after_idle")
    return now


def elements(case: Case) -> Rule | None:
    """A message that lacks a required part does not leave; one that is not written yet is judged without."""
    present, linked = case.attempt.elements, case.attempt.linked
    if present is None:
        return None
    return next((rule for rule, parts in required(case) if not parts <= present | (linked & rule.may_link)), None)


def content(case: Case) -> Rule | None:
    """What may not be said beside a debt."""
    present = case.attempt.elements or frozenset()
    if not present or case.attempt.purpose == "reply":
        return None
    return next((rule for rule in case.law.of("bans", Ban) if rule.element and rule.element in present), None)
