"""The record of a case on paper, for an agency or a court: claim, payments, agreements, and every exchange."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.documents.paper import LINE, WIDE, Paper
from bot.i18n import N_, Catalogues, colon, day, money

TITLE = N_("Record of the case {reference}")
MADE, FOR, ENTRIES, HEAD = N_("As of"), N_("For"), N_("Entries on record"), N_("Seal of the record")
WHOLE, BROKEN = N_("the chain is whole"), N_("the chain does not hold")
CLAIM, PAYMENTS, AGREED, OBJECTIONS = N_("Claim"), N_("Payments"), N_("Promises and plans"), N_("Objections")
ADDRESSES, EXCHANGES = N_("Addresses"), N_("Exchanges")
INVOICE, DUE, OPEN, TOTAL = N_("Invoice"), N_("Due on"), N_("Outstanding"), N_("Total")
STOPPED = N_("wants no messages here")
FROM_CUSTOMER, FROM_US, NOTED = N_("Customer"), N_("Creditor"), N_("On record")
NONE = N_("None")
_SIDES = {"in": FROM_CUSTOMER, "out": FROM_US, "note": NOTED}


def record(told: Mapping[str, Any], language: str, catalogues: Catalogues) -> bytes:
    """One PDF of a case file, which `domain.case_file` makes."""

    def _(text: str) -> str:
        return catalogues.translate(text, language)

    made = datetime.fromisoformat(told["file"]["made_at"])
    title = _(TITLE).replace("{reference}", told["customer"]["ref"])
    paper = Paper(title, language, made)
    creditor = told["creditor"]
    name = str(creditor.get("legal_name") or creditor.get("name") or "")
    paper.begin([" · ".join(part for part in (name, str(creditor.get("address") or "")) if part)])
    paper.ink(15, "B")
    paper.line_of(title, 7)
    paper.ln(2)
    paper.ink(10)
    proof = told["proof"]
    seal = WHOLE if proof["whole"] else BROKEN
    facts = (
        (MADE, day(made.date().isoformat(), language, "long")), (FOR, told["file"]["for"]),
        (FROM_US, name), (FROM_CUSTOMER, told["customer"]["name"]), (ENTRIES, str(proof["entries"])),
        (HEAD, f"{proof['head'] or '-'} ({_(seal)})"),
    )  # fmt: skip
    for label, value in facts:
        if value:
            paper.line_of(f"{_(label)}{colon(language)}{value}")
    _claim(paper, told["claim"], language, _)
    _moneys(paper, told, language, _)
    _reached(paper, told["addresses"], _)
    _said(paper, told["exchanges"], language, _)
    return bytes(paper.output())


def _head(paper: Paper, words: str) -> None:
    paper.room(4 * LINE)
    paper.ln(LINE)
    paper.ink(12, "B")
    paper.line_of(words, 6)
    paper.ink(10)


def _claim(paper: Paper, claim: Mapping[str, Any], language: str, _: Callable[[str], str]) -> None:
    _head(paper, _(CLAIM))
    body = [
        (one["number"] + (f" · {one['description']}" if one["description"] else ""),
         day(one["due_on"], language, "long"), money(one["open_minor"], one["currency"], language))
        for one in claim["invoices"]
    ]  # fmt: skip
    foot = [(_(TOTAL), "", money(claim["minor"], claim["currency"], language))]
    paper.rows((_(INVOICE), _(DUE), _(OPEN)), body, foot, (WIDE - 80, 45, 35))


def _moneys(paper: Paper, told: Mapping[str, Any], language: str, _: Callable[[str], str]) -> None:
    def sum_of(one: Mapping[str, Any], key: str = "minor") -> str:
        return money(one[key], one["currency"], language)

    def on(at: str) -> str:
        return day(at[:10], language, "long")

    agreed = [f"{on(one['made_at'])}{colon(language)}{sum_of(one)}, {on(one['due_on'])}" for one in told["promises"]]
    for plan in told["plans"]:
        parts = ", ".join(f"{on(due)} {money(minor, plan['currency'], language)}"
                          for due, minor, _state in plan["installments"])  # fmt: skip
        agreed.append(f"{on(plan['accepted_at'])}{colon(language)}{sum_of(plan, 'total_minor')} ({parts})")
    sections = (
        (PAYMENTS, [f"{on(one['at'])}{colon(language)}{sum_of(one)}" for one in told["payments"]]),
        (AGREED, agreed),
        (OBJECTIONS, [f"{on(one['opened_at'])}{colon(language)}{one['invoice'] or '-'}" for one in told["objections"]]),
    )
    for title, lines in sections:
        _head(paper, _(title))
        for line in lines or [_(NONE)]:
            paper.line_of(line)


def _reached(paper: Paper, addresses: list[Mapping[str, Any]], _: Callable[[str], str]) -> None:
    _head(paper, _(ADDRESSES))
    for one in addresses:
        stopped = f" ({_(STOPPED)})" if one["opted_out_at"] else ""
        paper.line_of(f"{one['channel']}: {one['address']}{stopped}")


def _said(paper: Paper, rows: list[Mapping[str, Any]], language: str, _: Callable[[str], str]) -> None:
    _head(paper, _(EXCHANGES))
    for row in rows:
        paper.room(3 * LINE)
        paper.ink(8.5, grey=True)
        at = datetime.fromisoformat(row["at"])
        side = _SIDES[row["direction"]]
        paper.line_of(f"{row['seq']} · {day(at.date().isoformat(), language, 'long')} {at:%H:%M} UTC · {_(side)} · "
                      f"{row['channel']}")  # fmt: skip
        paper.ink(10)
        paper.line_of(row["text"] or "-")
        paper.ln(1.5)
