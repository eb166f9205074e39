"""Hear that an offer does not suit."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, forget_terms, listen
from actions.plan_terms import kept_terms, offers_made
from actions.terms import hand_over_terms
from bot.domain.care import TAKES
from bot.domain.negotiation import Decision, Proposal, written_out


class RefuseOffer(CaseAction):
    """Asks what would suit; after as many offers as the policy names, a person gets the proposal ready to decide."""

    verb = "action_refuse_offer"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Ask, or hand over."""
        work = moment.case
        offers, owed = offers_made(moment), work.dossier.balance()
        policy = work.limits
        again = moment.tracker.get_slot("open_question") == "plan_terms"
        if len(offers) < policy.max_counters and _refusals(moment) < policy.max_counters:
            moment.say("utter_what_else" if again else "utter_ask_other_terms")
            return listen(SlotSet("open_question", "plan_terms"))
        proposal = kept_terms(moment)
        # What was asked for last, even beyond the policy, is the proposal to decide on.
        plan = offers[-1] if offers and proposal == Proposal() else written_out(owed, proposal, work.limits, work.today)
        decision = Decision("escalate", plan, ("offers_refused",))
        return listen(*hand_over_terms(moment, proposal, decision), *forget_terms(), SlotSet("open_question", "none"))


def _refusals(moment: Moment) -> int:
    """How many of the customer's latest messages, one after the other, say no."""
    intents = [
        ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        for event in reversed(moment.tracker.events)
        if event.get("event") == "user"
    ]
    return next((number for number, intent in enumerate(intents) if intent != "deny"), len(intents))
