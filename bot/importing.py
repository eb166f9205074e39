"""Invoices and customers from CSV or JSON lines: streamed, checked line by line, upserted by reference."""

import csv
import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TextIO

from bot.app import open_book
from bot.einvoices import LARGEST, read_invoice
from bot.importer.files import Columns, items, mapping_of
from bot.importer.notation import DATES, DECIMALS, Evidence, Notation
from bot.importer.places import Defaults
from bot.importer.rows import Rejected as Rejected
from bot.importer.rows import check as check
from bot.importer.seen import Seen
from bot.ports import ImportRow, Store
from bot.settings import Settings, UsageError

BATCH = 1000
DOCUMENTS = (".xml", ".pdf")
KEPT_REASONS = 1000
# Numbers that one person usually reads; an e-mail address of a firm has many readers by nature.
PERSONAL = frozenset({"sms", "phone", "whatsapp", "telegram"})


@dataclass
class Report:
    """What an import did; at most 1,000 rejections and 1,000 warnings are kept with their reasons."""

    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    warned: list[tuple[int, str]] = field(default_factory=list)
    notation: Notation = field(default_factory=Notation)
    unused: tuple[str, ...] = ()

    @property
    def rejected_count(self) -> int:
        """How many rows were rejected."""
        return self.counts["rejected"]

    def reject(self, line: int, reason: str) -> None:
        """Count a rejection and keep its reason."""
        self.counts["rejected"] += 1
        if len(self.rejected) < KEPT_REASONS:
            self.rejected.append((line, reason))

    def warn(self, line: int, about: str) -> None:
        """Keep what somebody should look at although the row was taken."""
        self.counts["warned"] += 1
        if len(self.warned) < KEPT_REASONS:
            self.warned.append((line, about))

    def summary(self) -> dict[str, Any]:
        """Counts by outcome, how the file was read, and the rejections and warnings with line and reason."""
        counts = {kind: self.counts[kind] for kind in ("created", "updated", "unchanged", "rejected", "warned")}
        read_as = {"decimal": self.notation.decimal, "dates": self.notation.dates}
        unused = {"unused_columns": list(self.unused)} if self.unused else {}
        return {
            **counts,
            **unused,
            "read_as": {name: told for name, told in read_as.items() if told},
            "rejections": [{"line": line, "reason": reason} for line, reason in self.rejected],
            "warnings": [{"line": line, "warning": about} for line, about in self.warned],
        }


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a file: columns by header, the decimal mark, the order of days; None to be seen from the file."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    decimal: str | None = None
    dates: str | None = None
    defaults: Defaults = field(default_factory=Defaults)
    dry_run: bool = False

    @classmethod
    def of(
        cls, settings: Settings, maps: Sequence[str], decimal: str | None, dates: str | None, dry_run: bool
    ) -> "Options":
        """The command line's words, else those of config.yml; raises UsageError."""
        for name, word, known in (("--decimal", decimal, DECIMALS), ("--dates", dates, DATES)):
            if word is not None and word not in known:
                raise UsageError(f"{name} is one of {' '.join(known)}, not {word!r}")
        told = settings.raw.get("import") or {}
        return cls(
            mapping_of(maps), decimal or told.get("decimal"), dates or told.get("dates"), defaults_of(settings), dry_run
        )


def defaults_of(settings: Settings) -> Defaults:
    """What the creditor says of customers whose file does not tell where they live."""
    told, hours = settings.raw.get("import") or {}, settings.raw.get("hours") or {}
    clock = str(hours.get("time_zone") or "Europe/Paris")
    return Defaults(str(told.get("jurisdiction") or "").upper(), str(told.get("time_zone") or ""), clock)


async def run_import(
    file: Path, settings: Settings, options: Options, progress: Callable[[int, float], None]
) -> Report:
    """Import a file; re-importing it changes nothing. `progress` hears of rows read and the share of the file."""
    try:
        source: IO[bytes] = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from None
    store = await open_book(settings)
    try:
        if file.suffix.lower() in DOCUMENTS:
            with source:
                return await import_document(source.read(LARGEST + 1), store, options)
        with io.TextIOWrapper(_seekable(source), encoding="utf-8-sig", newline="") as stream:
            size = os.fstat(stream.fileno()).st_size

            def read(rows: int) -> None:
                progress(rows, min(1.0, stream.buffer.tell() / size) if size else 0.0)

            return await import_stream(stream, file.suffix.lower(), store, options, read, str(file))
    finally:
        await store.close()


def _seekable(source: IO[bytes]) -> IO[bytes]:
    """A file that can be read twice: a pipe goes through a scratch file."""
    if source.seekable():
        return source
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - the stream around it closes it
    while piece := source.read(1 << 20):
        kept.write(piece)
    kept.seek(0)
    return kept


async def import_document(body: bytes, store: Store, options: Options) -> Report:
    """One electronic invoice: UBL or CII, as XML or inside a PDF."""
    report = Report()
    with closing(Seen()) as seen:
        batch = _Batch(report, store, options, seen)
        try:
            batch.rows.append(check(1, read_invoice(body), defaults=options.defaults))
        except ValueError as reason:
            report.reject(1, str(reason))
        await batch.flush()
    return report


async def import_stream(
    stream: TextIO, suffix: str, store: Store, options: Options, read: Callable[[int], None], name: str = "input"
) -> Report:
    """Read, check and write in batches, so that memory stays bounded however long the file is."""
    report, done = Report(), 0
    with closing(Seen()) as seen, _readable(name):
        columns = Columns.of(stream, suffix, options.mapping)
        report.unused = columns.unused
        report.notation = notation = _notation(stream, suffix, options, name)
        batch = _Batch(report, store, options, seen)
        for line, item in items(stream, suffix, options.mapping, name):
            done += 1
            try:
                if isinstance(item, Rejected):
                    raise item
                batch.add(check(line, item, notation, options.defaults))
            except Rejected as reason:
                report.reject(line, columns.name(str(reason)))
            if len(batch.rows) >= BATCH:
                await batch.flush()
            if done % BATCH == 0:
                read(done)
        await batch.flush()
    return report


def _notation(stream: TextIO, suffix: str, options: Options, name: str) -> Notation:
    """How the whole file writes sums and days, found by a first reading."""
    evidence = Evidence()
    if options.decimal is None or options.dates is None:
        for _, item in items(stream, suffix, options.mapping, name):
            invoice = item.get("invoice") if isinstance(item, Mapping) else None
            if not isinstance(invoice, Mapping):
                continue
            evidence.days([str(invoice.get(day) or "") for day in ("issued_on", "due_on")])
            if isinstance(invoice.get("amount"), str):
                evidence.sums([invoice["amount"]], str(invoice.get("currency") or "").strip().upper())
        stream.seek(0)
    return evidence.notation(options.decimal, options.dates)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        raise UsageError(f"{name}: not UTF-8; save the file as UTF-8 and try again") from None
    except csv.Error as error:
        raise UsageError(f"{name}: broken CSV: {error}; what was read before it is kept") from None


@dataclass
class _Batch:
    """Checked rows that wait to be written together."""

    report: Report
    store: Store
    options: Options
    seen: Seen
    rows: list[ImportRow] = field(default_factory=list)

    def add(self, row: ImportRow) -> None:
        """Take a row whose invoice stands nowhere earlier in the file; raises Rejected."""
        ref, number = row.customer["ref"], row.invoice["number"]
        first = self.seen.first("invoice", number, ref)
        if first == ref:
            raise Rejected(f"duplicate: invoice {number} of {ref} stands earlier in this file")
        if first is not None:
            raise Rejected(
                f"invoice {number} belongs to customer {first} earlier in this file; correct the number or the customer"
            )
        self.rows.append(row)

    async def flush(self) -> None:
        """Write what waits and report each row."""
        if not self.rows:
            return
        sharing = await self.store.sharing(list(dict.fromkeys(_personal(self.rows))))
        write: Awaitable[list[str]] = self.store.import_rows(self.rows, self.options.dry_run)
        for row, outcome in zip(self.rows, await write, strict=True):
            kind, _, reason = outcome.partition(": ")
            if kind == "rejected":
                self.report.reject(row.line, reason)
                continue
            self.report.counts[kind] += 1
            self._warn(row, sharing)
        self.rows.clear()

    def _warn(self, row: ImportRow, sharing: Mapping[tuple[str, str], Sequence[str]]) -> None:
        ref = row.customer["ref"]
        for doubt in row.doubts:
            if self.seen.first("doubt", ref, ref) is None:
                self.report.warn(row.line, doubt)
        for channel, address in _personal([row]):
            owner = self.seen.first(channel, address, ref)
            others = {*sharing.get((channel, address), ()), *([owner] if owner else [])} - {ref}
            if others and self.seen.first("shared", f"{channel} {address} {ref}", ref) is None:
                told = f"{channel} {address} of {ref} is also that of {', '.join(sorted(others))}"
                self.report.warn(row.line, f"{told}: whoever writes from there must prove who they are")


def _personal(rows: Sequence[ImportRow]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for contact in row.customer["contacts"]:
            if contact["channel"] in PERSONAL:
                yield contact["channel"], contact["address"]
