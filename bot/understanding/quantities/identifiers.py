"""Card numbers, IBANs, e-mail addresses, telephone numbers, references, and names of channels and languages."""

import re
from collections.abc import Iterator

import phonenumbers

from bot.domain.readings import Entity
from bot.domain.redaction import is_card, is_iban
from bot.understanding.quantities.words import money

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_CARD = re.compile(r"(?<![\w+])\d(?:[ .\u00a0\u202f-]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}[ .\u00a0-]?\d{2}(?:[ .\u00a0-]?[A-Za-z0-9]){11,30}")
_MASKED = re.compile(r"(?P<iban>\b[A-Z]{2}•• •••• \w{4})|(?P<card>•••• \d{4})")
_SEPARATORS = re.compile(r"[ .\u00a0\u202f-]")
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|00)\d{1,3}(?:[ .()/-]{0,2}\d){6,13}(?![\d])|(?<![\w.,/-])\(?0\d(?:[ .()/-]{0,2}\d){7,11}(?![\d])|"
                    r"(?<![\w.,/-])(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-.]\d{4}(?![\w-])|(?<![\w.,/-])[6-9]\d{2}(?: ?\d{2,3}){2,3}(?![\d.,])")  # fmt: skip
_DATE_LIKE = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}")
# Where numbers without a country code may come from, by the language they are given in.
_REGIONS = {
    "fr": ("FR", "BE", "CH", "LU"),
    "en": ("GB", "US", "IE", "AU", "IN", "ZA", "NZ"),
    "es": ("ES", "MX", "AR", "CO", "CL"),
    "de": ("DE", "AT", "CH"),
}
_REFERENCE = re.compile(
    r"(?<![\w/@.-])(?P<coded>[A-Za-z]{1,6}[-_/](?:\d{1,12}|[A-Za-z]{1,6}-?\d{1,12})(?:[-_/][A-Za-z0-9]{1,12}){0,5}|[A-Z]{1,6}\d{3,12}(?:[-_/][A-Za-z0-9]{1,12}){0,5})(?![\w@])|"
    r"\b(?:(?:facture|invoices?|factura|rechnung|bill|r[eé]f(?:[eé]rence|erencia|erenz)?|dossier|reference|aktenzeichen|kundennummer|expediente)\.?\s{0,3}(?:is\s)?|(?=[n#]))"
    r"(?:(?:n°|nº|n\.|no\.|nr\.|num[eé]ro|n[uú]mero|nummer|number|#|no|nr)\s{0,3})?:?\s{0,3}#?(?P<named>[A-Za-z]{0,6}[-_/]?\d[A-Za-z0-9]{1,14}(?:[-_/][A-Za-z0-9]{1,12}){0,5})(?![\w.,]*[\d€$£%])(?!\s?(?:[€$£%]|euros?\b|dollars?\b|pounds?\b))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"n°|nº|no\.|nr\.|#|invoice|facture|factura|rechnung|ref|r[eé]f|bill|dossier|aktenz|kundenn|expediente|num",
    re.IGNORECASE,
)
_MONTH_LIKE = re.compile(
    r"(?:^|[-_/])(?:jan|feb|f[eé]v|mar|m[aä]r|apr|avr|abr|ma[iy]|jun|jui|jul|aug|ao[uû]|ago|sep|oc?k?t|nov|d[ei][czc]|ene|mon|tue|wed|thu|fri|sat|sun|mi|h|x|q|v)[a-zéû]*[-_/]?\d",
    re.IGNORECASE,
)
_CHANNELS = {
    "sms": r"\b(?:(?:by |par |per |por )?(?:sms|textos?|text messages?)|by text|text me|(?:can you|just|no need to call me,) text)\b",
    "email": r"\b(?:(?:by |par |per |por )?(?:e-?mails?|mails?|courriels?|correo electronico)|por correo)\b(?!@)",
    "phone": r"\b(?:(?:by |par )?(?:telephone|telefono|telefon|phone)|appele[zr](?:-moi)?|call me|llamada|llamenme|anrufen|par tel|ring me|give me a (?:call|ring))\b",
    "telegram": r"\btelegram\b", "whatsapp": r"\bwhats?app\b",
    "letter": r"\b(?:(?:by |par |per |por )?(?:courrier|letter|carta|brief)|by (?:post|mail)|per post|lettre)\b",
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


def numbers(text: str, language: str) -> Iterator[Entity]:
    """What must not be taken for a sum or a day: cards, IBANs, addresses, telephone numbers, references."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Entity("email", match.group(), match.group().lower(), match.start(), match.end())
    figures = sum(char.isdigit() for char in text)
    if figures < 2:
        return
    if "•" in text:
        for match in _MASKED.finditer(text):
            yield Entity(match.lastgroup or "card", match.group(), match.group(), match.start(), match.end())
    if figures >= 7:
        yield from _accounts(text)
        yield from _phones(text, language)
    yield from _references(text)


def _accounts(text: str) -> Iterator[Entity]:
    for match in _IBAN.finditer(text):
        # The run may go on into the next words: the longest beginning that is an IBAN counts.
        whole = match.group()
        for end in range(len(whole), 14, -1):
            plain = _SEPARATORS.sub("", whole[:end]).upper()
            if whole[end - 1].isalnum() and is_iban(plain):
                shown = f"{plain[:2]}•• •••• {plain[-4:]}"
                yield Entity("iban", shown, shown, match.start(), match.start() + end)
                break
    for match in _CARD.finditer(text):
        plain = _SEPARATORS.sub("", match.group())
        if is_card(plain):
            yield Entity("card", f"•••• {plain[-4:]}", f"•••• {plain[-4:]}", match.start(), match.end())


def _phones(text: str, language: str) -> Iterator[Entity]:
    for match in _PHONE.finditer(text):
        said = match.group().strip()
        if _DATE_LIKE.fullmatch(said):
            continue
        plain = re.sub(r"[^\d+]", "", said.replace("(0)", ""))
        abroad = plain.startswith(("+", "00"))
        if abroad:
            plain = "+" + plain.removeprefix("+").removeprefix("00")
        local = len(plain) == 7 and "-" in said and language == "en"
        if local or _is_phone(plain, abroad, language):
            yield Entity("phone", said, plain, match.start(), match.end())


def _is_phone(plain: str, abroad: bool, language: str) -> bool:
    for region in (None,) if abroad else _REGIONS[language]:
        try:
            number = phonenumbers.parse(plain, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (plain[0] == "0" and phonenumbers.is_possible_number(number)):
            return True
    return False


def _references(text: str) -> Iterator[Entity]:
    for match in _REFERENCE.finditer(text):
        group = "coded" if match["coded"] else "named"
        value, start = match[group], match.start(group)
        if not any(char.isdigit() for char in value) or _DATE_LIKE.fullmatch(value):
            continue
        letters = re.match(r"[A-Za-z]*", value).group()  # type: ignore[union-attr]
        if group == "coded" and (
            letters.upper() in money.CODES or letters.lower() in ("rs", "rm", "us") or _MONTH_LIKE.search(value)
        ):
            continue
        if group == "named" and (len(value) < 3 or not _NUMBERED.search(text[match.start() : start])):
            continue
        yield Entity("invoice_ref", value, value, start, match.end(group))


def names(folded: str, text: str) -> Iterator[Entity]:
    """Channels and languages."""
    for kind, name, written in _NAMED:
        for match in written.finditer(folded):
            yield Entity(kind, text[match.start() : match.end()], name, match.start(), match.end())
