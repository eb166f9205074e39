"""Write to a customer about what is open or agreed."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment
from bot.domain.accounts import Invoice
from bot.domain.money import Money

# How long a message leaves to act, by tone.
TIME_TO_ACT = {"friendly": timedelta(days=10), "firm": timedelta(days=7), "final": timedelta(days=8)}


class _Contact(CaseAction):
    """A planned contact: goes to the customer's own address, so the invoice may be named."""

    response = ""

    def act(self, moment: Moment) -> Events:
        """Write it."""
        work = moment.case
        sum_ = self._sum(moment)
        invoices = self._invoices(moment)
        due_on = next(iter(moment.days()), None)
        link = work.issue_link(sum_, self._purpose(), self._plan_id(moment), due_on)
        tone = str(moment.tracker.get_slot("tone") or "friendly")
        moment.say(
            self.response,
            amount=sum_.json(),
            numbers=[invoice.number for invoice in invoices],
            due_on=(min(i.due_on for i in invoices) if invoices else work.today).isoformat(),
            date=(moment.days() or [work.today])[0].isoformat(),
            deadline=(work.today + TIME_TO_ACT.get(tone, timedelta(days=7))).isoformat(),
            link=work.link_url(link),
        )
        return []

    def _sum(self, moment: Moment) -> Money:
        return moment.sum() or moment.case.dossier.arrears(moment.case.today)

    def _invoices(self, moment: Moment) -> list[Invoice]:
        return list(moment.case.dossier.overdue(moment.case.today) or moment.case.dossier.open_invoices())

    def _purpose(self) -> str:
        return "balance"

    def _plan_id(self, moment: Moment) -> str | None:
        return None


class RemindOverdue(_Contact):
    """The reminder of the stage; its tone follows the slot tone."""

    verb = "action_remind_overdue"
    response = "utter_reminder"


class GiveFinalNotice(_Contact):
    """The last letter before the matter leaves the house; names only what will really follow."""

    verb = "action_give_final_notice"
    response = "utter_final_notice"


class RemindBeforeDue(_Contact):
    """A discreet word before an invoice falls due."""

    verb = "action_remind_before_due"
    response = "utter_pre_due"

    def _invoices(self, moment: Moment) -> list[Invoice]:
        named = moment.value("invoice_ref")
        return [i for i in moment.case.dossier.open_invoices() if i.number == named]

    def _sum(self, moment: Moment) -> Money:
        found = self._invoices(moment)
        open_ = sum(moment.case.dossier.open_minor[i.id] for i in found)
        return Money(moment.case.dossier.currency, open_)


class RemindPromise(_Contact):
    """The day before a promised payment."""

    verb = "action_remind_promise"
    response = "utter_promise_due"

    def _purpose(self) -> str:
        return "promise"


class AskAboutBrokenPromise(_Contact):
    """A promised payment did not come: asks what happened, without blame."""

    verb = "action_ask_about_broken_promise"
    response = "utter_promise_broken"


class RemindInstallment(_Contact):
    """An instalment falls due in a few days."""

    verb = "action_remind_installment"
    response = "utter_installment_due"

    def _purpose(self) -> str:
        return "installment"

    def _plan_id(self, moment: Moment) -> str | None:
        plan = moment.case.dossier.plan(moment.case.today, "active", "broken")
        return plan.id if plan else None


class AskAboutMissedInstallment(RemindInstallment):
    """An instalment was missed: offers to settle it or to shift the plan."""

    verb = "action_ask_about_missed_installment"
    response = "utter_installment_missed"
