"""What a person cares about: no try beyond a budget, none after a hard stop, none before now, the promise kept."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.retries import FailedCharge, Failure, Rulebook, RulebookError, plan_retry, read
from bot.domain.retries.banking import easter
from bot.retrying import retry_plan, rules

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday, ten o'clock in Paris
BOOK = rules(NOW.date())
PARIS = ZoneInfo("Europe/Paris")


def ask(code: str = "insufficient_funds", network: str = "visa", **more: object) -> dict[str, object]:
    """One charge that failed an hour ago."""
    failed = {"at": "2026-11-24T09:00:00+01:00", "code": code}
    failed |= {key: more.pop(key) for key in ("code_system", "advice") if key in more}
    line = {"network": network, "now": NOW.isoformat(), "time_zone": "Europe/Paris", "failed": [failed], **more}
    return retry_plan(line)


def day(answer: dict[str, object]) -> date:
    return datetime.fromisoformat(str(answer["next_at"])).date()


@pytest.mark.parametrize(
    ("network", "code", "more", "action"),
    [
        ("visa", "insufficient_funds", {}, "retry"),
        ("visa", "expired_card", {}, "wait_for_customer"),
        ("visa", "expired_card", {"saved_methods": 2}, "try_other_method"),
        ("visa", "authentication_required", {"saved_methods": 2}, "wait_for_customer"),
        ("visa", "stolen_card", {}, "stop"),
        ("visa", "fraudulent", {"saved_methods": 3}, "stop"),
        ("visa", "51", {"code_system": "visa"}, "retry"),
        ("visa", "05", {}, "retry"),
        ("visa", "5", {"code_system": "visa"}, "retry"),
        ("visa", "14", {"code_system": "visa"}, "stop"),
        ("visa", "R1", {"code_system": "visa", "saved_methods": 2}, "stop"),
        ("visa", "1A", {"code_system": "visa"}, "wait_for_customer"),
        ("mastercard", "insufficient_funds", {"advice": "03"}, "stop"),
        ("mastercard", "insufficient_funds", {"advice": "21", "saved_methods": 2}, "stop"),
        ("mastercard", "51", {"code_system": "mastercard", "advice": "02"}, "retry"),
        ("mastercard", "51", {"code_system": "mastercard"}, "wait_for_customer"),
        ("mastercard", "51", {"code_system": "mastercard", "advice": "01"}, "wait_for_customer"),
        ("mastercard", "51", {"code_system": "mastercard", "advice": "40"}, "wait_for_customer"),
        ("mastercard", "51", {"code_system": "mastercard", "advice": "41", "saved_methods": 2}, "try_other_method"),
        ("visa", "generic_decline", {"advice": "do_not_try_again"}, "stop"),
        ("sepa", "AM04", {}, "retry"),
        ("sepa", "MD07", {"saved_methods": 2}, "stop"),
        ("sepa", "AC01", {}, "wait_for_customer"),
        ("ach", "R01", {}, "retry"),
        ("ach", "R10", {"saved_methods": 2}, "stop"),
        ("ach", "R08", {}, "wait_for_customer"),
        ("bacs", "0", {}, "retry"),
        ("bacs", "B", {}, "stop"),
        ("other", "insufficient_funds", {"holds": ["dispute"]}, "stop"),
    ],
)
def test_what_a_code_asks_for(network: str, code: str, more: dict[str, object], action: str) -> None:
    answer = ask(code, network, **more)
    assert answer["action"] == action, answer
    assert answer["rule"] and answer["source"]
    assert ("next_at" in answer) == (action in ("retry", "try_other_method"))


@pytest.mark.parametrize(
    ("code", "system"), [("brand_new", "stripe"), ("ZZ", "visa"), ("XX99", "sepa"), ("R77", "ach")]
)
def test_an_unknown_code_is_not_retried_and_says_so(code: str, system: str) -> None:
    answer = ask(code, "other", code_system=system)
    assert answer["action"] == "wait_for_customer" and "unknown" in str(answer["rule"])


def test_without_a_code_nothing_is_assumed() -> None:
    line = {"network": "visa", "now": NOW.isoformat(), "failed": [{"at": "2026-11-24T08:00:00Z"}]}
    assert retry_plan(line)["action"] == "wait_for_customer"


@pytest.mark.parametrize(("advice", "days"), [("24", 2), ("25", 2), ("26", 2), ("02", 3), ("27", 4), ("28", 6), ("29", 8), ("30", 10)])  # fmt: skip
def test_the_wait_that_a_network_asks_for_is_kept(advice: str, days: int) -> None:
    at = datetime.fromisoformat(str(ask(network="mastercard", advice=advice)["next_at"]))
    assert timedelta(days=days) <= at - NOW + timedelta(hours=1) <= timedelta(days=days + 3)


def test_three_tries_three_to_five_days_apart_at_different_times_of_day() -> None:
    failed = [Failure(NOW - timedelta(hours=1), "insufficient_funds", "stripe")]
    while (plan := plan_retry(FailedCharge("visa", tuple(failed), PARIS), BOOK, failed[-1].at)).next_at:
        assert timedelta(days=3) <= plan.next_at - failed[-1].at <= timedelta(days=5)
        failed.append(Failure(plan.next_at, "insufficient_funds", "stripe"))
    assert plan.action == "stop" and len(failed) == 4
    assert len({failure.at.astimezone(PARIS).hour for failure in failed[1:]}) == 3


def test_a_fault_of_the_machinery_is_tried_again_sooner() -> None:
    assert day(ask("processing_error")) < day(ask("insufficient_funds"))


@pytest.mark.parametrize(
    ("network", "code", "promised", "expected"),
    [
        ("visa", "insufficient_funds", "2026-12-05", date(2026, 12, 5)),
        ("visa", "insufficient_funds", "2026-11-24", date(2026, 11, 24)),
        ("visa", "insufficient_funds", "2026-11-25", date(2026, 11, 25)),
        ("sepa", "AM04", "2026-12-05", date(2026, 12, 7)),  # a Saturday: banks work again on Monday
        ("sepa", "AM04", "2026-12-25", date(2026, 12, 28)),
        ("bacs", "0", "2026-12-04", date(2026, 12, 4)),
    ],
)
def test_a_promise_moves_the_retry_to_the_promised_day(network: str, code: str, promised: str, expected: date) -> None:
    answer = ask(code, network, promise_on=promised)
    assert day(answer) == expected and str(answer["rule"]).startswith("promise")


def test_a_promise_yields_to_the_wait_that_the_network_asks_for() -> None:
    assert day(ask(network="mastercard", advice="30", promise_on="2026-11-26")) == date(2026, 12, 4)


def test_a_promise_whose_day_has_passed_holds_nothing_back() -> None:
    assert ask(promise_on="2026-11-20") == ask()


def test_a_promise_does_not_revive_a_stolen_card() -> None:
    assert ask("stolen_card", promise_on="2026-12-05")["action"] == "stop"


def test_the_pay_day_that_the_customer_named_is_waited_for() -> None:
    answer = ask(pay_day=4)
    assert day(answer) == date(2026, 12, 4) and "pay-day" in str(answer["rule"])


def test_the_month_end_is_taken_when_it_is_near() -> None:
    failed = [{"at": "2026-11-26T08:00:00Z", "code": "insufficient_funds"}]
    answer = retry_plan(
        {"network": "visa", "now": "2026-11-26T09:00:00Z", "time_zone": "Europe/Paris", "failed": failed}
    )
    assert day(answer) in (date(2026, 11, 30), date(2026, 12, 1)) and "pay-day" in str(answer["rule"])


def test_a_hard_stop_is_not_forgotten_after_a_later_soft_one() -> None:
    failed = [
        {"at": "2026-11-20T08:00:00Z", "code": "lost_card"},
        {"at": "2026-11-24T08:00:00Z", "code": "insufficient_funds"},
    ]
    assert retry_plan({"network": "visa", "now": NOW.isoformat(), "failed": failed})["action"] == "stop"


def test_the_budget_of_a_network_closes_and_opens_again() -> None:
    tries = [{"at": f"2026-11-{4 + n:02}T08:00:00Z", "code": "R01"} for n in (0, 8, 16)]
    answer = retry_plan({"network": "ach", "now": NOW.isoformat(), "failed": tries})
    assert answer["action"] == "stop" and "ach-retries" in str(answer["rule"])
    assert retry_plan({"network": "ach", "now": NOW.isoformat(), "failed": tries[:2]})["action"] == "retry"
    long_ago = [{"at": "2026-04-01T08:00:00Z", "code": "R01"}]
    assert retry_plan({"network": "ach", "now": NOW.isoformat(), "failed": long_ago})["action"] == "stop"


CODES = {
    "visa": ("visa", "stripe"), "mastercard": ("stripe", "mastercard"), "sepa": ("sepa",), "ach": ("ach",),
    "bacs": ("bacs",), "other": ("stripe",),
}  # fmt: skip


@st.composite
def charges(draw: st.DrawFn) -> tuple[FailedCharge, datetime]:
    network = draw(st.sampled_from(sorted(CODES)))
    system = draw(st.sampled_from(CODES[network]))
    known = sorted(code for owner, code in BOOK.codes if owner == system) or ["51"]
    advice = st.none() | st.sampled_from(["02", "24", "25", "26", "30", "03", "01", "40", "99"])
    code = st.sampled_from([*known, "unheard_of"])
    ages = draw(st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=18))
    failed = tuple(Failure(NOW - timedelta(minutes=age), draw(code), system, draw(advice)) for age in ages)
    zone = ZoneInfo(draw(st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])))
    promise = draw(st.none() | st.dates(date(2026, 11, 1), date(2027, 3, 1)))
    pay_day = draw(st.none() | st.integers(1, 31))
    return FailedCharge(network, failed, zone, promise, draw(st.integers(0, 3)), pay_day), NOW


def tries_in(tries: list[datetime], span: timedelta, at: datetime) -> int:
    return sum(at - span < one <= at for one in tries)


@given(charges())
def test_no_charge_is_tried_before_now_beyond_a_budget_or_after_a_hard_stop(
    drawn: tuple[FailedCharge, datetime],
) -> None:
    charge, now = drawn
    plan = plan_retry(charge, BOOK, now)
    if plan.next_at is not None:
        assert plan.next_at >= now and plan.next_at.utcoffset() is not None
    if plan.action != "retry":
        return
    assert plan.next_at is not None
    tries = sorted(failure.at for failure in charge.failed)
    first, all_tries = tries[0], [*tries, plan.next_at]
    for failure in charge.failed:
        rule = BOOK.codes.get((failure.system, failure.code))
        assert rule is None or rule.action != "stop"
        assert failure.advice not in ("03",)
        wait = BOOK.advised(charge.network, failure.advice) if failure.advice else None
        assert wait is None or wait.wait is None or plan.next_at >= failure.at + wait.wait
    assert charge.network in ("sepa", "ach", "bacs") or len(all_tries) <= 4
    if charge.network == "visa":
        assert tries_in(all_tries, timedelta(days=30), plan.next_at) <= 15
    if charge.network == "mastercard":
        assert tries_in(all_tries, timedelta(hours=24), plan.next_at) <= 10
    if charge.network in ("sepa", "ach"):
        assert len(all_tries) <= 3
    if charge.network == "ach":
        assert plan.next_at <= first + timedelta(days=180)
    if charge.network == "bacs":
        assert len(all_tries) <= 4 and plan.next_at <= first + timedelta(days=31)
    if charge.network in ("sepa", "ach", "bacs"):
        assert plan.next_at.weekday() < 5
    today = now.astimezone(charge.zone).date()
    if charge.promise_on is not None and charge.promise_on >= today:
        assert plan.next_at.date() >= charge.promise_on
    else:
        assert plan.next_at - tries[-1] >= timedelta(days=2)


@given(charges())
def test_following_the_plan_comes_to_an_end(drawn: tuple[FailedCharge, datetime]) -> None:
    charge, now = drawn
    failed = charge.failed[:1]
    for _ in range(6):
        plan = plan_retry(FailedCharge(charge.network, failed, charge.zone), BOOK, now)
        if plan.action != "retry":
            return
        assert plan.next_at is not None
        now = plan.next_at
        failed = (*failed, Failure(now, failed[0].code, failed[0].system, failed[0].advice))
    raise AssertionError("a charge is tried without end")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"network": "amex"}, "network"), ({"failed": []}, "failed"), ({"failed": None}, "failed"),
        ({"failed": [{"code": "x"}]}, "failed"), ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"promise_on": "soon"}, "promise_on"), ({"saved_methods": -1}, "saved_methods"), ({"now": "noon"}, "now"),
        ({"failed": [{"at": "2027-01-01T00:00:00Z", "code": "51"}]}, "after now"),
        ({"failed": [{"at": "2026-11-24T00:00:00Z", "code": "51", "code_system": "morse"}]}, "code_system"),
    ],
)  # fmt: skip
def test_a_bad_line_names_what_is_wrong(change: dict[str, object], named: str) -> None:
    line = {
        "network": "visa", "now": NOW.isoformat(), "failed": [{"at": "2026-11-24T08:00:00Z", "code": "51"}], **change,
    }  # fmt: skip
    with pytest.raises(ValueError, match=named):
        retry_plan(line)


def test_every_rule_names_its_source() -> None:
    origins = [rule.origin for rule in (*BOOK.codes.values(), *BOOK.advice.values())]
    origins += [limit.origin for network in BOOK.networks.values() for limit in network.limits]
    assert all(origin.cite and (origin.basis == "house") == (origin.conf == "none") for origin in origins)


def test_dated_rules_apply_from_their_day() -> None:
    def book(on: date) -> Rulebook:
        house = {
            "schedule": {"id": "s", "basis": "house", "cite": "house", "conf": "none", "most_tries": 4,
                         "after_days": [3, 5], "technical_days": [2, 3], "min_gap": "P2D", "cool_down": "PT2H"},
            "pay_days": {"id": "p", "basis": "house", "cite": "house", "conf": "none", "days": [1], "wait_at_most": "P12D"},
            "chances": {"weight": 60, "shares": {"generic": {"pay_day": 0.2, "weekday": 0.2, "weekend": 0.1}}},
            **{name: {"id": name, "basis": "house", "cite": "house", "conf": "none"} for name in ("promise", "hold", "unknown")},
            "networks": [{"network": "other", "rail": "card", "hours": ["09:00"], "limits": [
                {"id": "old", "most": 15, "within": "P30D", "to": date(2027, 1, 1), "basis": "scheme", "conf": "primary", "cite": "x"},
                {"id": "new", "most": 20, "within": "P30D", "from": date(2027, 1, 1), "basis": "scheme", "conf": "primary", "cite": "x"},
            ]}],
        }  # fmt: skip
        return read({"house.yml": house}, on)

    assert [limit.origin.id for limit in book(date(2026, 12, 31)).networks["other"].limits] == ["old"]
    assert [limit.origin.id for limit in book(date(2027, 1, 1)).networks["other"].limits] == ["new"]


def test_wrong_network_data_name_the_file() -> None:
    with pytest.raises(RulebookError, match=r"visa\.yml.*'hurs'"):
        read({"visa.yml": {"networks": [{"network": "visa", "rail": "card", "hurs": []}]}}, NOW.date())


@pytest.mark.parametrize(
    ("network", "closed", "open_"),
    [
        ("sepa", date(2027, 3, 26), date(2026, 7, 14)),  # Good Friday; no national holiday closes TARGET
        ("sepa", date(2027, 3, 29), date(2027, 3, 30)),
        ("ach", date(2026, 11, 26), date(2026, 12, 24)),  # Thanksgiving
        ("ach", date(2027, 7, 5), date(2027, 7, 6)),  # 4 July on a Sunday
        ("bacs", date(2027, 12, 28), date(2027, 12, 29)),  # 25 and 26 December on a week-end
    ],
)
def test_banks_rest_on_their_holidays(network: str, closed: date, open_: date) -> None:
    assert BOOK.networks[network].closed.on(closed) and not BOOK.networks[network].closed.on(open_)


@pytest.mark.parametrize("day_", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2049, 4, 18), date(2076, 4, 19)])  # fmt: skip
def test_easter(day_: date) -> None:
    assert easter(day_.year) == day_
