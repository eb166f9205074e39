"""What is answered while a person is awaited, and what is only acknowledged."""

from collections.abc import Mapping
from typing import Any

from bot.domain.readings import Reading

# Whatever the person was asked for: what binds nobody and what protects the customer.
SAFE = frozenset({
    "ask_identity", "ask_amount_due", "explain_invoice", "pay_now", "ask_payment_methods", "request_invoice_copy",
    "ask_status", "change_language", "stop_contact", "restart_contact", "report_sensitive", "legal_threat",
    "report_hardship", "ask_privacy", "cancel_subscription", "change_preference", "already_paid", "ask_consequences",
    "session_start", "restart",
})  # fmt: skip
# Requests that leave nothing for the person to decide: the talk goes on beside them.
BESIDE = frozenset({
    "request_human", "not_understood", "technical_fault", "complain", "payment_problem", "refuse_to_pay", "abuse",
})  # fmt: skip
# Beside such a request these would only ask for the person again.
SAID_ENOUGH = frozenset({
    "request_human", "nlu_fallback", "out_of_scope", "complain", "abuse", "refuse_to_pay", "greet", "goodbye", "thank",
    "give_feedback",
})  # fmt: skip
COURTESIES = frozenset({"greet", "goodbye", "thank", "affirm"})
# What only tells something; it is added to the file without a word when that was said lately.
TOLD = frozenset({"inform", "affirm", "deny", "out_of_scope", "nlu_fallback", "give_feedback", "complain", "abuse"})
# A plain yes or no to no question.
BARE = 3


def answered(intent: str, reason: str, slots: Mapping[str, Any], loop: str | None, words: int) -> bool:
    """Whether the bot answers a message of this meaning while a person is awaited for this reason."""
    if intent in SAFE or loop == "identity_form":
        return True
    if reason not in BESIDE:
        return False
    asked = loop is not None or slots.get("open_question") not in (None, "none")
    if intent in ("affirm", "deny", "inform"):
        return asked or (intent != "affirm" and words > BARE)
    return intent not in SAID_ENOUGH


def waits_for_word(reading: Reading) -> bool:
    """Whether silence would be rude: a question, or a request."""
    return "?" in reading.text or reading.intent not in TOLD | COURTESIES
