"""A short answer in the light of the question that is open: what no classifier can know from the words alone."""

import re
from dataclasses import replace

from bot.domain.claims import way_of_payment
from bot.domain.dossier import Dossier
from bot.domain.fees import asks_about_fees
from bot.domain.mentions import invoices_meant, invoices_to_pay, names_bill_by_month, wants_to_pay
from bot.domain.readings import Entity, Reading
from bot.domain.ruled_out import ruled_out
from bot.domain.wishes import any_day
from bot.domain.words import plain

SHORT, BARE = 8, 4
# When and how something was paid takes some more words.
TELLS_WHEN = 14
# A longer sentence of another meaning ("I want to pay the second one") is more than a choice.
MAY_CHOOSE = frozenset({
    "inform", "explain_invoice", "dispute_invoice", "request_invoice_copy", "ask_amount_due", "out_of_scope",
})  # fmt: skip
# What is said before any answer is an answer.
GOES_BEFORE = frozenset({
    "report_sensitive", "report_hardship", "legal_threat", "stop_contact", "request_human", "wrong_person",
    "ask_privacy", "change_language", "cancel_subscription",
})  # fmt: skip
# Questions that are often read so when they ask about fees; an invoice's own fee is explained or disputed as such.
MAY_MEAN_FEES = frozenset({
    "ask_consequences", "ask_amount_due", "ask_payment_methods", "ask_status", "request_extension",
    "request_installments", "out_of_scope",
})  # fmt: skip
# Questions to which "not on the 5th" is a no; at any other it asks for time.
NO_TO = frozenset({"plan_first_on", "plan_offer", "plan_terms", "promise_confirm"})
DOUBTFUL = 0.4
# What "I want to pay the second invoice" is often read as.
MAY_PAY_ONE = MAY_CHOOSE | {"pay_now", "pay_partial", "ask_payment_methods", "affirm", "promise_to_pay"}
_EVERYTHING = frozenset({"all", "everything", "tout", "tous", "toutes", "todo", "todos", "todas", "alles", "alle"})


def in_light(question: str, reading: Reading, dossier: Dossier) -> Reading:
    """The reading as the open question turns it; button payloads and words of care are left alone."""
    if reading.text.lstrip().startswith("/"):
        return reading
    reading = _without_ruled_out(question, reading)
    words = re.findall(r"[\w']+", plain(reading.text))
    if (reading.intent in MAY_MEAN_FEES or reading.confidence < DOUBTFUL) and asks_about_fees(reading.text):
        return replace(reading, intent="ask_consequences", confidence=1.0, command=True)
    if question == "stop_scope" and _EVERYTHING & set(words) and set(words) <= _EVERYTHING | {"stop", "stopp"}:
        everything = Entity("channel", reading.text, "all", 0, len(reading.text))
        return replace(reading, intent="stop_contact", confidence=1.0, entities=(everything,), command=True)
    if reading.intent in GOES_BEFORE or len(words) > (TELLS_WHEN if question == "paid_when" else SHORT):
        return reading
    if question == "plan_first_on" and not reading.entities and any_day(reading.text):
        return replace(reading, intent="affirm", confidence=1.0, command=True)
    chooses = len(words) <= BARE or reading.intent in MAY_CHOOSE
    if question not in ("invoice_choice", "dispute_choice") and _pays_one(reading, dossier):
        return replace(reading, intent="pay_now", confidence=1.0, command=True)
    if question in ("invoice_choice", "dispute_choice") and chooses and _names_invoice(reading, dossier):
        return replace(reading, intent="inform", confidence=1.0, command=True)
    if question == "paid_when" and reading.intent != "already_paid" and "?" not in reading.text:
        dated = any(entity.kind == "date" for entity in reading.entities)
        if dated or way_of_payment(reading.text):
            return replace(reading, intent="inform", confidence=1.0, command=True)
    return reading


def _without_ruled_out(question: str, reading: Reading) -> Reading:
    """The reading without the days that are named because they will not do."""
    kept = tuple(e for e in reading.entities if e.kind != "date" or not ruled_out(reading.text, e.start, e.end))
    if len(kept) == len(reading.entities) or question == "paid_when":
        return reading
    intent = reading.intent
    if intent == "inform" and not kept:
        intent = "deny" if question in NO_TO else "request_extension"
    return replace(reading, entities=kept, intent=intent)


def _pays_one(reading: Reading, dossier: Dossier) -> bool:
    """Whether one of several open invoices is singled out to be paid now."""
    if reading.intent not in MAY_PAY_ONE or not wants_to_pay(reading.text):
        return False
    days = [entity for entity in reading.entities if entity.kind == "date"]
    if any(entity.kind in ("amount", "count") for entity in reading.entities):
        return False
    # "The October bill" holds the name of a month, and no day on which to pay.
    if any(re.search(r"\d", day.text) for day in days) or (days and not names_bill_by_month(reading.text)):
        return False
    entities = [{"entity": entity.kind, "value": entity.value} for entity in reading.entities]
    return bool(invoices_to_pay(reading.text, entities, dossier.open_invoices()))


def _names_invoice(reading: Reading, dossier: Dossier) -> bool:
    entities = [{"entity": entity.kind, "value": entity.value} for entity in reading.entities]
    return bool(invoices_meant(reading.text, entities, dossier.open_invoices(), dossier.open_minor))
