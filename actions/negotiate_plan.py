"""Bargain over instalments."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment, forget_terms, schedule_rows
from actions.plan_terms import joined, keep, kept_terms, offers_made, rows_of, said_terms
from actions.terms import hand_over_terms
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.negotiation import Decision, Proposal, decide
from bot.domain.offers import open_proposal
from bot.domain.plans import Installment

BARGAINING = ("plan_offer", "plan_terms", "rest_when")


class NegotiatePlan(CaseAction):
    """Answers the customer's wishes by the creditor's policy and puts a full schedule before them."""

    verb = "action_negotiate_plan"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Accept, counter, ask, or pass the proposal to a person."""
        work = moment.case
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say_settled()
            return []
        said = said_terms(moment)
        if any(sum_.currency != owed.currency for sum_ in moment.sums()):
            moment.say("utter_other_currency", amount=owed.json())
            return [SlotSet("open_question", "plan_terms")]
        if elsewhere := _elsewhere(moment, said):
            return elsewhere
        proposal = joined(said, kept_terms(moment))
        asked = moment.tracker.latest_action_name in ("plan_form", "action_accept_plan")
        if said == Proposal() and not asked:
            return _ask(moment, proposal)
        if proposal.count is None and proposal.monthly_minor is None:
            return [*keep(proposal, owed.currency), SlotSet("offer", None), FollowupAction("plan_form")]
        return _decide(moment, proposal)


def _elsewhere(moment: Moment, said: Proposal) -> Events:
    """What is no bargaining over a new plan: a running one, one payment on one day, everything at once."""
    work, question = moment.case, moment.tracker.get_slot("open_question")
    running = work.dossier.plan(work.today, "active") is not None
    if running and said == Proposal():
        return [FollowupAction("action_change_plan" if wishes.shift(moment.text) else "action_tell_status")]
    if running and said.count is None and said.monthly_minor is None and question not in BARGAINING:
        return [FollowupAction("action_change_plan")]
    bargaining = question in BARGAINING or moment.tracker.latest_action_name == "plan_form"
    once = said.monthly_minor is not None and said.first_on is not None and not wishes.recurring(moment.text)
    if said.count == 1 or (once and said.count is None and said.now_minor is None and not bargaining):
        return [FollowupAction("action_propose_promise")]
    return []


def _ask(moment: Moment, proposal: Proposal) -> Events:
    """Nothing was said: repeat what is on the table, or ask; a schedule is never made out of nothing."""
    on_table = open_proposal(moment.case.dossier, moment.case.today) is not None
    if on_table and not wishes.less(moment.text) and (restated := moment.restate()):
        return restated
    if on_table or proposal.count is not None or proposal.monthly_minor is not None:
        moment.say("utter_ask_other_terms")
        return [SlotSet("open_question", "plan_terms")]
    return [SlotSet("offer", None), FollowupAction("plan_form")]


def _decide(moment: Moment, proposal: Proposal) -> Events:
    work = moment.case
    owed, offered = work.dossier.balance(), offers_made(moment)
    broken = work.dossier.broken_plans(work.today)
    decision = decide(owed, proposal, work.limits, work.today, offered, broken)
    kept = keep(proposal, owed.currency)
    if decision.decision == "escalate":
        return [*hand_over_terms(moment, proposal, decision), *forget_terms()]
    if decision.decision == "refuse":
        moment.say("utter_terms_unclear")
        return [*forget_terms(), SlotSet("open_question", "plan_terms")]
    if len(decision.installments) == 1:
        only = decision.installments[0]
        moment.say("utter_confirm_promise", amount=owed.json(), date=only.due_on.isoformat())
        offer = {"due_on": only.due_on.isoformat(), **owed.json()}
        return [*kept, SlotSet("offer", offer), SlotSet("open_question", "promise_confirm")]
    return [*_offer(moment, decision, proposal, offered), *kept]


def _offer(moment: Moment, decision: Decision, proposal: Proposal, offered: list[tuple[Installment, ...]]) -> Events:
    work = moment.case
    currency = work.dossier.currency
    work.propose_plan(decision.installments, currency)
    total = Money(currency, sum(i.amount_minor for i in decision.installments)).json()
    lines = schedule_rows(decision.installments, currency)
    values = {"count": len(decision.installments), "total": total, "lines": lines}
    by_week = wishes.times_a_month(moment.text) != 1 and proposal.monthly_minor
    if decision.decision == "accept" and by_week:
        moment.say(
            "utter_plan_offer_weekly", monthly=Money(currency, int(proposal.monthly_minor or 0)).json(), **values
        )
    elif decision.decision == "accept":
        moment.say("utter_plan_offer", **values)
    elif decision.why == ("first_payment_too_late",):
        moment.say("utter_plan_counter_date", **values)
    elif decision.why == ("does_not_add_up",):
        sum_ = (proposal.count or 0) * (proposal.monthly_minor or 0)
        moment.say("utter_plan_counter_sum", sum=Money(currency, sum_).json(), **values)
    else:
        moment.say("utter_plan_counter", **values)
    made = [*offered, decision.installments] if decision.installments not in offered else offered
    return [SlotSet("offers", rows_of(made)[-5:]), SlotSet("offer", None), SlotSet("open_question", "plan_offer")]
