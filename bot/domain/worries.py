"""What people fear besides the bill itself: each fear has a true answer of its own, said before anything else."""

import re

from bot.domain.words import plain

# In the order of looking: the gravest fear of a message is answered.
_WORRIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("prison", re.compile(
        r"\b(?:jail|prison|arrested|arrest me|criminal record)\b"
        r"|\bprison\b|\bcasier judiciaire\b|\barreter par la police\b"
        r"|\bcarcel\b|\bprision\b|\bantecedentes penales\b"
        r"|\b(?:gefangnis|knast|verhaftet|vorstrafe\w*)\b")),
    ("home", re.compile(
        r"\b(?:take|seize|lose|sell)\b.{0,20}\b(?:house|home|car|flat|furniture|belongings|things)\b|\bbailiffs?\b"
        r"|\b(?:prendre|saisir|perdre|vendre)\b.{0,20}\b(?:maison|appartement|voiture|meubles|logement|affaires)\b"
        r"|\b(?:saisie|huissiers?)\b"
        r"|\b(?:quitar|embargar|perder|vender)\w*\b.{0,20}\b(?:casa|piso|coche|muebles|cosas)\b|\bembarg\w+\b"
        r"|\b(?:haus|wohnung|auto|mobel|sachen)\b.{0,20}\b(?:wegnehmen|nehmen|verlieren|pfanden|weg)\b"
        r"|\b(?:gerichtsvollzieher|pfandung\w*|pfanden)\b")),
    ("employer", re.compile(
        r"\b(?:my|the) (?:employer|boss|work|job|family|parents|husband|wife|neighbou?rs?)\b"
        r".{0,30}\b(?:call|tell|told|know|contact|find out)|\b(?:call|tell|contact|inform)\w*\b.{0,15}\bmy "
        r"(?:employer|boss|work|family|parents|husband|wife|neighbou?rs?)\b"
        r"|\b(?:appel|prevenir|contact|dire|parler|inform)\w*\b.{0,20}"
        r"\b(?:mon employeur|mon patron|mon chef|ma famille|mes parents|mon mari|ma femme|mes voisins)\b"
        r"|\b(?:llam|avis|contact|dec|inform|hablar)\w*\b.{0,20}"
        r"\bmi (?:jefe|empresa|trabajo|familia|marido|mujer|vecinos)\b"
        r"|\bruf\w*\b.{0,10}\bmein\w* (?:chef|arbeitgeber|familie|eltern|mann|frau|nachbarn)\b"
        r"|\b(?:mein\w*) (?:chef|arbeitgeber|familie|eltern|mann|frau|nachbarn)\b.{0,20}"
        r"\b(?:anrufen|sagen|informieren|kontaktieren|erfahren|bescheid)\b")),
    ("credit", re.compile(
        r"\bcredit (?:score|rating|report|file|record|history|bureau)\b"
        r"|\b(?:ficp|fiche|fichage|banque de france|interdit bancaire)\b"
        r"|\b(?:asnef|fichero de morosos|lista de morosos|historial crediticio)\b"
        r"|\b(?:schufa|bonitat|kreditwurdig\w*)\b")),
)  # fmt: skip


def worry(text: str) -> str | None:
    """What the writer fears: prison, home (goods seized), employer (others told), credit (a bad mark); or None."""
    words = plain(text)
    return next((name for name, pattern in _WORRIES if pattern.search(words)), None)
