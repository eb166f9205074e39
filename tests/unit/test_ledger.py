"""Nothing is created or lost: any facts, in any order, however often they are told."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import Allocation, Invoice, Payment
from bot.domain.allocation import left_of, of_reference
from bot.domain.ledger import (
    Books,
    Charge,
    Claim,
    CreditNote,
    Disputed,
    Fact,
    Imputation,
    ImputationError,
    InvoiceIssued,
    PaymentReceived,
    Refund,
    Reversal,
    WriteOff,
    impute,
    post,
    read_orders,
)
from tests.unit.row_by_row import allocate, open_minor, take_back

START = datetime(2026, 9, 1, tzinfo=UTC)
ORDERS = read_orders(yaml.safe_load(Path("bot/jurisdictions/imputation/orders.yml").read_text("utf-8")))
FR, DE, US = ORDERS["FR", "any"], ORDERS["DE", "any"], ORDERS["US", "any"]


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def invoice(number: int, minor: int, day: int = 0, currency: str = "EUR", onerous: int = 0) -> InvoiceIssued:
    return InvoiceIssued(f"i{number}", at(day), currency, minor, at(day).date() + timedelta(days=30), onerous)


def paid(number: int, minor: int, day: int, named: tuple[str, ...] = (), currency: str = "EUR") -> PaymentReceived:
    return PaymentReceived(f"p{number}", at(day), currency, minor, named)


INVOICES = [f"i{n}" for n in range(4)]
PAYMENTS = [f"p{n}" for n in range(5)]
CURRENCIES = st.sampled_from(["EUR", "EUR", "EUR", "GBP"])
TIMES = st.integers(0, 6).map(at)
SUMS = st.integers(-1, 400)
ABOUT_INVOICE, ABOUT_PAYMENT = st.sampled_from([*INVOICES, "nowhere"]), st.sampled_from([*PAYMENTS, "nowhere"])
FACTS: st.SearchStrategy[list[Fact]] = st.tuples(
    st.lists(st.builds(InvoiceIssued, st.sampled_from(INVOICES), TIMES, CURRENCIES, SUMS, st.dates(date(2026, 9, 1), date(2026, 9, 9)), st.integers(0, 1)), max_size=4, unique_by=lambda f: f.id),
    st.lists(st.builds(PaymentReceived, st.sampled_from(PAYMENTS), TIMES, CURRENCIES, SUMS, st.lists(st.sampled_from(INVOICES), max_size=2).map(tuple)), max_size=5, unique_by=lambda f: f.id),
    st.lists(st.builds(Charge, st.sampled_from(["x1", "x2", "x3"]), TIMES, CURRENCIES, SUMS, ABOUT_INVOICE, st.sampled_from(["interest", "fees"])), max_size=3, unique_by=lambda f: f.id),
    st.lists(st.builds(CreditNote, st.sampled_from(["n1", "n2"]), TIMES, CURRENCIES, SUMS, ABOUT_INVOICE, st.sampled_from(["principal", "interest"])), max_size=2, unique_by=lambda f: f.id),
    st.lists(st.builds(WriteOff, st.just("w1"), TIMES, CURRENCIES, SUMS, ABOUT_INVOICE), max_size=1),
    st.lists(st.builds(Refund, st.sampled_from(["r1", "r2"]), TIMES, CURRENCIES, SUMS, ABOUT_PAYMENT), max_size=2, unique_by=lambda f: f.id),
    st.lists(st.builds(Reversal, st.sampled_from(["b1", "b2", "b3"]), TIMES, CURRENCIES, SUMS, ABOUT_PAYMENT), max_size=3, unique_by=lambda f: f.id),
    st.lists(st.builds(Disputed, st.just("d1"), TIMES, CURRENCIES, ABOUT_INVOICE, st.none() | TIMES), max_size=1),
).map(lambda groups: [fact for group in groups for fact in group])  # fmt: skip


def booked(facts: list[Fact], books: Books, kind: type, currency: str) -> int:
    out = {row.fact.id for row in books.quarantined}
    return sum(f.amount_minor for f in facts if isinstance(f, kind) and f.currency == currency and f.id not in out)


@given(FACTS, st.sampled_from([FR, DE, US, Imputation()]), st.integers(0, 10**6))
def test_neither_order_of_arrival_nor_repetition_changes_anything(
    facts: list[Fact], order: Imputation, seed: int
) -> None:
    told = facts + facts[::2]
    Random(seed).shuffle(told)
    assert post(told, order) == post(facts, order)


@given(FACTS, st.sampled_from([FR, DE, US, Imputation()]))
def test_nothing_is_created_or_lost(facts: list[Fact], order: Imputation) -> None:
    books = post(facts, order)
    for entry in books.entries:
        assert sum(minor for _, minor in entry.postings) == 0
    for currency in ("EUR", "GBP"):
        total = {kind: booked(facts, books, kind, currency) for kind in (InvoiceIssued, Charge, PaymentReceived, CreditNote, Refund, Reversal)}  # fmt: skip
        opened = {
            f.id: books.open_minor(f.id) for f in facts if isinstance(f, InvoiceIssued) and f.currency == currency
        }
        settled = sum(row.amount_minor for row in books.settlements() if row.invoice_id in opened)
        assert all(part >= 0 for name in opened for part in books.open_parts(name).values())
        assert books.balance("receivable", currency) == sum(opened.values())
        assert books.balance("cash", currency) == total[PaymentReceived] - total[Reversal]
        assert books.balance("refund", currency) == -total[Refund]
        assert books.credit(currency) == -books.balance("credit", currency) >= 0
        assert total[PaymentReceived] == settled + books.credit(currency) + total[Refund] + total[Reversal]
        income = -sum(books.balance(name, currency) for name in ("sales", "interest", "fees"))
        assert income == total[InvoiceIssued] + total[Charge] - total[CreditNote]
        assert sum(opened.values()) == income - settled - books.balance("write_off", currency)
        if not order.skip_disputed:
            assert not (books.credit(currency) and sum(opened.values())), "free money and an open debt side by side"


@given(FACTS)
def test_no_payment_settles_more_than_it_brought(facts: list[Fact]) -> None:
    books = post(facts, FR)
    back: Counter[str] = Counter()
    out = {row.fact.id for row in books.quarantined}
    for fact in facts:
        if isinstance(fact, Refund | Reversal) and fact.id not in out:
            back[fact.payment_id] += fact.amount_minor
    for payment in (f for f in facts if isinstance(f, PaymentReceived)):
        settled = sum(row.amount_minor for row in books.settlements() if row.payment_id == payment.id)
        assert settled + back[payment.id] <= max(0, payment.amount_minor)


@given(FACTS)
def test_what_cannot_be_booked_is_kept_with_its_reason(facts: list[Fact]) -> None:
    books = post(facts, FR)
    entered = {entry.fact_id for entry in books.entries} | {row.fact.id for row in books.quarantined}
    assert {f.id for f in facts if not isinstance(f, Disputed | WriteOff)} <= entered
    assert all(row.reason for row in books.quarantined)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4), st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_returned_payments_open_again_all_that_they_settled(debts: list[int], sums: list[int]) -> None:
    facts: list[Fact] = [invoice(n, minor, n) for n, minor in enumerate(debts)]
    facts += [paid(n, minor, 10 + n) for n, minor in enumerate(sums)]
    facts += [Reversal(f"b{n}", at(20 + n), "EUR", minor, f"p{n}", "sepa_return") for n, minor in enumerate(sums)]
    books = post(facts, FR)
    assert [books.open_minor(f"i{n}") for n in range(len(debts))] == debts
    assert books.balance("cash", "EUR") == books.credit("EUR") == 0


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=4),
    st.lists(st.tuples(st.booleans(), st.integers(1, 400), st.integers(0, 4)), max_size=8),
)
def test_the_book_kept_row_by_row_agrees_with_the_ledger(debts: list[int], moves: list[tuple[bool, int, int]]) -> None:
    facts: list[Fact] = [invoice(n, minor, n) for n, minor in enumerate(debts)]
    invoices = [
        Invoice(f"i{n}", "c", f"F-{n}", "EUR", minor, at(n).date(), at(n).date() + timedelta(days=30))
        for n, minor in enumerate(debts)
    ]
    payments: list[Payment] = []
    allocations: list[Allocation] = []
    for number, (comes, minor, which) in enumerate(moves):
        originals = [p for p in payments if p.amount_minor > 0]
        if comes or not originals:
            payment = Payment(f"p{number}", "c", "EUR", minor, at(10 + number), "x", f"x:{number}")
            shares, rest = allocate(payment, invoices, open_minor(invoices, allocations))
            if rest:  # what is too much waits here, and the ledger spends it at once when something opens
                return
            payments.append(payment)
            allocations += [
                Allocation(f"{number}{s.invoice_id}", "c", payment.id, s.invoice_id, s.amount_minor) for s in shares
            ]
            facts.append(paid(number, minor, 10 + number))
            continue
        payment = originals[which % len(originals)]
        back = min(minor, left_of(payment, payments))
        if not back:
            continue
        shares = take_back(payment, back, payments, allocations)
        allocations += [
            Allocation(f"{number}{s.invoice_id}", "c", payment.id, s.invoice_id, -s.amount_minor) for s in shares
        ]
        payments.append(
            Payment(f"b{number}", "c", "EUR", -back, at(10 + number), "x", of_reference(payment.reference, str(number)))
        )
        facts.append(Reversal(f"b{number}", at(10 + number), "EUR", back, payment.id))
    books = post(facts, FR)
    assert open_minor(invoices, allocations) == {i.id: books.open_minor(i.id) for i in invoices}


@pytest.mark.parametrize(
    ("order", "open_"),
    [
        (FR, {"principal": 950, "interest": 0, "fees": 40}),
        (DE, {"principal": 990, "interest": 0, "fees": 0}),
        (US, {"principal": 900, "interest": 50, "fees": 40}),
        (ORDERS["DE", "consumer_credit"], {"principal": 940, "interest": 50, "fees": 0}),
    ],
)
def test_a_partial_payment_follows_the_law_of_the_place(order: Imputation, open_: dict[str, int]) -> None:
    facts: list[Fact] = [
        invoice(1, 1000), Charge("x1", at(35), "EUR", 50, "i1", "interest"), Charge("x2", at(35), "EUR", 40, "i1", "fees"),
        paid(1, 100, 40),
    ]  # fmt: skip
    assert post(facts, order).open_parts("i1") == open_


def test_the_customers_choice_then_the_due_then_the_onerous_then_the_oldest() -> None:
    facts: list[Fact] = [invoice(1, 100, 5), invoice(2, 100, 10), invoice(3, 100, 10, onerous=1), invoice(4, 100, 40)]
    assert post([*facts, paid(1, 100, 45, ("i4",))], FR).open_minor("i4") == 0
    books = post([*facts, paid(1, 250, 45)], FR)
    assert [books.open_minor(f"i{n}") for n in (1, 2, 3, 4)] == [0, 50, 0, 100]


def test_equal_debts_share_in_proportion_to_the_cent() -> None:
    claims = [
        Claim(name, {"principal": minor}, date(2026, 10, 1), date(2026, 9, 1))
        for name, minor in (("a", 100), ("b", 200))
    ]
    shares, rest = impute(100, claims, date(2026, 11, 1), FR)
    assert {s.claim_id: s.amount_minor for s in shares} == {"a": 34, "b": 66} and rest == 0


def test_money_without_a_choice_leaves_a_disputed_debt_alone_where_the_law_says_so() -> None:
    facts: list[Fact] = [invoice(1, 100), invoice(2, 100, 5), Disputed("d1", at(20), "EUR", "i1"), paid(1, 150, 40)]
    books = post(facts, US)
    assert (books.open_minor("i1"), books.open_minor("i2"), books.credit("EUR")) == (100, 0, 50)
    assert post([*facts[:3], paid(1, 150, 40, ("i1",))], US).open_minor("i1") == 0
    assert post(facts, FR).open_minor("i1") == 0


def test_an_overpayment_is_credit_and_settles_the_next_invoice() -> None:
    facts: list[Fact] = [invoice(1, 100), paid(1, 130, 5)]
    assert post(facts, FR).credit("EUR") == 30
    books = post([*facts, invoice(2, 100, 10)], FR)
    assert (books.credit("EUR"), books.open_minor("i2")) == (0, 70)


def test_a_credit_note_on_a_paid_invoice_gives_the_money_free() -> None:
    facts: list[Fact] = [invoice(1, 100), paid(1, 100, 5), CreditNote("n1", at(8), "EUR", 40, "i1")]
    assert post(facts, FR).credit("EUR") == 40
    books = post([*facts, Refund("r1", at(9), "EUR", 40, "p1")], FR)
    assert (books.credit("EUR"), books.open_minor("i1"), books.balance("refund", "EUR")) == (0, 0, -40)


def test_a_written_off_debt_is_no_longer_open() -> None:
    books = post([invoice(1, 100), paid(1, 30, 5), WriteOff("w1", at(90), "EUR", 500, "i1")], FR)
    assert (books.open_minor("i1"), books.balance("write_off", "EUR")) == (0, 70)


def test_money_in_another_currency_settles_nothing() -> None:
    books = post([invoice(1, 100, currency="GBP"), paid(1, 100, 5)], FR)
    assert (books.open_minor("i1"), books.credit("EUR"), books.credit("GBP")) == (100, 100, 0)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Refund("r1", at(9), "EUR", 101, "p1"), "more_than_paid"),
        (Refund("r1", at(9), "GBP", 10, "p1"), "other_currency"),
        (Reversal("b1", at(9), "EUR", 10, "p9"), "about_nothing_known"),
        (CreditNote("n1", at(9), "EUR", 101, "i1"), "more_than_charged"),
        (paid(1, 99, 5), "told_in_two_ways"),
        (paid(2, 0, 5), "no_sum"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(fact: Fact, reason: str) -> None:
    books = post([invoice(1, 100), paid(1, 100, 5), fact], FR)
    assert reason in [row.reason for row in books.quarantined]


def test_a_wrong_order_of_imputation_is_named() -> None:
    with pytest.raises(ImputationError, match="within"):
        read_orders(
            {"orders": [{"country": "FR", "within": ["interest"], "basis": "law", "conf": "primary", "cite": "x"}]}
        )
