"""Confirm a payment."""

from actions.base import CaseAction, Events, Moment
from actions.solve_payment_problem import last_payment


class ThankForPayment(CaseAction):
    """The receipt: what came in, what is left; names no debt to a visit that proved nothing."""

    verb = "action_thank_for_payment"

    def act(self, moment: Moment) -> Events:
        """Thank and confirm."""
        received, left = moment.sum(), moment.case.dossier.balance()
        if received is None:
            return []
        if left.minor > 0:
            moment.say("utter_payment_received_rest", amount=received.json(), rest=left.json())
        else:
            moment.say("utter_payment_received", amount=received.json())
        return []


class TellPaymentFailed(CaseAction):
    """A payment was refused: nothing was taken, and there are other ways."""

    verb = "action_tell_payment_failed"

    def act(self, moment: Moment) -> Events:
        """Say it kindly."""
        before = last_payment(moment.case)
        if before is None:
            moment.say("utter_payment_failed")
        else:
            paid = {"minor": before.amount_minor, "currency": before.currency}
            moment.say("utter_payment_failed_again", amount=paid)
        return []
