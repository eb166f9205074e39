"""Take an objection."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import N_, CaseAction, Events, Moment, choices, end_form, rows
from bot.domain.accounts import Invoice
from bot.domain.mentions import invoices_meant

# While we wait to hear which invoice is meant, nothing is asked for.
CHOICE_LASTS = timedelta(days=7)


class OpenDispute(CaseAction):
    """Records the objection, stops asking for the disputed sum alone, and brings in a person who can decide."""

    verb = "action_open_dispute"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Open the dispute, or ask which invoice it is about."""
        work = moment.case
        words = _words(moment)
        running = [i for i in work.dossier.open_invoices() if i.id not in work.dossier.disputed]
        asked = moment.tracker.get_slot("open_question") == "dispute_choice"
        everything = str(moment.value("invoice_ref") or "") == "all"
        meant = running if everything else _meant(moment, words, asked, running)
        if len(running) > 1 and not meant and not asked:
            work.hold("dispute", "asked which invoice the objection is about", work.now + CHOICE_LASTS)
            # Unanswered, the objection is still somebody's to look into.
            work.errand("dispute_unclear", f"Objects, asked which invoice: {words[:200]}", timedelta(days=2))
            buttons = [*choices(running, "dispute_invoice"), {
                "title": N_("All of them"), "payload": '/dispute_invoice{"invoice_ref": "all"}',
            }]  # fmt: skip
            moment.say("utter_which_disputed", lines=rows(running, work.dossier.open_minor), buttons=buttons)
            return [*end_form(), SlotSet("open_question", "dispute_choice")]
        self._open(moment, words, meant or running, running)
        return end_form()

    def _open(self, moment: Moment, words: str, disputed: Sequence[Invoice], running: Sequence[Invoice]) -> None:
        work = moment.case
        for invoice in disputed:
            work.dispute(words[:500] or "the customer objects", invoice.id)
        if not disputed:
            work.dispute(words[:500] or "the customer objects")
        numbers = ", ".join(invoice.number for invoice in disputed)
        request = work.hand_off(
            "dispute_invoice", f"Objects to {numbers or 'paid invoices'}: {words[:200]}", timedelta(days=1)
        )
        rest = work.dossier.balance()
        for hold in work.dossier.holds_in_force(work.now):
            if hold.kind == "dispute" and hold.until is not None:
                work.save(replace(hold, ended_at=work.now))
        for errand in work.dossier.errands():
            if errand.reason == "dispute_unclear":
                work.save(replace(errand, closed_at=work.now, outcome="the customer said which invoice"))
        if len(disputed) < len(running) and rest.minor > 0:
            # The other invoices go their way: only what is disputed rests.
            moment.promise_person("utter_dispute_opened_one", request, number=numbers, rest=rest.json())
        else:
            work.hold("dispute", "an objection is being looked into")
            moment.promise_person("utter_dispute_opened", request)


def _meant(moment: Moment, words: str, asked: bool, running: Sequence[Invoice]) -> list[Invoice]:
    """The invoices that the objection names, or the answer to which one it is."""
    text = moment.text if asked else words
    found = invoices_meant(text, moment.entities, running, moment.case.dossier.open_minor)
    # A sum in an objection is what the customer holds to be right, unless it is an invoice's own.
    return found or invoices_meant(words, (), running, moment.case.dossier.open_minor)


def _words(moment: Moment) -> str:
    """The customer's own words for the objection, also when something was asked in between."""
    for event in reversed(moment.tracker.events):
        if event.get("event") != "user" or str(event.get("text") or "").startswith("/"):
            continue
        intent = (event.get("parse_data") or {}).get("intent", {}).get("name")
        if intent == "dispute_invoice":
            return str(event.get("text") or "")
    return moment.text
