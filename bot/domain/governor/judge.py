"""The order of the gates: holds, consent, opt-out, hours, holidays, caps, required parts, content."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.governor import gates
from bot.domain.governor.attempt import Attempt, zone
from bot.domain.governor.law import Packs
from bot.domain.governor.rules import Elements, Hold, Rule
from bot.domain.governor.times import Clockwork
from bot.domain.governor.verdict import Verdict

BEFORE = (gates.holds, gates.consent, gates.opt_out)
AFTER = (gates.elements, gates.content)
NOWHERE = ("UTC",)
NO_PLACE = Verdict("refused", "location_unknown", "house", "house: neither time zone nor country is known")


@dataclass(frozen=True)
class Governor:
    """Judges attempts under the packs; `role` is what the operator is to the debts, creditor or collector, `attested`
    whether they state that a platform which bars collections lets them write."""

    packs: Packs
    role: str = "creditor"
    attested: bool = False

    def judge(self, attempt: Attempt) -> Verdict:
        """May this be sent, or charged, at its instant?"""
        # Without a place the day of the law is that of UTC.
        zones = attempt.zones or self.packs.zones(attempt.jurisdictions) or NOWHERE
        law = self.packs.on(attempt.at.astimezone(zone(zones[0])).date(), attempt)
        case = gates.Case(attempt, law, gates.answering(attempt, law))
        if zones is NOWHERE and case.answer is None and attempt.purpose != gates.CONFIRMATION:
            # What answers the customer keeps to no hours, so that it needs no place.
            return NO_PLACE
        for gate in BEFORE:
            if (rule := gate(case)) is not None:
                return refused(rule)
        timed = case.answer is None and attempt.purpose != gates.CONFIRMATION and not gates.navigating(attempt, law)
        clock = Clockwork.of(self.packs, attempt, zones, timed)
        if (rule := clock.objection(law)) is not None:
            return deferred(rule, clock.earliest(), zones[0])
        for gate in AFTER:
            if (rule := gate(case)) is not None:
                missing = tuple(self.missing(attempt)) if isinstance(rule, Elements) else ()
                return replace(refused(rule), missing=missing)
        if case.answer is not None:
            return Verdict("allowed", case.answer.id, case.answer.basis, case.answer.source)
        covers = self.packs.packs[law.packs[0]].covers
        return Verdict("allowed", f"contact.{law.packs[0]}", covers.basis, covers.source)

    def missing(self, attempt: Attempt) -> Mapping[str, bool]:
        """The parts that the message must still be given before it may leave, in the order of the rules, and
        whether each may stand on the page that it links to."""
        zones = attempt.zones or self.packs.zones(attempt.jurisdictions) or NOWHERE
        law = self.packs.on(attempt.at.astimezone(zone(zones[0])).date(), attempt)
        case = gates.Case(attempt, law, gates.answering(attempt, law))
        found: dict[str, bool] = {}
        for rule, parts in gates.required(case):
            for part in sorted(parts - (attempt.elements or frozenset()) - (attempt.linked & rule.may_link)):
                found[part] = found.get(part, True) and part in rule.may_link
        return found

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
