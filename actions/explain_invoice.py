"""Explain an invoice line by line."""

from rasa_sdk.events import SlotSet

from actions.base import CaseAction, Events, Moment, choices, rows
from bot.domain.late_charges import added_lines
from bot.domain.mentions import invoices_meant


class ExplainInvoice(CaseAction):
    """Explains one invoice from the ledger: what it is for, its lines, when it was due."""

    verb = "action_explain_invoice"
    names_debt = True
    aside = True

    def act(self, moment: Moment) -> Events:
        """Explain the invoice named, the only one, or ask which."""
        dossier = moment.case.dossier
        open_ = dossier.open_invoices()
        named = str(moment.value("invoice_ref") or "").lower()
        chosen = [i for i in dossier.invoices if named and named in i.number.lower()]
        chosen = chosen or invoices_meant(moment.text, moment.entities, open_, dossier.open_minor) or open_
        if not chosen:
            moment.say_settled()
            return []
        if len(chosen) > 1:
            lines = rows(chosen, dossier.open_minor)
            moment.say("utter_which_invoice", lines=lines, buttons=choices(chosen, "explain_invoice"))
            return [SlotSet("open_question", "invoice_choice")]
        invoice = chosen[0]
        more = added_lines(dossier, invoice)
        own = [
            {"text": line.text, "amount": {"minor": line.amount_minor, "currency": invoice.currency}}
            for line in invoice.lines
        ]
        moment.say(
            "utter_invoice",
            number=invoice.number,
            description=invoice.description or invoice.number,
            issued_on=invoice.issued_on.isoformat(),
            due_on=invoice.due_on.isoformat(),
            amount={"minor": invoice.amount_minor + sum(row["amount"]["minor"] for row in more),
                    "currency": invoice.currency},
            open={"minor": dossier.open_minor[invoice.id], "currency": invoice.currency},
            lines=[*(own or [{"text": invoice.description or invoice.number,
                              "amount": {"minor": invoice.amount_minor, "currency": invoice.currency}}]), *more],
        )  # fmt: skip
        return []
