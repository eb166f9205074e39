"""What a letter is set from: a sheet of facts sealed with the message, so that it can be printed again as it was."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.domain.accounts import Invoice
from bot.domain.dossier import Dossier
from bot.domain.late_charges import added_lines
from bot.domain.money import Money

# The post takes days: a letter that leaves later than this before the day it names would come too late.
TRAVELS = timedelta(days=4)


def sheet(
    dossier: Dossier, creditor: Mapping[str, Any], today: date, address: str | None, closing: str,
    values: Mapping[str, Any], named: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The facts of one letter. `values` are those of its text (amount, deadline, link), `named` its invoices' ids."""
    asked = values.get("amount")
    return {
        "to": addressee(dossier.customer.name, address or ""),
        "from": {key: str(creditor[key]) for key in SENDER if creditor.get(key)},
        "reference": dossier.customer.ref,
        "dated": today.isoformat(),
        "asked": dict(asked) if asked else None,
        "rows": _rows(dossier, asked, named),
        "deadline": values.get("deadline"),
        "link": values.get("link"),
        "transfer": payee(creditor, dossier.customer.ref) if asked else None,
        "closing": closing,
    }


def copies_of(dossier: Dossier, creditor: Mapping[str, Any], link: str | None = None) -> dict[str, Any] | None:
    """What copies of the open, undisputed invoices are set from; None where there is none."""
    found = [i for i in dossier.open_invoices() if i.currency == dossier.currency and i.id not in dossier.disputed]
    if not found:
        return None
    address = next((p.address for p in dossier.contact_points if p.channel == "letter"), "")
    return {
        "to": addressee(dossier.customer.name, address),
        "from": {key: str(creditor[key]) for key in SENDER if creditor.get(key)},
        "reference": dossier.customer.ref, "currency": dossier.currency, "link": link,
        "transfer": payee(creditor, dossier.customer.ref),
        "invoices": [
            {"number": i.number, "text": i.description, "issued_on": i.issued_on.isoformat(),
             "due_on": i.due_on.isoformat(), "minor": i.amount_minor, "open": dossier.open_minor[i.id],
             "lines": [[line.text, line.amount_minor] for line in i.lines], "added": added_lines(dossier, i)}
            for i in found
        ],
    }  # fmt: skip


SENDER = ("name", "legal_name", "address", "phone", "email", "site")


def payee(creditor: Mapping[str, Any], subject: str) -> dict[str, str] | None:
    """Where a transfer goes, None where the creditor takes none."""
    methods = creditor.get("payment_methods")
    if not creditor.get("iban") or (methods is not None and "bank_transfer" not in methods):
        return None
    name = str(creditor.get("legal_name") or creditor.get("name") or "")
    return {"payee": name, "iban": str(creditor["iban"]), "bic": str(creditor.get("bic") or ""), "subject": subject}


def addressee(name: str, address: str) -> list[str]:
    """The lines of an address: the name first and once, then what the file has, line by line."""
    lines = [line.strip() for part in address.splitlines() for line in part.split(",")]
    lines = [line for line in lines if line]
    return lines if lines[:1] == [name] else [name, *lines]


def too_late(deadline: str | None, today: date) -> bool:
    """Whether a letter posted today would leave no time to act by the day it names."""
    return deadline is not None and date.fromisoformat(deadline) < today + TRAVELS


def _rows(dossier: Dossier, asked: Any, named: Sequence[str]) -> list[dict[str, Any]]:
    """The invoices that the sum is made of; none where it is another sum, as a promise or an instalment is."""
    if not asked:
        return []
    sum_ = Money(str(asked["currency"]), int(asked["minor"]))
    open_: list[Invoice] = [i for i in dossier.open_invoices() if i.currency == sum_.currency]
    for chosen in ([i for i in open_ if i.id in named], open_):
        if chosen and sum(dossier.open_minor[i.id] for i in chosen) == sum_.minor:
            return [
                {"number": i.number, "text": i.description, "issued_on": i.issued_on.isoformat(),
                 "due_on": i.due_on.isoformat(), "minor": dossier.open_minor[i.id]}
                for i in chosen
            ]  # fmt: skip
    return []
