"""What a customer says of a payment that we do not see yet: by which way, on which day."""

import re
from datetime import date, timedelta

from bot.domain.words import plain

_WAYS = {
    "card": r"cartes?|cb|cards?|tarjeta|karte|kreditkarte|visa|mastercard",
    "bank transfer": r"virements?|transfers?|bank transfer|transferencia|uberweisung|uberwiesen|vire",
    "direct debit": r"prelevements?|direct debit|domiciliacion|lastschrift|sepa",
    "cheque": r"cheques?|checks?|scheck",
    "cash": r"especes|cash|efectivo|bar|liquide",
    "PayPal": r"paypal",
}


def way_of_payment(text: str) -> str | None:
    """The way of payment that a text names, or None."""
    words = plain(text)
    return next((way for way, names in _WAYS.items() if re.search(rf"\b(?:{names})\b", words)), None)


def day_paid(day: date, today: date, text: str) -> date:
    """A day told of a payment lies behind: "Friday" is the last one, "the 12th" that of this month or the last."""
    if day <= today:
        return day
    if not re.search(r"\d", text):
        return day - timedelta(days=7 * (1 + (day - today - timedelta(days=1)).days // 7))
    month = today.month if day.day <= today.day else today.month - 1
    year, month = (today.year, month) if month else (today.year - 1, 12)
    try:
        return date(year, month, day.day)
    except ValueError:
        return today


# "Pague" is "pagué" as it is typed in haste; after "que", "no" or "si" it is another form of the verb.
_PAID = re.compile(
    r"\bya (?:(?:lo|la|los|las|os|les?) )*(?:(?:he|hemos|esta) )?(?:pague|pagado|pagada|pagamos|abone|abonado"
    r"|transferi|transferido|ingrese)\b"
    r"|(?<!que )(?<!no )(?<!si )(?<!cuando )\b(?:(?:lo|la|los|las) )?(?:pague|abone|transferi|ingrese)\b[^.!?]{0,25}"
    r"\b(?:ayer|anteayer|anoche|pasad[ao]|hace|(?:el|con|por) (?:tarjeta|bizum|transferencia|banco))\b"
    r"|\b(?:lo|la) pague (?:el|con|por|en) "
)
_NOT_PAID = re.compile(
    r"\b(?:quiere\w*|quieren|para|espera\w*|diga\w*) que\b|\bque (?:lo |la )?pague\b|\bno (?:lo |la )?(?:pague"
    r"|he pagado)\b"
)
_PROOF = re.compile(
    r"\b(?:j'ai|voici|voila|dispose|possede|ai)\b[^.!?]{0,20}\b(?:preuve|recu|justificatif|releve|attestation|capture)\b"
    r"|\b(?:i have|i've got|got|have|here is|here's)\b[^.!?]{0,20}\b(?:proof|receipt|screenshot|bank statement"
    r"|confirmation)\b"
    r"|\b(?:tengo|aqui (?:esta|tiene)|dispongo)\b[^.!?]{0,25}\b(?:prueba|justificante|recibo|comprobante"
    r"|resguardo|extracto|captura)s?\b"
    r"|\b(?:habe|hab|hier ist|hier)\b[^.!?]{0,25}\b(?:beleg\w*|nachweis\w*|quittung|kontoauszug|beweis\w*"
    r"|screenshot|bestatigung)\b"
)


def says_paid(text: str) -> bool:
    """Whether it is told in Spanish, with or without the accent, that the payment was made."""
    words = plain(text)
    return bool(_PAID.search(words)) and not _NOT_PAID.search(words)


def has_proof(text: str) -> bool:
    """Whether somebody says that they can show that they paid."""
    return bool(_PROOF.search(plain(text)))
