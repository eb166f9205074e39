"""Statements as CSV: banks name and write their columns as they like."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TextIO

from bot.domain.money import from_major
from bot.statements.entries import BankEntry, Unreadable, made_id

COLUMNS = ("booked_on", "amount", "currency", "text", "reference", "payer", "id")
NEEDED = ("booked_on", "amount")


def read_table(stream: TextIO, mapping: Mapping[str, str], currency: str) -> Iterator[BankEntry | Unreadable]:
    """Every line with a sum; a garbled one is told with its number and stops nothing. Raises ValueError."""
    head = stream.readline()
    delimiter = max(",;\t", key=head.count)
    written = next(csv.reader(io.StringIO(head), delimiter=delimiter), [])
    headers = [mapping.get(name.strip(), name.strip()) for name in written]
    if missing := [name for name in NEEDED if name not in headers]:
        raise ValueError(f"no column for {', '.join(missing)}; add --map Header=field with {', '.join(COLUMNS)}")
    seen: Counter[str] = Counter()
    for line, text in enumerate(stream, 2):
        if not text.strip():
            continue
        cells = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
        if len(cells) != len(headers):
            yield Unreadable(line, f"{len(cells)} cells for {len(headers)} columns")
            continue
        row = {name: cell.strip() for name, cell in zip(headers, cells, strict=True) if name in COLUMNS}
        try:
            yield _entry(line, row, currency, seen)
        except ValueError as error:
            yield Unreadable(line, str(error))


def _entry(line: int, row: Mapping[str, str], currency: str, seen: Counter[str]) -> BankEntry:
    code = (row.get("currency") or currency).upper()
    money = from_major(plain_amount(row["amount"]), code)
    day = _day(row["booked_on"])
    told = (day, code, money.minor, row.get("reference", ""), row.get("text", ""), row.get("payer", ""))
    key = made_id("csv", row["id"]) if row.get("id") else made_id("csv", *told)
    seen[key] += 1
    # Two equal lines without an id are two movements: the second of a statement is always the second.
    mine = key if seen[key] == 1 else made_id(key, seen[key])
    return BankEntry(
        line, mine, day, code, abs(money.minor), money.minor >= 0, row.get("reference", ""), row.get("text", ""),
        row.get("payer", ""),
    )  # fmt: skip


def plain_amount(text: str) -> str:
    """1.234,56 and 1 234.56 as a computer writes them; raises ValueError where that is anybody's guess."""
    bare = "".join(text.split()).replace("'", "").replace("\u2212", "-").removeprefix("+")
    points, commas = bare.count("."), bare.count(",")
    if commas and (points or commas == 1) and bare.rfind(",") > bare.rfind("."):
        bare = bare.replace(".", "").replace(",", ".")
    elif commas:
        bare = bare.replace(",", "")
    if bare.count(".") > 1 or not bare.removeprefix("-").replace(".", "", 1).isdigit():
        raise ValueError(f"{text!r} is no amount")
    return bare


def _day(text: str) -> date:
    for order in ("-", ".", "/"):
        parts = text.split(order)
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    raise ValueError(f"{text!r} is no date; write 2026-11-24")
