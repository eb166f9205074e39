"""A customer's ledger: facts in, in any order and however often; double entries, balances and what is open out."""

from bot.domain.ledger.books import Books, Entry, Quarantined, Settlement, post
from bot.domain.ledger.facts import (
    Charge,
    CreditNote,
    Disputed,
    Fact,
    InvoiceIssued,
    PaymentReceived,
    Refund,
    Reversal,
    WriteOff,
)
from bot.domain.ledger.imputation import Claim, Imputation, ImputationError, Share, impute, read_orders

__all__ = [
    "Books", "Charge", "Claim", "CreditNote", "Disputed", "Entry", "Fact", "Imputation", "ImputationError",
    "InvoiceIssued", "PaymentReceived", "Quarantined", "Refund", "Reversal", "Settlement", "Share", "WriteOff",
    "impute", "post", "read_orders",
]  # fmt: skip
