"""Take a wish to end the service."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment


class TakeCancellation(CaseAction):
    """Passes the wish on, since a person ends contracts, and goes on talking about the invoices."""

    verb = "action_take_cancellation"

    def act(self, moment: Moment) -> Events:
        """Open the errand and tell."""
        words = moment.text[:200] or "wants to end the service"
        asked = moment.case.errand("cancel_subscription", f"Wants to end the service: {words}", timedelta(days=1))
        moment.promise_person("utter_cancellation", asked)
        return moment.keep_question()
