"""A wish for messages again, in so many words: consent is put on record for nothing less."""

import re

from bot.domain.words import plain

# What reaches a person, and that it shall come back or be allowed.
_REACH = (
    r"(?:messag|msg|sms|texto?s?\b|mails?\b|e-?mail|courriel|courrier|rappel|relanc|alert|notif|avis\b|infos?\b|ecri|contact|kontakt"
    r"|preven|averti|envo[iy]|nouvelles|recois|recevoir|whatsapp|liste\b|remind|nudge|writ|hear from|posted|call|list\b|correspond|communicat"
    r"|mensaj|msj|aviso|recordator|escrib|llam|mand[aeo]|comunic|correo|lista\b|recibir|nachricht|schr[ie]b|schrei|meld|erinner|benachricht|schick|send"
    r"|verteiler|informier|bescheid|reach|sonner|appel|keep me|contacto|notice)"
)
_AGAIN = (
    r"(?:\b(?:a|de) nouveau|\bencore\b|\breprend|\breprene|\brepris|\breparte|\bremett|\bremis|\brecommenc|\breactiv|\bretabli|\breinscri|\breabonn"
    r"|\breecri|\brecontact|\bme reecri|\brajout|\brelance[zr]|\bredonn|\brenvo|\bravoir|\bfinalement|\bautoris|\baccepte|\bcontinue|\bcomme avant|\brallum"
    r"|\breinteg|\bdebloqu|\bde retour|\brevenir|\bmaintenant (?:oui|vous pouvez)|\bveux bien|\bavec plaisir"
    r"|\bagain\b|\bback\b|\bresum|\brestart|\bre-?activ|\breinstat|\bre-?subscri|\bcontinu|\bkeep (?:sending|texting|me|writing|them|em)|\bopt(?:ing)? (?:me )?(?:back )?in\b|\bon\b|\bstart|\bconsent|\ballow"
    r"|\bunmute|\bunblock|\bfine now|\bok now|\bcan now|\bafter all"
    r"|\bde nuevo|\botra vez|\bvuelv|\bvolve|\bvolver|\bnuevamente|\breanud|\breinici|\bretom|\bactiv|\bsigan|\bsiga\b|\bsigue|\bcontinu|\bcomo antes|\bde vuelta|\balta\b|\bautoriz|\breincorp|\bdesbloq|\bacept"
    r"|\bwieder\b|\berneut|\bnochmal|\bweiter|\bdoch\b|\breaktiv|\bwie fruher|\bwie vorher|\berlaub|\bdurf|\bab sofort|\beinwillig|\banmeld)"
)
_WANTS = re.compile(rf"{_AGAIN}[^.!?]{{0,90}}{_REACH}|{_REACH}[^.!?]{{0,90}}{_AGAIN}")
# A stop is taken back.
_STOPPED = (
    r"(?:\bstopp?(?:ed|e)?\b|\barret\b|\bdesinscri\w*|\bdesabonn\w*|\bopt(?:ed)?.?out\w*|\bunsubscri\w*|\bbaja\b|\babgemeldet|\babmeldung|\bblo(?:qu|ck)\w*"
    r"|\bblockiert|\bkontaktverbot|\bwiderspruch|\bopposition|\boposicion|\bno.contact\b)"
)
_UNDONE = (
    r"(?:\berreur|\bsans (?:le )?(?:faire expres|vouloir)|\bannul|\blev|\boubli|\bmistake|\baccident|\bundo|\bundone|\breverse|\bcancel|\bwithdraw|\blift|\bforget|\bignore|\bdidn'?t mean|\bnot mean"
    r"|\bnever meant|\berror|\bsin querer|\bequivo|\bquit\w*|\banul|\bdeshag|\blevant|\brevoc|\bno quer|\bversehen|\bruckgangig|\bfehler|\baufheb|\bhebe\b|\baufgehoben|\bzuruck|\bregret|\bregrett|\bplus valable)"
)
_TAKES_BACK = re.compile(rf"{_STOPPED}[^.!?]{{0,60}}{_UNDONE}|{_UNDONE}[^.!?]{{0,60}}{_STOPPED}")
_WORD = re.compile(
    r"^\W*(?:un-?stop|start|opt(?:ing)?.?(?:back.?)?in|reabonne\w*|reinscri\w*|resubscribe|re-?subscribe|subscribe|reabonnement|reinscription|wieder abonnieren"
    r"|start again|resume|restart|reprendre|reprise|reanudar|reactivar|reaktivieren|alta|unmute me)\b(?:.{0,12})$"
)
# A plan, a promise, a charge or a payment is spoken of, and nothing that reaches a person.
_OF_MONEY = re.compile(
    r"\b(?:echeancier|echelonnement|mensualite|paiement|virement|prelevement|abonnement(?! aux?)|ligne|dette|plan\b|instal?ment|payment|debt|subscription|contract|contrat"
    r"|plazos?|cuotas?|pagos?|deuda|contrato|raten\w*|zahlung\w*|schulden|vertrag\w*|frist\w*)"
)
_PERSON = re.compile(rf"\b{_REACH}")
# Single words that say both: to write again, to contact again, that one may.
_BOTH = re.compile(
    r"\b(?:me |m'|nous )?(?:reecri\w*|recontact\w*)\b(?!.{0,12}\bplus\b)|\b(?:can|may) (?:message|text|write|contact|e-?mail|start (?:texting|writing|messaging))\w*(?: to)? (?:me|us)\b"
    r"|\bopt(?:ing)? me (?:back )?in\b|\bchond mir wieder|\bsi quiero (?:\w+ )?(?:mensajes|avisos|recordatorios)"
)


def wants_messages(text: str) -> bool:
    """Whether the text itself asks for messages again, or takes a stop back; a guess of the model is not enough."""
    words = plain(text[:2000])
    if _OF_MONEY.search(words) and not _PERSON.search(words):
        return False
    return any(pattern.search(words) for pattern in (_WORD, _BOTH, _WANTS, _TAKES_BACK))
