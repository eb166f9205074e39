"""Pass terms beyond the policy to a person."""

from datetime import date, timedelta
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, end_form, forget_terms
from actions.plan_terms import kept_terms, offers_made
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.negotiation import Decision, Proposal, written_out
from bot.domain.plans import Installment


def hand_over_terms(moment: Moment, proposal: Proposal, decision: Decision) -> Events:
    """Ask a person to decide, with the customer's proposal ready to approve."""
    work = moment.case
    rows = decision.installments[1:] if proposal.now_minor else decision.installments
    part = decision.installments[0] if proposal.now_minor and rows else None
    ready: dict[str, Any] = {
        "now_minor": part.amount_minor if part else None,
        "now_on": part.due_on.isoformat() if part else None,
        "count": len(rows),
        "monthly_minor": rows[0].amount_minor if rows else None,
        "first_on": rows[0].due_on.isoformat() if rows else None,
        "asked": {"count": proposal.count, "monthly_minor": proposal.monthly_minor, "now_minor": proposal.now_minor},
        "why": list(decision.why),
    }
    each = Money(work.dossier.currency, ready["monthly_minor"] or 0).major
    summary = f"Asks for {ready['count']} instalments of about {each} {work.dossier.currency}, beyond the policy."
    if proposal.now_minor:
        day = f"on {proposal.now_on.isoformat()}" if proposal.now_on else "today"
        summary += f" Offers {Money(work.dossier.currency, proposal.now_minor).major} {day}."
    asked = work.hand_off("plan_beyond_policy", summary, timedelta(hours=24), proposal=ready)
    # What was on the table is no longer: the person's answer takes its place.
    work.withdraw_proposals()
    moment.promise_person("utter_terms_passed_on", asked, count=ready["count"])
    return []


class PassTermsOn(CaseAction):
    """The customer keeps to terms that the policy does not allow: a person decides."""

    verb = "action_pass_terms_on"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Hand over with what was last on the table."""
        work = moment.case
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say_settled()
            return []
        proposal, offer = kept_terms(moment), moment.tracker.get_slot("offer") or {}
        offers = offers_made(moment)
        plan: tuple[Installment, ...]
        if offer.get("asked_on"):
            day = max(date.fromisoformat(offer["asked_on"]), work.today)
            plan = (Installment(1, day, int(offer["minor"])),)
        else:
            asked = written_out(owed, proposal, work.limits, work.today)
            plan = offers[-1] if offers and proposal == Proposal() else asked
        decision = Decision("escalate", plan, ("asked_by_customer",))
        settled = [*forget_terms(), SlotSet("offer", None)]
        return [*hand_over_terms(moment, proposal, decision), *end_form(), *settled]
