"""A letter on A4, folded into a window envelope.

Places: DIN 5008 form B (window on the left); NF Z 11-001 and the French DL envelope (window on the right).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.documents.paper import LEFT, LINE, WIDE, Paper
from bot.documents.paying import how_to_pay
from bot.domain.messages import Exchange
from bot.i18n import N_, Catalogues, day, money

# Where the window and the facts beside it begin, and where the paper is folded.
_WINDOW = {"left": 25.0, "right": 112.0}
_BESIDE = {"left": 125.0, "right": LEFT}
_FOLDS = {"left": (105.0, 210.0), "right": (99.0, 198.0)}
_WINDOW_TOP, _SUBJECT_TOP = 45.0, 96.0
REFERENCE, YOUR_REFERENCE, OF = N_("Reference"), N_("Your customer reference"), N_("Date")
INVOICE, FOR, DUE, OPEN, TOTAL = N_("Invoice"), N_("For"), N_("Due on"), N_("Outstanding"), N_("Total")


class NoSheet(ValueError):
    """This message was not written as a letter, so that it cannot be set as one."""


def letters(written: Sequence[Exchange], catalogues: Catalogues, window: str = "left") -> bytes:
    """One PDF of these letters, each beginning on a page of its own; raises NoSheet."""
    first = written[0]
    title = str(first.content.get("subject") or "") if len(written) == 1 else f"{len(written)}"
    paper = Paper(title, first.language or "en", first.at)
    for letter in written:
        _letter(paper, letter, catalogues, window)
    return bytes(paper.output())


def _letter(paper: Paper, letter: Exchange, catalogues: Catalogues, window: str) -> None:
    sheet = letter.content.get("sheet")
    if not isinstance(sheet, Mapping):
        raise NoSheet(letter.id)
    language = letter.language or "en"

    def _(text: str) -> str:
        return catalogues.translate(text, language)

    sender = sheet["from"]
    paper.begin(_foot(sender))
    _head(paper, sheet, window)
    _facts(paper, sheet, letter.at, language, window, _)
    paper.set_xy(LEFT, _SUBJECT_TOP)
    paper.ink(11.5, "B")
    paper.line_of(str(letter.content.get("subject") or ""), 5.5)
    paper.ln(LINE * 0.8)
    notices = str(letter.content.get("notices") or "")
    body, closing = _divided(letter.text, str(sheet.get("closing") or ""))
    body, notices = _divided(body, notices)
    paper.ink(10)
    paper.paragraphs(body)
    if sheet["rows"]:
        _claims(paper, sheet, language, _)
    if sheet["asked"]:
        how_to_pay(paper, sheet, language, _)
    if closing:
        paper.room(closing.count("\n") * LINE + LINE)
        paper.ink(10)
        paper.paragraphs(closing)
    if notices:
        paper.ink(8, grey=True)
        paper.line_of(notices.strip(), 3.6)


def _divided(text: str, closing: str) -> tuple[str, str]:
    """What stands above the figures, and the words that end the letter below them."""
    place = text.rfind(closing) if closing else -1
    return (text[:place], text[place:]) if place >= 0 else (text, "")


def _head(paper: Paper, sheet: Mapping[str, Any], window: str) -> None:
    sender = sheet["from"]
    paper.set_xy(LEFT, 17)
    paper.ink(15, "B")
    paper.line_of(sender.get("name", ""), 7)
    # The window shows the sender's address in small print, so that a letter that cannot be delivered comes back.
    paper.set_xy(_WINDOW[window], _WINDOW_TOP)
    paper.ink(6.5, grey=True)
    paper.line_of(" · ".join(p for p in (sender.get("legal_name") or sender.get("name"), sender.get("address")) if p),
                  3, width=80)  # fmt: skip
    paper.set_xy(_WINDOW[window], _WINDOW_TOP + 8)
    paper.ink(11)
    for line in sheet["to"]:
        paper.line_of(str(line), 5, width=78)
    paper.set_draw_color(150)
    paper.set_line_width(0.15)
    for fold in _FOLDS[window]:
        paper.line(4, fold, 8, fold)


def _facts(paper: Paper, sheet: Mapping[str, Any], at: datetime, language: str, window: str, _: Any) -> None:
    paper.set_y(_WINDOW_TOP)
    sender = sheet["from"]
    facts = [
        (_(OF), day(str(sheet["dated"]), language, "long")),
        (_(YOUR_REFERENCE), str(sheet["reference"])),
        *(("", str(sender[key])) for key in ("phone", "email", "site") if sender.get(key)),
    ]
    for label, value in facts:
        paper.set_x(_BESIDE[window])
        if label:
            paper.ink(8, grey=True)
            paper.line_of(label, 3.6, width=65)
        paper.ink(10)
        paper.line_of(value, 4.6, width=65)
        paper.ln(0.8)


def _claims(paper: Paper, sheet: Mapping[str, Any], language: str, _: Any) -> None:
    currency = str(sheet["asked"]["currency"])
    body = [
        (str(row["number"]), str(row["text"]), day(str(row["due_on"]), language, "medium"),
         money(int(row["minor"]), currency, language))
        for row in sheet["rows"]
    ]  # fmt: skip
    total = (_(TOTAL), "", "", money(int(sheet["asked"]["minor"]), currency, language))
    paper.room(LINE * 4)
    paper.rows((_(INVOICE), _(FOR), _(DUE), _(OPEN)), body, [total], (36, WIDE - 36 - 28 - 30, 28, 30))
    paper.ln(LINE * 0.8)


def _foot(sender: Mapping[str, Any]) -> list[str]:
    first = " · ".join(
        str(part) for part in (sender.get("legal_name") or sender.get("name"), sender.get("address")) if part
    )
    second = " · ".join(str(sender[key]) for key in ("phone", "email", "site") if sender.get(key))
    return [line for line in (first, second) if line]
