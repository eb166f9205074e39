"""A short answer in the light of the question that is open: what no classifier can know from the words alone."""

import re
from dataclasses import replace
from datetime import date

from bot.domain import wishes
from bot.domain.care import asks_whether_to_pay
from bot.domain.claims import has_proof, way_of_payment
from bot.domain.discounts import asks_discount
from bot.domain.dossier import Dossier
from bot.domain.fees import asks_about_fees
from bot.domain.grave import says_minor
from bot.domain.mentions import invoices_meant, invoices_to_pay, names_bill_by_month, wants_to_pay
from bot.domain.reach import wish
from bot.domain.readings import OUT_OF_SCOPE, Entity, Reading
from bot.domain.redaction import MASK
from bot.domain.ruled_out import ruled_out
from bot.domain.shifts import on_top
from bot.domain.wishes import any_day, called_off, unknown
from bot.domain.words import plain
from bot.domain.worries import worry
from bot.understanding.commands import keyword

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
# What a fear is often read as.
MAY_WORRY = frozenset({"ask_consequences", "ask_privacy", "ask_status", "inform", "out_of_scope", "complain"})
# With these a masked number is a detail of a payment that was made or went wrong.
TELLS_OF_MONEY = frozenset({"already_paid", "payment_problem", "dispute_invoice", "ask_payment_methods"})
# Questions to which "not on the 5th" is a no; at any other it asks for time.
NO_TO = frozenset({"plan_first_on", "plan_offer", "plan_terms", "promise_confirm"})
# Questions of which nothing is left once the answer is "cancel".
UNDER_WAY = NO_TO | {"promise_date", "part_amount", "rest_when", "plan_monthly", "plan_count", "plan_now"}
# "I do not know" to one of these is no word about who is writing.
WHO = frozenset({"birth_date", "postal_code", "registration_number"})
DOUBTFUL = 0.4
# A greeting that leads by less may be the beginning of a question.
SURE = 0.6
UNCLEAR = frozenset({"out_of_scope"})
# A discount named here is one that is missing, or none at all.
NO_DISCOUNT = frozenset({"dispute_invoice", "already_paid", "explain_invoice", "complain", "give_feedback", "abuse"})
# What "ask a colleague" is read as where a colleague was offered for it.
MAY_PASS_ON = frozenset({"request_human", "affirm", "inform", "out_of_scope"})
# What "when do I have to pay?" is read as.
MAY_ASK_WHEN = MAY_CHOOSE | {
    "ask_payment_methods",
    "ask_consequences",
    "request_extension",
    "promise_to_pay",
    "pay_now",
}
# What "I want to pay the second invoice" is often read as.
MAY_PAY_ONE = MAY_CHOOSE | {"pay_now", "pay_partial", "ask_payment_methods", "affirm", "promise_to_pay"}
_EVERYTHING = frozenset({"all", "everything", "tout", "tous", "toutes", "todo", "todos", "todas", "alles", "alle"})


def in_light(question: str, reading: Reading, dossier: Dossier, today: date) -> Reading:
    """The reading as the open question turns it; button payloads and words of care are left alone."""
    if reading.text.lstrip().startswith("/"):
        return reading
    if says_minor(reading.text) and reading.intent != "stop_contact":
        return replace(reading, intent="report_sensitive", confidence=1.0)
    if question in WHO and not reading.command and unknown(reading.text):
        return replace(reading, intent=OUT_OF_SCOPE, confidence=1.0, also=())
    if not reading.command and (keyword(reading.text) or (question in UNDER_WAY and called_off(reading.text))):
        return _called_off(question, reading)
    reading = _without_ruled_out(question, reading)
    words = re.findall(r"[\w']+", plain(reading.text))
    if (reading.intent in MAY_MEAN_FEES or reading.confidence < DOUBTFUL) and asks_about_fees(reading.text):
        return replace(reading, intent="ask_consequences", confidence=1.0, command=True)
    if question == "stop_scope" and _EVERYTHING & set(words) and set(words) <= _EVERYTHING | {"stop", "stopp"}:
        everything = Entity("channel", reading.text, "all", 0, len(reading.text))
        return replace(reading, intent="stop_contact", confidence=1.0, entities=(everything,), command=True)
    if reading.intent == "request_human" and _names_day(reading) and wish(reading.text).call:
        # A call on a day that is named is an appointment, and the conversation stays here until then.
        return replace(reading, intent="change_preference", confidence=1.0, command=True)
    if MASK in reading.text and reading.intent not in TELLS_OF_MONEY | GOES_BEFORE:
        return replace(reading, intent="update_payment_method", confidence=1.0, command=True)
    may_end_plan = reading.intent not in GOES_BEFORE - {"stop_contact", "cancel_subscription"}
    if may_end_plan and wishes.ends_plan(reading.text) and dossier.plan(today, "active") is not None:
        return replace(reading, intent="end_plan", confidence=1.0, also=(), command=True)
    if reading.intent == "greet" and reading.second == "ask_identity" and "?" in reading.text and reading.margin < SURE:
        return replace(reading, intent="ask_identity", confidence=1.0, command=True)
    if reading.intent == "cancel_subscription" and asks_discount(reading.text):
        return replace(reading, intent="ask_discount", confidence=1.0, command=True)
    fear = worry(reading.text)
    # "Will you call my boss?" asks for no call.
    calls = fear == "employer" and reading.intent == "request_human"
    if fear and (reading.intent in MAY_WORRY or reading.confidence < DOUBTFUL or calls):
        return replace(reading, intent="ask_consequences", confidence=1.0, command=True)
    if turned := _about_terms(question, reading, len(words), dossier, today):
        return replace(reading, intent=turned, confidence=1.0, command=True)
    if reading.intent in GOES_BEFORE or len(words) > (TELLS_WHEN if question == "paid_when" else SHORT):
        return reading
    if question in ("plan_first_on", "plan_monthly") and not reading.entities and any_day(reading.text):
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


def in_care(reading: Reading) -> Reading:
    """The reading of somebody cared for: whether they have to pay is no question of sums or of ways."""
    said_first = reading.command or reading.intent in GOES_BEFORE - {"report_hardship"}
    if said_first or not asks_whether_to_pay(reading.text):
        return reading
    return replace(reading, intent="ask_consequences", confidence=1.0, command=True)


def _about_terms(question: str, reading: Reading, length: int, dossier: Dossier, today: date) -> str | None:
    """What a message about sums, days and rhythms means where the words alone mislead; None where they do not."""
    doubtful = reading.confidence < DOUBTFUL or reading.intent in UNCLEAR
    language = any(entity.kind == "language" for entity in reading.entities)
    if reading.intent == "change_language" and not language and wishes.rhythm(reading.text):
        doubtful = True
    elif question == "discount_offer" and reading.intent in MAY_PASS_ON and wishes.ask_somebody(reading.text):
        return "pass_discount_on"
    elif reading.intent in GOES_BEFORE:
        return None
    kinds = {entity.kind for entity in reading.entities}
    if reading.intent not in NO_DISCOUNT and length <= TELLS_WHEN * 2 and asks_discount(reading.text):
        return "ask_discount"
    dated = kinds & {"date", "impossible_date"}
    if question == "promise_confirm" and dated and reading.intent in ("deny", "inform", "out_of_scope"):
        return "promise_to_pay"
    agreed = dossier.open_promise(today) is not None or dossier.plan(today, "active") is not None
    if agreed and reading.intent in MAY_ASK_WHEN and wishes.asks_when(reading.text):
        return "ask_status"
    if length > TELLS_WHEN:
        return None
    if "impossible_date" in kinds and (doubtful or reading.intent in ("pay_now", "propose_terms")):
        once = wishes.to_pay(reading.text) and not wishes.recurring(reading.text) and "count" not in kinds
        if doubtful or once:
            return "promise_to_pay"
    if (doubtful or reading.intent == "inform") and not kinds & {"amount", "count"} and wishes.rhythm(reading.text):
        return "propose_terms"
    claimed = question == "paid_when" or any(errand.reason == "already_paid" for errand in dossier.errands())
    if doubtful and claimed and has_proof(reading.text):
        return "already_paid"
    moved = bool(kinds & {"date", "impossible_date"}) or on_top(reading.text) is not None
    if agreed and moved and (doubtful or reading.intent == "request_installments") and length <= SHORT:
        return "request_extension"
    return None


def _names_day(reading: Reading) -> bool:
    return any(entity.kind == "date" for entity in reading.entities)


def _called_off(question: str, reading: Reading) -> Reading:
    """ "Cancel" refuses what was just asked or offered; where nothing was, the customer is asked what is meant."""
    if question in UNDER_WAY:
        return replace(reading, intent="deny", confidence=1.0, entities=(), also=(), command=True)
    return replace(reading, intent="cancel_subscription", confidence=0.0, second="stop_contact", also=())


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
