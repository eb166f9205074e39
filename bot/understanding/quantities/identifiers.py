"""References, addresses and names of channels and languages."""

import re
from collections.abc import Iterator

from bot.domain.readings import Entity
from bot.domain.redaction import redact
from bot.understanding.quantities.fold import fold

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(
    r"(?<![\w-])(?:\+|00)\d{1,3}[ .-]?(?:\(0\))?\d(?:[ .-]?\d){6,11}(?!\d)|(?<![\w-])0[1-9](?:[ .-]?\d{2}){4}(?!\d)"
)
_REFERENCE = re.compile(
    r"\b[A-Za-z]{1,5}[-_/]?\d{2,}(?:[-_/][A-Za-z0-9]{1,12})*\b|"
    r"(?:facture|invoice|factura|rechnung|n°|no\.?|nr\.?|#)\s*(?:n°|no\.?|nr\.?|num[eé]ro|number|#)?\s*:?\s*([A-Za-z0-9]*\d[A-Za-z0-9/_-]{2,})",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:apres|after|despues de las?|a partir de|nach|ab|from|vers|a)\s+([01]?\d|2[0-3])\s?(?:h|:|uhr|heures)\s?([0-5]\d)?|"
                   r"\b(?:after|past)\s+(\d{1,2})\s?(am|pm)\b")  # fmt: skip
_CHANNELS = {
    "sms": r"\b(?:sms|textos?|text messages?|by text)\b",
    "email": r"\b(?:e-?mails?|mails?|courriels?|correo electronico|por correo)\b",
    "phone": r"\b(?:telephone|telefono|telefon|appele[zr](?:-moi)?|call me|phone|llamada|anrufen|par tel)\b",
    "telegram": r"\btelegram\b", "whatsapp": r"\bwhats?app\b",
    "letter": r"\b(?:courrier|lettre|letter|carta|brief|by post|per post)\b",
}  # fmt: skip
_LANGUAGES = {
    "fr": r"\b(?:en francais|in french|french|franzosisch|en frances|frances|francais)\b",
    "en": r"\b(?:en anglais|in english|english|englisch|en ingles|ingles|anglais)\b",
    "es": r"\b(?:en espagnol|in spanish|spanish|spanisch|en espanol|castellano|espanol|espagnol)\b",
    "de": r"\b(?:en allemand|in german|german|deutsch|en aleman|aleman|allemand)\b",
}
_NAMED = [("channel", name, re.compile(p)) for name, p in _CHANNELS.items()] + [
    ("language", name, re.compile(p)) for name, p in _LANGUAGES.items()
]


def find(text: str) -> Iterator[Entity]:
    """References, addresses, hours, channels and languages of a text."""
    for kind in redact(text).found:
        if kind in ("card", "iban"):
            yield Entity(kind, "", redact(text).text, 0, 0)
    for match in _EMAIL.finditer(text):
        yield Entity("email", match.group(), match.group().lower(), match.start(), match.end())
    for match in _PHONE.finditer(text):
        digits = re.sub(r"[^\d+]", "", match.group())
        yield Entity("phone", match.group(), digits, match.start(), match.end())
    for match in _REFERENCE.finditer(text):
        value = match.group(1) or match.group()
        if any(char.isdigit() for char in value):
            yield Entity("invoice_ref", match.group(), value, match.start(), match.end())
    folded = fold(text)
    for match in _TIME.finditer(folded):
        hour = int(match.group(1) or match.group(3)) + (
            12 if match.group(4) == "pm" and int(match.group(3)) < 12 else 0
        )
        if hour < 24:
            yield Entity(
                "time",
                text[match.start() : match.end()],
                f"{hour:02d}:{match.group(2) or '00'}",
                match.start(),
                match.end(),
            )
    for kind, name, written in _NAMED:
        for match in written.finditer(folded):
            yield Entity(kind, text[match.start() : match.end()], name, match.start(), match.end())
