import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import referral
from bot.domain.accounts import Dispute, Hold, Payment
from bot.domain.cadence import referral_due
from bot.domain.case import Case
from bot.domain.case_file import WITHHELD, case_file
from bot.domain.dossier import Dossier
from bot.domain.messages import IN, NOTE, Exchange
from bot.domain.money import Money
from bot.domain.promises import Promise
from bot.ports import new_id
from tests.unit.calendar_play import play, send, strategies
from tests.unit.dossiers import NOON, TODAY, dossier


def ended() -> tuple[Dossier, int]:
    """A case whose ladder has ended in silence, and the day on which a person is asked."""
    facts = dossier(60)
    for at, found in play(facts, NOON, 60):
        facts = send(found, facts, at)
    asked = next(d for d in range(90) if referral_due(facts, strategies(), NOON + timedelta(days=d)))
    return facts, asked


def wrote(at: object) -> Exchange:
    return Exchange("in1", "c", at, IN, "customer", "sms", "je regarde", "message", state="handled")  # type: ignore[arg-type]


def work_on(facts: Dossier, days: int) -> Case:
    return Case(facts, NOON + timedelta(days=days), "sms", new_id)


def test_a_case_whose_ladder_ended_in_silence_may_go() -> None:
    facts, asked = ended()
    assert referral.objections(facts, strategies(), NOON + timedelta(days=asked)) == []


def test_an_answer_before_the_cut_off_keeps_the_customer_in_house_for_a_while() -> None:
    facts, asked = ended()
    answered = replace(facts, exchanges=(*facts.exchanges, wrote(NOON + timedelta(days=asked - 1))))
    for days in (asked + 2, asked + 28):
        now = NOON + timedelta(days=days)
        assert referral_due(answered, strategies(), now) is None
        assert referral.objections(answered, strategies(), now) == [referral.ANSWERED]
    now = NOON + timedelta(days=asked + 29)
    assert referral_due(answered, strategies(), now) is not None
    assert referral.objections(answered, strategies(), now) == []


def test_what_stands_against_giving_a_case_away_is_named() -> None:
    facts, asked = ended()
    now = NOON + timedelta(days=asked)
    promise = Promise("w", "c", "EUR", 12990, now.date() + timedelta(days=3), now, "sms")
    told = {
        referral.TOO_EARLY: dossier(30),
        referral.NOTHING_DUE: dossier(-3),
        referral.NO_NOTICE: dossier(200),
        referral.AGREED: replace(facts, promises=(promise,)),
        referral.ON_HOLD: replace(facts, holds=(Hold("h", "c", "vulnerability_signal", now),)),
        referral.ALREADY: replace(facts, holds=(Hold("h", "c", referral.WITH_AGENCY, now, reason="Recouvra"),)),
    }
    for why, case in told.items():
        assert why in referral.objections(case, strategies(), NOON if case.exchanges == () else now)
    disputed = replace(facts, disputes=(Dispute("d", "c", "other", "faux", now),))
    assert referral.objections(disputed, strategies(), now) == [referral.OBJECTED]


def test_a_payment_in_full_takes_the_case_back_and_a_part_is_told_to_the_agency() -> None:
    facts, asked = ended()
    work = work_on(facts, asked)
    referral.refer(work, "Recouvra", "Dominique", [{"name": "C-1.json", "sha256": "0"}])
    assert referral.given(work.dossier, work.now) is not None
    for minor, back in ((5000, False), (7990, True)):
        work.save(Payment(new_id(), "c", "EUR", minor, work.now, "test", new_id()))
        referral.after_payment(work, Money("EUR", minor))
        assert (referral.given(work.dossier, work.now) is None) is back
    (errand,) = work.dossier.errands()
    assert errand.reason == referral.AGENCY and "50.00 EUR came in, 79.90 EUR are left" in errand.summary
    assert "taken back" in errand.summary
    assert [row.purpose for row in work.notes if row.purpose in ("referral", "recall")] == ["referral", "recall"]
    referral.after_payment(work, Money("EUR", 100))
    assert len(work.dossier.errands()) == 1, "who is in house again is nobody's business at the agency"


def test_a_case_that_no_agency_has_cannot_be_taken_back() -> None:
    with pytest.raises(ValueError, match="No agency"):
        referral.recall(work_on(dossier(), 0), "mistake")


def test_the_file_tells_the_claim_and_the_record_and_keeps_private_what_is() -> None:
    facts, asked = ended()
    ill = replace(wrote(NOON), id="ill", text="je suis en chimio")
    hold = Exchange("n1", "c", NOON, NOTE, "system", "sms", "vulnerability_signal: illness", "hold", in_reply_to="ill")
    answer = replace(facts.exchanges[0], id="a1", in_reply_to="ill", text="Prenez soin de vous.")
    log = (*facts.exchanges, ill, hold, answer, wrote(NOON))
    now = NOON + timedelta(days=asked)
    creditor = {"name": "Fibrelane", "legal_name": "Fibrelane SAS", "consequences": ["referral"]}
    told = case_file(facts, log, creditor, "Recouvra", now)
    body = json.dumps(told, ensure_ascii=False)
    assert (told["claim"]["minor"], told["claim"]["currency"]) == (12990, "EUR")
    assert [one["number"] for one in told["claim"]["invoices"]] == ["F-1"]
    assert "je regarde" in body and "chimio" not in body and "Prenez soin" not in body
    assert [row["text"] for row in told["exchanges"]].count(WITHHELD) == 2
    for private in ("1984-03-09", "69003", "vulnerability"):
        assert private not in body
    assert told["file"]["for"] == "Recouvra" and told["claim"]["as_of"] == (TODAY + timedelta(days=asked)).isoformat()
