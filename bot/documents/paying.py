"""The box that says how to pay: by transfer with a code for banking apps, or on our page behind a code of its own."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.documents.paper import LEFT, LINE, WIDE, Paper
from bot.domain.money import Money
from bot.domain.transfer import Transfer, grouped
from bot.i18n import N_, day, money

HOW, AMOUNT, UNTIL = N_("How to pay"), N_("Amount"), N_("By")
PAYEE, ACCOUNT, BANK, SAYING = N_("Payee"), N_("IBAN"), N_("BIC"), N_("Reference of the transfer")
SCAN_BANK = N_("By transfer: scan with your banking app")
SCAN_PAGE = N_("By card: scan with your phone’s camera")
_SIDE, _LABEL, _TALL = 26.0, 34.0, 42.0


def how_to_pay(paper: Paper, sheet: Mapping[str, Any], language: str, _: Callable[[str], str]) -> None:
    """Print the box whole; `sheet` holds asked, deadline, link and transfer as `domain.letters` makes them."""
    asked = Money(str(sheet["asked"]["currency"]), int(sheet["asked"]["minor"]))
    given = sheet.get("transfer")
    transfer = Transfer(given["payee"], given["iban"], asked, given["subject"], given["bic"]) if given else None
    codes = [(SCAN_BANK, transfer.code() if transfer else None), (SCAN_PAGE, sheet.get("link"))]
    codes = [(words, code) for words, code in codes if code]
    facts = [(AMOUNT, money(asked.minor, asked.currency, language))]
    if sheet.get("deadline"):
        facts.append((UNTIL, day(str(sheet["deadline"]), language, "long")))
    if transfer:
        facts += [(PAYEE, transfer.payee), (ACCOUNT, grouped(transfer.iban))]
        facts += [(BANK, transfer.bic)] * bool(transfer.bic)
        facts.append((SAYING, grouped(transfer.reference) if transfer.reference else transfer.subject))
    paper.room(_TALL)
    top = paper.get_y()
    paper.ink(10.5, "B")
    paper.line_of(_(HOW))
    paper.ln(1)
    room = WIDE - len(codes) * (_SIDE + 10)
    for label, value in facts:
        paper.ink(8, grey=True)
        paper.set_x(LEFT)
        y = paper.get_y()
        paper.line_of(_(label), LINE, width=_LABEL)
        below = paper.get_y()
        paper.set_xy(LEFT + _LABEL, y)
        paper.ink(10)
        paper.line_of(value, LINE, width=room - _LABEL)
        paper.set_y(max(below, paper.get_y()))
    bottom = paper.get_y()
    for place, (words, code) in enumerate(codes):
        x = LEFT + room + place * (_SIDE + 10) + 10
        paper.code(str(code), x, top + 1, _SIDE)
        paper.set_xy(x - 2, top + _SIDE + 2.5)
        paper.ink(7.5, grey=True)
        paper.line_of(_(words), 3.2, width=_SIDE + 7)
        bottom = max(bottom, paper.get_y())
    paper.set_xy(LEFT, bottom)
    paper.ln(LINE)
