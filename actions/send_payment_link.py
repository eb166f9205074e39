"""Give a payment link."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, end_form, listen
from bot.domain import wishes
from bot.domain.accounts import Invoice
from bot.domain.care import TAKES
from bot.domain.mentions import invoices_to_pay
from bot.domain.money import Money
from bot.domain.plans import progress


class SendPaymentLink(CaseAction):
    """Gives the secure link for what is due now: the next instalment of a running plan, else all that is open."""

    verb = "action_send_payment_link"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Give the link."""
        if wishes.not_all_at_once(moment.text):
            moment.say("utter_what_else")
            return []
        if chosen := chosen_invoices(moment):
            return _for_invoices(moment, chosen)
        if _disputed_only(moment):
            moment.say("utter_dispute_status")
            return []
        send_link(moment)
        # Whoever wants to pay now is not asked for instalments any more.
        return listen(*end_form(), SlotSet("open_question", "none")) if _planning(moment) else []


def chosen_invoices(moment: Moment) -> list[Invoice]:
    """The open invoices that the customer singles out to be paid; empty when it is not about single ones."""
    open_ = moment.case.dossier.payable()
    named = invoices_to_pay(moment.text, moment.entities, open_) if len(open_) > 1 else []
    return named if len(named) < len(open_) else []


def _disputed_only(moment: Moment) -> bool:
    """Whether the customer singles out nothing but what they object to."""
    dossier = moment.case.dossier
    named = invoices_to_pay(moment.text, moment.entities, dossier.open_invoices()) if dossier.disputed else []
    return bool(named) and all(invoice.id in dossier.disputed for invoice in named)


def _for_invoices(moment: Moment, chosen: list[Invoice]) -> Events:
    """The page for what is open of the chosen invoices, and the question for the rest."""
    work = moment.case
    owed = work.dossier.balance()
    sum_ = Money(owed.currency, sum(work.dossier.open_minor[invoice.id] for invoice in chosen))
    # What comes in for several goes to the oldest first.
    link = work.issue_link(sum_, f"invoice:{chosen[0].id}" if len(chosen) == 1 else "part")
    said = {"number": [invoice.number for invoice in chosen], "amount": sum_.json(), "link": work.link_url(link)}
    if work.dossier.plan(work.today, "active") is not None:
        moment.say("utter_invoice_link", **said)
        return []
    moment.say("utter_invoice_link_rest", rest=(owed - sum_).json(), **said)
    return listen(*end_form(), SlotSet("open_question", "rest_when"))


def _planning(moment: Moment) -> bool:
    return bool((moment.tracker.active_loop or {}).get("name") == "plan_form")


def send_link(moment: Moment) -> None:
    """Say the link that fits the customer's situation, or that there is nothing to pay."""
    work = moment.case
    owed = work.dossier.balance()
    if owed.minor <= 0:
        moment.say_settled()
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
