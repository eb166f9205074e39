"""Retries learn from outcomes: slowly, week by week, and only where the book really says something else."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.app import build
from bot.domain.retries import FailedCharge, Failure, Rulebook, plan_retry
from bot.domain.retries.banking import WEEKDAYS
from bot.domain.retries.learning import PAY_DAY, Experience, Tried
from bot.importing import check
from bot.ports import SetClock
from bot.retrying import Learned, retry_plan, rules, tried
from bot.settings import load
from bot.understanding.reader import Reader

# A Monday: the try belongs to the 12th to the 14th, which is a Saturday; its pay-day is paid on Monday the 16th.
FAILED_AT = datetime(2026, 11, 9, 6, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
BOOK = rules(FAILED_AT.date())
HOURS = BOOK.networks["visa"].hours
BEFORE = FAILED_AT - timedelta(days=20)


def planned(*lessons: Tried, code: str = "insufficient_funds") -> datetime:
    charge = FailedCharge("visa", (Failure(FAILED_AT, code, "stripe"),), PARIS)
    plan = plan_retry(charge, taught(*lessons), FAILED_AT)
    assert plan.next_at is not None
    return plan.next_at


def taught(*lessons: Tried) -> Rulebook:
    return replace(BOOK, experience=Experience(lessons))


def many(day: str, paid: int, tries: int, hour: time = HOURS[1], at: datetime = BEFORE) -> list[Tried]:
    return [Tried(at, "funds", day, hour, n < paid) for n in range(tries)]


def test_without_outcomes_the_house_rhythm_stands() -> None:
    assert planned().date() == date(2026, 11, 12)


def test_a_few_outcomes_move_nothing_and_many_move_the_day() -> None:
    assert planned(*many("fri", 1, 1)) == planned()
    assert planned(*many("fri", 60, 100)).date() == date(2026, 11, 13)


def test_an_hour_that_works_better_is_taken_on_the_same_day() -> None:
    better = planned(*many("thu", 10, 100, HOURS[1]), *many("thu", 60, 100, HOURS[3]))
    assert (better.date(), better.time()) == (date(2026, 11, 12), HOURS[3])


def test_what_refusals_of_another_kind_teach_is_not_mixed_in() -> None:
    assert planned(*many("fri", 60, 100), code="generic_decline") == planned(code="generic_decline")


def test_what_was_learned_after_the_week_of_the_failure_does_not_move_the_try() -> None:
    assert planned(*many("fri", 60, 100, at=FAILED_AT + timedelta(hours=1))) == planned()


@given(st.lists(st.builds(
    Tried, st.just(BEFORE), st.sampled_from(["funds", "generic", "technical"]), st.sampled_from([*WEEKDAYS, PAY_DAY]),
    st.sampled_from(HOURS), st.booleans(),
), max_size=60))  # fmt: skip
def test_no_lesson_leads_out_of_the_rhythm_or_beyond_a_probability(lessons: list[Tried]) -> None:
    at = planned(*lessons)
    assert timedelta(days=3) <= at - FAILED_AT <= timedelta(days=5)
    known = Experience(lessons).before(FAILED_AT, BOOK.chances)
    for day in (*WEEKDAYS, PAY_DAY):
        assert 0 < known.chance("funds", day, HOURS[0]).share < 1


def test_the_plan_says_what_it_was_weighed_by() -> None:
    line = {"network": "visa", "now": FAILED_AT.isoformat(), "time_zone": "Europe/Paris", "explain": True,
            "failed": [{"at": FAILED_AT.isoformat(), "code": "insufficient_funds"}]}  # fmt: skip
    why = retry_plan(line)["why"]
    assert any("20% expected" in text and "no try like it yet" in text for text in why)
    assert any("visa-cap: at most 15" in text for text in why) and any("try 2 of 4" in text for text in why)
    lessons = [
        {"at": BEFORE.isoformat(), "fault": "funds", "day": "fri", "hour": "13:00", "paid": n < 60} for n in range(100)
    ]
    taught = retry_plan({**line, "outcomes": lessons})
    assert str(taught["next_at"]).startswith("2026-11-13") and "60 of 100 tries" in taught["why"][-1]


async def test_the_book_itself_teaches_what_its_charges_have_shown(tmp_path: Path) -> None:
    at = datetime(2026, 11, 1, 6, tzinfo=UTC)
    clock = SetClock(datetime(2026, 11, 4, 8, 35, tzinfo=UTC))
    found = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(found, clock, reader=Reader(None))  # type: ignore[arg-type]
    row = {
        "customer": {"ref": "C-1", "name": "Claire", "jurisdiction": "FR", "payment_methods": [
            {"provider": "sandbox", "reference": "from:2026-11-09:insufficient_funds", "network": "visa", "label": "Visa"}]},
        "invoice": {"number": "F-1", "currency": "EUR", "amount_minor": 12990, "issued_on": "2026-10-01", "due_on": "2026-11-01",
                    "subscription": {"ref": "S-1"}, "failure": {"code": "processing_error", "at": at.isoformat()}},
    }  # fmt: skip
    await app.store.import_rows([check(1, row)], False)
    for day in range(12):
        clock.at = datetime(2026, 11, 4, 12, 5, tzinfo=UTC) + timedelta(days=day)
        await app.worker.tick()
        await app.worker.tick()
    seen = list(tried(await app.store.retries(at), BOOK))
    assert [(one.fault, one.paid) for one in seen] == [("technical", False), ("funds", True)]
    learned = Learned()
    await learned.learn(app.store, clock.at + timedelta(days=7))
    known = learned(clock.at.date()).experience.before(clock.at + timedelta(days=7), BOOK.chances)
    assert known.days[("funds", seen[1].day)] == (1, 1)
    await app.close()
