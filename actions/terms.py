"""Pass terms beyond the policy to a person."""

from datetime import timedelta
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, end_form
from bot.domain.money import Money
from bot.domain.negotiation import Decision, Policy, Proposal, decide
from bot.domain.plans import Installment


def hand_over_terms(moment: Moment, proposal: Proposal, decision: Decision) -> Events:
    """Ask a person to decide, with the customer's proposal ready to approve."""
    work = moment.case
    ready: dict[str, Any] = {
        "count": len(decision.installments),
        "monthly_minor": decision.installments[0].amount_minor if decision.installments else None,
        "first_on": decision.installments[0].due_on.isoformat() if decision.installments else None,
        "asked": {"count": proposal.count, "monthly_minor": proposal.monthly_minor},
        "why": list(decision.why),
    }
    each = Money(work.dossier.currency, ready["monthly_minor"] or 0).major
    summary = f"Asks for {ready['count']} instalments of about {each} {work.dossier.currency}, beyond the policy."
    asked = work.hand_off("plan_beyond_policy", summary, timedelta(hours=24), proposal=ready)
    moment.promise_person("utter_terms_passed_on", asked, count=ready["count"])
    return []


class PassTermsOn(CaseAction):
    """The customer keeps to terms that the policy does not allow: a person decides."""

    verb = "action_pass_terms_on"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Hand over with what was last on the table."""
        work = moment.case
        offers = moment.tracker.get_slot("offers") or []
        plan = tuple(
            Installment(n, work.today.fromisoformat(due), minor) for n, due, minor in (offers[-1] if offers else ())
        )
        decision = Decision("escalate", plan, ("asked_by_customer",))
        if not plan:
            decision = decide(work.dossier.balance(), Proposal(), Policy.read(work.policy), work.today)
        return [*hand_over_terms(moment, Proposal(), decision), *end_form(), SlotSet("offers", None)]
