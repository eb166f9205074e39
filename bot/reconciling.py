"""`relance import-statement` and `relance quarantine`: money that came by transfer finds its customer, or a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.app import open_book
from bot.domain.money import from_major
from bot.domain.reconciliation import index, match
from bot.domain.redaction import redact
from bot.payments import given_to
from bot.ports import PaymentNotice, Store
from bot.settings import Settings, UsageError
from bot.statements import BankEntry, Unreadable, read_statement
from bot.statements.entries import made_id
from bot.statements.table import COLUMNS, plain_amount

PROVIDER = "bank"
BY_HAND = ("cash", "cheque", "other")


async def import_statement(
    settings: Settings, file: Path, dry_run: bool, maps: Sequence[str], currency: str
) -> dict[str, Any]:
    """Keep every movement of a statement as a payment notice; told again, it changes nothing. Raises UsageError."""
    store = await open_book(settings, existing=True)
    try:
        return await keep(store, read_statement(file, _mapping(maps), currency), dry_run)
    except ValueError as error:
        raise UsageError(f"{file}: {error}") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from None
    finally:
        await store.close()


async def keep(store: Store, entries: Iterable[BankEntry | Unreadable], dry_run: bool) -> dict[str, Any]:
    """Match and keep; the report counts what was accepted, known before, left to a person, and not ours."""
    book = index(await store.references())
    counts: Counter[str] = Counter()
    rejected: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry, Unreadable):
            rejected.append({"line": entry.line, "reason": entry.reason})
            continue
        if not entry.credit and not entry.returned:
            counts["ignored"] += 1  # what the creditor paid
            continue
        found = match(entry.reference, entry.text, book)
        reason = "money was taken back; find the payment" if not entry.credit else found.reason
        notice = _notice(entry, found.customer_id if not reason else None, found.invoices, reason)
        known = await store.notice(PROVIDER, notice.event_id) is not None
        if not known and not dry_run:
            known = not await store.add_notice(notice)
        counts["known" if known else "quarantined" if reason else "accepted"] += 1
        if reason and not known:
            waiting.append({"line": entry.line, "event": notice.event_id, "amount_minor": entry.amount_minor,
                            "currency": entry.currency, "reason": reason})  # fmt: skip
    kinds = ("accepted", "known", "quarantined", "ignored")
    return {**{kind: counts[kind] for kind in kinds}, "rejected": len(rejected), "rejections": rejected,
            "waiting": waiting}  # fmt: skip


async def quarantine(settings: Settings, event: str | None, ref: str | None) -> list[dict[str, Any]]:
    """What waits for a person; or give one of them to a customer, so that it is booked. Raises UsageError."""
    store = await open_book(settings, existing=True)
    try:
        found = await store.quarantined()
        if event is None:
            return [_told(notice) for notice in found]
        notice = next((item for item in found if item.event_id == event), None)
        if notice is None:
            raise UsageError(f"nothing in quarantine has the event {event!r}; `relance quarantine` lists what waits")
        customer_id = await store.customer_id(ref) if ref else None
        if customer_id is None:
            raise UsageError(f"no customer has the reference {ref!r}; give one with --customer")
        given = given_to(notice, customer_id)
        if given is None:
            raise UsageError(f"{event} was told by {notice.provider} as {notice.kind}: settle it there")
        await store.reopen(given)
        return [_told(given)]
    finally:
        await store.close()


async def record_by_hand(
    settings: Settings, ref: str, amount: str, kind: str, proof: str, by: str, on: date, invoice: str | None
) -> dict[str, Any]:  # fmt: skip
    """An agent took cash or a cheque: kept once for each proof, booked by the worker. Raises UsageError."""
    store = await open_book(settings, existing=True)
    try:
        agent, customer_id = await store.agent(by.lower()), await store.customer_id(ref)
        dossier = await store.dossier(customer_id, exchanges=0) if customer_id else None
        if agent is None:
            raise UsageError(f"no agent signs in as {by!r}; relance add-agent adds one")
        if customer_id is None or dossier is None:
            raise UsageError(f"no customer has the reference {ref!r}")
        if kind not in BY_HAND or not proof.strip():
            raise UsageError(f"say how it was paid ({', '.join(BY_HAND)}) and give the number of the receipt or cheque")
        named = [item.id for item in dossier.invoices if item.number == invoice]
        if invoice is not None and not named:
            raise UsageError(f"{ref} has no invoice {invoice!r}")
        try:
            money = from_major(plain_amount(amount), dossier.currency)
        except ValueError as error:
            raise UsageError(f"--amount: {error}") from None
        if money.minor <= 0:
            raise UsageError("--amount is more than nothing")
        detail = {"customer": customer_id, "named": named, "kind": kind, "proof": redact(proof).text[:200],
                  "agent": agent.id, "by": agent.name}  # fmt: skip
        event = made_id("hand", customer_id, kind, proof.strip().casefold())
        at = datetime.combine(on, time(12), UTC)
        notice = PaymentNotice("hand", event, "payment_succeeded", "", money.currency, money.minor, at, detail)
        return {"new": await store.add_notice(notice), "amount_minor": money.minor, "currency": money.currency}
    finally:
        await store.close()


def _notice(entry: BankEntry, customer_id: str | None, named: Sequence[str], reason: str) -> PaymentNotice:
    at = datetime.combine(entry.booked_on, time(12), UTC)
    kind = "payment_succeeded" if entry.credit else "payment_returned"
    detail = {"customer": customer_id, "named": list(named), "payer": entry.payer[:140],
              "text": redact(entry.text).text[:280], "reference": entry.reference[:40], "reason": reason}  # fmt: skip
    return PaymentNotice(PROVIDER, entry.id, kind, "", entry.currency, entry.amount_minor, at, detail)


def _told(notice: PaymentNotice) -> dict[str, Any]:
    keys = ("reason", "payer", "text", "reference", "payment", "customer")
    detail = {key: notice.detail[key] for key in keys if notice.detail.get(key)}
    return {"provider": notice.provider, "event": notice.event_id, "kind": notice.kind, "at": notice.at.isoformat(),
            "currency": notice.currency, "amount_minor": notice.amount_minor, **detail}  # fmt: skip


def _mapping(maps: Iterable[str]) -> dict[str, str]:
    mapping = {}
    for pair in maps:
        header, equals, target = pair.partition("=")
        if not equals or target not in COLUMNS:
            raise UsageError(f"--map {pair}: write Header=field with a field of {', '.join(COLUMNS)}")
        mapping[header.strip()] = target
    return mapping
