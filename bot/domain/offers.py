"""What is on the table: the proposal that a customer may still accept, and whether it was the last thing shown."""

from collections.abc import Collection, Sequence
from datetime import date

from bot.domain.dossier import Dossier
from bot.domain.messages import OUT, Exchange
from bot.domain.plans import InstallmentPlan, progress

PLAN_OFFERS = frozenset({
    "utter_plan_offer", "utter_plan_offer_weekly", "utter_plan_counter", "utter_plan_counter_date",
    "utter_plan_counter_sum", "utter_plan_approved", "utter_plan_stands", "utter_plan_change",
    "utter_plan_change_one", "utter_plan_bend",
})  # fmt: skip
PROMISE_OFFERS = frozenset({"utter_confirm_promise", "utter_date_too_late"})
UNSEEN = ("failed", "withheld")


def to_spread(dossier: Dossier, today: date) -> int:
    """What a plan made now has to add up to, in minor units: what is left of a running plan, else the balance."""
    running = dossier.plan(today, "active")
    if running is None:
        return dossier.balance().minor
    left = sum(open_ for _, _, open_ in progress(running, dossier.payments, today).installments)
    return min(left, dossier.balance().minor)


def open_proposal(dossier: Dossier, today: date) -> InstallmentPlan | None:
    """The proposed plan that still fits what is owed and whose first day has not passed."""
    plan = dossier.plan(today, "proposed")
    if plan is None or plan.total_minor not in (dossier.balance().minor, to_spread(dossier, today)):
        return None
    return plan


def shown_last(
    exchanges: Sequence[Exchange], responses: Collection[str], heard: Exchange | None = None
) -> Exchange | None:
    """The last message to the customer if it is one of these and they can have seen it before they wrote `heard`.

    A yes binds to nothing else: not to an offer above another answer, nor to one that was sent after the yes.
    """
    last = next((row for row in reversed(exchanges) if row.direction == OUT and row.state not in UNSEEN), None)
    if last is None or last.response not in responses or (heard is not None and heard.at < last.at):
        return None
    return last
