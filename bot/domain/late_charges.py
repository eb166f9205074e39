"""Late-payment interest and fixed compensation between businesses: what law allows, counted from the ledger.

Nothing is added for consumers, where law gives no figure that binds by itself, or for days whose rate is not on record.
What was counted once is not counted again: the interest of an invoice is always reckoned from its due date, and only
what the ledger lacks of it is booked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any

from bot.domain.accounts import Adjustment, Invoice
from bot.domain.dossier import Dossier
from bot.domain.governor.attempt import Attempt
from bot.domain.governor.judge import Governor
from bot.domain.governor.rules import Fact
from bot.domain.ledger.books import post
from bot.domain.ledger.facts import FEES, INTEREST, PRINCIPAL
from bot.domain.ledger.reading import facts_of
from bot.domain.money import from_major

BUSINESSES = ("business", "sole_trader")
# The words for what is added, beside the words of the invoice's own lines.
TEXTS = {INTEREST: "Late-payment interest", FEES: "Fixed compensation for recovery costs"}
# By this an entry of ours is told from what a person booked.
OURS = "late-charges:"
DAY = timedelta(days=1)
_RATE = re.compile(r"(ECB refi|Basiszins|BoE base)\b.*\+ (?:at least )?(\d+(?:\.\d+)?) pp")
_SUMS = {"EUR": "fixed_sum_eur", "GBP": "fixed_sum_gbp"}
_CURRENCIES = {"ECB refi": "EUR", "Basiszins": "EUR", "BoE base": "GBP"}
_SIZES = ("lt_1000", "lt_10000", "ge_10000")


@dataclass(frozen=True, slots=True)
class Rate:
    """A reference rate in force from a day up to, not including, another."""

    name: str
    start: date
    end: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Wish:
    """What the creditor wants to be added, and not before so many days after the due date."""

    interest: bool = False
    fixed_sum: bool = False
    after_days: int = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """What law allows for one customer: the reference rate with its points, the fixed sum by currency, and whence."""

    reference: str | None = None
    points: Decimal = Decimal(0)
    interest_source: str = ""
    sums: Mapping[str, Any] = field(default_factory=dict)
    sum_source: str = ""


def terms_of(dossier: Dossier, governor: Governor, today: date) -> Terms:
    """The terms of the packs for a customer; nothing for consumers."""
    customer = dossier.customer
    if customer.type not in BUSINESSES:
        return Terms()
    at = datetime.combine(today, time(12), UTC)
    attempt = Attempt(at, "letter", "reminder", (customer.jurisdiction,), governor.role, customer.type)
    law = governor.packs.on(today, attempt)
    found = Terms()
    # A country's own rule stands behind those of its union, and is the one that binds.
    for fact in law.of("interest", Fact):
        match = _RATE.match(str(fact.rule.get("rate", "")))
        if match and fact.basis != "house":
            found = Terms(match[1], Decimal(match[2]), f"{fact.id}: {fact.source}", found.sums, found.sum_source)
    for fact in law.of("fees", Fact):
        sums = {currency: _sizes(fact.rule[key]) for currency, key in _SUMS.items() if key in fact.rule}
        if sums and fact.basis != "house":
            found = Terms(found.reference, found.points, found.interest_source, sums, f"{fact.id}: {fact.source}")
    return found


def _sizes(given: Any) -> Any:
    return {size: given[size] for size in _SIZES} if isinstance(given, Mapping) else given


def due_charges(
    dossier: Dossier, terms: Terms, rates: Sequence[Rate], wish: Wish, now: datetime, today: date
) -> list[Adjustment]:
    """What is to be booked now; ids are left to the caller. Nothing while a hold, a dispute, a promise or a plan
    stands, or a person has the matter; after a plan was agreed, only a person adds anything."""
    resting = (
        dossier.holds_in_force(now) or dossier.open_promise(today) or dossier.handoff() is not None
        or dossier.conversation.held_by_person or any(plan.accepted_at for plan in dossier.plans)
    )  # fmt: skip
    if resting:
        return []
    found = []
    for invoice in dossier.invoices:
        if invoice.id in dossier.disputed or today <= invoice.due_on + wish.after_days * DAY:
            continue
        if wish.fixed_sum and (row := _fixed(dossier, invoice, terms, now)) is not None:
            found.append(row)
        if wish.interest and (row := _interest(dossier, invoice, terms, rates, now, today)) is not None:
            found.append(row)
    return found


def _fixed(dossier: Dossier, invoice: Invoice, terms: Terms, now: datetime) -> Adjustment | None:
    """The fixed sum, once for an invoice that is open."""
    given = terms.sums.get(invoice.currency)
    if given is None or dossier.books.open_parts(invoice.id)[PRINCIPAL] <= 0 or _ours(dossier, invoice, FEES):
        return None
    if isinstance(given, Mapping):
        major = from_major("1", invoice.currency).minor
        given = given["lt_1000" if invoice.amount_minor < 1000 * major
                      else "lt_10000" if invoice.amount_minor < 10000 * major else "ge_10000"]  # fmt: skip
    sum_ = from_major(str(given), invoice.currency)
    return _row(invoice, "charge", FEES, sum_.minor, now, "", terms.sum_source)


def _interest(
    dossier: Dossier, invoice: Invoice, terms: Terms, rates: Sequence[Rate], now: datetime, today: date
) -> Adjustment | None:
    """What the ledger lacks of the interest up to the last month's end; of the month in which all is paid, none."""
    if terms.reference is None or _CURRENCIES[terms.reference] != invoice.currency:
        return None
    known = [rate for rate in rates if rate.name == terms.reference]
    until = today.replace(day=1)
    total = accrued(dossier, invoice, terms.points, known, until)
    lacking = total - sum(row.amount_minor if row.kind == "charge" else -row.amount_minor
                          for row in _ours(dossier, invoice, INTEREST))  # fmt: skip
    if lacking == 0:
        return None
    through = (until - DAY).isoformat()
    # A payment that was told late may have stopped the clock earlier: then something is given back.
    kind, minor = ("charge", lacking) if lacking > 0 else ("credit_note", -lacking)
    return _row(invoice, kind, INTEREST, minor, now, through, terms.interest_source)


def accrued(dossier: Dossier, invoice: Invoice, points: Decimal, rates: Sequence[Rate], until: date) -> int:
    """The interest of an invoice from the day after its due date up to, not including, `until`: by the day, on the
    principal open at the day's end, without interest on interest, rounded down."""
    days = _days_of_change(dossier, invoice, rates, until)
    total = Decimal(0)
    for start, end in pairwise(days):
        rate = next((rate for rate in rates if rate.start <= start < rate.end), None)
        if rate is not None:
            principal = _principal(dossier, invoice, start)
            total += Decimal(principal) * (rate.percent + points) / 100 * (end - start).days / 365
    return int(total.to_integral_value(ROUND_FLOOR))


def _days_of_change(dossier: Dossier, invoice: Invoice, rates: Iterable[Rate], until: date) -> list[date]:
    first = invoice.due_on + DAY
    if until <= first:
        return []
    moments = [payment.paid_at for payment in dossier.payments] + [row.at for row in dossier.adjustments]
    changes = {moment.astimezone(UTC).date() for moment in moments}
    changes |= {day for rate in rates for day in (rate.start, rate.end)}
    return sorted({first, until} | {day for day in changes if first < day < until})


def _principal(dossier: Dossier, invoice: Invoice, day: date) -> int:
    """What was open of the principal at the end of a day, by all that is known now."""
    end = datetime.combine(day + DAY, time(), UTC)
    facts = facts_of(
        dossier.invoices, dossier.payments, dossier.allocations, dossier.adjustments, dossier.disputes
    )  # fmt: skip
    books = post([fact for fact in facts if fact.at < end], dossier.imputation)
    return books.open_parts(invoice.id).get(PRINCIPAL, 0)


def _ours(dossier: Dossier, invoice: Invoice, part: str) -> list[Adjustment]:
    return [row for row in dossier.adjustments
            if row.invoice_id == invoice.id and row.part == part and row.source.startswith(OURS)]  # fmt: skip


def _row(
    invoice: Invoice, kind: str, part: str, minor: int, now: datetime, through: str, source: str
) -> Adjustment:  # fmt: skip
    return Adjustment("", invoice.customer_id, invoice.id, kind, part, invoice.currency, minor, now, through,
                      f"{OURS}{source}")  # fmt: skip


def added_lines(dossier: Dossier, invoice: Invoice) -> list[dict[str, Any]]:
    """What was added to an invoice or let go of that, line by line: its words, the day it reaches to, its sum."""
    found = []
    for row in sorted(dossier.adjustments, key=lambda row: row.at):
        if row.invoice_id == invoice.id and row.part in TEXTS and row.kind in ("charge", "credit_note"):
            minor = row.amount_minor if row.kind == "charge" else -row.amount_minor
            through = row.reason if row.source.startswith(OURS) else ""
            found.append(
                {"text": TEXTS[row.part], "through": through, "amount": {"minor": minor, "currency": row.currency}}
            )
    return found


def added(dossier: Dossier) -> dict[str, int]:
    """What is open of the principal, of interest and of fees, over all that is payable."""
    sums = dict.fromkeys((PRINCIPAL, INTEREST, FEES), 0)
    for invoice in dossier.payable():
        for part, minor in dossier.books.open_parts(invoice.id).items():
            sums[part] += minor
    return sums
