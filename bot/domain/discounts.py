"""Whether somebody asks us to let a part of the debt go."""

import re

from bot.domain.words import plain

_ASKS = re.compile(
    r"\bdiscount\b|\brebate\b|\bmoney off\b|(?:%|per ?cent) off\b|\bknock\b[^.!?]{0,25}\boff\b|\bwrit(?:e"
    r"|ing)\b[^.!?]{0,25}\boff\b"
    r"|\b(?:reduce|lower|cut|forgive|waive) (?:the|my|this|what|our|part)\b[^.!?]{0,20}\b(?:debt|amount|bill"
    r"|balance|total|sum|price|invoice|owe)\b"
    r"|\breduction (?:of|on|in|for)\b|\bsettle for (?:less|[£$€]?\d)|\bcall it (?:quits|even)\b|\blet me off\b"
    r"|\b(?:accept|take) [£$€]?\d[\d.,]*[^.!?]{0,25}\b(?:settle|close|clear|finish|full and final)\b"
    r"|\baccepte\w*\b[^.!?]{0,15}\d[^.!?]{0,25}\b(?:solder|solde|cloturer|clore|pour tout)\b"
    r"|\bacept\w+\b[^.!?]{0,15}\d[^.!?]{0,25}\b(?:liquidar|saldar|cerrar|zanjar)\w*"
    r"|\d[^.!?]{0,25}\b(?:und (?:die sache|das|es) (?:ist|ware) erledigt|als vergleich)\b|\bvergleich\b[^.!?]{0,25}\d"
    r"|\bremise\b(?! (?:en|a)\b)|\brabais\b|\bristourne\b|\breduction\b(?! (?:d'activite|de (?:salaire|temps|revenu)))"
    r"|\bgeste commercial\b|\b(?:faire|faites|fait|feriez|fassiez|auriez|avez) (?:vous )?un (?:petit |petit-)?geste\b"
    r"|\bpour solde de tout compte\b"
    r"|\b(?:efface|annule|diminue|baisse|redui)\w* (?:une partie|(?:un peu )?(?:la|ma|cette|le|mon"
    r"|ce)) ?(?:de la )?(?:dette|facture|montant|somme|reste|solde)?\b"
    r"|\bdescuento\b|\brebaja\w*\b|\buna quita\b|\bcondon\w+|\b(?:reduc|reduzc|perdon"
    r"|baj)\w* (?:un poco )?(?:la|mi|el|una parte|parte)\b[^.!?]{0,12}\b(?:deuda|importe|factura|total)\b"
    r"|\b(?:annul|supprim|enlev|retir|waive|drop|cancel|remov|quit|anul|perdon|streich|erlass|erlasst)\w*"
    r"[^.!?]{0,20}\b(?:frais|penalites?|fees?|charges|surcharge|recargos?|gastos|comisiones|gebuhren|mahnkosten)\b"
    r"|\b(?:gebuhren|mahngebuhren|mahnkosten|recargos?|fees?|frais)\b[^.!?]{0,20}\b(?:erlassen|streichen|weglassen)\b"
    r"|\brabatt\b|\b(?:preis)?nachlass\b(?! (?:von|meine\w*|der) )|\bskonto\b|\bschuldenerlass\b|\berlassen\b"
    r"|\b(?:weniger|billiger|gunstiger),? wenn ich (?:sofort|gleich|heute|jetzt)\b"
)
# One that was promised or left out is an objection to the invoice; that of an estate is a death.
_OTHER = re.compile(
    r"\b(?:promised|agreed|forgot\w*|missing|told|was supposed|applied|had a|got a|promis|avait|aviez|avions"
    r"|convenu|oubli\w+|appliqu\w+"
    r"|prometi\w+|falta\w*|acord\w+|olvid\w+|aplic\w+|teniamos|versproch\w+|vergess\w+|ausgemacht|vereinbart|zugesagt"
    r"|abgezogen|fehlt|erbe\w*|gestorben|verstorben)\b"
)


def asks_discount(text: str) -> bool:
    """Whether less than the debt is asked for; a discount once promised is another matter."""
    words = plain(text)
    return bool(_ASKS.search(words)) and not _OTHER.search(words)
