"""Phone numbers as carriers write them."""

import phonenumbers


def international(number: str) -> str:
    """The number as +33612345678; one that is no number (a sender's name, a short code) stays as it came."""
    digits = number.strip()
    written = digits if digits.startswith("+") else f"+{digits.removeprefix('00')}"
    try:
        parsed = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(parsed):
        return digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
