"""Invoices and customers from CSV or JSON lines: streamed, checked line by line, upserted by reference."""

import csv
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel.core import get_global

from bot.app import open_book
from bot.domain.money import from_major
from bot.domain.redaction import redact
from bot.einvoices import LARGEST, read_invoice
from bot.i18n import LANGUAGES
from bot.ports import ImportRow
from bot.settings import Settings, UsageError

BATCH = 1000
DOCUMENTS = (".xml", ".pdf")
KEPT_REASONS = 1000
MOST_MINOR = 10**15  # far below what the database can hold, far above any invoice
_CURRENCIES = frozenset(get_global("all_currencies"))
_CHANNELS = ("sms", "email", "telegram", "whatsapp", "letter", "phone")
_NETWORKS = ("visa", "mastercard", "sepa", "ach", "bacs", "other")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_COUNTRY = {"fr": "FR", "en": "GB", "es": "ES", "de": "DE"}

# CSV column -> path in the JSON shape. Addresses are columns of their own: contact_sms, contact_email, ...
_CUSTOMER = ("ref", "name", "type", "language", "time_zone", "jurisdiction", "trust")
_INVOICE = ("number", "currency", "amount_minor", "amount", "paid_minor", "issued_on", "due_on", "description",
            "subscription_ref", "subscription_plan", "failure_code", "failure_at")  # fmt: skip
COLUMNS = frozenset(
    [f"customer_{name}" for name in _CUSTOMER]
    + [f"customer_identity_{name}" for name in ("birth_date", "postal_code", "registration_number")]
    + [f"invoice_{name}" for name in _INVOICE]
    + [f"contact_{channel}" for channel in _CHANNELS]
    + [f"contact_{channel}_consent" for channel in _CHANNELS]
)


@dataclass
class Report:
    """What an import did; at most 1,000 rejections are kept with their reasons."""

    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rejected_count(self) -> int:
        """How many rows were rejected."""
        return self.counts["rejected"]

    def reject(self, line: int, reason: str) -> None:
        """Count a rejection and keep its reason."""
        self.counts["rejected"] += 1
        if len(self.rejected) < KEPT_REASONS:
            self.rejected.append((line, reason))

    def summary(self) -> dict[str, Any]:
        """Counts by outcome, and the rejections with line and reason."""
        counts = {kind: self.counts[kind] for kind in ("created", "updated", "unchanged", "rejected")}
        return {**counts, "rejections": [{"line": line, "reason": reason} for line, reason in self.rejected]}


class Rejected(ValueError):
    """A row that cannot be taken; the message says why."""


async def run_import(
    file: Path, settings: Settings, dry_run: bool, maps: Sequence[str], progress: Callable[[int, float], None]
) -> Report:
    """Import a file; re-importing it changes nothing. `progress` hears of rows read and the share of the file."""
    mapping = _mapping(maps)
    try:
        source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from None
    store = await open_book(settings)
    try:
        if file.suffix.lower() in DOCUMENTS:
            with source:
                return await import_document(source.read(LARGEST + 1), store.import_rows, dry_run)
        with io.TextIOWrapper(source, encoding="utf-8-sig", newline="") as stream:
            size = os.fstat(source.fileno()).st_size if source.seekable() else 0

            def read(rows: int) -> None:
                progress(rows, min(1.0, source.tell() / size) if size else 0.0)

            write = store.import_rows
            return await import_stream(stream, file.suffix.lower(), write, dry_run, mapping, read, str(file))
    finally:
        await store.close()


async def import_document(body: bytes, write: Callable[..., Any], dry_run: bool) -> Report:
    """One electronic invoice: UBL or CII, as XML or inside a PDF."""
    report = Report()
    try:
        (outcome,) = await write([check(1, read_invoice(body))], dry_run)
        kind, _, reason = outcome.partition(": ")
        if kind == "rejected":
            raise Rejected(reason)
        report.counts[kind] += 1
    except ValueError as reason:
        report.reject(1, str(reason))
    return report


async def import_stream(
    stream: TextIO, suffix: str, write: Callable[..., Any], dry_run: bool, mapping: Mapping[str, str],
    read: Callable[[int], None], name: str = "input",
) -> Report:  # fmt: skip
    """Read, check and write in batches, so that memory stays bounded however long the file is."""
    report, batch, seen = Report(), list[ImportRow](), set[tuple[str, str]]()

    async def flush() -> None:
        for row, outcome in zip(batch, await write(batch, dry_run), strict=True):
            kind, _, reason = outcome.partition(": ")
            if kind == "rejected":
                report.reject(row.line, reason)
            else:
                report.counts[kind] += 1
        batch.clear()

    done = 0
    try:
        for line, item in _items(stream, suffix, mapping, name):
            done += 1
            try:
                if isinstance(item, Rejected):
                    raise item
                row = check(line, item)
                key = (row.customer["ref"], row.invoice["number"])
                if key in seen:
                    raise Rejected(f"duplicate: invoice {key[1]} of {key[0]} stands earlier in this file")
                seen.add(key)
                batch.append(row)
            except Rejected as reason:
                report.reject(line, str(reason))
            if len(batch) >= BATCH:
                await flush()
            if done % BATCH == 0:
                read(done)
    except UnicodeDecodeError:
        raise UsageError(f"{name}: not UTF-8; save the file as UTF-8 and try again") from None
    except csv.Error as error:
        raise UsageError(f"{name}: broken CSV after row {done}: {error}") from None
    await flush()
    return report


def check(line: int, item: Mapping[str, Any]) -> ImportRow:
    """One row as the store takes it; raises Rejected with the field and the remedy."""
    customer, invoice = item.get("customer"), item.get("invoice")
    if not isinstance(customer, Mapping) or not isinstance(invoice, Mapping):
        raise Rejected('a row is {"customer": {...}, "invoice": {...}}')
    language = _text(customer, "customer.language", default="fr").lower()[:2]
    if language not in LANGUAGES:
        raise Rejected(f"customer.language {language!r} is not spoken here; use {', '.join(LANGUAGES)}")
    zone = _text(customer, "customer.time_zone", default="Europe/Paris")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Rejected(f"customer.time_zone {zone!r} is unknown; write a name such as Europe/Paris") from None
    kind = _text(customer, "customer.type", default="consumer")
    if kind not in ("consumer", "business"):
        raise Rejected(f"customer.type is consumer or business, not {kind!r}")
    trust = _text(customer, "customer.trust", default="normal")
    if trust not in ("good", "normal", "bad"):
        raise Rejected(f"customer.trust is good, normal or bad, not {trust!r}")
    jurisdiction = _text(customer, "customer.jurisdiction", default="FR").upper()
    region = jurisdiction[:2] if len(jurisdiction) >= 2 else _COUNTRY[language]
    person = {
        "ref": _text(customer, "customer.ref"),
        "name": _text(customer, "customer.name"),
        "type": kind, "trust": trust, "language": language, "time_zone": zone, "jurisdiction": jurisdiction,
        "identity": _identity(customer.get("identity") or {}),
        "contacts": [_contact(c, region) for c in customer.get("contacts") or ()],
        "payment_methods": [_method(m) for m in customer.get("payment_methods") or ()],
    }  # fmt: skip
    return ImportRow(line, person, _invoice(invoice))


def _invoice(invoice: Mapping[str, Any]) -> dict[str, Any]:
    currency = _text(invoice, "invoice.currency").upper()
    if currency not in _CURRENCIES:
        raise Rejected(f"invoice.currency {currency!r} is no ISO 4217 currency")
    amount = _minor(invoice, currency)
    paid = _whole(invoice.get("paid_minor") or 0, "invoice.paid_minor")
    if paid > amount:
        raise Rejected("invoice.paid_minor is more than the amount")
    issued, due = _day(invoice, "invoice.issued_on"), _day(invoice, "invoice.due_on")
    if due < issued:
        raise Rejected(f"invoice.due_on {due} lies before invoice.issued_on {issued}")
    subscription, failure = invoice.get("subscription") or {}, invoice.get("failure") or {}
    lines = []
    for item in invoice.get("lines") or ():
        if not isinstance(item, Mapping):
            raise Rejected('invoice.lines holds {"text", "amount_minor"} items')
        lines.append({"text": str(item.get("text", "")), "amount_minor": _whole(
            item.get("amount_minor"), "invoice.lines.amount_minor", negative=True)})  # fmt: skip
    return {
        "number": _text(invoice, "invoice.number"), "currency": currency, "amount_minor": amount,
        "paid_minor": paid, "issued_on": issued, "due_on": due,
        "description": _text(invoice, "invoice.description", default=""), "lines": lines,
        "subscription_ref": subscription.get("ref"), "subscription_plan": subscription.get("plan"),
        "failure_code": failure.get("code"), "failure_at": _instant(failure.get("at")),
    }  # fmt: skip


def _minor(invoice: Mapping[str, Any], currency: str) -> int:
    if invoice.get("amount_minor") in (None, ""):
        if invoice.get("amount") in (None, ""):
            raise Rejected("invoice.amount_minor is missing")
        try:
            amount = from_major(str(invoice["amount"]), currency).minor
        except ValueError as error:
            raise Rejected(f"invoice.amount: {error}") from None
    else:
        amount = _whole(invoice["amount_minor"], "invoice.amount_minor")
    if not 0 < amount <= MOST_MINOR:
        raise Rejected(f"invoice.amount_minor is more than zero and at most {MOST_MINOR}, not {amount}")
    return amount


def _contact(item: Any, region: str) -> dict[str, Any]:
    if not isinstance(item, Mapping) or item.get("channel") not in _CHANNELS:
        raise Rejected(f"a contact has a channel ({', '.join(_CHANNELS)}) and an address")
    channel, address = str(item["channel"]), str(item.get("address") or "").strip()
    if channel in ("sms", "phone", "whatsapp"):
        try:
            number = phonenumbers.parse(address, region)
        except phonenumbers.NumberParseException:
            raise Rejected(f"phone number {address!r} is malformed; write +33612345678") from None
        if not phonenumbers.is_possible_number(number):
            raise Rejected(f"phone number {address!r} has the wrong length; write +33612345678")
        address = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    elif channel == "email":
        address = address.lower()
        if not _EMAIL.match(address):
            raise Rejected(f"e-mail address {address!r} is malformed")
    elif not address:
        raise Rejected(f"the {channel} contact has no address")
    return {"channel": channel, "address": address, "consent": _flag(item.get("consent"), f"consent of {channel}")}


def _method(item: Any) -> dict[str, Any]:
    """A method that the customer has agreed to be charged on for their subscription; never a card number."""
    if not isinstance(item, Mapping):
        raise Rejected('a payment method is {"provider", "reference", "network"?, "label"?, "expires_on"?}')
    reference = _text(item, "payment_methods.reference")
    label = _text(item, "payment_methods.label", default="")
    if redact(reference).found or redact(label).found:
        raise Rejected("payment_methods: a reference is the provider's (pm_...), never a card or account number")
    network = _text(item, "payment_methods.network", default="other").lower()
    if network not in _NETWORKS:
        raise Rejected(f"payment_methods.network is one of {', '.join(_NETWORKS)}, not {network!r}")
    return {
        "provider": _text(item, "payment_methods.provider"), "reference": reference, "network": network,
        "label": label or network,
        "expires_on": _day(item, "payment_methods.expires_on") if item.get("expires_on") else None,
    }  # fmt: skip


def _identity(item: Any) -> dict[str, str]:
    if not isinstance(item, Mapping):
        raise Rejected("customer.identity is a set of facts such as birth_date and postal_code")
    facts = {str(name): str(value).strip() for name, value in item.items() if str(value or "").strip()}
    if "birth_date" in facts:
        facts["birth_date"] = _day({"birth_date": facts["birth_date"]}, "identity.birth_date").isoformat()
    return facts


def _text(item: Mapping[str, Any], path: str, default: str | None = None) -> str:
    value = item.get(path.rpartition(".")[2])
    text = "" if value is None else str(value).strip()
    if text:
        return text
    if default is None:
        raise Rejected(f"{path} is missing")
    return default


def _whole(value: Any, path: str, negative: bool = False) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        raise Rejected(f"{path} is a whole number of minor units (cents), not {value!r}") from None
    if number < 0 and not negative:
        raise Rejected(f"{path} is negative")
    if abs(number) > MOST_MINOR:
        raise Rejected(f"{path} is at most {MOST_MINOR}, not {number}")
    return number


def _day(item: Mapping[str, Any], path: str) -> date:
    text = _text(item, path)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Rejected(f"{path} {text!r} is no date; write 2026-10-01") from None


def _instant(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise Rejected(f"invoice.failure.at {value!r} is no instant; write 2026-10-01T06:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


_YES = ("1", "true", "yes", "y", "oui", "o", "si", "sí", "s", "ja", "j")
_NO = ("", "0", "false", "no", "n", "non", "nein", "none")


def _flag(value: Any, path: str) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    word = str(value).strip().lower()
    if word not in (*_YES, *_NO):
        raise Rejected(f"{path} is yes or no, not {value!r}")
    return word in _YES


def _mapping(maps: Iterable[str]) -> dict[str, str]:
    mapping = {}
    for pair in maps:
        header, equals, target = pair.partition("=")
        if not equals or target not in COLUMNS:
            raise UsageError(f"--map {pair}: write Header=field with a field of {', '.join(sorted(COLUMNS))}")
        mapping[header.strip()] = target
    return mapping


def _items(
    stream: TextIO, suffix: str, mapping: Mapping[str, str], name: str
) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
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
    head = stream.readline()
    delimiter = max(",;\t", key=head.count)
    written = [h.strip() for h in next(csv.reader(io.StringIO(head), delimiter=delimiter), [])]
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
        for channel in _CHANNELS
        if row.get(f"contact_{channel}")
    ]
    invoice: dict[str, Any] = {name: row.get(f"invoice_{name}") for name in _INVOICE}
    invoice["subscription"] = {"ref": row.get("invoice_subscription_ref"), "plan": row.get("invoice_subscription_plan")}
    invoice["failure"] = {"code": row.get("invoice_failure_code"), "at": row.get("invoice_failure_at")}
    return {"customer": customer, "invoice": invoice}
