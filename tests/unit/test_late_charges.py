"""Interest and fixed sums: only between businesses, only by dated rates, never twice, and never behind anybody's back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import build
from bot.domain.accounts import Hold, Payment
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.late_charges import Rate, Terms, Wish, accrued, added_lines, due_charges, terms_of
from bot.domain.ledger.proof import faults
from bot.domain.promises import Promise
from bot.importing import check
from bot.late_booking import read_wish
from bot.packs import load_packs
from bot.ports import SetClock
from bot.settings import SettingsError, load
from bot.understanding.reader import Reader
from tests.unit.dossiers import dossier

GOVERNOR = Governor(load_packs())
WISH = Wish(interest=True, fixed_sum=True, after_days=30)
RATES = [Rate("ECB refi", date(2026, 1, 1), date(2026, 7, 1), Decimal("2.15")),
         Rate("ECB refi", date(2026, 7, 1), date(2027, 1, 1), Decimal("2.00"))]  # fmt: skip
DUE = date(2026, 4, 30)
TODAY = date(2026, 8, 5)
NOW = datetime(2026, 8, 5, 8, tzinfo=UTC)


def owing(kind: str = "business", land: str = "FR", minor: int = 100_000, **changes: Any) -> Dossier:
    made = dossier(10)
    invoice = replace(made.invoices[0], amount_minor=minor, issued_on=date(2026, 3, 31), due_on=DUE, lines=())
    return replace(
        made, customer=replace(made.customer, type=kind, jurisdiction=land), invoices=(invoice,), **changes
    )  # fmt: skip


def booked(found: Dossier, now: datetime = NOW, wish: Wish = WISH) -> list[tuple[str, str, int]]:
    terms = terms_of(found, GOVERNOR, now.date())
    return [(r.kind, r.part, r.amount_minor) for r in due_charges(found, terms, RATES, wish, now, now.date())]


def test_a_french_business_owes_the_central_banks_rate_and_ten_points_and_forty_euro() -> None:
    # 1,000.00 from 1 May to 31 July: 61 days at 12.15 %, 31 days at 12 %.
    expected = int(100_000 * (Decimal("0.1215") * 61 + Decimal("0.12") * 31) / 365)
    assert booked(owing()) == [("charge", "fees", 4000), ("charge", "interest", expected)]


@pytest.mark.parametrize(
    ("land", "points", "sums"),
    [
        ("FR", 10, {"EUR": 40}), ("ES", 8, {"EUR": 40}), ("IT", 8, {"EUR": 40}), ("DE", 9, {"EUR": 40}),
        ("GB", 8, {"GBP": {"lt_1000": 40, "lt_10000": 70, "ge_10000": 100}}), ("US", 0, {}), ("BR", 0, {}),
    ],
)  # fmt: skip
def test_the_terms_are_those_of_the_customers_country(land: str, points: int, sums: dict[str, Any]) -> None:
    terms = terms_of(owing(land=land), GOVERNOR, TODAY)
    assert (terms.points, dict(terms.sums)) == (points, sums)
    assert bool(terms.interest_source) == bool(points)


@pytest.mark.parametrize("land", ["FR", "DE", "ES", "IT", "GB", "US", "BR"])
def test_nothing_is_ever_added_for_consumers(land: str) -> None:
    assert booked(owing("consumer", land)) == []


def test_british_sums_go_by_the_size_of_the_debt_and_euro_sums_do_not_touch_pounds() -> None:
    for minor, sum_ in ((99_999, 4000), (100_000, 7000), (1_000_000, 10_000)):
        found = owing(land="GB", minor=minor)
        pounds = replace(found, invoices=(replace(found.invoices[0], currency="GBP"),))
        assert booked(pounds) == [("charge", "fees", sum_)]
        assert booked(replace(pounds, customer=replace(pounds.customer, jurisdiction="FR"))) == []


def test_without_a_rate_for_the_day_no_interest_runs() -> None:
    invoice = owing().invoices[0]
    known = accrued(owing(), invoice, Decimal(10), RATES[:1], date(2026, 8, 1))
    assert known == accrued(owing(), invoice, Decimal(10), RATES[:1], date(2026, 7, 1))


def test_off_by_default_and_not_before_the_days_of_grace() -> None:
    assert booked(owing(), wish=Wish()) == []
    assert booked(owing(), now=datetime(2026, 5, 30, 8, tzinfo=UTC)) == []
    assert booked(owing(), now=datetime(2026, 5, 31, 8, tzinfo=UTC)) == [("charge", "fees", 4000)]


def test_a_hold_a_promise_or_a_plan_stops_the_clock() -> None:
    assert booked(owing(holds=(Hold("h", "c", "dispute", NOW),))) == []
    assert booked(owing(promises=(Promise("p", "c", "EUR", 100, TODAY + timedelta(days=3), NOW, "sms"),))) == []


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(1, 60_000)), max_size=5), st.integers(1, 110))
def test_booking_day_by_day_comes_to_the_same_and_leaves_the_ledger_whole(
    paid: list[tuple[int, int]], days: int
) -> None:
    start = datetime(2026, 5, 1, 8, tzinfo=UTC)
    payments = [
        Payment(f"p{n}", "c", "EUR", minor, start + timedelta(days=day), "x", f"r{n}")
        for n, (day, minor) in enumerate(paid)
    ]
    found = owing()
    terms = Terms("ECB refi", Decimal(10), "law")
    for n in range(days):
        now = start + timedelta(days=n)
        here = replace(found, payments=tuple(p for p in payments if p.paid_at <= now))
        made = due_charges(here, terms, RATES, replace(WISH, fixed_sum=False), now, now.date())
        found = replace(here, adjustments=(*here.adjustments, *(replace(row, id=f"a{n}{row.kind}") for row in made)))
    until = now.date().replace(day=1)
    invoice = found.invoices[0]
    ours = sum(row.amount_minor if row.kind == "charge" else -row.amount_minor for row in found.adjustments)
    if now.date() > DUE + timedelta(days=30):
        assert ours == accrued(found, invoice, Decimal(10), RATES, until)
    assert ours >= 0 and [fault for fault in faults(found) if "not recorded" not in fault] == []


def test_wrong_settings_are_named() -> None:
    assert read_wish({}) == Wish()
    with pytest.raises(SettingsError, match="after_days"):
        read_wish({"after_days": "soon"})


async def test_the_clock_books_once_and_every_page_shows_it(tmp_path: Path) -> None:
    clock = SetClock(NOW)
    environ = {"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"}
    found = load(environ=environ)
    raw = {**found.raw, "creditor": {**found.raw["creditor"], "late_charges": {
        "interest": True, "fixed_sum": True,
        "rates": [{"name": "ECB refi", "from": "2026-01-01", "to": "2027-01-01", "percent": "2.15"}]}}}  # fmt: skip
    app = await build(replace(found, raw=raw), clock, reader=Reader(None))  # type: ignore[arg-type]
    rows = [
        check(n, {"customer": {"ref": f"B-{n}", "name": "Atelier", "type": kind, "language": "fr", "jurisdiction": "FR",
                               "contacts": [{"channel": "email", "address": f"b{n}@example.org", "consent": True}]},
                  "invoice": {"number": f"F-{n}", "currency": "EUR", "amount_minor": 100_000, "issued_on": "2026-03-31", "due_on": "2026-04-30"}})
        for n, kind in enumerate(("business", "consumer"))
    ]  # fmt: skip
    await app.store.import_rows(rows, False)
    late = app.worker.late
    assert late is not None
    for _ in range(3):
        await app.worker.tick()
    clock.at += timedelta(days=2)
    await late.run()
    dossiers = [await app.store.dossier(await app.store.customer_id(f"B-{n}") or "") for n in (0, 1)]
    business, consumer = dossiers
    assert business is not None and consumer is not None
    # 92 days at 12.15 %.
    assert business.balance().minor == 100_000 + 4000 + 3062 and consumer.balance().minor == 100_000
    assert [row["text"] for row in added_lines(business, business.invoices[0])] == [
        "Fixed compensation for recovery costs", "Late-payment interest",
    ]  # fmt: skip
    assert list(faults(business)) == []
    clock.at += timedelta(days=30)
    assert business.handoffs == ()
    await late.run()
    again = await app.store.dossier(business.customer.id)
    assert again is not None and len(again.adjustments) == 3
    # Interest first, then the principal (C. civ. 1343-1); what was added is still owed after the invoice is paid.
    await app.store.add_notice(_cash(again.customer.id, 100_000, clock.at))
    await app.payments.settle_pending()
    page, _ = await app.store.owing()
    assert again.customer.id in [one.customer_id for one in page]
    await app.close()


def _cash(customer_id: str, minor: int, at: datetime) -> Any:
    from bot.ports import PaymentNotice

    told = {"customer": customer_id, "proof": "1", "by": "A", "kind": "cash"}
    return PaymentNotice("hand", "h-1", "payment_succeeded", "", "EUR", minor, at, told)
