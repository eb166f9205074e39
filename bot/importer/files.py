"""CSV and JSON lines as rows in the JSON shape, one by one, with the line of each."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from bot.importer.rows import CHANNELS, Rejected
from bot.settings import UsageError

# CSV column -> path in the JSON shape. Addresses are columns of their own: contact_sms, contact_email, ...
_CUSTOMER = ("ref", "name", "type", "language", "time_zone", "jurisdiction", "trust")
_INVOICE = ("number", "currency", "amount_minor", "amount", "paid_minor", "issued_on", "due_on", "description",
            "subscription_ref", "subscription_plan", "failure_code", "failure_at")  # fmt: skip
COLUMNS = frozenset(
    [f"customer_{name}" for name in _CUSTOMER]
    + [f"customer_identity_{name}" for name in ("birth_date", "postal_code", "registration_number")]
    + [f"invoice_{name}" for name in _INVOICE]
    + [f"contact_{channel}" for channel in CHANNELS]
    + [f"contact_{channel}_consent" for channel in CHANNELS]
)


def mapping_of(maps: Iterable[str]) -> dict[str, str]:
    """Field by header, of pairs Header=field; raises UsageError."""
    mapping = {}
    for pair in maps:
        header, equals, target = pair.partition("=")
        if not equals or target not in COLUMNS:
            raise UsageError(f"--map {pair}: write Header=field with a field of {', '.join(sorted(COLUMNS))}")
        mapping[header.strip()] = target
    return mapping


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a CSV file: how the file names each field, and which of its columns mean nothing here."""

    written: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @classmethod
    def of(cls, stream: TextIO, suffix: str, mapping: Mapping[str, str]) -> "Columns":
        """Read the first line and go back to the beginning; JSON lines have no columns."""
        if suffix != ".csv":
            return cls()
        _, headers = _head(stream)
        stream.seek(0)
        meant = {mapping.get(header, header): header for header in headers}
        return cls(
            {field: header for field, header in meant.items() if field in COLUMNS},
            tuple(header for field, header in meant.items() if header and field not in COLUMNS),
        )

    def name(self, reason: str) -> str:
        """A reason with the fields as the file names them."""

        def written(path: re.Match[str]) -> str:
            target = path[0].replace("identity.", "customer.identity.").replace(".", "_")
            # A sum may stand in either of two columns.
            either = {"invoice_amount_minor": "invoice_amount"}.get(target, "")
            return self.written.get(target) or self.written.get(either) or path[0]

        return re.sub(r"\b(?:customer|invoice|identity)\.[a-z_]+", written, reason)


def _head(stream: TextIO) -> tuple[str, list[str]]:
    head = stream.readline()
    delimiter = max(",;\t", key=head.count)
    return delimiter, [h.strip() for h in next(csv.reader(io.StringIO(head), delimiter=delimiter), [])]


def items(
    stream: TextIO, suffix: str, mapping: Mapping[str, str], name: str
) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    """Each row with its line, or what is wrong with it; raises UsageError when the columns do not fit."""
    if suffix == ".csv":
        yield from _csv(stream, mapping, name)
        return
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            yield number, Rejected(f"no JSON: {error}")
            continue
        yield number, item if isinstance(item, Mapping) else Rejected("a line is one JSON object")


def _csv(stream: TextIO, mapping: Mapping[str, str], name: str) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    delimiter, written = _head(stream)
    if not any(written):
        raise UsageError(f"{name}: the file is empty; its first line names the columns")
    unknown = [header for header in mapping if header not in written]
    if unknown:
        raise UsageError(f"{name}: --map names {', '.join(unknown)}, but the columns are {', '.join(written)}")
    headers = [mapping.get(header, header) for header in written]
    missing = {"customer_ref", "customer_name", "invoice_number", "invoice_currency", "invoice_due_on"} - set(headers)
    if missing:
        raise UsageError(
            f"{name}: no column for {', '.join(sorted(missing))}; rename the header or add --map Header=field"
        )
    reader = csv.DictReader(stream, fieldnames=headers, delimiter=delimiter, strict=True)
    for row in reader:
        line = reader.line_num + 1
        if None in row:
            found = len(headers) + len(row[None])
            reason = f"{found} cells for {len(headers)} columns; quote cells that hold {delimiter!r}"
            yield line, Rejected(reason)
        elif any("\n" in (value or "") for value in row.values()):
            yield line, Rejected("a cell runs over several lines; a quotation mark is not closed")
        else:
            yield line, _nested(row)


def _nested(row: Mapping[str, str | None]) -> dict[str, Any]:
    customer: dict[str, Any] = {name: row.get(f"customer_{name}") for name in _CUSTOMER}
    customer["identity"] = {
        key.removeprefix("customer_identity_"): value
        for key, value in row.items()
        if key.startswith("customer_identity_") and value
    }
    customer["contacts"] = [
        {"channel": channel, "address": row[f"contact_{channel}"], "consent": row.get(f"contact_{channel}_consent")}
        for channel in CHANNELS
        if row.get(f"contact_{channel}")
    ]
    invoice: dict[str, Any] = {name: row.get(f"invoice_{name}") for name in _INVOICE}
    invoice["subscription"] = {"ref": row.get("invoice_subscription_ref"), "plan": row.get("invoice_subscription_plan")}
    invoice["failure"] = {"code": row.get("invoice_failure_code"), "at": row.get("invoice_failure_at")}
    return {"customer": customer, "invoice": invoice}
