"""Bargain over instalments."""

from datetime import date

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment, schedule_rows
from actions.terms import hand_over_terms
from bot.domain.negotiation import Decision, Policy, Proposal, decide
from bot.domain.plans import Installment


class NegotiatePlan(CaseAction):
    """Answers the customer's wishes by the creditor's policy and puts a full schedule before them."""

    verb = "action_negotiate_plan"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Accept, counter, or pass the proposal to a person."""
        work = moment.case
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say("utter_nothing_owed")
            return []
        if work.dossier.plan(work.today, "active") is not None and not moment.entities:
            return [FollowupAction("action_tell_status")]
        proposal = _proposal(moment)
        offered = _offered(moment)
        if proposal == Proposal() and not offered and not moment.tracker.get_slot("plan_asked"):
            return [SlotSet("plan_asked", True), FollowupAction("plan_form")]
        decision = decide(owed, proposal, Policy.read(work.policy), work.today, offered)
        forget = [SlotSet("plan_monthly", None), SlotSet("plan_count", None), SlotSet("plan_first_on", None)]
        if decision.decision == "escalate":
            return [*hand_over_terms(moment, proposal, decision), *forget, SlotSet("offers", None)]
        if decision.decision == "refuse":
            moment.say("utter_terms_unclear")
            return [*forget, SlotSet("open_question", "plan_terms")]
        return [*_offer(moment, decision, offered), *forget]


def _proposal(moment: Moment) -> Proposal:
    """What the message says, completed by what the form asked."""
    slot = moment.tracker.get_slot
    count, monthly = moment.value("count"), moment.value("amount")
    monthly = monthly if isinstance(monthly, dict) else None
    if count is None and monthly is None:
        count, monthly = slot("plan_count"), slot("plan_monthly")
    days = moment.days()
    kept = slot("plan_first_on")
    kept = kept[0] if isinstance(kept, list) else kept
    first = days[0] if days else date.fromisoformat(kept) if kept else None
    # An offer on the table is changed, not forgotten: "and from the 5th?" keeps its number of payments.
    if count is None and monthly is None and first is not None and (offers := slot("offers")):
        count = len(offers[-1])
    sum_ = monthly.get("minor") if isinstance(monthly, dict) else None
    return Proposal(int(count) if count is not None else None, sum_, first)


def _offered(moment: Moment) -> list[tuple[Installment, ...]]:
    total = moment.case.dossier.balance().minor
    offers = [
        tuple(Installment(n, date.fromisoformat(due), minor) for n, due, minor in offer)
        for offer in moment.tracker.get_slot("offers") or ()
    ]
    return [offer for offer in offers if sum(item.amount_minor for item in offer) == total]


def _offer(moment: Moment, decision: Decision, offered: list[tuple[Installment, ...]]) -> Events:
    work = moment.case
    currency = work.dossier.currency
    work.propose_plan(decision.installments, currency)
    total = {"minor": sum(i.amount_minor for i in decision.installments), "currency": currency}
    lines = schedule_rows(decision.installments, currency)
    if decision.decision == "accept":
        response = "utter_plan_offer"
    elif "first_payment_too_late" in decision.why and len(decision.why) == 1:
        response = "utter_plan_counter_date"
    else:
        response = "utter_plan_counter"
    moment.say(response, count=len(decision.installments), total=total, lines=lines)
    kept = [
        [[i.number, i.due_on.isoformat(), i.amount_minor] for i in offer] for offer in (*offered, decision.installments)
    ]
    return [SlotSet("offers", kept[-5:]), SlotSet("open_question", "plan_offer")]
