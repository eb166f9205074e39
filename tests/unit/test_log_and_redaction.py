from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Exchange, first_broken, seal
from bot.domain.redaction import is_card, is_iban, redact
from tests.unit.dossiers import message


def chain(count: int) -> tuple[list[Exchange], int, str]:
    rows: list[Exchange] = []
    last = ""
    for number in range(count):
        row = seal(message(id=f"m{number}", state="sent"), number + 1, last)
        last = row.hash
        rows.append(row)
    return rows, count, last


def test_a_whole_chain_verifies() -> None:
    assert first_broken(*chain(5)) is None


@given(st.integers(0, 4), st.sampled_from(["text", "author", "channel", "purpose", "response", "id"]))
def test_a_changed_row_is_found(place: int, field: str) -> None:
    rows, seq, head = chain(5)
    rows[place] = replace(rows[place], **{field: "changed"})
    found = first_broken(rows, seq, head)
    assert found is not None and found[0] == place + 1


@given(st.integers(0, 4))
def test_a_removed_row_is_found_even_the_last(place: int) -> None:
    rows, seq, head = chain(5)
    del rows[place]
    assert first_broken(rows, seq, head) is not None


@given(st.permutations(range(4)))
def test_reordered_rows_are_found(order: list[int]) -> None:
    rows, seq, head = chain(4)
    if order != [0, 1, 2, 3]:
        assert first_broken([rows[place] for place in order], seq, head) is not None


def test_the_life_of_a_delivery_is_not_sealed() -> None:
    rows, seq, head = chain(3)
    rows[1] = replace(rows[1], state="delivered", receipt="SM1", attempts=2)
    assert first_broken(rows, seq, head) is None


def luhn(body: str) -> str:
    return next(body + str(d) for d in range(10) if is_card(body + str(d)))


@given(
    st.text(alphabet="0123456789", min_size=14, max_size=14),
    st.sampled_from(["", " ", "-", ".", "\n", " \n", "\u202f", " - ", "\r\n"]),
)
def test_a_card_number_is_masked_however_it_is_grouped(body: str, gap: str) -> None:
    number = luhn("4" + body)
    written = gap.join(number[i : i + 4] for i in range(0, 16, 4))
    safe = redact(f"ma carte {written} merci")
    assert safe.found == ("card",) and number[:12] not in safe.text.replace(gap, "") and number[-4:] in safe.text


@pytest.mark.parametrize(
    "text",
    ["+33 6 12 34 56 78", "facture F-2026-0042", "129,90 €", "le 05/12/2026", "1234 5678", "FR12", "réf 4111111111111112",
     "01 23 45 67 89 ou 04 72 00 00 00"],
)  # fmt: skip
def test_what_is_no_card_stays(text: str) -> None:
    assert redact(text).text == text


def test_an_iban_is_masked_and_the_words_around_it_stay() -> None:
    safe = redact("mon IBAN FR14 2004 1010 0505 0001 3M02 606 merci")
    assert safe.text == "mon IBAN FR•• •••• 2606 merci" and safe.found == ("iban",)
    assert is_iban("DE89370400440532013000") and not is_iban("DE89370400440532013001")


def test_a_security_code_is_masked() -> None:
    assert "123" not in redact("cvv: 123").text and "987" not in redact("le cryptogramme est 987").text


@given(st.text(max_size=300))
def test_redaction_takes_any_text_and_is_done_once(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once


def test_a_long_text_is_redacted_quickly_enough_to_be_done_at_the_door() -> None:
    assert redact("4" * 100_000).text == "4" * 100_000
