"""Give a payment link."""

from actions.base import CaseAction, Events, Moment
from bot.domain.money import Money
from bot.domain.plans import progress


class SendPaymentLink(CaseAction):
    """Gives the secure link for what is due now: the next instalment of a running plan, else all that is open."""

    verb = "action_send_payment_link"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Give the link."""
        send_link(moment)
        return []


def send_link(moment: Moment) -> None:
    """Say the link that fits the customer's situation, or that there is nothing to pay."""
    work = moment.case
    owed = work.dossier.balance()
    if owed.minor <= 0:
        moment.say("utter_nothing_owed")
        return
    plan = work.dossier.plan(work.today, "active", "broken")
    if plan is not None:
        following = progress(plan, work.dossier.payments, work.today).next_open
        if following is not None:
            due = Money(plan.currency, min(following[1], owed.minor))
            link = work.issue_link(due, "installment", plan.id)
            moment.say("utter_payment_link", amount=due.json(), link=work.link_url(link))
            return
    link = work.issue_link(owed, "balance")
    moment.say("utter_payment_link", amount=owed.json(), link=work.link_url(link))
