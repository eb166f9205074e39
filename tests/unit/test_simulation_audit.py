"""The auditor of simulations finds what it is there to find."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.accounts import Hold, Payment
from bot.domain.conversation import Handoff
from bot.domain.dossier import Dossier
from bot.domain.messages import NOTE, Exchange, seal
from bot.simulation.audit import violations
from tests.unit.dossiers import NOON, dossier, message

DAY = timedelta(days=1)


def sent(at: datetime, **more: object) -> Exchange:
    return replace(message(at, state="sent", id=f"x{at.isoformat()}", **more), sent_at=at, text=f"{at}")  # type: ignore[arg-type]


def found(made: Dossier, *rows: Exchange) -> list[str]:
    log, last = [], ""
    for number, row in enumerate(rows, 1):
        log.append(seal(row, number, last))
        last = log[-1].hash
    head = replace(made.conversation, log_seq=len(log), log_hash=last)
    return sorted(violations(replace(made, conversation=head), log))


def note(at: datetime, purpose: str, channel: str | None) -> Exchange:
    return Exchange("n", "c", at, NOTE, "system", "sms", purpose, purpose=purpose, content={"channel": channel})


def test_a_lawful_week_is_clean() -> None:
    assert found(dossier(), *(sent(NOON + n * 3 * DAY) for n in range(3))) == []


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([sent(datetime(2026, 11, 24, 6, 30, tzinfo=UTC))], "outside the hours"),
        ([sent(datetime(2026, 11, 24, 19, tzinfo=UTC))], "outside the hours"),
        ([sent(datetime(2026, 11, 22, 11, tzinfo=UTC))], "on a Sunday"),
        ([sent(NOON), sent(NOON + timedelta(hours=2))], "two on one day"),
        ([note(NOON - DAY, "opt_out", None), sent(NOON)], "after a refusal"),
        ([note(NOON - DAY, "opt_out", "sms"), sent(NOON)], "after a refusal"),
    ],
)
def test_each_breach_is_named(rows: list[Exchange], rule: str) -> None:
    assert rule in found(dossier(), *rows)


def test_who_came_back_or_refused_another_channel_may_be_written_to() -> None:
    assert found(dossier(), note(NOON, "opt_out", None), note(NOON, "opt_in", None), sent(NOON + DAY)) == []
    assert found(dossier(), note(NOON, "opt_out", "email"), sent(NOON + DAY)) == []


def test_four_in_seven_days_a_hold_a_person_a_payment_and_a_doubled_text_are_found() -> None:
    late = NOON + 7 * DAY
    assert "four in seven days" in found(dossier(), *(sent(NOON + n * DAY) for n in (0, 1, 2, 3)))
    assert "during a hold (dispute)" in found(dossier(holds=(Hold("h", "c", "dispute", NOON),)), sent(late))
    asked = Handoff("h", "c", "request_human", "", NOON, NOON + DAY)
    assert "while a person is awaited or speaks" in found(dossier(handoffs=(asked,)), sent(late))
    paid = Payment("p", "c", "EUR", 12990, NOON, "sandbox", "r1")
    assert "after all was paid" in found(dossier(payments=(paid,)), sent(late))
    twice = replace(sent(late), text="same"), replace(sent(late + timedelta(hours=1)), text="same")
    assert "the same message twice" in found(dossier(), *twice)


def test_a_changed_record_and_a_payment_booked_twice_are_found() -> None:
    made = dossier(payments=tuple(Payment(f"p{n}", "c", "EUR", 100, NOON, "sandbox", "r1") for n in (1, 2)))
    row = seal(sent(NOON), 1, "")
    head = replace(made.conversation, log_seq=1, log_hash=row.hash)
    told = list(violations(replace(made, conversation=head), [replace(row, text="changed")]))
    assert "the record is broken" in told and "a payment booked twice" in told
