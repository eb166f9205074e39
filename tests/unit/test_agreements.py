from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import Allocation, Payment
from bot.domain.case import Case
from bot.domain.dossier import Dossier
from bot.domain.messages import IN, Exchange
from bot.domain.money import Money
from bot.domain.offers import PLAN_OFFERS, open_proposal, shown_last
from bot.domain.plans import LAPSED, InstallmentPlan, changed, progress, rescheduled, schedule
from bot.domain.promises import state
from tests.unit.dossiers import NOON, TODAY, dossier, message


@pytest.fixture
def ids() -> Iterator[Any]:
    numbers = count(1)
    return (f"id{n}" for n in numbers)


def at_work(ids: Iterator[Any], days: int = 0, found: Dossier | None = None) -> Case:
    return Case(found or dossier(minor=20985), NOON + timedelta(days=days), "webchat", lambda: next(ids))


def pay(work: Case, minor: int, at: datetime | None = None) -> None:
    made = Payment(f"p{minor}", "c", "EUR", minor, at or work.now, "sandbox", f"r{minor}")
    work.save(made)
    work.save(Allocation(f"a{minor}", "c", made.id, "i1", minor))


def test_a_proposal_ends_when_its_first_day_has_passed(ids: Iterator[Any]) -> None:
    work = at_work(ids)
    work.propose_plan(schedule(20985, 3, TODAY + timedelta(days=7)), "EUR")
    assert open_proposal(work.dossier, TODAY + timedelta(days=7)) is not None
    assert open_proposal(work.dossier, TODAY + timedelta(days=8)) is None
    assert progress(work.dossier.plans[0], (), TODAY + timedelta(days=8)).state == LAPSED


def test_a_proposal_ends_when_the_balance_changes_another_is_made_or_a_promise_takes_its_place(
    ids: Iterator[Any],
) -> None:
    work = at_work(ids)
    first = work.propose_plan(schedule(20985, 3, TODAY), "EUR")
    second = work.propose_plan(schedule(20985, 4, TODAY), "EUR")
    assert open_proposal(work.dossier, TODAY) == second and first.id != second.id
    pay(work, 5000)
    assert open_proposal(work.dossier, TODAY) is None
    third = work.propose_plan(schedule(15985, 4, TODAY), "EUR")
    assert open_proposal(work.dossier, TODAY) == third
    work.promise(TODAY + timedelta(days=3), Money("EUR", 15985))
    assert open_proposal(work.dossier, TODAY) is None


def test_accepting_a_new_schedule_bends_the_running_plan_and_keeps_what_was_paid(ids: Iterator[Any]) -> None:
    work = at_work(ids)
    agreed = work.accept_plan(work.propose_plan(schedule(20985, 3, date(2026, 12, 1)), "EUR"), "three payments")
    pay(work, 6995, work.now + timedelta(hours=1))
    later = work.propose_plan(schedule(13990, 2, date(2026, 12, 20)), "EUR")
    bent = work.accept_plan(later, "two payments")
    seen = progress(bent, work.dossier.payments, TODAY)
    assert bent.id == agreed.id and seen.state == "active"
    assert [(item.due_on.isoformat(), item.amount_minor, how) for item, how, _ in seen.installments] == [
        ("2026-12-01", 6995, "paid"), ("2026-12-20", 6995, "due"), ("2027-01-20", 6995, "due"),
    ]  # fmt: skip
    assert bent.agreement["replaces"]["text"] == "three payments" and bent.agreement["text"] == "two payments"
    states = [progress(plan, work.dossier.payments, TODAY).state for plan in work.dossier.plans]
    assert sorted(states) == ["active", LAPSED]


def test_money_for_a_new_plan_does_not_heal_the_broken_one(ids: Iterator[Any]) -> None:
    broken = InstallmentPlan("old", "c", "EUR", 20985, schedule(20985, 3, TODAY - timedelta(days=60)),
                             NOON - timedelta(days=90), NOON - timedelta(days=90))  # fmt: skip
    work = at_work(ids, found=dossier(minor=20985, plans=(broken,)))
    assert work.dossier.broken_plans(TODAY) == 1
    work.accept_plan(work.propose_plan(schedule(20985, 2, TODAY), "EUR"), "two payments")
    pay(work, 20985, work.now + timedelta(hours=1))
    states = {plan.id: progress(plan, work.dossier.payments, TODAY).state for plan in work.dossier.plans}
    assert states["old"] == "broken" and sorted(states.values()) == ["broken", "completed"]


def test_a_plan_takes_the_place_of_an_open_promise(ids: Iterator[Any]) -> None:
    work = at_work(ids)
    work.promise(TODAY + timedelta(days=3), Money("EUR", 20985))
    work.accept_plan(work.propose_plan(schedule(20985, 2, TODAY), "EUR"), "two payments")
    assert work.dossier.open_promise(TODAY) is None
    assert [state(promise, (), TODAY) for promise in work.dossier.promises] == ["withdrawn"]


DAYS = st.lists(st.integers(1, 300), min_size=1, max_size=6, unique=True).map(
    lambda numbers: [TODAY + timedelta(days=n) for n in sorted(numbers)]
)


@given(DAYS, st.integers(1, 300), st.none() | st.integers(1, 90_000), st.data())
def test_a_moved_payment_leaves_the_sum_and_the_order_of_days(
    days: list[date], day: int, sum_: int | None, data: st.DataObject
) -> None:
    sums = data.draw(st.lists(st.integers(1, 20_000), min_size=len(days), max_size=len(days)))
    new = rescheduled(list(zip(days, sums, strict=True)), TODAY + timedelta(days=day), sum_)
    assert sum(item.amount_minor for item in new) == sum(sums)
    assert new[0].due_on == TODAY + timedelta(days=day)
    assert [item.due_on for item in new] == sorted({item.due_on for item in new})
    assert [item.number for item in new] == list(range(1, len(new) + 1))


def test_a_changed_plan_adds_up_to_what_was_paid_and_what_is_left() -> None:
    plan = InstallmentPlan("x", "c", "EUR", 9000, schedule(9000, 3, date(2026, 12, 1)), NOON, NOON)
    paid = [Payment("p", "c", "EUR", 4000, NOON + timedelta(hours=1), "sandbox", "r")]
    bent = changed(plan, paid, schedule(5000, 1, date(2026, 12, 20)))
    assert [(i.due_on.day, i.amount_minor) for i in bent.installments] == [(1, 3000), (1, 1000), (20, 5000)]
    assert [left for _, _, left in progress(bent, paid, TODAY).installments] == [0, 0, 5000]


def heard(at: datetime) -> Exchange:
    return Exchange("in", "c", at, IN, "customer", "webchat", "yes")


def test_a_yes_means_the_offer_shown_last_and_nothing_else() -> None:
    offer = message(NOON, "reply", response="utter_plan_offer", id="o")
    other = message(NOON + timedelta(minutes=1), "reply", response="utter_rephrase", id="x")
    yes = heard(NOON + timedelta(minutes=2))
    assert shown_last([offer], PLAN_OFFERS, yes) == offer
    assert shown_last([offer, other], PLAN_OFFERS, yes) is None, "something else was said in between"
    assert shown_last([offer], PLAN_OFFERS, heard(NOON - timedelta(seconds=1))) is None, "the yes came before the offer"
    assert shown_last([replace(offer, state="failed")], PLAN_OFFERS, yes) is None, "it never arrived"
    assert shown_last([], PLAN_OFFERS, yes) is None


def test_a_link_lives_until_two_weeks_after_the_sum_is_due(ids: Iterator[Any]) -> None:
    work = at_work(ids)
    sum_ = Money("EUR", 5000)
    link = work.issue_link(sum_, "promise", due_on=TODAY + timedelta(days=30))
    assert link.expires_at.date() == TODAY + timedelta(days=44)
    assert work.issue_link(sum_, "promise", due_on=TODAY + timedelta(days=30)) == link
    longer = work.issue_link(sum_, "promise", due_on=TODAY + timedelta(days=31))
    assert longer.id != link.id, "one that ends too early is not used again"
    fresh = work.issue_link(sum_, "promise", due_on=TODAY + timedelta(days=31), fresh=True)
    states = {k.id: k.state((), work.now) for k in work.dossier.links}
    assert states == {link.id: "void", longer.id: "void", fresh.id: "open"}


def test_the_part_that_waits_to_be_paid_is_known_today_only(ids: Iterator[Any]) -> None:
    work = at_work(ids)
    link = work.issue_link(Money("EUR", 5000), "part")
    assert work.part_awaited() == Money("EUR", 5000)
    assert at_work(ids, 1, work.dossier).part_awaited() is None
    work.save(Payment("p", "c", "EUR", 5000, work.now, "sandbox", "r", link.id))
    assert work.part_awaited() is None
