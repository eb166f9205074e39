"""Say which ways there are to pay."""

from actions.base import CaseAction, Events, Moment
from bot.domain.care import TAKES

NUMBERS = 4


class ListPaymentMethods(CaseAction):
    """Lists the creditor's ways to pay; the reference to quote only to the right person."""

    verb = "action_list_payment_methods"
    money = TAKES
    aside = True

    def act(self, moment: Moment) -> Events:
        """List them."""
        work = moment.case
        if not work.creditor.get("iban"):
            moment.say("utter_payment_methods")
        elif work.identified:
            owed = [i.number for i in work.dossier.open_invoices() if i.id not in work.dossier.disputed]
            # More than fits a transfer's message is found by the customer's own reference.
            reference = ", ".join(owed) if 1 <= len(owed) <= NUMBERS else work.customer.ref
            moment.say("utter_payment_methods_transfer", iban=str(work.creditor["iban"]), reference=reference)
        else:
            moment.say("utter_payment_methods_transfer", iban=str(work.creditor["iban"]), reference=work.customer.ref)
        return []
