from typing import Any

import pytest

from bot.bargaining import negotiate
from bot.domain.negotiation import PolicyError

ARREARS = {"minor": 20985, "currency": "EUR"}
TODAY = "2026-11-24"


def ask(proposal: Any = None, default: Any = None, **more: Any) -> dict[str, Any]:
    item = {"arrears": ARREARS, "today": TODAY, **({} if proposal is None else {"proposal": proposal}), **more}
    return negotiate(item, default or {})


def sums(answer: dict[str, Any]) -> list[int]:
    return [row["amount_minor"] for row in answer["offer"]["installments"]]


def test_a_proposal_that_says_nothing_is_answered_by_an_offer_and_never_accepted() -> None:
    for empty in (None, {}, {"count": None}):
        answer = ask(empty)
        assert (answer["decision"], answer["why"]) == ("counter", ["no_terms_named"])
        assert sum(sums(answer)) == 20985


def test_payments_that_do_not_add_up_are_answered_by_what_can_be_paid_a_month() -> None:
    answer = ask({"count": 3, "monthly_minor": 4000})
    assert answer["decision"] == "counter" and "does_not_add_up" in answer["why"]
    assert max(sums(answer)) <= 4000 and sum(sums(answer)) == 20985


def test_a_number_of_payments_beside_a_sum_that_suffices_is_granted() -> None:
    assert sums(ask({"count": 3, "monthly_minor": 7000})) == [7000, 7000, 6985]
    assert len(sums(ask({"count": 6, "monthly_minor": 5000}))) == 6


def test_a_part_today_comes_before_the_instalments() -> None:
    answer = ask({"now_minor": 5000, "count": 3})
    assert answer["decision"] == "accept" and sums(answer) == [5000, 5328, 5328, 5329]
    days = [row["due_on"] for row in answer["offer"]["installments"]]
    assert days == ["2026-11-24", "2026-12-24", "2027-01-24", "2027-02-24"]


def test_after_a_broken_plan_a_person_decides_with_the_proposal_ready() -> None:
    answer = ask({"count": 4}, history={"broken_plans": 1})
    assert (answer["decision"], len(sums(answer))) == ("escalate", 4) and "broken_plans" in answer["why"]
    assert ask({"count": 4}, history={"broken_plans": 0})["decision"] == "accept"
    assert ask({"count": 4}, history={"broken_plans": 1}, policy={"max_broken_plans": 2})["decision"] == "accept"


def test_insisting_after_the_same_offer_reaches_a_person() -> None:
    first = ask({"count": 10})
    again = ask({"count": 10}, history={"offers": [first["offer"]["installments"]]})
    assert (first["decision"], again["decision"]) == ("counter", "escalate")


def test_the_configured_limits_are_read_in_the_currency_at_hand() -> None:
    configured = {"min_installment_minor": 2000}
    yen = ask({"count": 6}, configured, arrears={"minor": 6000, "currency": "JPY"})
    assert (yen["decision"], sums(yen)) == ("accept", [1000] * 6), "20.00 is 20 yen"
    dinar = ask({"count": 2}, configured, arrears={"minor": 39000, "currency": "TND"})
    assert dinar["why"] == ["instalment_below_minimum"], "20.00 is 20000 millimes"
    own = ask({"count": 6}, arrears={"minor": 6000, "currency": "JPY"}, policy={"min_installment_minor": 2000})
    assert len(sums(own)) == 3, "a limit given with the proposal is in its minor units"


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ({"proposal": {"coutn": 3}}, "coutn"), ({"proposals": {}}, "proposals"), ({"proposal": {"count": "3"}}, "count"),
        ({"proposal": {"count": 3.0}}, "count"), ({"proposal": {"count": True}}, "count"),
        ({"proposal": {"count": 0}}, "count"), ({"proposal": {"monthly_minor": "40"}}, "monthly_minor"),
        ({"proposal": {"first_on": "soon"}}, "first_on"), ({"proposal": {"first_on": 5}}, "first_on"),
        ({"proposal": [3]}, "proposal"), ({"history": {"broken": 1}}, "broken"), ({"history": 2}, "history"),
        ({"history": {"broken_plans": "1"}}, "broken_plans"), ({"history": {"offers": [3]}}, "history.offers"),
        ({"arrears": {"minor": 100, "currency": "ZZZ"}}, "ZZZ"), ({"arrears": {"minor": "1", "currency": "EUR"}}, "minor"),
        ({"arrears": {"minor": 1, "currency": "EUR", "debt": 1}}, "debt"), ({"arrears": None}, "arrears"),
        ({"today": "yesterday"}, "today"), ({"policy": 3}, "policy"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(item: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        negotiate({"arrears": ARREARS, **item}, {})


def test_an_unknown_limit_is_named() -> None:
    with pytest.raises(PolicyError, match="max_cuont"):
        ask({"count": 3}, policy={"max_cuont": 3})


def test_facts_of_the_history_choose_the_segment() -> None:
    policy = {"segments": [{"when": {"hardship": 1}, "max_count": 10, "max_months": 10}]}
    assert ask({"count": 10}, policy, history={"hardship": True})["decision"] == "accept"
    assert ask({"count": 10}, policy)["decision"] == "counter"
    with pytest.raises(ValueError, match="hardship"):
        ask({"count": 3}, history={"hardship": 1})
