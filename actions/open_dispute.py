"""Take an objection."""

from datetime import timedelta

from actions.base import CaseAction, Events, Moment, end_form


class OpenDispute(CaseAction):
    """Records the objection, stops asking for the disputed sum, and brings in a person who can decide."""

    verb = "action_open_dispute"
    names_debt = True

    def act(self, moment: Moment) -> Events:
        """Open the dispute."""
        work = moment.case
        named = str(moment.value("invoice_ref") or "").lower()
        invoice = next((i for i in work.dossier.invoices if named and named in i.number.lower()), None)
        words = _words(moment)
        work.dispute(words[:500] or "the customer objects", invoice.id if invoice else None)
        work.hold("dispute", "an objection is being looked into")
        asked = work.hand_off("dispute_invoice", f"Objects: {words[:200]}", timedelta(hours=24))
        moment.promise_person("utter_dispute_opened", asked)
        return end_form()


def _words(moment: Moment) -> str:
    """The customer's own words for the objection, also when identity was asked in between."""
    for event in reversed(moment.tracker.events):
        if event.get("event") != "user":
            continue
        intent = (event.get("parse_data") or {}).get("intent", {}).get("name")
        if intent == "dispute_invoice":
            return str(event.get("text") or "")
    return str(moment.tracker.latest_message.get("text") or "")
