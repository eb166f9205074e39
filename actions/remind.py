"""Write to a customer about what is open or agreed."""

from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, rows, schedule_rows
from bot.domain.accounts import Invoice
from bot.domain.bending import bent
from bot.domain.messages import OUT
from bot.domain.money import Money
from bot.domain.plans import Installment

# A message names the numbers of a few invoices; of many it gives the count.
NUMBERS_NAMED = 3
# What the customer is told of a refused charge, by the provider's code; nothing that only their bank may say.
CAUSES = {
    "insufficient_funds": "funds",
    "expired_card": "expired",
    "authentication_required": "unconfirmed",
    "processing_error": "technical",
    "issuer_not_available": "technical",
    "try_again_later": "technical",
}

CALL_SCRIPT = "utter_call_script"


def part(name: str) -> dict[str, str]:
    """A part of a text that is a response of its own."""
    return {"response": f"utter_part_{name}"}


# The wording of the same contact for whom a saved method is charged by itself.
CHARGE = "_charge"


class Contact(CaseAction):
    """A planned contact: goes to the customer's own address, so the invoice may be named."""

    response = ""
    claim = "claim"

    def act(self, moment: Moment) -> Events:
        """Write it."""
        work = moment.case
        sum_ = self._sum(moment)
        invoices = self._invoices(moment)
        deadline = date.fromisoformat(str(moment.value("deadline") or work.today.isoformat()))
        link = work.issue_link(sum_, self._purpose(), self._plan_id(moment), deadline)
        number = "one" if len(invoices) == 1 else "several" if len(invoices) <= NUMBERS_NAMED else "many"
        told = {
            "amount": sum_.json(), "count": len(invoices), "numbers": [invoice.number for invoice in invoices],
            "lines": rows(invoices, work.dossier.open_minor), "claim": part(f"{self.claim}_{number}"),
            "what": part("one_invoice" if number == "one" else "several_invoices"),
            "due_on": (min(i.due_on for i in invoices) if invoices else work.today).isoformat(),
            "date": (moment.days() or [work.today])[0].isoformat(), "deadline": deadline.isoformat(),
            "link": work.link_url(link),
        }  # fmt: skip
        said = {**told, **self._more(moment)}
        # Who telephones needs a script; the one for all occasions leads from the greeting to an agreement.
        response = CALL_SCRIPT if work.channel == "phone" else self._response(moment)
        moment.say(response, variant=self._told_before(moment), **said)
        return []

    def _response(self, moment: Moment) -> str:
        return self.response

    def _told_before(self, moment: Moment) -> int:
        """How often this was said on this channel: the wordings take turns, so that none is read twice in a row."""
        work = moment.case
        return sum(
            row.direction == OUT and row.response == self._response(moment) and row.channel == work.channel
            for row in work.dossier.exchanges
        )

    def _sum(self, moment: Moment) -> Money:
        return moment.sum() or moment.case.dossier.arrears(moment.case.today)

    def _invoices(self, moment: Moment) -> list[Invoice]:
        dossier = moment.case.dossier
        found = dossier.overdue(moment.case.today) or dossier.open_invoices()
        return [invoice for invoice in found if invoice.currency == dossier.currency]

    def _purpose(self) -> str:
        return "balance"

    def _plan_id(self, moment: Moment) -> str | None:
        return None

    def _more(self, moment: Moment) -> dict[str, Any]:
        return {}

    def _consequence(self, moment: Moment, kind: str) -> dict[str, str] | str:
        """What the creditor's plan really does next, or nothing."""
        planned = moment.value("consequences")
        if planned is None:
            planned = moment.case.creditor.get("consequences") or ()
        named = [name for name in ("suspension", "referral") if name in planned]
        return part(f"{kind}_{'_'.join(named)}") if named else ""


class RemindOverdue(Contact):
    """The reminder of the stage; its tone follows the slot tone."""

    verb = "action_remind_overdue"
    response = "utter_reminder"

    def _more(self, moment: Moment) -> dict[str, Any]:
        return {"consequence": self._consequence(moment, "warning")}


class AskAboutFailedCharge(Contact):
    """A charge was refused: says why in words that help, and how to put it right; nothing is demanded."""

    verb = "action_ask_about_failed_charge"
    response = "utter_charge_failed"

    def _more(self, moment: Moment) -> dict[str, Any]:
        code = next((i.failure_code for i in self._invoices(moment) if i.failure_code), None)
        return {"cause": part(f"cause_{CAUSES.get(code or '', 'declined')}")}


class GiveFinalNotice(Contact):
    """The last letter before the matter leaves the house; names only what will really follow."""

    verb = "action_give_final_notice"
    response = "utter_final_notice"

    def _more(self, moment: Moment) -> dict[str, Any]:
        return {"consequence": self._consequence(moment, "last")}


class RemindBeforeDue(Contact):
    """A discreet word before invoices fall due."""

    verb = "action_remind_before_due"
    response = "utter_pre_due"
    claim = "coming"

    def _invoices(self, moment: Moment) -> list[Invoice]:
        named = moment.value("invoices") or ()
        dossier = moment.case.dossier
        return [i for i in dossier.open_invoices() if i.id in named and i.currency == dossier.currency]

    def _sum(self, moment: Moment) -> Money:
        found = self._invoices(moment)
        open_ = sum(moment.case.dossier.open_minor[i.id] for i in found)
        return Money(moment.case.dossier.currency, open_)


class RemindPromise(Contact):
    """The day before a promised payment; says so where a saved method will be charged by itself."""

    verb = "action_remind_promise"
    response = "utter_promise_due"

    def _purpose(self) -> str:
        return "promise"

    def _response(self, moment: Moment) -> str:
        return f"{self.response}{CHARGE}" if _card(moment) else self.response

    def _more(self, moment: Moment) -> dict[str, Any]:
        return {"card": _card(moment)}


class AskAboutBrokenPromise(Contact):
    """A promised payment did not come: asks what happened, without blame."""

    verb = "action_ask_about_broken_promise"
    response = "utter_promise_broken"


class AskAboutAgreedCharge(Contact):
    """A charge on a day that the customer had named failed: nothing was taken, and there are other ways."""

    verb = "action_ask_about_agreed_charge"
    response = "utter_agreed_charge_failed"

    def _more(self, moment: Moment) -> dict[str, Any]:
        return {"card": moment.value("card"), "cause": part(f"cause_{CAUSES.get(moment.value('code'), 'declined')}")}


class RemindInstallment(Contact):
    """An instalment falls due in a few days; says so where a saved method will be charged by itself."""

    verb = "action_remind_installment"
    response = "utter_installment_due"

    def _purpose(self) -> str:
        return "installment"

    def _plan_id(self, moment: Moment) -> str | None:
        plan = moment.case.dossier.plan(moment.case.today, "active", "broken")
        return plan.id if plan else None

    def _response(self, moment: Moment) -> str:
        return f"{self.response}{CHARGE}" if _card(moment) else self.response

    def _more(self, moment: Moment) -> dict[str, Any]:
        return {"card": _card(moment)}


class AskAboutMissedInstallment(RemindInstallment):
    """An instalment was missed: offers to settle it or to shift the plan."""

    verb = "action_ask_about_missed_installment"
    response = "utter_installment_missed"

    def _response(self, moment: Moment) -> str:
        return self.response


class OfferShift(RemindInstallment):
    """Before an instalment is missed: offers days that suit better, and asks for a yes."""

    verb = "action_remind_of_better_day"
    response = "utter_plan_bend"

    def act(self, moment: Moment) -> Events:
        """Put the shifted schedule before the customer."""
        new = _shifted(moment)
        if not new:
            return []
        moment.case.propose_plan(new, moment.case.dossier.currency)
        return [*super().act(moment), SlotSet("offer", None), SlotSet("open_question", "plan_offer")]

    def _response(self, moment: Moment) -> str:
        return self.response

    def _more(self, moment: Moment) -> dict[str, Any]:
        new = _shifted(moment)
        return {"lines": schedule_rows(new, moment.case.dossier.currency), "shifted": new[0].due_on.isoformat()}


class SpreadShortfall(OfferShift):
    """A part of an instalment stayed out: the plan takes it up in what is left, and the customer is told."""

    verb = "action_remind_of_spread_rest"
    response = "utter_plan_respread"

    def act(self, moment: Moment) -> Events:
        """Bend the plan and tell."""
        work, new = moment.case, _shifted(moment)
        plan = work.dossier.plan(work.today, "active")
        if plan is None or not new:
            return []
        why = "the rest of an instalment, spread over the later ones"
        work.save(bent(plan, work.dossier.payments, new, why, work.now))
        work.note("plan_bent", why, plan_id=plan.id, rest=[[i.due_on.isoformat(), i.amount_minor] for i in new])
        return super(OfferShift, self).act(moment)


def _shifted(moment: Moment) -> tuple[Installment, ...]:
    rows_ = moment.value("shift") or ()
    return tuple(Installment(number, date.fromisoformat(due), minor) for number, due, minor in rows_)


def _card(moment: Moment) -> str:
    """What the saved method is called that will be charged on the day spoken of; empty where none will."""
    ahead, days = moment.case.charge_ahead, moment.days()
    if ahead is None or ahead.at is None or ahead.method is None or not ahead.agreed or not days:
        return ""
    # A bank holiday may move the charge by a few days.
    return ahead.method.label if abs((moment.case.local_day(ahead.at) - days[0]).days) <= 3 else ""
