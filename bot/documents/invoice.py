"""Copies of invoices, set from the book: what was billed, what is paid, what is open and how to pay it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.documents.paper import LEFT, LINE, WIDE, Paper
from bot.documents.paying import how_to_pay
from bot.i18n import N_, Catalogues, colon, day, money

COPY = N_("Copy of invoice {number}")
BILLED, DUE, ITEM, SUM = N_("Billed on"), N_("Due on"), N_("Item"), N_("Amount")
TOTAL, PAID, OPEN = N_("Total"), N_("Paid so far"), N_("Outstanding")
YOURS = N_("Your customer reference")
# What is added to an invoice is named in domain/late_charges; here its words are found by translators.
ADDED = (N_("Late-payment interest"), N_("Fixed compensation for recovery costs"))


def copies(told: Mapping[str, Any], language: str, catalogues: Catalogues, at: datetime) -> bytes:
    """One PDF with a page or more for each invoice of `told`, which `domain.letters.copies_of` makes."""
    paper = Paper(", ".join(str(one["number"]) for one in told["invoices"]), language, at)
    for invoice in told["invoices"]:
        _copy(paper, told, invoice, language, catalogues)
    return bytes(paper.output())


def _copy(
    paper: Paper, told: Mapping[str, Any], invoice: Mapping[str, Any], language: str, catalogues: Catalogues
) -> None:  # fmt: skip
    def _(text: str) -> str:
        return catalogues.translate(text, language)

    sender, currency = told["from"], str(told["currency"])
    name = str(sender.get("legal_name") or sender.get("name") or "")
    paper.begin([" · ".join(part for part in (name, str(sender.get("address") or "")) if part)])
    paper.ink(15, "B")
    paper.line_of(str(sender.get("name") or ""), 7)
    paper.ink(9, grey=True)
    paper.line_of("\n".join(str(sender[key]) for key in ("address", "phone", "email") if sender.get(key)), 4.2)
    paper.ln(8)
    paper.ink(11)
    paper.line_of("\n".join(told["to"]))
    paper.ln(8)
    paper.ink(13, "B")
    paper.line_of(_(COPY).replace("{number}", str(invoice["number"])), 6)
    paper.ln(1)
    paper.ink(10)
    dates = [
        (label, day(str(invoice[key]), language, "long")) for label, key in ((BILLED, "issued_on"), (DUE, "due_on"))
    ]
    for label, value in (*dates, (YOURS, str(told["reference"]))):
        paper.line_of(f"{_(label)}{colon(language)}{value}")
    paper.ln(LINE)
    lines = invoice["lines"] or [[invoice["text"] or invoice["number"], invoice["minor"]]]
    body = [(str(text), money(int(minor), currency, language)) for text, minor in lines]
    more = invoice.get("added") or ()
    for row in more:
        through = f", {day(row['through'], language, 'medium')}" if row["through"] else ""
        body.append((f"{_(row['text'])}{through}", money(int(row["amount"]["minor"]), currency, language)))
    total = int(invoice["minor"]) + sum(int(row["amount"]["minor"]) for row in more)
    paid = total - int(invoice["open"])
    foot = [(_(TOTAL), money(total, currency, language))]
    if paid:
        foot += [(_(PAID), money(paid, currency, language)), (_(OPEN), money(int(invoice["open"]), currency, language))]
    paper.rows((_(ITEM), _(SUM)), body, foot, (WIDE - 35, 35))
    paper.ln(LINE * 1.5)
    paper.set_x(LEFT)
    if int(invoice["open"]) > 0:
        asked = {"minor": invoice["open"], "currency": currency}
        how_to_pay(paper, {"asked": asked, "transfer": told["transfer"], "link": told.get("link")}, language, _)
