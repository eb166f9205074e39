import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.accounts import Allocation, ContactPoint, Customer, Hold, Invoice, Payment
from bot.domain.cadence import due, referral_due
from bot.domain.closed_days import closed
from bot.domain.conversation import Handoff
from bot.domain.dossier import Dossier
from bot.domain.history import band
from bot.domain.messages import IN, Exchange
from bot.domain.outlook import judge, next_contact
from bot.domain.plans import InstallmentPlan, schedule
from bot.domain.promises import Promise
from bot.domain.strategy import StrategyError, read
from tests.unit.calendar_play import governor, packs, play, send, strategies
from tests.unit.dossiers import NOON, TODAY, dossier

PARIS = ZoneInfo("Europe/Paris")


def stages(facts: Dossier, days: int = 120) -> list[tuple[date, str]]:
    return [(at.astimezone(PARIS).date(), found.stage) for at, found in play(facts, NOON, days)]


def invoice(number: str, due_on: date, minor: int = 5000) -> Invoice:
    return Invoice(number, "c", number, "EUR", minor, due_on - timedelta(days=30), due_on, "Fibre")


@pytest.mark.parametrize("days_late", [3, 20, 44, 80, 400])
def test_the_ladder_begins_kindly_however_old_the_debt_and_is_climbed_step_by_step(days_late: int) -> None:
    said = stages(dossier(days_late))
    names = list(dict.fromkeys(name for _, name in said))
    assert names == ["friendly", "firm", "final_notice"]
    days = [day for day, _ in said]
    assert all((later - earlier).days >= 7 for earlier, later in itertools.pairwise(days))


def test_an_old_debt_comes_to_its_final_notice_within_weeks_and_then_to_a_person() -> None:
    facts, at = dossier(80), NOON
    for at, found in play(facts, NOON, 60):
        assert referral_due(facts, strategies(), at) is None
        facts = send(found, facts, at)
    assert [e.content["about"].split(":")[1] for e in facts.exchanges] == ["friendly", "firm", "final_notice"]
    named = date.fromisoformat(facts.exchanges[-1].content["deadline"])
    asked = next(d for d in range(60) if referral_due(facts, strategies(), at + timedelta(days=d)))
    assert (at + timedelta(days=asked)).date() > named
    later = at + timedelta(days=asked + 1)
    handed = Handoff("h", "c", "referral", "", later, later, closed_at=later)
    facts = replace(facts, handoffs=(handed,))
    assert referral_due(facts, strategies(), later + timedelta(days=9)) is None
    assert due(facts, strategies(), later + timedelta(days=9)) is None


def test_a_message_that_failed_is_no_step_and_is_not_repeated_the_same_day() -> None:
    facts = dossier(30)
    found = due(facts, strategies(), NOON)
    assert found is not None
    failed = replace(send(found, facts, NOON).exchanges[0], state="failed")
    facts = replace(facts, exchanges=(failed,))
    assert due(facts, strategies(), NOON + timedelta(hours=2)) is None
    again = due(facts, strategies(), NOON + timedelta(days=1))
    assert again is not None and again.stage == "friendly" and again.point.channel != found.point.channel


def test_one_message_speaks_of_all_invoices_due_and_of_all_falling_due() -> None:
    late = replace(dossier(), invoices=tuple(invoice(f"F-{n}", TODAY - timedelta(days=5 + n)) for n in range(3)))
    said = list(play(late, NOON, 6))
    assert [set(found.invoices) for _, found in said] == [{"F-0", "F-1", "F-2"}]
    coming = replace(dossier(), invoices=tuple(invoice(f"F-{n}", TODAY + timedelta(days=n)) for n in (2, 3)))
    said = list(play(coming, NOON, 3))
    assert [(found.purpose, set(found.invoices)) for _, found in said] == [("pre_due", {"F-2", "F-3"})]


def test_nobody_who_is_asked_for_arrears_gets_a_note_on_the_next_invoice_besides() -> None:
    both = replace(
        dossier(), invoices=(invoice("F-1", TODAY - timedelta(days=9)), invoice("F-2", TODAY + timedelta(3)))
    )
    assert {found.purpose for _, found in play(both, NOON, 10)} == {"reminder"}


def broken_twice() -> Dossier:
    """A promise not kept and an instalment missed at the same time."""
    made = NOON - timedelta(days=40)
    plan = InstallmentPlan("p", "c", "EUR", 12990, schedule(12990, 3, TODAY - timedelta(days=6)), made, made)
    promise = Promise("w", "c", "EUR", 5000, TODAY - timedelta(days=6), made, "sms")
    return dossier(60, plans=(plan,), promises=(promise,))


def test_a_broken_word_never_brings_two_demands_within_a_week() -> None:
    for facts in (broken_twice(), replace(broken_twice(), plans=()), replace(broken_twice(), promises=())):
        said = list(play(facts, NOON, 90))
        assert said
        for (earlier, _), (later, found) in itertools.pairwise(said):
            assert (later.date() - earlier.date()).days >= (7 if "due" not in found.stage else 1), [
                f.stage for _, f in said
            ]


def test_a_broken_plan_is_a_debt_like_any_other() -> None:
    said = [name for _, name in stages(replace(broken_twice(), promises=()))]
    assert said[0] == "installment_missed" and said.count("installment_missed") == 1
    # The question was a kind reminder already: who has broken their word is not asked whether they forgot.
    assert list(dict.fromkeys(said[1:])) == ["firm", "final_notice"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-20, 100), min_size=1, max_size=3), st.sampled_from(["consumer", "business"]),
    st.sampled_from(["good", "normal", "bad"]), st.sampled_from(["FR", "GB", "DE", "ES", "EU", "US-NY"]),
    st.integers(0, 300), st.booleans(), st.booleans(),
)  # fmt: skip
def test_whatever_the_book_a_named_day_lies_before_the_next_contact_and_closed_days_are_kept(
    late: list[int], kind: str, trust: str, jurisdiction: str, shift: int, promised: bool, card: bool
) -> None:
    start, today = NOON + timedelta(days=shift), TODAY + timedelta(days=shift)
    made = dossier()
    customer = replace(made.customer, type=kind, trust=trust, jurisdiction=jurisdiction)
    owed = tuple(
        replace(invoice(f"F-{n}", today - timedelta(days=d)), subscription_ref="s" if card else None,
                failure_code="expired_card" if card else None)
        for n, d in enumerate(late)
    )  # fmt: skip
    word = Promise("w", "c", "EUR", 5000, today + timedelta(days=5), start, "sms")
    facts = replace(made, customer=customer, invoices=owed, promises=(word,) if promised else ())
    said = list(play(facts, start, 100))
    for at, _ in said:
        assert not closed(at.astimezone(PARIS).date(), jurisdiction, kind, packs())
    for (_, found), (later, _) in itertools.pairwise(said):
        assert found.deadline < later.astimezone(PARIS).date()
    if said:
        assert said[0][1].tone != "final"
        shown = next_contact(facts, strategies(), start, governor())
        # Looked for every four hours, and one look may fall into the noon pause of the strict hours.
        assert shown is not None and timedelta() <= said[0][0] - shown.at < timedelta(hours=8)


def test_the_next_contact_shown_is_the_one_that_will_be_sent_and_not_a_minute_earlier() -> None:
    saturday_night = datetime(2026, 11, 28, 21, 30, tzinfo=UTC)
    facts = dossier(30)
    shown = next_contact(facts, strategies(), saturday_night)
    assert shown is not None and shown.at.astimezone(PARIS).isoformat() == "2026-11-30T08:00:00+01:00"
    just_before = shown.at - timedelta(minutes=1)
    early = due(facts, strategies(), just_before)
    assert early is not None and judge(early, facts, just_before).verdict == "deferred"
    found = due(facts, strategies(), shown.at)
    assert found is not None and judge(found, facts, shown.at).verdict == "allowed"
    assert (found.stage, found.point.channel) == (shown.stage, shown.channel)


def test_a_hold_postpones_the_next_contact_to_its_end_or_for_good() -> None:
    until = NOON + timedelta(days=10)
    held = dossier(holds=(Hold("h", "c", "payment_pending", NOON, until),))
    shown = next_contact(held, strategies(), NOON)
    assert shown is not None and shown.at >= until
    assert next_contact(dossier(holds=(Hold("h", "c", "dispute", NOON),)), strategies(), NOON) is None


def test_what_waits_in_the_outbox_is_the_next_contact() -> None:
    facts = dossier(30)
    found = due(facts, strategies(), NOON)
    assert found is not None
    waiting = replace(send(found, facts, NOON).exchanges[0], state="queued", sent_at=None,
                      not_before=NOON + timedelta(hours=6))  # fmt: skip
    shown = next_contact(replace(facts, exchanges=(waiting,)), strategies(), NOON)
    assert shown is not None and shown.at == NOON + timedelta(hours=6) and shown.stage == "friendly"


def test_while_a_person_has_the_matter_no_contact_is_promised() -> None:
    facts = dossier(30, handoffs=(Handoff("h", "c", "complain", "", NOON, NOON),))
    assert next_contact(facts, strategies(), NOON) is None


@pytest.mark.parametrize(
    ("day", "jurisdiction", "kind", "shut"),
    [
        ("2026-11-29", "FR", "consumer", True),  # a Sunday
        ("2026-11-28", "FR", "consumer", False),
        ("2026-11-28", "FR", "business", True),
        ("2026-11-11", "FR", "consumer", True),
        ("2026-11-11", "GB", "consumer", False),
        ("2026-04-03", "DE", "consumer", True),  # Good Friday
        ("2026-04-06", "FR", "consumer", True),  # Easter Monday
        ("2027-05-06", "FR", "consumer", True),  # Ascension
        ("2026-12-28", "GB", "consumer", True),  # for Boxing Day on a Saturday
        ("2026-08-31", "GB", "consumer", True),
        ("2026-11-26", "US-NY", "consumer", True),
        ("2026-10-12", "ES", "consumer", True),
        ("2026-10-12", "EU", "consumer", True),  # any of them, where the country is not known
    ],
)
def test_sundays_and_holidays_are_closed_and_for_businesses_saturdays(
    day: str, jurisdiction: str, kind: str, shut: bool
) -> None:
    assert closed(date.fromisoformat(day), jurisdiction, kind, packs()) is shut


@pytest.mark.parametrize(
    ("year", "easter_monday"), [(2024, "04-01"), (2025, "04-21"), (2027, "03-29"), (2038, "04-26")]
)
def test_easter_is_found(year: int, easter_monday: str) -> None:
    assert closed(date.fromisoformat(f"{year}-{easter_monday}"), "FR", "consumer", packs())


def test_an_answer_or_a_payment_gives_two_days_of_peace() -> None:
    wrote = Exchange("m", "c", NOON - timedelta(hours=2), IN, "customer", "sms", "je regarde", state="handled")
    paid = Payment("pay", "c", "EUR", 1000, NOON - timedelta(hours=2), "test", "r")
    for facts in (dossier(exchanges=(wrote,)), dossier(payments=(paid,))):
        assert due(facts, strategies(), NOON) is None
        assert due(facts, strategies(), NOON + timedelta(days=2)) is not None


def test_after_an_answer_reminders_come_less_often() -> None:
    silent = dossier(10)
    found = due(silent, strategies(), NOON)
    assert found is not None and found.wait_days == 7
    silent = send(found, silent, NOON)
    wrote = Exchange("m", "c", NOON + timedelta(days=1), IN, "customer", "sms", "je regarde", state="handled")
    answered = replace(silent, exchanges=(*silent.exchanges, wrote))

    def gap(facts: Dossier) -> int:
        return next(days for days in range(30) if due(facts, strategies(), NOON + timedelta(days=days)))

    assert (gap(silent), gap(answered)) == (7, 11)


def test_an_answer_does_not_put_off_the_question_about_a_broken_word() -> None:
    facts = dossier(10)
    found = due(facts, strategies(), NOON)
    assert found is not None
    facts = send(found, facts, NOON)
    wrote = Exchange("m", "c", NOON + timedelta(hours=1), IN, "customer", "sms", "demain", state="handled")
    word = Promise("w", "c", "EUR", 12990, TODAY + timedelta(days=3), wrote.at, "sms")
    facts = replace(facts, exchanges=(*facts.exchanges, wrote), promises=(word,))
    asked = next(d for d in range(4, 30) if due(facts, strategies(), NOON + timedelta(days=d)))
    again = due(facts, strategies(), NOON + timedelta(days=asked))
    assert again is not None and again.stage == "promise_broken" and asked == 7


def paid_record(late: int, in_time: int) -> Dossier:
    """Somebody with that many invoices paid late and in time, and one open for 40 days."""
    made = dossier(40)
    owed, payments, shares = list(made.invoices), list[Payment](), list[Allocation]()
    for n in range(late + in_time):
        one = invoice(f"old-{n}", TODAY - timedelta(days=60 + 20 * n))
        at = datetime.combine(one.due_on + timedelta(days=25 if n < late else -1), NOON.time(), UTC)
        owed.append(one)
        payments.append(Payment(f"p{n}", "c", "EUR", 5000, at, "test", f"r{n}"))
        shares.append(Allocation(f"a{n}", "c", f"p{n}", one.id, 5000))
    return replace(made, invoices=tuple(owed), payments=tuple(payments), allocations=tuple(shares))


def test_who_has_paid_well_is_not_addressed_sharply() -> None:
    assert band(paid_record(0, 6), TODAY) == "gentle"
    assert band(paid_record(2, 5), TODAY) == "neutral"
    assert band(paid_record(5, 1), TODAY) == "firm"
    assert band(paid_record(0, 1), TODAY) == "neutral"
    tones = {found.stage: found.tone for _, found in play(paid_record(0, 6), NOON, 60)}
    assert tones == {"friendly": "friendly", "firm": "friendly", "final_notice": "final"}
    tones = {found.stage: found.tone for _, found in play(paid_record(5, 1), NOON, 60)}
    assert tones["firm"] == "firm"


def test_a_strategy_whose_first_word_is_final_is_refused() -> None:
    only = {"strategies": [{"name": "x", "stages": [{"name": "end", "tone": "final", "when": {"days_past_due": 3}}]}]}
    with pytest.raises(StrategyError, match="speaks first"):
        read(only, "x.yml")
    wrong = {"strategies": [{"name": "x", "stages": [{"name": "a"}], "consequences": ["prison"]}]}
    with pytest.raises(StrategyError, match="suspension, referral"):
        read(wrong, "x.yml")


def test_a_new_debt_starts_its_own_ladder_when_the_old_one_is_paid() -> None:
    facts = dossier(80)
    for at, found in play(facts, NOON, 35):
        facts = send(found, facts, at)
    assert facts.exchanges[-1].purpose == "final_notice"
    later = NOON + timedelta(days=60)
    paid = Payment("p", "c", "EUR", 12990, NOON + timedelta(days=40), "test", "r")
    newer = invoice("F-2", later.date() - timedelta(days=10))
    facts = replace(facts, invoices=(*facts.invoices, newer), payments=(paid,),
                    allocations=(Allocation("a", "c", "p", "i1", 12990),))  # fmt: skip
    found = due(facts, strategies(), later)
    assert found is not None and found.stage == "friendly" and found.invoices == ("F-2",)


def test_a_business_hears_on_working_days_only() -> None:
    made = dossier(3)
    shop = replace(made, customer=Customer("c", "C-1", "Atelier", "business", "fr", "Europe/Paris", "FR"),
                   contact_points=(ContactPoint("a", "c", "email", "a@example.org", True),))  # fmt: skip
    assert all(at.weekday() < 5 for at, _ in play(shop, NOON, 90))


def test_a_debt_whose_owner_may_not_be_written_to_reaches_a_person_in_the_end() -> None:
    made = dossier(80)
    refused = tuple(replace(point, opted_out_at=NOON) for point in made.contact_points)
    assert referral_due(replace(made, contact_points=refused), strategies(), NOON) is not None
    assert referral_due(replace(made, contact_points=()), strategies(), NOON) is not None
    assert referral_due(replace(dossier(30), contact_points=()), strategies(), NOON) is None
    assert referral_due(made, strategies(), NOON) is None


def test_who_has_none_of_the_wished_channels_is_written_to_where_that_is_possible() -> None:
    letter = (ContactPoint("a", "c", "letter", "1 rue des Lices", True),)
    assert {found.point.channel for _, found in play(dossier(5, contact_points=letter), NOON, 60)} == {"letter"}
