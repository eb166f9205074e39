"""Plain words for what stands in the record under an id; the catalogues give them in the agent's language."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.messages import Exchange
from bot.domain.money import from_major
from bot.domain.redaction import redact
from bot.i18n import N_, day, money

WORDS: Mapping[str, Mapping[str, str]] = {
    "reason": {
        "request_human": N_("Asks for a person"),
        "report_sensitive": N_("Needs careful help"),
        "report_hardship": N_("Hardship"),
        "legal_threat": N_("Announces legal steps"),
        "not_understood": N_("Was not understood twice"),
        "abuse": N_("Is very angry"),
        "wrong_person": N_("Says that we reached the wrong person"),
        "dispute_invoice": N_("Objects to an invoice"),
        "plan_beyond_policy": N_("Asks for a plan beyond the policy"),
        "change_preference": N_("Asks for a change in the file"),
        "discount": N_("Asks for a reduction"),
        "identity": N_("Identity could not be proved"),
        "plan_end": N_("Wishes to end the plan"),
        "refuse_to_pay": N_("Refuses to pay"),
        "technical_fault": N_("The assistant could not answer"),
        "complain": N_("Complaint"),
        "cancel_subscription": N_("Wants to end the contract"),
        "ask_privacy": N_("Question about personal data"),
        "payment_problem": N_("Payment does not work"),
        "attachment": N_("Sent photos or documents"),
        "referral": N_("The reminders have ended: decide what follows"),
        "agency": N_("Word for the agency"),
        "overpaid": N_("Paid too much: money to give back"),
        "unfit_payment": N_("Payment that does not fit"),
        "unproved_word": N_("Word of somebody who has not proved to be the customer"),
    },
    "hold": {
        "cease_all": N_("No contact at all"),
        "refuses_to_pay_written": N_("Refused to pay in writing"),
        "dispute": N_("Objection under way"),
        "represented_by_lawyer": N_("Has a lawyer"),
        "wrong_person": N_("Wrong person"),
        "deceased": N_("Deceased"),
        "bankruptcy": N_("Insolvency"),
        "breathing_space_gb": N_("Breathing space"),
        "mental_health_crisis_gb": N_("Mental health crisis"),
        "surendettement_fr": N_("Over-indebtedness procedure"),
        "vulnerability_signal": N_("Vulnerable situation"),
        "self_harm_signal": N_("Danger to life"),
        "minor_or_no_capacity": N_("Minor or without legal capacity"),
        "payment_pending": N_("Payment being looked for"),
        "with_agency": N_("An agency has the case"),
    },
    "refused_file": {
        "size": N_("too large"),
        "type": N_("neither photo nor PDF"),
        "empty": N_("empty"),
        "number": N_("too many at once"),
        "unavailable": N_("could not be loaded"),
    },
    "notice": {
        "payment_succeeded": N_("received"),
        "payment_failed": N_("refused"),
        "charge_failed": N_("refused"),
        "payment_refunded": N_("given back"),
        "payment_reversed": N_("taken back by the bank"),
        "payment_reinstated": N_("paid again after a chargeback"),
        "payment_returned": N_("returned by the bank"),
    },
    "outcome": {
        "reached": N_("Spoken to"),
        "promised": N_("Promised to pay"),
        "no_answer": N_("No answer"),
        "wrong_number": N_("Wrong number"),
    },
    "verdict": {
        "allowed": N_("Allowed"),
        "deferred": N_("Postponed"),
        "refused": N_("Held back"),
    },
    "rule": {
        "contact": N_("nothing stands against it"),
        "inbound_reply": N_("an answer to the customer"),
        "person_holds_conversation": N_("a person has the conversation"),
        "no_address": N_("no address on this channel"),
        "address_closed": N_("the address is closed"),
        "consent": N_("no consent for this channel"),
        "opt_out": N_("no more messages are wanted on this channel"),
        "hours": N_("outside the lawful hours"),
        "cap.day": N_("already contacted today"),
        "cap.week": N_("contacted often enough this week"),
        "hold": N_("contact is suspended"),
        "redaction.card": N_("a card number stands in it"),
        "redaction.security_code": N_("a security code stands in it"),
        "redaction.iban": N_("a customer's account number stands in it"),
        "redaction.secret": N_("a key or password stands in it"),
        "charge.amount": N_("more than is open and undisputed"),
        "part": N_("a required part is missing"),
        "holiday": N_("a public holiday"),
        "bar": N_("this channel may not be used for this"),
        "cap": N_("contacted often enough"),
        "wish": N_("the customer's own wish"),
        "content": N_("something in it may not be said"),
    },
    "element": {
        "ai_disclosure": N_("that an automatic assistant writes"),
        "sender_identity": N_("who writes"),
        "creditor_identity": N_("name and address of the creditor"),
        "collector_status": N_("that the sender collects debts out of court"),
        "mini_miranda": N_("that this is an attempt to collect a debt"),
        "from_debt_collector": N_("that a debt collector writes"),
        "debt_reference": N_("invoice number and due date"),
        "amount_breakdown": N_("how the amount is made up"),
        "payment_methods": N_("how to pay"),
        "opt_out_notice": N_("how to stop the messages"),
        "dispute_path": N_("how to object"),
        "human_path": N_("how to reach a person"),
        "hardship_path": N_("what helps when paying is difficult"),
        "privacy_notice_link": N_("the link to the privacy notice"),
        "letter_reference": N_("reference and date of the first letter"),
        "cpce_L111_8_reproduction": N_("the text of the law on collection costs"),
        "validation_information": N_("the validation notice"),
        "time_barred_notice": N_("that the debt may be too old for a court"),
        "plan_cost_notice": N_("what the plan costs"),
        "plan_terms": N_("the terms of the plan"),
        "receipt": N_("what was received and what is left"),
        "deadline": N_("a day to act by"),
        "mise_en_demeure_wording": N_("the formal demand"),
        "claim_ground_with_contract_date": N_("ground of the claim and date of the contract"),
        "interest_calculation": N_("how interest is reckoned"),
        "higher_interest_notice_if_any": N_("why interest is above the statutory rate"),
        "cost_breakdown": N_("the collection costs"),
        "vat_statement_if_any": N_("the statement on VAT"),
        "address_source_if_researched": N_("where the address comes from"),
        "supervisory_authority": N_("the supervisory authority"),
    },
    "basis": {
        "law": N_("law"),
        "regulation": N_("regulation"),
        "platform": N_("platform rule"),
        "scheme": N_("rule of the payment schemes"),
        "case_law": N_("case law"),
        "house": N_("house rule"),
    },
    "state": {
        "received": N_("received"),
        "handled": N_("received"),
        "queued": N_("waiting to be sent"),
        "sending": N_("being sent"),
        "printing": N_("to be posted"),
        "calling": N_("to be called"),
        "sent": N_("sent"),
        "delivered": N_("delivered"),
        "failed": N_("not delivered"),
        "withheld": N_("held back"),
        "open": N_("open"),
        "overdue": N_("overdue"),
        "paid": N_("paid"),
        "disputed": N_("disputed"),
        "kept": N_("kept"),
        "broken": N_("broken"),
        "withdrawn": N_("replaced"),
        "proposed": N_("proposed"),
        "active": N_("running"),
        "completed": N_("completed"),
        "ended": N_("ended"),
        "due": N_("due"),
        "missed": N_("missed"),
        "late": N_("late"),
        "void": N_("withdrawn"),
        "expired": N_("expired"),
    },
    "channel": {
        "webchat": N_("web chat"),
        "sms": N_("SMS"),
        "email": N_("e-mail"),
        "telegram": N_("Telegram"),
        "whatsapp": N_("WhatsApp"),
        "letter": N_("letter"),
        "phone": N_("telephone"),
    },
    "purpose": {
        "pre_due": N_("notice before the due date"),
        "reminder": N_("reminder"),
        "reply": N_("answer"),
        "plan_offer": N_("offer of a plan"),
        "receipt": N_("receipt"),
        "opt_out_confirmation": N_("confirmation"),
        "final_notice": N_("final notice"),
    },
    "author": {
        "customer": N_("Customer"),
        "bot": N_("Assistant"),
        "agent": N_("Agent"),
        "system": N_("Relance"),
    },
    "type": {"consumer": N_("consumer"), "business": N_("business")},
    "language": {"fr": N_("French"), "en": N_("English"), "es": N_("Spanish"), "de": N_("German")},
    "identity": {
        "birth_date": N_("Date of birth"),
        "postal_code": N_("Postal code"),
        "registration_number": N_("Registration number"),
    },
    "masked": {"card": N_("a card number"), "security_code": N_("a security code"), "iban": N_("an IBAN")},
    "preference": {
        "channel": N_("Channel"),
        "not_before": N_("Not before"),
        "not_after": N_("Not after"),
        "days": N_("Days"),
        "language": N_("Language"),
    },
}

# What the rules of the packs say, by their ids.
_RULES: tuple[tuple[str, str], ...] = (
    (r"contact\..*", "contact"),
    (r"reply-.*", "inbound_reply"),
    (r".*-el-.*|ai-say.*|opt-out-bare", "part"),
    (r".*hours.*", "hours"),
    (r".*holidays", "holiday"),
    (r"wa-off|sms-us-ca-third-party", "bar"),
    (r".*consent|.*-optin|tg-start|charge-authorised|us-sms.*|us-email.*|fl-.*", "consent"),
    (r".*revocation|opt-out-confirmation", "opt_out"),
    (r".*preferences|.*declared", "wish"),
    (r"rt-hold|unknown_hold", "hold"),
    (r".*\din\d.*|.*-day|.*-all|.*\dwk.*|.*talk|.*house", "cap"),
    (r"no-.*|ledger-amounts-only|.*promotion.*", "content"),
)

# What a note of the log says, by its purpose and the sentence that the record keeps of it.
_NOTES: tuple[tuple[str, str, str], ...] = (
    ("handoff", r"(?P<reason>\w+): .*", N_("A person is asked for: {reason}")),
    ("hold", r"(?P<hold>\w+): .*", N_("Contact suspended: {hold}")),
    ("hold_lifted", r"(?P<who>.+) lifted (?P<hold>\w+)", N_("{who} lifted a suspension: {hold}")),
    ("posted", r"(?P<who>.+) posted the letter", N_("{who} posted the letter")),
    ("set_aside", r"(?P<who>.+) set the letter aside: (?P<text>.*)", N_("{who} set the letter aside: {text}")),
    ("call", r"(?P<who>.+) called \((?P<outcome>\w+)\): (?P<text>.*)", N_("{who} called. {outcome}. {text}")),
    ("call", r"(?P<who>.+) dropped the call: (?P<text>.*)", N_("{who} took a call off the list: {text}")),
    ("taken", r"(?P<who>.+) took the conversation", N_("{who} took the conversation")),
    ("returned", r"(?P<who>.+) gave the conversation back", N_("{who} gave the conversation back")),
    ("closed", r"(?P<who>.+?) closed: (?P<text>.*)", N_("{who} closed the conversation: {text}")),
    ("decision", r"(?P<who>.+) approved (?P<count>\d+) instalments", N_("{who} approved {count} instalments")),
    ("payment", r"received (?P<minor>\d+) (?P<currency>[A-Z]{3})", N_("Payment received: {amount}")),
    ("payment_failed", r".*", N_("A payment was refused")),
    ("promise", r"promised (?P<minor>\d+) (?P<currency>[A-Z]{3}) by (?P<day>[\d-]+)", N_("Promise: {amount} by {day}")),
    ("agreement", r"(?P<text>.*)", N_("Agreed: {text}")),
    ("identity", r"identity proved.*", N_("Identity proved")),
    ("unproved_word", r"(?P<text>.*)", N_("Said without proof of identity, and not applied: {text}")),
    ("identity", r"facts did not match.*", N_("Identity not confirmed")),
    ("dispute", r"(?P<text>.*)", N_("Objection: {text}")),
    ("dispute_closed", r"(?P<who>.+): upheld", N_("{who} decided the objection: the customer is right")),
    ("dispute_closed", r"(?P<who>.+): rejected", N_("{who} decided the objection: rejected")),
    ("opt_out", r"opted out of all channels", N_("No more messages are wanted")),
    ("opt_out", r"opted out of (?P<channel>\w+)", N_("No more messages are wanted on this channel: {channel}")),
    ("opt_in", r".*", N_("Messages are welcome again")),
    ("preference", r"(?P<text>.*)", N_("Wish of the customer: {text}")),
    ("payment_claim", r"says paid on (?P<day>[\d-]+)", N_("Says that it was paid on {day}")),
    ("quarantine", r"(?P<why>.*)", N_("A payment is not booked, a person must look: {why}")),
    ("errand_done", r"(?P<who>.+?): (?P<reason>\w+): (?P<text>.*)", N_("{who} saw to it: {reason}. {text}")),
    ("errand", r"(?P<reason>\w+): .*", N_("For a person to do: {reason}")),
    ("referral", r"given to (?P<agency>.+) by (?P<who>.+)", N_("{who} gave the case to {agency}")),
    ("recall", r"taken back from (?P<agency>.+?): (?P<text>.*)", N_("The case is taken back from {agency}: {text}")),
    ("delivery", r".*", N_("The sending was interrupted; the message may or may not have arrived")),
)

# Why a letter or a call is set aside (bot/conversation/post_room.py, calls.py).
SET_ASIDE = (
    N_("a rule forbids it now"),
    N_("it has been settled meanwhile"),
    N_("the day that it names is too near"),
    N_("the customer may not be called at this hour"),
    N_("choose what came of the call"),
    N_("write the day of the promise, today or later"),
    N_("write the sum of the promise, at most what is owed"),
)

# Why money cannot be booked, besides the reasons of bot/payments.py (bot/domain/reconciliation.py, reconciling.py).
UNFIT = (
    N_("names no reference of ours"),
    N_("may be for more than one customer"),
    N_("money was taken back; find the payment"),
)

# What the desk refuses, marked here for the catalogues.
REFUSALS = (
    N_("another agent has taken this conversation"),
    N_("an empty message is not sent"),
    N_("a plan has 1 to 60 instalments"),
    N_("the first instalment cannot be in the past"),
    N_("the first instalment comes after the day of the part"),
    N_("the part leaves nothing to spread over the instalments"),
    N_("nothing is owed: there is nothing to spread"),
    N_("a dispute is upheld or rejected"),
    N_("the conversation changed meanwhile; look again"),
    N_("take the conversation first"),
    N_(
        "Whoever reads this has not proved to be the customer. "
        "Confirm that your message tells nothing about the account."
    ),
    N_("This objection has been decided already."),
    N_("Write why the invoice stands: the customer is told."),
    N_("Cancel at least one cent and at most what is open of the disputed invoice."),
    # Why a case stays in house (bot/domain/referral.py).
    N_("Nothing is overdue."),
    N_("An agency has this case already."),
    N_("An objection is open."),
    N_("A promise or a plan is running."),
    N_("Contact is suspended."),
    N_("The cut-off of this customer's strategy has not passed."),
    N_("No final notice has been sent about this debt."),
    N_("The customer has answered: the case stays in house for now."),
    N_("No agency has this case."),
    N_("Name the agency."),
    N_("Only an admin may give a case to an agency or take it back."),
)

Translate = Callable[..., str]
# What the house puts before the words of somebody whose request it passes on.
_REPORTED = re.compile(
    r"(?:Announces legal steps|Reports hardship|Objects[^:\n]{0,60}|Wants to end the service|Asks for a change"
    r"|Asks to be called|Payment to be found|Request \w+): "
)
# Summaries that hold no words of the customer's, by reason.
_WANTED: Mapping[str, tuple[str, str]] = {
    "attachment": (r"Sent (?P<text>.+)", "{text}"),
    "overpaid": (r"(?P<major>[\d.]+) (?P<currency>[A-Z]{3}) more than was open .*", "{amount}"),
    "plan_beyond_policy": (
        r"Asks for (?P<count>\d+) instalments of about (?P<major>[\d.]+) (?P<currency>[A-Z]{3}).*",
        N_("Asks for {count} instalments of about {amount}."),
    ),
}


def word(kind: str, name: str, translate: Translate) -> str:
    """The word for an id of a kind; an id without one is at least readable."""
    if kind == "rule" and name.startswith("hold."):
        return f"{translate(WORDS['rule']['hold'])}: {word('hold', name.removeprefix('hold.'), translate)}"
    if kind == "rule" and name not in WORDS[kind]:
        name = next((word for pattern, word in _RULES if re.fullmatch(pattern, name)), name)
    known = WORDS[kind].get(name)
    return translate(known) if known else name.replace("_", " ")


def note(row: Exchange, translate: Translate, language: str) -> str:
    """What a note of the log says; one of an unknown kind keeps its own sentence."""
    for purpose, pattern, template in _NOTES:
        match = re.fullmatch(pattern, row.text, re.DOTALL) if purpose == row.purpose else None
        if match:
            return translate(template, **_values(match.groupdict(), translate, language))
    return row.text


def own_words(summary: str) -> str:
    """The customer's words in a request's summary, which begins with the reason where there are any."""
    lines = []
    for line in summary.splitlines():
        before, mark, words = line.partition(": ")
        while found := _REPORTED.match(words):
            words = words[found.end() :]
        if mark and len(before) < 40 and words:
            lines.append(words)
    return "\n".join(lines)


def wanted(reason: str, summary: str, proposal: Mapping[str, Any], translate: Translate, language: str) -> str:
    """What a request is about, beyond its reason: sums and files in the agent's words, else the customer's own."""
    if proposal.get("notices"):
        told = [
            f"{money(one['amount']['minor'], one['amount']['currency'], language)}: {translate(one['why'])}"
            for one in proposal["notices"]
        ]
        return "\n".join(told)
    if reason not in _WANTED:
        return redact(own_words(summary)).text
    pattern, template = _WANTED[reason]
    found = (re.fullmatch(pattern, line) for line in summary.splitlines())
    return "\n".join(translate(template, **_values(match.groupdict(), translate, language)) for match in found if match)


def _values(found: Mapping[str, Any], translate: Translate, language: str) -> dict[str, Any]:
    values = dict(found)
    for kind in ("reason", "hold", "channel", "outcome"):
        if kind in values:
            values[kind] = word(kind, values[kind], translate)
    if "why" in values:
        values["why"] = translate(values["why"])
    if "major" in values:
        values["minor"] = from_major(values["major"], values["currency"]).minor
    if "minor" in values:
        values["amount"] = money(int(values["minor"]), values["currency"], language)
    if "day" in values:
        values["day"] = day(values["day"], language, "long")
    return values
