"""What must hold for every attempt, pack, zone and instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.governor.attempt import CHANNELS, PURPOSES, Attempt, Past
from bot.domain.governor.calendars import easter
from bot.domain.governor.judge import Governor
from bot.packs import element_names, load_packs

PACKS = load_packs()
GOVERNOR = Governor(PACKS)
ALL = element_names() - {"promotion"}
HOLDS = sorted(rule.id for rule in PACKS.everywhere.blocks["holds"])
ZONES = ("Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns", "UTC",
         "Pacific/Apia", "Africa/Cairo")  # fmt: skip
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
MINUTE = timedelta(minutes=1)
RANK = {"allowed": 0, "deferred": 1, "refused": 2}


@st.composite
def attempts(draw: st.DrawFn) -> Attempt:
    at = draw(INSTANTS)
    history = tuple(
        Past(at - timedelta(minutes=draw(st.integers(1, 40 * 24 * 60))), draw(st.sampled_from(CHANNELS)),
             draw(st.booleans()), draw(st.sampled_from(PURPOSES)), conversation=draw(st.booleans()))
        for _ in range(draw(st.integers(0, 6)))
    )  # fmt: skip
    wishes = draw(st.sampled_from([{}, {}, {"not_before": "18:00"}, {"not_after": "11:30"}, {"days": ["tue", "sat"]}]))
    return Attempt(
        at=at, channel=draw(st.sampled_from(CHANNELS)), purpose=draw(st.sampled_from(PURPOSES)),
        jurisdictions=(draw(st.sampled_from([*sorted(PACKS.packs), "DE-BY", "FR-67", "US-TX", "BR"])),),
        role=draw(st.sampled_from(["creditor", "collector"])),
        customer_type=draw(st.sampled_from(["consumer", "sole_trader", "business"])),
        zones=tuple(draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True))),
        consent=draw(st.booleans()), preferences=wishes, history=history, elements=ALL,
        opted_out=frozenset(draw(st.lists(st.sampled_from(CHANNELS), max_size=1))),
        holds=tuple(draw(st.lists(st.sampled_from(HOLDS), max_size=1))), attested=draw(st.booleans()),
    )  # fmt: skip


@given(attempts())
@settings(deadline=None, max_examples=120)
def test_a_deferred_instant_is_itself_allowed_and_no_earlier_minute_is(attempt: Attempt) -> None:
    verdict = GOVERNOR.judge(attempt)
    assert verdict.verdict in RANK and verdict.rule and verdict.basis and verdict.source
    if verdict.verdict != "deferred":
        assert verdict.not_before is None
        return
    until = verdict.not_before
    assert until is not None and until > attempt.at
    assert GOVERNOR.at(attempt, until).verdict in ("allowed", "refused")
    if "subsequent" not in verdict.rule:
        assert GOVERNOR.at(attempt, until).verdict == "allowed"
    waited = int((until - attempt.at) / MINUTE)
    # Every minute of the last hours before it, and one in 97 of the rest.
    for back in [*range(1, min(waited, 240)), *range(240, waited, 97)]:
        earlier = until.astimezone(UTC) - back * MINUTE
        if earlier > attempt.at:
            assert GOVERNOR.at(attempt, earlier).verdict != "allowed", f"{earlier} was lawful"


@given(attempts(), st.sampled_from(HOLDS), st.sampled_from(CHANNELS))
@settings(deadline=None, max_examples=200)
def test_a_hold_or_an_opt_out_more_never_loosens(attempt: Attempt, hold: str, channel: str) -> None:
    before = GOVERNOR.judge(attempt)
    held = GOVERNOR.judge(replace(attempt, holds=(*attempt.holds, hold)))
    # An opt-out alone permits one thing more: to confirm it.
    if attempt.purpose != "opt_out_confirmation":
        assert RANK[held.verdict] >= RANK[before.verdict]
        out = GOVERNOR.judge(replace(attempt, opted_out=attempt.opted_out | {channel}))
        assert RANK[out.verdict] >= RANK[before.verdict]


@given(attempts(), st.sampled_from(sorted(PACKS.packs)))
@settings(deadline=None, max_examples=200)
def test_a_second_sign_of_place_never_loosens(attempt: Attempt, other: str) -> None:
    both = GOVERNOR.judge(replace(attempt, jurisdictions=(*attempt.jurisdictions, other)))
    one = GOVERNOR.judge(attempt)
    assert RANK[both.verdict] >= RANK[one.verdict] or one.rule.startswith("location")
    if both.not_before and one.not_before:
        assert both.not_before >= one.not_before


@given(attempts())
@settings(deadline=None, max_examples=200)
def test_what_is_allowed_unasked_lies_in_waking_hours(attempt: Attempt) -> None:
    if attempt.purpose in ("reply", "opt_out_confirmation") or attempt.channel == "webchat":
        return
    if GOVERNOR.judge(attempt).verdict == "allowed":
        for name in attempt.zones:
            assert 7 <= attempt.at.astimezone(ZoneInfo(name)).hour < 21


@given(st.integers(1990, 2100))
@example(2024)
@example(2038)
def test_easter_is_the_sunday_after_the_paschal_full_moon(year: int) -> None:
    found = easter(year)
    assert found.weekday() == 6
    assert (3, 22) <= (found.month, found.day) <= (4, 25)


def test_easter_of_known_years() -> None:
    known = {2019: (4, 21), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2038: (4, 25)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known


def test_every_rule_names_its_text_or_says_that_it_is_ours() -> None:
    for pack in (*PACKS.packs.values(), PACKS.everywhere):
        for rules in pack.blocks.values():
            for rule in rules:
                assert (rule.basis == "house") == (rule.source.startswith("house") or "charter" in rule.source), rule.id
