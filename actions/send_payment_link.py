"""Give a payment link."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, end_form, listen
from bot.domain import wishes
from bot.domain.money import Money
from bot.domain.plans import progress


class SendPaymentLink(CaseAction):
    """Gives the secure link for what is due now: the next instalment of a running plan, else all that is open."""

    verb = "action_send_payment_link"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Give the link."""
        if wishes.not_all_at_once(moment.text):
            moment.say("utter_what_else")
            return []
        send_link(moment)
        # Whoever wants to pay now is not asked for instalments any more.
        return listen(*end_form(), SlotSet("open_question", "none")) if _planning(moment) else []


def _planning(moment: Moment) -> bool:
    return bool((moment.tracker.active_loop or {}).get("name") == "plan_form")


def send_link(moment: Moment) -> None:
    """Say the link that fits the customer's situation, or that there is nothing to pay."""
    work = moment.case
    owed = work.dossier.balance()
    if owed.minor <= 0:
        moment.say("utter_nothing_owed")
        return
    plan = work.dossier.plan(work.today, "active", "broken")
    whole = moment.value("share") == "all" or wishes.all_at_once(moment.text)
    if plan is not None and not whole:
        following = progress(plan, work.dossier.payments, work.today).next_open
        if following is not None:
            due = Money(plan.currency, min(following[1], owed.minor))
            link = work.issue_link(due, "installment", plan.id, following[0].due_on)
            moment.say("utter_payment_link", amount=due.json(), link=work.link_url(link))
            return
    link = work.issue_link(owed, "balance")
    moment.say("utter_payment_link", amount=owed.json(), link=work.link_url(link))
