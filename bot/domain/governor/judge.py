"""The order of the gates: holds, consent, opt-out, hours, holidays, caps, required parts, content."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.governor import gates
from bot.domain.governor.attempt import Attempt, zone
from bot.domain.governor.law import Packs
from bot.domain.governor.rules import Hold, Rule
from bot.domain.governor.times import Clockwork
from bot.domain.governor.verdict import Verdict

BEFORE = (gates.holds, gates.consent, gates.opt_out)
AFTER = (gates.elements, gates.content)
NO_PLACE = Verdict("refused", "location_unknown", "house", "house: neither time zone nor country is known")


@dataclass(frozen=True)
class Governor:
    """Judges attempts under the packs; `role` is what the operator is to the debts, creditor or collector."""

    packs: Packs
    role: str = "creditor"

    def judge(self, attempt: Attempt) -> Verdict:
        """May this be sent, or charged, at its instant?"""
        zones = attempt.zones or self.packs.zones(attempt.jurisdictions)
        if not zones:
            return NO_PLACE
        law = self.packs.on(attempt.at.astimezone(zone(zones[0])).date(), attempt)
        case = gates.Case(attempt, law, gates.answering(attempt, law))
        for gate in BEFORE:
            if (rule := gate(case)) is not None:
                return refused(rule)
        timed = case.answer is None and attempt.purpose != gates.CONFIRMATION and not gates.navigating(attempt, law)
        clock = Clockwork.of(self.packs, attempt, zones, timed)
        if (rule := clock.objection(law)) is not None:
            return deferred(rule, clock.earliest(), zones[0])
        for gate in AFTER:
            if (rule := gate(case)) is not None:
                return refused(rule)
        if case.answer is not None:
            return Verdict("allowed", case.answer.id, case.answer.basis, case.answer.source)
        covers = self.packs.packs[law.packs[0]].covers
        return Verdict("allowed", f"contact.{law.packs[0]}", covers.basis, covers.source)

    def missing(self, attempt: Attempt) -> frozenset[str]:
        """The parts that the message must still be given before it may leave."""
        zones = attempt.zones or self.packs.zones(attempt.jurisdictions)
        if not zones:
            return frozenset()
        law = self.packs.on(attempt.at.astimezone(zone(zones[0])).date(), attempt)
        case = gates.Case(attempt, law, gates.answering(attempt, law))
        wanted = frozenset[str]().union(*(parts for _, parts in gates.required(case)))
        return wanted - (attempt.elements or frozenset())

    def at(self, attempt: Attempt, when: datetime) -> Verdict:
        """Judge the same attempt at another instant."""
        return self.judge(replace(attempt, at=when))


def refused(rule: Rule) -> Verdict:
    """The refusal of a rule."""
    name = f"hold.{rule.id}" if isinstance(rule, Hold) else rule.id
    return Verdict("refused", name, rule.basis, rule.source)


def deferred(rule: Rule, until: datetime | None, where: str) -> Verdict:
    """The delay of a rule; a refusal where no lawful instant follows."""
    if until is None:
        return refused(rule)
    return Verdict("deferred", rule.id, rule.basis, rule.source, until.astimezone(zone(where)))
