from dataclasses import replace
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


@given(ARREARS, PROPOSALS, st.integers(1, 500_000))
def test_a_part_today_stays_inside_the_policy_too(arrears: Money, proposal: Proposal, now: int) -> None:
    decision = decide(arrears, replace(proposal, now_minor=now), POLICY, TODAY)
    items = decision.installments
    assert sum(item.amount_minor for item in items) == arrears.minor
    assert [item.due_on for item in items] == sorted(item.due_on for item in items)
    if decision.decision in ("accept", "counter"):
        assert len(items) <= 6 and items[0].due_on == TODAY and items[-1].due_on <= add_months(TODAY, 6)
        assert items[0].amount_minor == min(max(now, 500), arrears.minor)
        assert len(items) <= 2 or min(item.amount_minor for item in items[1:]) >= 2000


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
    st.none() | st.integers(1, 500_000), st.none() | st.dates(TODAY - timedelta(days=5), TODAY + timedelta(days=200)),
    st.none() | st.integers(1, 31),
)  # fmt: skip
POLICIES = st.builds(
    Policy, st.integers(1, 24), st.integers(1, 24), st.integers(1, 10_000), st.integers(1, 60), st.integers(1, 3000),
    usual_count=st.integers(1, 6), max_counters=st.integers(1, 4),
)  # fmt: skip


def outside(decision: Decision, proposal: Proposal, arrears: Money, policy: Policy) -> tuple[str, ...]:
    return breaches(decision.installments, arrears, policy, TODAY, part=proposal.now_minor is not None)


@given(ARREARS, FULL, POLICIES)
def test_no_offer_lies_outside_any_policy_and_each_says_why(arrears: Money, proposal: Proposal, policy: Policy) -> None:
    decision = decide(arrears, proposal, policy, TODAY)
    assert decision.decision in ("accept", "counter") and decision.why
    assert outside(decision, proposal, arrears, policy) == ()


@given(ARREARS, FULL, POLICIES)
def test_an_acceptance_is_what_the_customer_asked_for(arrears: Money, proposal: Proposal, policy: Policy) -> None:
    decision = decide(arrears, proposal, policy, TODAY)
    if decision.decision != "accept":
        return
    plan, now = decision.installments, proposal.now_minor
    if now is not None:
        assert plan[0].due_on == max(proposal.now_on or TODAY, TODAY)
        assert plan[0].amount_minor == min(now, arrears.minor)
        plan = plan[1:]
    if plan and proposal.count is not None:
        assert len(plan) == proposal.count
    if plan and proposal.monthly_minor is not None:
        assert max(item.amount_minor for item in plan) <= proposal.monthly_minor
    if now is None and proposal.first_on is not None:
        assert plan[0].due_on == proposal.first_on


def play(arrears: Money, proposals: list[Proposal], policy: Policy, told: bool = True) -> list[Decision]:
    """A whole bargain: what was offered before and, if `told`, what was asked before."""
    answers: list[Decision] = []
    for number, proposal in enumerate(proposals):
        offered, asked = [answer.installments for answer in answers], proposals[:number] if told else []
        answers.append(decide(arrears, proposal, policy, TODAY, offered, asked=asked))
        if answers[-1].decision != "counter":
            break
    return answers


@given(ARREARS, st.lists(FULL, min_size=8, max_size=8), POLICIES, st.booleans())
def test_every_bargain_stays_inside_and_ends(
    arrears: Money, proposals: list[Proposal], policy: Policy, told: bool
) -> None:
    answers = play(arrears, proposals, policy, told)
    assert answers[-1].decision in ("accept", "escalate")
    assert len(answers) <= policy.max_counters + 1
    for answer, proposal in zip(answers, proposals, strict=False):
        assert sum(item.amount_minor for item in answer.installments) == arrears.minor
        if answer.decision != "escalate":
            assert outside(answer, proposal, arrears, policy) == ()


@given(ARREARS, st.lists(FULL, min_size=8, max_size=8), POLICIES)
def test_no_counter_is_worse_for_the_customer_than_an_earlier_one(
    arrears: Money, proposals: list[Proposal], policy: Policy
) -> None:
    plain = [replace(proposal, now_minor=None, now_on=None) for proposal in proposals]
    longest = most_instalments(arrears.minor, policy)
    before: list[Decision] = []
    for asked, answer in zip(plain, play(arrears, plain, policy), strict=False):
        if answer.decision != "counter":
            break
        for earlier in before:
            if (asked.count or 0) >= longest:
                assert len(answer.installments) >= len(earlier.installments)
            if asked.first_on is None and asked.pay_day is None:
                assert answer.installments[0].due_on >= earlier.installments[0].due_on
        before.append(answer)


def test_whoever_comes_closer_is_answered_before_a_person_is_called() -> None:
    closer = play(Money("EUR", 12990), [Proposal(12), Proposal(10), Proposal(8), Proposal(6)], POLICY)
    assert [answer.decision for answer in closer] == ["counter", "counter", "counter", "accept"]
    insisting = play(Money("EUR", 12990), [Proposal(10)] * 3, POLICY)
    assert [answer.decision for answer in insisting] == ["counter", "escalate"]


def test_an_earlier_offer_that_the_policy_forbids_by_now_gives_no_right_to_more() -> None:
    small = tuple(Installment(n, add_months(TODAY, n - 1), 1000) for n in range(1, 7))
    answer = decide(Money("EUR", 6000), Proposal(6), POLICY, TODAY, [small])
    assert [item.amount_minor for item in answer.installments] == [2000, 2000, 2000]


def test_a_part_on_a_day_too_far_ahead_is_countered_in_the_order_of_days() -> None:
    answer = decide(Money("EUR", 12990), Proposal(3, None, None, 5000, TODAY + timedelta(days=90)), POLICY, TODAY)
    assert (answer.decision, answer.why) == ("counter", ("first_payment_too_late",))
    assert [i.due_on.isoformat() for i in answer.installments] == ["2026-12-24", "2027-01-24", "2027-02-24", "2027-03-24"]  # fmt: skip


def test_a_day_far_in_the_future_is_countered_and_then_passed_on() -> None:
    far = Proposal(10, first_on=date.max)
    first = decide(Money("EUR", 12990), far, POLICY, TODAY)
    again = decide(Money("EUR", 12990), far, POLICY, TODAY, [first.installments])
    assert first.decision == "counter" and again.decision == "escalate"


def test_segments_widen_or_narrow_the_policy_by_facts_alone() -> None:
    hardship = {"when": {"hardship": 1}, "max_count": 12, "max_months": 12, "min_installment_minor": 1000}
    policy = Policy.read({"max_count": 6, "segments": [hardship, {"when": {"arrears_minor": 50000}, "max_count": 3}]})
    assert policy.envelope(24000, Standing(hardship=True)).max_count == 12
    assert policy.envelope(50000, Standing()).max_count == 3
    assert policy.envelope(49999, Standing()).max_count == 6
    assert policy.in_currency("JPY").envelope(500, Standing()).max_count == 3, "500.00 is 500 yen"
    assert policy.in_currency("JPY").envelope(1, Standing(hardship=True)).min_installment_minor == 10


@pytest.mark.parametrize(
    ("segment", "named"),
    [({"max_count": 3}, "when"), ({"when": {"name": 1}}, "name"), ({"when": {}, "max_cuont": 1}, "max_cuont")],
)
def test_a_wrong_segment_names_the_place(segment: dict[str, object], named: str) -> None:
    with pytest.raises(PolicyError, match=f"segment 1.*{named}"):
        Policy.read({"segments": [segment]})


def test_payments_follow_the_pay_day_through_short_months() -> None:
    answer = decide(Money("EUR", 12000), Proposal(4, pay_day=31), POLICY, TODAY)
    assert [i.due_on.isoformat() for i in answer.installments] == ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]  # fmt: skip


def test_letting_a_part_of_the_debt_go_is_for_a_person() -> None:
    answer = decide(Money("EUR", 12990), Proposal(settle_minor=9000), POLICY, TODAY)
    assert (answer.decision, answer.why) == ("escalate", ("settlement_needs_a_person",))
    assert [i.amount_minor for i in answer.installments] == [9000]
