"""Show the invoice again."""

from actions.base import CaseAction, Events, Moment


class SendInvoiceCopy(CaseAction):
    """Gives the page that shows the open invoices with their lines, to read, print or keep."""

    verb = "action_send_invoice_copy"
    names_debt = True
    aside = True

    def act(self, moment: Moment) -> Events:
        """Give the page."""
        work = moment.case
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say("utter_copy_paid")
            return []
        link = work.issue_link(owed, "balance")
        moment.say("utter_invoice_copy", link=work.link_url(link))
        return []
