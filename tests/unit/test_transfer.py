"""References and payment codes that banks accept."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money
from bot.domain.transfer import Transfer, creditor_reference, grouped, iban_holds, reference_told

IBAN = "FR76 3000 6000 0112 3456 7890 189"
WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=21)


def test_the_standards_own_example_is_made() -> None:
    assert creditor_reference("539007547034") == "RF18539007547034"
    assert creditor_reference("F-2026-0042") == creditor_reference("f 2026 0042")
    assert creditor_reference("") is None and creditor_reference("X" * 22) is None and creditor_reference("…") is None


@given(WORDS)
def test_what_was_asked_for_comes_back_with_the_payment(word: str) -> None:
    made = creditor_reference(word)
    assert made is not None and reference_told(grouped(made)) == word


@given(WORDS, st.integers(4, 24), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
def test_one_wrong_sign_is_noticed(word: str, place: int, sign: str) -> None:
    made = creditor_reference(word) or ""
    wrong = made[:place] + sign + made[place + 1 :]
    assert wrong == made or len(wrong) != len(made) or reference_told(wrong) is None


def test_an_account_number_with_a_slip_is_no_account_number() -> None:
    assert iban_holds(IBAN) and iban_holds("DE89 3704 0044 0532 0130 00")
    assert not iban_holds(IBAN.replace("189", "198")) and not iban_holds("FR76") and not iban_holds("")


def test_the_code_says_line_by_line_what_the_guidelines_ask() -> None:
    made = Transfer("Fibrelane SAS", IBAN, Money("EUR", 12905), "F-2026-0042", "AGRI FRPP").code()
    assert made is not None
    assert made.split("\n") == [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "Fibrelane SAS", "FR7630006000011234567890189", "EUR129.05", "",
        creditor_reference("F20260042"),
    ]  # fmt: skip


def test_what_has_no_structured_reference_says_it_in_words() -> None:
    made = Transfer("Élan", IBAN, Money("EUR", 5), "facture très longue " * 10).code()
    assert made is not None and made.split("\n")[9] == "" and len(made.split("\n")[10]) == 140
    assert made.split("\n")[7] == "EUR0.05"


@given(st.integers(1, 10**11 - 1), st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_every_code_fits_into_the_largest_allowed(minor: int, subject: str, payee: str) -> None:
    made = Transfer(payee, IBAN, Money("EUR", minor), subject).code()
    if made is not None:
        assert len(made.encode()) <= 331 and len(made.split("\n")) <= 11


def test_there_is_no_code_for_other_money_or_without_an_account() -> None:
    assert Transfer("Fibrelane", IBAN, Money("GBP", 100), "F-1").code() is None
    assert Transfer("Fibrelane", "FR00", Money("EUR", 100), "F-1").code() is None
    assert Transfer("Fibrelane", IBAN, Money("EUR", 0), "F-1").code() is None
