"""Not being able to pay is not refusing to: the words for it, and the reasons that go with them."""

import re

from bot.domain.words import plain

_CANNOT = re.compile(
    r"\b(?:(?:peux|peut|pouvons|pourrai|pourrais|arrive|arrivons|suis) (?:\w+ ){0,2}(?:pas|plus|incapable)(?: \w+){0,3}"
    r" (?:payer|regler|rembourser|honorer)|pas (?:les moyens|de quoi payer|d'argent|l'argent)"
    r"|plus (?:d'argent|un sou|rien sur)"
    r"|impossible de (?:payer|regler)|fauche"
    r"|(?:can'?t|cannot|can not|could ?n'?t|unable to|not able to|no way i can) (?:\w+ ){0,3}(?:pay|afford|settle)"
    r"|(?:no|not have (?:the|any|enough)|don'?t have (?:the|any|enough)|haven'?t got (?:the|any)) money|broke\b"
    r"|no (?:\w+ )?pued[oe]\w* (?:\w+ ){0,2}(?:pagar|permitir|hacer frente)\w*"
    r"|no tengo (?:\w+ )?(?:dinero|con que pagar)"
    r"|imposible pagar|(?:kann|konnen|konnte) (?:\w+ ){0,5}(?:nicht|nix|nichts) (?:be)?(?:zahlen|begleichen|aufbringen)"
    r"|(?:kein|keine) geld|nicht leisten|nicht in der lage)"
)
_CAUSE = re.compile(
    r"\b(?:perdu|emploi|travail\w*|chom\w*|licenci\w*|malad\w*|hopital|hospital\w*|divorc\w*|separ\w*|rsa|dettes?|loyer|enfants?"
    r"|lost|job|unemploy\w*|laid off|ill|sick|illness|benefits?|debts?|rent|kids?|children|cancer|disab\w*"
    r"|trabajo|paro|despid\w*|despedid\w*|enferm\w*|deudas?|alquiler|hijos?"
    r"|arbeit\w*|job|gekundigt|krank\w*|scheidung|schulden|miete|kinder|burgergeld|insolven\w*)\b"
)
SHORT = 12
# Why reminders rest for a while after a bare "I cannot pay"; what is agreed meanwhile ends the rest.
RESTING = "says that paying is not possible"


def cannot_pay(text: str) -> bool:
    """Whether somebody says that paying is not possible (not that they will not)."""
    return _CANNOT.search(plain(text)) is not None


def gives_cause(text: str) -> bool:
    """Whether a message tells why, or enough of it that a person has to read it."""
    words = plain(text)
    return _CAUSE.search(words) is not None or len(words.split()) > SHORT
