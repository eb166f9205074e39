"""What needs no model: button payloads, stop words, and requests to be left alone.

Lists: Twilio and AWS stop words, FCC 47 CFR 64.1200(a)(10), and our own for other languages (compliance facts,
section 5; policies.yml, keywords). A platform matches the exact word only; people also write whole sentences.
"""

import json
import re
from typing import Any

from bot.domain.reach import wish
from bot.understanding.care import says
from bot.understanding.normal import plain

_PAYLOAD = re.compile(
    r"/(?P<intent>[A-Za-z_][\w]*)(?:@(?P<confidence>[\d.]+))?\s*(?P<entities>\{.*\})?\s*\Z", re.DOTALL
)
_EDGES = re.compile(r"[^\w/']+")

STOP = frozenset({
    "stop", "stopall", "stop all", "unsubscribe", "end", "quit", "revoke", "optout", "opt out", "remove", "td",
    "cancel", "arret", "arreter", "desinscrire", "desabonner", "desinscription", "desabonnement", "stop sms",
    "stop mail", "stop messages", "stop msg", "baja", "dar de baja", "parar", "alto", "stopp", "abmelden", "austragen",
    "basta", "sair", "stop tout", "tout stop", "tout arreter", "arretez tout", "stop todo", "parar todo", "baja todo",
    "stop alles", "stopp alles", "alles stoppen", "stop everything",
})  # fmt: skip
START = frozenset({"start", "unstop", "reprendre", "reprise", "alta", "reanudar", "anmelden", "weiter senden"})
# A death or a lawyer named in the same breath comes first (intents, rules of reading).
GRAVER = frozenset({"report_sensitive", "legal_threat"})
HELP = frozenset({"help", "info", "aide", "ayuda", "hilfe"})

_LEAVE_ME = re.compile(
    r"\b(?:(?:ne|n) ?(?:m'|me )(?:ecri\w+|contact\w+|envoy\w+|relanc\w+|harcel\w+|texto\w*)[^.!?]{0,25}\bplus\b"
    r"|(?:m'ecri\w+|me contact\w+|m'envoy\w+|me relanc\w+) (?:plus|pa+s? plus)"
    r"|laissez? (?:moi|-moi)[^.!?]{0,12}\b(?:tranquille|en paix)|foutez[- ]moi la paix"
    r"|(?:arrete[rz]?|cesse[rz]?)[^.!?]{0,20}(?:message|sms|mail|relance|m'ecrire|me contacter|de m'|harcel)\w*"
    r"|plus (?:de|aucun) (?:message|sms|mail)s?|supprime[zr]? mon numero|retire[zr]? mon numero"
    r"|stop (?:texting|messaging|contacting|writing|calling|emailing|sending)[^.!?]{0,20}"
    r"|(?:don't|do not|dont|never) (?:text|message|contact|write|email|call)(?: to)? me(?: any ?more| again|\b)"
    r"|leave me alone|remove me from|take me off|unsubscribe me|opt me out|no more (?:texts?|messages?|emails?)"
    r"|no (?:me )?(?:escrib\w+|contact\w+|envi\w+|mand\w+|llam\w+)(?: \w+){0,2} mas|dej\w+ de (?:escrib|mand|envi|contact|molest)\w+"
    r"|dej\w+me (?:en paz|tranquil\w)|no quiero (?:recibir )?mas mensajes"
    r"|(?:keine|nie wieder) (?:weiteren )?(?:nachrichten?|sms|mails?|e-mails?)(?: mehr)?"
    r"|(?:schreib\w*|kontaktier\w*|belastig\w*)[^.!?]{0,20} (?:nicht mehr|nie wieder)|lass\w* (?:sie )?mich in ruhe"
    r"|hor\w* (?:sie |ihr |du |bitte )*auf[^.!?]{0,20}(?:schreiben|nachrichten|texten))"
)
# Another channel asked for in the same breath: the person wants to be reached, only differently.
_OTHER_WAY = re.compile(
    r"\b(?:plutot|par (?:mail|e-?mail|courriel|sms|courrier|lettre|telephone|whatsapp)|appele[rz]|instead|rather|by (?:e-?mail|post|phone|letter|text)"
    r"|call me|e-?mail me|write me|por (?:correo|email|telefono|carta)|mejor|llam[ea]me|lieber|per (?:e-?mail|mail|post|brief|telefon)|ruf\w* (?:sie )?mich)"
)
# "Do not stop writing" and "stop sending the link" ask for something else.
_OTHERWISE = re.compile(
    r"(?:\b(?:not|never|without)|n't) (?:\w+ ){0,4}(?:stop|leave me)\b"
    r"|\b(?:ne |n')(?:\w+ ){0,2}(?:arrete|cesse)\w* (?:surtout )?pas|\bpas (?:\w+ )?(?:d'arreter|que vous (?:arret|cess))"
    r"|\bno (?:\w+ ){0,4}(?:dej|par|ces)\w* de\b|\b(?:nicht|ned|net) (?:\w+ ){0,2}aufhor|\bhor\w* (?:\w+ ){0,3}(?:nicht|ned) auf\b"
    r"|\b(?:link|lien|enlace|code|codigo|pdf)s?\b"
)
# Not at that hour or in that place: a preference, which the model reads.
_LIMITED = re.compile(
    r"\b(?:on|at|in|before|after|during|until|so (?:late|early)|my) (?:the |my )?(?:weekends?|sundays?|nights?|mornings?|work|job|office|boss|evenings?|mum|dad|wife|husband|\d)"
    r"|\b(?:le|la|les|au|a|avant|apres|pendant) (?:mon |ma |mes )?(?:week-?ends?|dimanches?|nuits?|matins?|soirs?|travail|boulot|bureau|\d)"
    r"|\b(?:los|las|el|la|al|por la|en (?:el|mi)|antes de|despues de|a) (?:mi )?(?:fin(?:es)? de semana|domingos?|noches?|mananas?|trabajo|oficina|madre|las? \d)"
    r"|\b(?:am|um|vor|nach|in der|bei der|auf) (?:die |der )?(?:wochenende|sonntag\w*|nacht|nachts|fruh|arbeit|\d)|\b(?:abends|nachts|morgens|sonntags|vormittags)\b"
)


# "Why do you write to me?" asks who we are, not what we know.
_WHY_ME = re.compile(
    r"\b(?:pourquoi (?:est.ce que )?(?:vous )?(?:m'|me )(?:contact|ecri|appel|relanc|envoy|texto)\w*(?:.vous)?"
    r"|pourquoi (?:je recois|j'ai recu|ai.je recu|recevoir)|c'? ?(?:est )?quoi ce (?:numero|message|sms|mail)"
    r"|why (?:do|did|have) i (?:get|got|receiv|gotten)\w*|por que recibo|warum (?:bekomme|erhalte|kriege) ich"
    r"|pourquoi (?:ce|ces|votre|cet) (?:message|sms|mail|e-mail)s?"
    r"|why (?:are you|do you|did you|have you been|do i get|am i getting) (?:\w+ )?(?:contact|writ|text|messag|email|call|bother)\w*"
    r"|why am i (?:being contacted|receiving|getting)"
    r"|por que me (?:escrib|contact|llam|envi|mand)\w*|warum (?:schreib|kontaktier|ruf|meld|texte)\w* (?:sie|ihr|du) (?:mir|mich|sich)"
    r"|warum bekomme ich (?:diese|eine) (?:nachricht|sms|mail|e-mail))"
)


def payload(text: str) -> tuple[str, float, dict[str, Any]] | None:
    """Read "/intent", "/intent@0.9" or '/intent{"entity": "value"}'; None when it is not one."""
    match = _PAYLOAD.match(text.strip()) if text.lstrip().startswith("/") else None
    if match is None:
        return None
    try:
        entities = json.loads(match["entities"]) if match["entities"] else {}
        confidence = float(match["confidence"]) if match["confidence"] else 1.0
    except ValueError:
        return None
    return (match["intent"], confidence, entities) if isinstance(entities, dict) else None


def command(text: str) -> str | None:
    """The intent of a command word or a plain request to be left alone; None for everything else."""
    if len(text) > 400:
        return None
    words = " ".join(_EDGES.sub(" ", plain(text)).split())
    if words in STOP:
        return "stop_contact"
    if words in START:
        return "restart_contact"
    if words in HELP or (len(words.split()) <= 12 and _WHY_ME.search(plain(text))):
        return "ask_identity"
    if _LEAVE_ME.search(plain(text)):
        if GRAVER & says(text) or _OTHERWISE.search(plain(text)) or _LIMITED.search(plain(text)):
            return None
        wanted = wish(text)
        if wanted.channel or wanted.call:
            return "change_preference"
        return None if _OTHER_WAY.search(plain(text)) else "stop_contact"
    return None
