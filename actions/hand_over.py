"""Bring in a person."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form

# intent -> (response, within hours, urgent)
_WAYS: dict[str, tuple[str, int, bool]] = {
    "request_human": ("utter_handover", 4, False),
    "complain": ("utter_complaint", 24, False),
    "refuse_to_pay": ("utter_handover_refusal", 24, False),
    "abuse": ("utter_handover_upset", 4, False),
    "payment_problem": ("utter_payment_problem_person", 4, False),
}


class HandOver(CaseAction):
    """Hands the conversation to a person and says why; the customer's own words are the reason on record."""

    verb = "action_hand_over"

    def act(self, moment: Moment) -> Events:
        """Hand over and say when an answer can be expected."""
        intent = moment.intent if moment.intent in _WAYS else "request_human"
        response, hours, urgent = _WAYS[intent]
        words = moment.text[:200] or intent
        moment.promise_person(response, moment.case.hand_off(intent, words, timedelta(hours=hours), urgent=urgent))
        return end_form()
