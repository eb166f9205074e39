"""What a bank transfer carries: the payee, a structured reference, and the code that banking apps read.

Sources: ISO 11649 (RF creditor reference); ISO 13616 (IBAN, check by ISO 7064 mod 97-10); EPC069-12 v2.1, European
Payments Council, "Quick Response Code: Guidelines to Enable Data Capture for the Initiation of a SEPA Credit Transfer".
"""

from dataclasses import dataclass

from bot.domain.money import Money

# EPC069-12, section 3: lengths, and the bounds of the amount.
NAME_LENGTH, TEXT_LENGTH, MOST_BYTES = 70, 140, 331
MOST_MINOR = 99_999_999_999
REFERENCE_LENGTH = 21  # ISO 11649: what may follow RF and its two digits


def creditor_reference(told: str) -> str | None:
    """The structured reference (RF..) that says what this word says; None where it has no letter, or too many."""
    plain = "".join(char for char in told.upper() if char.isascii() and char.isalnum())
    if not plain or len(plain) > REFERENCE_LENGTH:
        return None
    return f"RF{98 - _mod97(plain + 'RF00'):02d}{plain}"


def reference_told(reference: str) -> str | None:
    """What a structured reference says, as it came back with a payment; None where its digits do not fit."""
    plain = "".join(reference.upper().split())
    if not plain.startswith("RF") or not plain.isascii() or not plain.isalnum() or not 5 <= len(plain) <= 25:
        return None
    return plain[4:] if plain[2:4].isdigit() and _mod97(plain[4:] + plain[:4]) == 1 else None


def iban_holds(iban: str) -> bool:
    """Whether the check digits of an account number fit."""
    plain = "".join(iban.split()).upper()
    well_formed = 15 <= len(plain) <= 34 and plain.isascii() and plain.isalnum() and plain[:2].isalpha()
    return well_formed and plain[2:4].isdigit() and _mod97(plain[4:] + plain[:4]) == 1


def grouped(code: str) -> str:
    """An account number or reference in groups of four, as people read and type it."""
    plain = "".join(code.split())
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


@dataclass(frozen=True, slots=True)
class Transfer:
    """A credit transfer that a customer can make: to whom, how much, and what it is for."""

    payee: str
    iban: str
    amount: Money
    subject: str
    bic: str = ""

    @property
    def reference(self) -> str | None:
        """The structured reference of the subject."""
        return creditor_reference(self.subject)

    def code(self) -> str | None:
        """The text of the payment code; None where no banking app could read it (not euro, no account, no sum)."""
        iban = "".join(self.iban.split()).upper()
        euros = self.amount.currency == "EUR" and 0 < self.amount.minor <= MOST_MINOR
        if not euros or not iban_holds(iban) or not self.payee.strip():
            return None
        reference = self.reference or ""
        # Either the structured reference or free words, never both.
        words = "" if reference else " ".join(self.subject.split())[:TEXT_LENGTH]
        fixed = [
            "BCD", "002", "1", "SCT", "".join(self.bic.split()).upper(), " ".join(self.payee.split())[:NAME_LENGTH],
            iban, f"EUR{self.amount.minor // 100}.{self.amount.minor % 100:02d}", "", reference,
        ]  # fmt: skip
        made = "\n".join([*fixed, words]).rstrip("\n")
        while len(made.encode()) > MOST_BYTES and words:
            words = words[:-1]
            made = "\n".join([*fixed, words]).rstrip("\n")
        return made if len(made.encode()) <= MOST_BYTES else None


def _mod97(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text)) % 97
