"""Bank statements: what came in by transfer, matched to customers by what the payer wrote; CAMT.053 and CSV."""

from bot.statements.entries import BankEntry, Unreadable
from bot.statements.reading import read_statement

__all__ = ["BankEntry", "Unreadable", "read_statement"]
