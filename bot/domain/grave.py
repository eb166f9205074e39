"""Which hold protects somebody who tells of something grave; in doubt the widest one."""

import re

from bot.domain.danger import life_at_risk
from bot.domain.words import plain

_KIN = r"(?:husband|wife|father|mother|dad|mum|mom|brother|sister|son|daughter|partner)"
_DEATH = re.compile(
    # French; not "amortir", nor "mort de rire"
    r"\b(?:decede\w*|deces\b|morte?s?\b(?! de (?:rire|fatigue|faim))|enterr\w+|veu(?:f|ve)s?\b|obseques|funerailles"
    r"|en deuil)"
    # English; not "mortgage", nor a deadline
    r"|\b(?:died|death|passed away|deceased|funeral|widow\w*|bereave\w*"
    r"|(?:is|are|was|be|'s|found) dead\b(?! (?:tired|broke|end)))"
    rf"|\b(?:late|lost (?:my|her|his|our)) {_KIN}\b"
    # Spanish
    r"|\b(?:murio|murieron|fallec\w+|muert[oa]s?\b(?! de (?:hambre|cansancio|miedo|risa|frio))|difunt\w+|viud\w+|luto)"
    # German
    r"|\b(?:gestorben|verstorben\w*|verstarb|tod\b|tot\b|todesfall\w*|witwer?\b|beerdig\w*|beisetzung|trauerfall)"
)
_BREATHING_SPACE = re.compile(r"\b(?:breathing space|debt respite)\b")
_CRISIS = re.compile(r"\bmental health crisis\b")
_OVER_INDEBTED = re.compile(r"surendett|banque de france|retablissement personnel|\bcommission\b")
_PROCEDURE = re.compile(
    r"surendett|banque de france|retablissement personnel|liquidation|redressement|faillite|bankrupt|insolven|\biva\b"
    r"|debt relief order|trust deed|sequestration|breathing space|debt respite|chapter (?:7|11|13)"
    r"|concurso|segunda oportunidad|bancarrota|privatinsolvenz|schuldnerberat|verbraucherinsolvenz"
)
_GUARDIAN = re.compile(r"tutelle|curatelle|tuteur|curateur|guardian|power of attorney|tutela|curatela|betreu")
# The writer's own age; a child's, a customer's years or a delay is another thing.
_AGE = re.compile(
    r"\b(?:(?:j'ai|g|jai) (?:que |seulement )?(?:[5-9]|1[0-7]) ans\b(?! (?:de|d'|que|chez|pour|comme))"
    r"|(?:i'?m|i am) (?:only |just )?(?:[5-9]|1[0-7])(?: ?(?:years? old|y/?o|yrs? old)\b|(?= ?(?:[.,!?]|and\b|so\b|$)))"
    r"|tengo (?:solo )?(?:[5-9]|1[0-7]) anos\b(?! (?:de|como|con|en|siendo))"
    r"|ich bin (?:erst )?(?:[5-9]|1[0-7])(?: jahre? alt\b|(?= ?(?:[.,!?]|und\b|$)))"
    r"|(?:je suis|i'?m|i am|im|soy|ich bin) (?:encore |still |todavia |noch |a |an |un |une )*"
    r"(?:mineure?|minor|under ?age|menor de edad|minderjahrig)\b)"
)


def says_minor(text: str) -> bool:
    """Whether the writer says that they are a child."""
    return _AGE.search(plain(text)) is not None


def kind_of(text: str, jurisdiction: str) -> str:
    """The kind of hold for what is told: danger first, then a death, a child, a debt procedure, a guardian."""
    words = plain(text)
    if life_at_risk(text):
        return "self_harm_signal"
    if _DEATH.search(words):
        return "deceased"
    if says_minor(text) or _GUARDIAN.search(words):
        return "minor_or_no_capacity"
    if _PROCEDURE.search(words):
        return _procedure(words, jurisdiction[:2].upper())
    return "vulnerability_signal"


def _procedure(words: str, country: str) -> str:
    """The statutory scheme that is named, where the country has one; else an insolvency."""
    if country == "GB" and _BREATHING_SPACE.search(words):
        return "mental_health_crisis_gb" if _CRISIS.search(words) else "breathing_space_gb"
    if country == "FR" and _OVER_INDEBTED.search(words):
        return "surendettement_fr"
    return "bankruptcy"
