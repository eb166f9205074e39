"""CAMT.053 (ISO 20022, camt.053.001.*): the booked entries of an account statement."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import IO
from xml.etree import ElementTree

from bot.domain.money import from_major
from bot.statements.entries import BankEntry, Unreadable, made_id

Element = ElementTree.Element


def read_camt(stream: IO[bytes]) -> Iterator[BankEntry | Unreadable]:
    """Every booked movement; an entry that holds several transfers gives each. Raises ValueError for no statement."""
    try:
        root = ElementTree.parse(_plain(stream)).getroot()
    except ElementTree.ParseError as error:
        raise ValueError(f"no XML: {error}") from None
    statements = list(_all(root, "Stmt"))
    if not statements:
        raise ValueError("no CAMT.053 statement: the element Stmt is missing")
    number = 0
    for statement in statements:
        account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
        for entry in _all(statement, "Ntry", deep=False):
            number += 1
            try:
                yield from _entry(entry, number, account)
            except (ValueError, KeyError) as error:
                yield Unreadable(number, f"entry {number}: {error}")


def _plain(stream: IO[bytes]) -> IO[bytes]:
    """A statement needs no document type; one that has one is refused, for it may define entities without end."""
    head = stream.read(4096)
    stream.seek(0)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ValueError("a document type is not allowed in a statement")
    return stream


def _entry(entry: Element, number: int, account: str) -> Iterator[BankEntry]:
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status != "BOOK":
        return
    booked = _text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm")[:10]
    day = date.fromisoformat(booked)
    credit = _credit(entry)
    own = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    groups = _all(entry, "NtryDtls", deep=False)
    parts = [detail for details in groups for detail in _all(details, "TxDtls", deep=False)]
    whole = _amount(entry)
    seen: Counter[str] = Counter()
    for part in parts or [entry]:
        sum_ = whole if len(parts) < 2 else _amount(part)
        remittance = _find(part, "RmtInf")
        words = " ".join(text.text or "" for text in _all(remittance, "Ustrd")) if remittance is not None else ""
        reference = _text(part, "RmtInf", "Strd", "CdtrRefInf", "Ref")
        payer = _text(part, "RltdPties", "Dbtr", "Nm") or _text(part, "RltdPties", "Dbtr", "Pty", "Nm")
        told = (day, *sum_, credit, reference, words, payer, _text(part, "Refs", "EndToEndId"))
        mine = _text(part, "Refs", "AcctSvcrRef") or own
        key = made_id(account, mine, *told) if mine else made_id(account, number, *told)
        seen[key] += 1
        returned = _find(part, "RtrInf") is not None or _text(entry, "RvslInd") == "true"
        yield BankEntry(
            number, key if seen[key] == 1 else made_id(key, seen[key]), day, sum_[0], sum_[1], credit, reference,
            " ".join(words.split()), payer, returned,
        )  # fmt: skip


def _credit(entry: Element) -> bool:
    told = _text(entry, "CdtDbtInd")
    if told not in ("CRDT", "DBIT"):
        raise ValueError(f"CdtDbtInd is CRDT or DBIT, not {told!r}")
    return told == "CRDT"


def _amount(element: Element) -> tuple[str, int]:
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        found = _find(element, *path)
        if found is not None and found.text:
            money = from_major(found.text.strip(), found.attrib["Ccy"])
            return money.currency, money.minor
    raise ValueError("no amount")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: Element, name: str, deep: bool = True) -> Iterator[Element]:
    return (child for child in (element.iter() if deep else element) if _name(child) == name)


def _find(element: Element, *path: str) -> Element | None:
    found: Element | None = element
    for name in path:
        found = next(_all(found, name, deep=False), None) if found is not None else None
    return found


def _text(element: Element, *path: str) -> str:
    found = _find(element, *path)
    return (found.text or "").strip() if found is not None else ""
