"""Show the invoice again."""

from actions.base import CaseAction, Events, Moment
from bot.domain.care import TELLS, may_pay
from bot.domain.letters import copies_of

ATTACHING = frozenset({"email", "telegram"})


class SendInvoiceCopy(CaseAction):
    """Gives the page that shows the open invoices with their lines, to read, print or keep."""

    verb = "action_send_invoice_copy"
    names_debt = True
    money = TELLS
    aside = True

    def act(self, moment: Moment) -> Events:
        """Give the page."""
        work = moment.case
        owed = work.dossier.balance()
        if owed.minor <= 0:
            moment.say("utter_copy_paid")
            return []
        link = work.issue_link(owed, "balance")
        payable = may_pay(work.dossier, work.now)
        # Where nothing may be paid the page is closed; the copies are not.
        url = work.link_url(link) if payable else f"{work.link_url(link)}/invoices.pdf"
        # Where files can be sent, the copies themselves go along.
        copies = copies_of(work.dossier, work.creditor, url, payable) if work.channel in ATTACHING else None
        moment.say("utter_invoice_copy", link=url, copies=copies)
        return []
