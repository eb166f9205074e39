from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money
from bot.domain.negotiation import Decision, Policy, PolicyError, Proposal, Standing, breaches, decide, most_instalments
from bot.domain.plans import Installment, add_months

TODAY = date(2026, 11, 24)
POLICY = Policy()
PROPOSALS = st.builds(
    Proposal, st.none() | st.integers(1, 60), st.none() | st.integers(1, 500_000),
    st.none() | st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=300)),
)  # fmt: skip
ARREARS = st.integers(1, 2_000_000).map(lambda minor: Money("EUR", minor))


def inside(items: tuple[Installment, ...], arrears: Money) -> bool:
    count = len(items)
    return (
        sum(i.amount_minor for i in items) == arrears.minor
        and 1 <= count <= 6
        and (count == 1 or min(i.amount_minor for i in items) >= 2000)
        and TODAY <= items[0].due_on <= TODAY + timedelta(days=30)
        and items[-1].due_on <= add_months(TODAY, 6) + timedelta(days=1)
    )


@given(ARREARS, PROPOSALS)
def test_what_is_granted_or_offered_is_never_outside_the_policy(arrears: Money, proposal: Proposal) -> None:
    decision = decide(arrears, proposal, POLICY, TODAY)
    if decision.decision in ("accept", "counter"):
        assert inside(decision.installments, arrears)
    assert decision.why


@given(ARREARS, PROPOSALS)
def test_equal_facts_get_equal_answers(arrears: Money, proposal: Proposal) -> None:
    assert decide(arrears, proposal, POLICY, TODAY) == decide(arrears, proposal, POLICY, TODAY)


@given(ARREARS, st.lists(PROPOSALS, min_size=12, max_size=12))
def test_bargaining_ends_and_never_takes_an_offer_back(arrears: Money, proposals: list[Proposal]) -> None:
    offered: list[tuple[Installment, ...]] = []
    for proposal in proposals:
        decision = decide(arrears, proposal, POLICY, TODAY, offered)
        if decision.decision in ("escalate", "refuse"):
            return
        if decision.decision == "counter":
            if offered and proposal.count is not None and proposal.count >= len(offered[-1]):
                assert len(decision.installments) >= len(offered[-1])
            offered.append(decision.installments)
        assert len(offered) <= POLICY.max_counters
    assert len(offered) <= POLICY.max_counters


@pytest.mark.parametrize(
    ("proposal", "decision", "count", "why"),
    [
        (Proposal(3), "accept", 3, "within_policy"),
        (Proposal(6), "accept", 6, "within_policy"),
        (Proposal(7), "counter", 6, "too_many_instalments"),
        (Proposal(monthly_minor=4000), "accept", 4, "within_policy"),
        (Proposal(monthly_minor=1000), "counter", 6, "too_many_instalments"),
        (Proposal(2, first_on=TODAY + timedelta(days=30)), "accept", 2, "within_policy"),
        (Proposal(2, first_on=TODAY + timedelta(days=31)), "counter", 2, "first_payment_too_late"),
        (Proposal(2, first_on=TODAY - timedelta(days=1)), "counter", 2, "first_payment_in_the_past"),
    ],
)
def test_the_answers_at_the_limits(proposal: Proposal, decision: str, count: int, why: str) -> None:
    answer = decide(Money("EUR", 12990), proposal, POLICY, TODAY)
    assert (answer.decision, len(answer.installments), answer.why[0]) == (decision, count, why)


def test_a_small_debt_is_not_cut_below_the_smallest_instalment() -> None:
    answer = decide(Money("EUR", 5000), Proposal(5), POLICY, TODAY)
    assert (answer.decision, [i.amount_minor for i in answer.installments]) == ("counter", [2500, 2500])


def test_insisting_on_terms_beyond_the_policy_reaches_a_person_with_the_proposal_ready() -> None:
    first = decide(Money("EUR", 12990), Proposal(10), POLICY, TODAY)
    again = decide(Money("EUR", 12990), Proposal(10), POLICY, TODAY, [first.installments])
    assert again.decision == "escalate" and len(again.installments) == 10


def test_nothing_owed_is_not_spread() -> None:
    assert decide(Money("EUR", 0), Proposal(3), POLICY, TODAY).decision == "refuse"


@pytest.mark.parametrize(
    ("raw", "named"),
    [({"max_cuont": 3}, "max_cuont"), ({"max_count": 0}, "max_count"), ({"max_count": "6"}, "max_count")],
)
def test_a_wrong_policy_names_the_limit(raw: dict[str, object], named: str) -> None:
    with pytest.raises(PolicyError, match=named):
        Policy.read(raw)


FULL = st.builds(
    Proposal, st.none() | st.integers(1, 60), st.none() | st.integers(1, 500_000),
    st.none() | st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=300)),
    st.none() | st.integers(1, 31), st.none() | st.integers(1, 500_000),
)  # fmt: skip
POLICIES = st.builds(
    Policy, st.integers(1, 24), st.integers(1, 24), st.integers(1, 10_000), st.integers(1, 60),
    usual_count=st.integers(1, 6), max_counters=st.integers(1, 4),
)  # fmt: skip


@given(ARREARS, FULL, POLICIES)
def test_no_offer_lies_outside_any_policy_and_each_says_why(arrears: Money, proposal: Proposal, policy: Policy) -> None:
    decision = decide(arrears, proposal, policy, TODAY)
    assert decision.decision in ("accept", "counter") and decision.why
    assert breaches(decision.installments, arrears, policy, TODAY) == ()


@given(ARREARS, FULL, POLICIES)
def test_an_acceptance_is_what_the_customer_asked_for(arrears: Money, proposal: Proposal, policy: Policy) -> None:
    decision = decide(arrears, proposal, policy, TODAY)
    if decision.decision != "accept":
        return
    plan, down = decision.installments, proposal.down_minor
    if proposal.count is not None and (down is None or down < arrears.minor):
        assert len(plan) == proposal.count
    after = plan if down is None else plan[1:]
    if down is not None:
        assert plan[0].due_on == TODAY and plan[0].amount_minor == min(down, arrears.minor)
    if proposal.monthly_minor is not None and len(after) > 0:
        assert max(item.amount_minor for item in after) <= proposal.monthly_minor
    if proposal.first_on is not None and down is None:
        assert plan[0].due_on == proposal.first_on
    elif proposal.pay_day is not None and down is None:
        assert all(i.due_on.day == proposal.pay_day or (i.due_on + timedelta(days=1)).day == 1 for i in plan)


def play(arrears: Money, proposals: list[Proposal], policy: Policy) -> list[Decision]:
    """A whole bargain, as a conversation would carry it: what was offered and what was asked before."""
    answers: list[Decision] = []
    for number, proposal in enumerate(proposals):
        offered = [answer.installments for answer in answers]
        answers.append(decide(arrears, proposal, policy, TODAY, offered, proposals[:number]))
        if answers[-1].decision != "counter":
            break
    return answers


@given(ARREARS, st.lists(FULL, min_size=8, max_size=8), POLICIES)
def test_no_counter_is_worse_for_the_customer_than_an_earlier_one(
    arrears: Money, proposals: list[Proposal], policy: Policy
) -> None:
    answers = play(arrears, proposals, policy)
    longest = most_instalments(arrears.minor, policy)
    for number, answer in enumerate(answers):
        if answer.decision != "counter":
            continue
        assert breaches(answer.installments, arrears, policy, TODAY) == ()
        asked = proposals[number]
        for earlier in answers[:number]:
            more = (asked.count or 0) >= longest or (
                asked.monthly_minor or longest * arrears.minor
            ) * longest <= arrears.minor
            if more and asked.down_minor is None:
                assert len(answer.installments) >= len(earlier.installments)
            if asked.first_on is None and asked.pay_day is None and asked.down_minor is None:
                assert answer.installments[0].due_on >= earlier.installments[0].due_on


@given(ARREARS, st.lists(FULL, min_size=8, max_size=8), POLICIES)
def test_every_bargain_ends(arrears: Money, proposals: list[Proposal], policy: Policy) -> None:
    answers = play(arrears, proposals, policy)
    assert answers[-1].decision in ("accept", "escalate")
    assert len(answers) <= policy.max_counters + 1


def test_whoever_comes_closer_is_answered_before_a_person_is_called() -> None:
    answers = play(Money("EUR", 12990), [Proposal(12), Proposal(10), Proposal(8), Proposal(6)], POLICY)
    assert [answer.decision for answer in answers] == ["counter", "counter", "counter", "accept"]
    assert [answer.decision for answer in play(Money("EUR", 12990), [Proposal(10)] * 3, POLICY)] == [
        "counter",
        "escalate",
    ]


def test_a_sum_that_does_not_cover_its_number_of_payments_is_met_with_more_payments() -> None:
    answer = decide(Money("EUR", 12990), Proposal(3, 3000), POLICY, TODAY)
    assert (answer.decision, answer.why) == ("counter", ("sum_does_not_cover",))
    assert [i.amount_minor for i in answer.installments] == [2598] * 5


def test_the_last_payment_keeps_to_the_least_instalment_too() -> None:
    answer = decide(Money("EUR", 7500), Proposal(monthly_minor=3000), POLICY, TODAY)
    assert [i.amount_minor for i in answer.installments] == [2500, 2500, 2500]


def test_payments_follow_the_pay_day_through_short_months() -> None:
    answer = decide(Money("EUR", 12000), Proposal(4, pay_day=31), POLICY, TODAY)
    assert [i.due_on for i in answer.installments] == [
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2027, 2, 28),
    ]


def test_a_part_paid_today_lowers_what_follows() -> None:
    answer = decide(Money("EUR", 12990), Proposal(4, down_minor=6000), POLICY, TODAY)
    assert answer.decision == "accept" and answer.installments[0] == Installment(1, TODAY, 6000)
    assert [i.amount_minor for i in answer.installments[1:]] == [2330, 2330, 2330]


@pytest.mark.parametrize(
    ("minor", "proposal", "why", "sums"),
    [
        (12990, Proposal(3, down_minor=500), "down_payment_below_minimum", [2000, 5495, 5495]),
        (5000, Proposal(down_minor=4000), "rest_below_minimum", [3000, 2000]),
        (13000, Proposal(6, down_minor=8000), "instalment_below_minimum", [8000, 2500, 2500]),
        (3000, Proposal(down_minor=2000), "instalment_below_minimum", [3000]),
    ],
)
def test_a_part_paid_today_that_does_not_fit_is_met_half_way(
    minor: int, proposal: Proposal, why: str, sums: list[int]
) -> None:
    answer = decide(Money("EUR", minor), proposal, POLICY, TODAY)
    assert answer.decision == "counter" and why in answer.why
    assert [i.amount_minor for i in answer.installments] == sums


def test_letting_a_part_of_the_debt_go_is_for_a_person() -> None:
    answer = decide(Money("EUR", 12990), Proposal(settle_minor=9000), POLICY, TODAY)
    assert (answer.decision, answer.why) == ("escalate", ("settlement_needs_a_person",))
    assert [i.amount_minor for i in answer.installments] == [9000]


def test_a_day_far_in_the_future_is_countered_and_then_passed_on() -> None:
    far = Proposal(10, first_on=date.max)
    first = decide(Money("EUR", 12990), far, POLICY, TODAY)
    again = decide(Money("EUR", 12990), far, POLICY, TODAY, [first.installments])
    assert first.decision == "counter" and again.decision == "escalate"


def test_segments_widen_or_narrow_the_policy_by_facts_alone() -> None:
    policy = Policy.read(
        {
            "max_count": 6,
            "segments": [
                {"when": {"hardship": 1}, "max_count": 12, "max_months": 12, "min_installment_minor": 1000},
                {"when": {"broken_plans": 1}, "max_count": 3},
            ],
        }
    )
    arrears = Money("EUR", 24000)
    assert decide(arrears, Proposal(12), policy, TODAY, standing=Standing(hardship=True)).decision == "accept"
    assert len(decide(arrears, Proposal(12), policy, TODAY, standing=Standing(broken_plans=1)).installments) == 3
    assert len(decide(arrears, Proposal(12), policy, TODAY).installments) == 6


@pytest.mark.parametrize(
    ("segment", "named"),
    [({"max_count": 3}, "when"), ({"when": {"name": 1}}, "name"), ({"when": {}, "max_cuont": 1}, "max_cuont")],
)
def test_a_wrong_segment_names_the_place(segment: dict[str, object], named: str) -> None:
    with pytest.raises(PolicyError, match=f"segment 1.*{named}"):
        Policy.read({"segments": [segment]})
