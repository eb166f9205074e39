"""Confirm a payment."""

from typing import Any

from actions.base import CaseAction, Events, Moment
from actions.solve_payment_problem import last_payment
from bot.domain.case import Case
from bot.domain.money import Money
from bot.domain.plans import progress


class ThankForPayment(CaseAction):
    """The receipt: what came in, what is left; names no debt to a visit that proved nothing."""

    verb = "action_thank_for_payment"

    def act(self, moment: Moment) -> Events:
        """Thank and confirm."""
        received, left = moment.sum(), moment.case.dossier.balance()
        if received is None:
            return []
        if over := _over(moment.case):
            errand = next((e for e in moment.case.dossier.errands() if e.reason == "overpaid"), None)
            by = moment.case.told(errand.due_at) if errand else ""
            moment.say("utter_payment_received_over", amount=received.json(), over=over.json(), by=by)
            return []
        if _of_plan(moment, received.json()):
            return []
        if left.minor > 0:
            moment.say("utter_payment_received_rest", amount=received.json(), rest=left.json())
        else:
            moment.say("utter_payment_received", amount=received.json())
        return []


def _over(work: Case) -> Money | None:
    """What of the payment just booked settled nothing."""
    payment = next(reversed(work.dossier.payments), None)
    if payment is None:
        return None
    used = sum(row.amount_minor for row in work.dossier.allocations if row.payment_id == payment.id)
    rest = payment.amount_minor - used
    return Money(payment.currency, rest) if rest > 0 else None


def _of_plan(moment: Moment, amount: dict[str, Any]) -> bool:
    """Say how the plan goes on, or that it is done; whether there was a plan to speak of."""
    work = moment.case
    plan = next((item for item in reversed(work.dossier.plans) if item.accepted_at and not item.ended_at), None)
    seen = progress(plan, work.dossier.payments, work.today) if plan else None
    if plan is None or seen is None or seen.state not in ("active", "completed"):
        return False
    if seen.next_open is not None:
        item, open_ = seen.next_open
        moment.say("utter_payment_received_plan", amount=amount, date=item.due_on.isoformat(),
                   next={"minor": open_, "currency": plan.currency})  # fmt: skip
        return True
    if work.dossier.balance().minor > 0:
        return False
    moment.say("utter_plan_completed_thanks", amount=amount)
    return True


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
