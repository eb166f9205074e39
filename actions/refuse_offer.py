"""Hear that an offer does not suit."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, forget_terms, listen
from actions.plan_terms import kept_terms, offers_made
from actions.terms import hand_over_terms
from bot.domain.negotiation import Decision, decide


class RefuseOffer(CaseAction):
    """Asks what would suit; after as many offers as the policy names, a person gets the proposal ready to decide."""

    verb = "action_refuse_offer"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Ask, or hand over."""
        work = moment.case
        offers = offers_made(moment)
        policy = work.limits
        if len(offers) < policy.max_counters:
            moment.say("utter_ask_other_terms")
            return listen(SlotSet("open_question", "plan_terms"))
        proposal = kept_terms(moment)
        asked = decide(work.dossier.balance(), proposal, policy, work.today, offers)
        # What was asked for beyond the policy, or else what was on the table last, is the proposal to decide on.
        plan = asked.installments if asked.decision == "escalate" else offers[-1]
        decision = Decision("escalate", plan, ("offers_refused",))
        return listen(*hand_over_terms(moment, proposal, decision), *forget_terms(), SlotSet("open_question", "none"))
