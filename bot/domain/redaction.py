"""Card numbers, security codes and IBANs that customers type are masked before anything is stored or shown.

Rules: PCI DSS 3.3.1 (no security code is ever kept), 3.4.1 (at most the last four digits are shown); IBAN by
ISO 13616 (country, length, mod-97).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# ISO 13616 lengths of the countries that our customers bank in; an IBAN of another length is not one.
_IBAN_LENGTH = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}  # fmt: skip
# Copied from a bill or typed on a telephone, a number is broken by spaces of all kinds, points, hyphens and line ends.
_GAP = r"[\s.\u2010-\u2013-]{0,3}"
_CARD = re.compile(rf"(?<![\w+])\d(?:{_GAP}\d){{12,18}}(?!\d)")
_IBAN = re.compile(rf"(?<!\w)[A-Za-z]{{2}}{_GAP}\d{{2}}(?:{_GAP}[A-Za-z0-9]){{11,30}}")
_CODE = re.compile(
    r"(?i)\b(cvv2?|cvc2?|cid|csc|cryptogramme|security code|code de s[ée]curit[ée]|c[oó]digo de seguridad|"
    r"pr[üu]f(?:ziffer|nummer)|sicherheitscode)(\W{0,4}(?:is|est|es|ist|:|=)?\W{0,3})(\d{3,4})\b"
)
# Keys of payment providers and carriers, private keys, and passwords written out.
_SECRET = re.compile(
    r"\b(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}|\b\d{8,12}:AA[A-Za-z0-9_-]{30,}|\bAKIA[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?i:\b(?:password|passwort|mot de passe|contrase[ñn]a)\s*[:=]\s*\S{6,})"
)
_SEPARATORS = re.compile(_GAP.removesuffix("{0,3}"))
# What a masked card or account number begins with.
MASK = "••••"
# First digits of the card schemes' issuer ranges (Amex, Diners, JCB, Visa, Mastercard, Discover, UnionPay, Maestro).
_ISSUERS = re.compile(r"(?:3[4-9]|4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|6)")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be kept, and the kinds of what was masked in it (card, security_code, iban)."""

    text: str
    found: tuple[str, ...]


def redact(text: str) -> Redacted:
    """Mask card numbers, security codes and IBANs; everything else stays as it was written."""
    found: list[str] = []

    def iban(match: re.Match[str]) -> str:
        whole = match.group()
        length = _IBAN_LENGTH.get(whole[:2].upper(), 0)
        taken = _prefix(whole, length)
        if not length or taken is None or not is_iban(_SEPARATORS.sub("", whole[:taken])):
            return whole
        found.append("iban")
        plain = _SEPARATORS.sub("", whole[:taken])
        return f"{plain[:2].upper()}•• {MASK} {plain[-4:]}{whole[taken:]}"

    def card(match: re.Match[str]) -> str:
        digits = _SEPARATORS.sub("", match.group())
        if not is_card(digits):
            return match.group()
        found.append("card")
        return f"{MASK} {digits[-4:]}"

    def code(match: re.Match[str]) -> str:
        found.append("security_code")
        return f"{match.group(1)}{match.group(2)}•••"

    safe = _CODE.sub(code, _CARD.sub(card, _IBAN.sub(iban, text)))
    return Redacted(safe, tuple(dict.fromkeys(found)))


def leaks(text: str, ours: Iterable[str] = ()) -> tuple[str, ...]:
    """Kinds of what may never leave in a message (card, security_code, iban, secret); `ours` are accounts that
    customers are to pay to."""
    mine = {_SEPARATORS.sub("", account).upper() for account in ours if account}
    bare = text
    for account in mine:
        bare = re.sub(_GAP.join(map(re.escape, account)), "", bare, flags=re.IGNORECASE)
    found = redact(bare).found
    return (*found, "secret") if _SECRET.search(bare) else found


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits are a plausible card number: issuer range and Luhn."""
    if not (13 <= len(digits) <= 19 and digits.isascii() and digits.isdigit() and _ISSUERS.match(digits)):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a compact text is an IBAN: known country, its length, mod-97 of 1."""
    plain = text.upper()
    if not plain.isascii() or not plain.isalnum() or _IBAN_LENGTH.get(plain[:2]) != len(plain):
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _prefix(text: str, length: int) -> int | None:
    """How many characters of the text hold `length` letters and digits; None when it has fewer."""
    seen = 0
    for place, char in enumerate(text):
        if char.isalnum():
            seen += 1
        if seen == length and length:
            return place + 1
    return None
