"""Say what is owed."""

from actions.base import CaseAction, Events, Moment, rows, unpaid
from bot.domain.care import TELLS


class StateBalance(CaseAction):
    """States the open invoices and their sum."""

    verb = "action_state_balance"
    names_debt = True
    money = TELLS
    aside = True

    def act(self, moment: Moment) -> Events:
        """State the balance."""
        dossier = moment.case.dossier
        if dossier.balance().minor <= 0:
            moment.say_settled()
            return []
        plan = dossier.plan(moment.case.today, "active")
        left = unpaid(plan, dossier, moment.case.today) if plan else []
        if left:
            moment.say("utter_balance_plan", amount=dossier.balance().json(), lines=left,
                       next=left[0]["amount"], date=left[0]["due_on"])  # fmt: skip
            return []
        owed = [invoice for invoice in dossier.open_invoices() if invoice.id not in dossier.disputed]
        moment.say("utter_balance", amount=dossier.balance().json(), lines=rows(owed, dossier.open_minor))
        return []
