"""Help when a payment does not go through."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment
from bot.domain.accounts import Payment, PaymentLink
from bot.domain.care import TAKES
from bot.domain.case import LINK_LASTS, Case
from bot.domain.messages import NOTE

# How long ago a payment or a refusal may be and still be the one that the customer speaks of.
RECENT = timedelta(days=2)


class SolvePaymentProblem(CaseAction):
    """Offers a fresh link and other ways; at the second time a person helps."""

    verb = "action_solve_payment_problem"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Help, and say of money taken only what the ledger shows."""
        work = moment.case
        if moment.said_before("payment_problem"):
            return [FollowupAction("action_hand_over")]
        owed = work.dossier.balance()
        arrived = last_payment(work)
        if owed.minor <= 0:
            moment.say_settled()
            return []
        tried = _tried(work)
        amount = owed if tried is None else type(owed)(tried.currency, min(tried.amount_minor, owed.minor))
        link = work.issue_link(
            amount, tried.purpose if tried else "balance", tried.plan_id if tried else None,
            (tried.expires_at - LINK_LASTS).date() if tried else None, fresh=True,
        )  # fmt: skip
        said = {"link": work.link_url(link), "amount": amount.json()}
        if arrived is not None:
            paid = {"minor": arrived.amount_minor, "currency": arrived.currency}
            moment.say("utter_payment_problem_arrived", paid=paid, **said)
        elif _refused(work):
            moment.say("utter_payment_problem_refused", **said)
        else:
            moment.say("utter_payment_problem", **said)
        return []


def last_payment(work: Case) -> Payment | None:
    """The latest payment of these days."""
    recent = [payment for payment in work.dossier.payments if work.now - payment.paid_at < RECENT]
    return max(recent, key=lambda payment: payment.paid_at, default=None)


def _refused(work: Case) -> bool:
    """Whether the provider has told of a refused payment these days: then nothing was taken."""
    return any(
        row.direction == NOTE and row.purpose == "payment_failed" and work.now - row.at < RECENT
        for row in work.dossier.exchanges
    )


def _tried(work: Case) -> PaymentLink | None:
    """The page that the customer was last given and has not paid."""
    return next((k for k in reversed(work.dossier.links) if k.state(work.dossier.payments, work.now) == "open"), None)
