"""Balances are read from the ledger, and a second count from the records agrees, whatever happens in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from bot.accounting import load_orders
from bot.domain.accounts import Adjustment, Allocation, Dispute, Invoice, Payment
from bot.domain.allocation import left_of, of_reference
from bot.domain.dossier import Dossier
from bot.domain.ledger.imputation import order_of
from bot.domain.ledger.proof import faults
from bot.domain.ledger.reading import unrecorded
from tests.unit.dossiers import TODAY, dossier
from tests.unit.row_by_row import open_minor

START = datetime(2026, 9, 1, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(st.sampled_from(["invoice", "pay", "back", "again", "fee", "credit", "dispute"]), st.integers(1, 400), st.integers(0, 5)),
    max_size=14,
)  # fmt: skip


def recorded(found: Dossier) -> Dossier:
    """What the product writes down after each step."""
    numbers = count(len(found.allocations))
    new = unrecorded(found.books, found.allocations, "c", lambda: f"l{next(numbers):04}")
    return replace(found, allocations=(*found.allocations, *new))


def step(found: Dossier, kind: str, minor: int, which: int, number: int) -> Dossier:
    at = START + timedelta(days=40 + number)
    payments = [p for p in found.payments if p.kind == "payment"]
    if kind == "invoice":
        day = at.date()
        new = Invoice(f"j{number}", "c", f"F-{number}", "EUR", minor, day, day + timedelta(days=which))
        return replace(found, invoices=(*found.invoices, new))
    if kind == "pay":
        return replace(
            found, payments=(*found.payments, Payment(f"p{number}", "c", "EUR", minor, at, "x", f"x:{number}"))
        )
    if kind in ("back", "again") and payments:
        payment = payments[which % len(payments)]
        left = left_of(payment, found.payments)
        sum_ = min(minor, left) if kind == "back" else min(minor, payment.amount_minor - left)
        if sum_ <= 0:
            return found
        moved = Payment(f"b{number}", "c", "EUR", -sum_ if kind == "back" else sum_, at, "x",
                        of_reference(payment.reference, str(number)), kind="refund" if kind == "back" else "reinstatement")  # fmt: skip
        return replace(found, payments=(*found.payments, moved))
    invoice = found.invoices[which % len(found.invoices)]
    if kind == "dispute":
        return replace(
            found, disputes=(*found.disputes, Dispute(f"d{number}", "c", invoice.id, "x", at, at + timedelta(days=3)))
        )
    if kind == "fee":
        added = Adjustment(
            f"a{number}", "c", invoice.id, "charge", "fees" if which % 2 else "interest", "EUR", minor, at
        )
        return replace(found, adjustments=(*found.adjustments, added))
    if kind == "credit":
        less = min(minor, found.books.open_parts(invoice.id)["principal"])
        note = Adjustment(f"a{number}", "c", invoice.id, "credit_note", "principal", "EUR", less, at)
        return replace(found, adjustments=(*found.adjustments, note)) if less else found
    return found


@given(STEPS, st.sampled_from(["FR", "DE", "US-NY-NYC", "ZZ"]))
def test_any_sequence_of_moves_adds_up(moves: list[tuple[str, int, int]], place: str) -> None:
    found = replace(dossier(), imputation=order_of(load_orders(), place))
    for number, (kind, minor, which) in enumerate(moves):
        found = recorded(step(found, kind, minor, which, number))
        assert list(faults(found)) == []
    if not found.adjustments:
        assert found.open_minor == open_minor(found.invoices, found.allocations)


def test_a_receipt_stays_true_when_an_older_invoice_comes_to_light() -> None:
    paid = Payment("p", "c", "EUR", 5000, START + timedelta(days=80), "x", "x:1")
    found = recorded(dossier(payments=(paid,)))
    older = Invoice("i0", "c", "F-0", "EUR", 7000, START.date(), START.date())
    after = recorded(replace(found, invoices=(*found.invoices, older)))
    assert after.open_minor == {"i1": 7990, "i0": 7000}


def test_the_customers_credit_settles_what_comes_later() -> None:
    found = recorded(dossier(payments=(Payment("p", "c", "EUR", 15000, START + timedelta(days=80), "x", "x:1"),)))
    assert found.balance().minor == 0 and found.books.credit("EUR") == 2010
    later = Invoice("i2", "c", "F-2", "EUR", 3000, TODAY, TODAY)
    assert recorded(replace(found, invoices=(*found.invoices, later))).open_minor["i2"] == 990


def test_what_a_payment_settles_first_follows_the_place() -> None:
    fee = Adjustment("a", "c", "i1", "charge", "fees", "EUR", 4000, START + timedelta(days=70))
    paid = Payment("p", "c", "EUR", 5000, START + timedelta(days=80), "x", "x:1")
    for place, fees in (("DE", 0), ("FR", 4000)):
        found = dossier(payments=(paid,), adjustments=(fee,), imputation=order_of(load_orders(), place))
        assert found.books.open_parts("i1")["fees"] == fees


def test_a_record_that_was_tampered_with_is_found() -> None:
    paid = Payment("p", "c", "EUR", 5000, START + timedelta(days=80), "x", "x:1")
    found = recorded(dossier(payments=(paid,)))
    wrong = replace(found, allocations=(Allocation("l", "c", "p", "i1", 4000),))
    assert any("not recorded" in fault for fault in faults(wrong))
