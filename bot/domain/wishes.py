"""Small words that change what a sum or a day means: how often, all at once, later, ask somebody else."""

import re
import unicodedata
from fractions import Fraction


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


_TWO_WEEKS = _any(
    r"\b(?:every (?:two|2|other) (?:weeks?|\w+day)|(?:each|every) fortnight|(?:a|per) fortnight|fortnightly"
    r"|biweekly)\b",
    r"\b(?:toutes les (?:deux|2) semaines|(?:par|la|chaque) quinzaine)\b",
    r"\b(?:cada (?:dos|2) semanas|quincena\w*|quincenal\w*)\b",
    r"\b(?:alle (?:zwei|2) wochen|zweiwochentlich|14-?tagig\w*)\b",
)
_WEEK = _any(
    r"\b(?:a|per|each|every) week\b|\bweekly\b|/ ?(?:week|wk|semaine|semana|woche)\b",
    r"\b(?:each|every) (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    r"(?<!dans )(?<!de )\b(?:par|chaque|la|toutes les) semaines?\b(?! pro)|\bhebdomadaire\w*",
    r"\b(?:chaque|tous les) (?:lun|mar|mercre|jeu|vendre|same)dis?\b|\b(?:chaque|tous les) dimanches?\b",
    r"(?<!de )(?<!en )\b(?:por|cada|a la|la) semana\b(?! que| pro)|\b(?:todas las semanas)\b|\bsemanal\w*",
    r"\b(?:cada|todos los) (?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)\b",
    r"(?:\d|euro|€) die woche\b|\b(?:pro|jede|in der|je) woche\b|\bwochentlich\w*",
    r"\bjeden (?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)\b|\bjeden mittwoch\b",
)
_MONTH = _any(
    r"\b(?:a|per|each|every) month\b|\bmonthly\b|/ ?(?:month|mois|mes|monat)\b",
    r"\b(?:par|chaque|tous les) mois\b|\bmensuel\w*",
    r"\b(?:al|por|cada) mes\b|\bmensual\w*",
    r"\b(?:pro|im|jeden|je) monat\b|\bmonatlich\w*",
)
_SEVERAL = _any(
    r"\binstal?lments?\b|\b(?:starting|beginning|from)\b",
    r"\bmensualite|\becheanc\w+|\bversements\b|\bplusieurs fois\b|\ba partir d|\ba compter d|\bcommenc\w+",
    r"\bplazos\b|\bcuotas\b|\ba partir del?\b|\bdesde el\b|\bempezando\b",
    r"\braten\b|\bab (?:dem|\d)",
)
_ALL = _any(
    r"\b(?:pay|settle|clear) (?:it |this )?(?:all|off|in full|everything|the (?:whole|full|entire|lot|total))\b",
    r"\b(?:everything|the (?:whole|full) (?:amount|sum|bill|thing|balance)) (?:at once|now|in one go)\b",
    r"\ball at once\b|\b(?:in|as) one (?:go|payment)\b|\bthe (?:whole|full|entire) (?:amount|sum|balance|debt|lot)\b",
    r"\b(?:tout|totalite|total|integralite)\b[^.!?]{0,20}(?:pay|regl|sold|d'un coup)",
    r"(?:pay|regl|sold)\w* (?:le |la |l')?(?:tout|totalite|total|integralite)\b|\ben une (?:seule )?fois\b",
    r"\bd'un (?:seul )?coup\b",
    r"\b(?:pag|liquid|abon)\w*[^.!?]{0,6} (?:todo|la totalidad|el total)\b",
    r"\btodo (?:de una vez|junto|ahora|de golpe)\b|\bde una (?:sola )?vez\b|\ben un (?:solo )?pago\b",
    r"\balles\b[^.!?]{0,25}(?:auf einmal|zahl|bezahl|begleich)|zahl\w* alles\b|\bauf einmal\b|\bin einer summe\b",
    r"\bgesamt(?:betrag|summe|en betrag)\b|\bden ganzen betrag\b",
)
_ENDS_PLAN = _any(
    r"\b(?:cancel|end|stop|undo|drop|terminate)\b.{0,15}\b(?:plan|instal?lments?|arrangement)\b",
    r"\b(?:annul|arret|resili|stopp)\w*\b.{0,15}\b(?:echeancier|plan|echelonnement|versements|mensualites)\b",
    r"\b(?:cancel|anul|termin|dej)\w*\b.{0,15}\b(?:plan|plazos|cuotas|fraccionamiento)\b",
    r"\b(?:ratenplan|ratenzahlung|raten|plan)\b.{0,20}\b(?:stornier\w*|kundig\w*|beend\w*|aufheben|abbrechen|loschen)\b",
    r"\b(?:stornier\w*|kundig\w*|beend\w*|lost?)\b.{0,15}\b(?:ratenplan|ratenzahlung|raten|plan)\b",
)
_WHOLE = frozenset({"tout", "todo", "alles", "all", "everything", "all of it", "the lot", "la totalite", "das ganze"})
_ALREADY = re.compile(
    r"\b(?:already|deja|ya he|schon|bereits|ai (?:tout )?paye|he pagado|habe|paid|how much|combien)\b"
)
# "I cannot pay it all" and "do I have to pay it all?" wish for the opposite.
_NOT_ALL = _any(
    r"\b(?:not|cannot|can ?not|unable|never|have to|need to|must)\b|n't\b",
    r"\b(?:pas|impossible|jamais|dois-je|faut-il)\b|\bn[e']",
    r"\bno (?:puedo|podria|podre|me es|llego|tengo|quiero|voy)|\b(?:tengo que|debo|imposible|sin)\b",
    r"\b(?:nicht|nie|muss|kein\w*|unmoglich)\b",
)
_CANNOT = _any(
    r"\b(?:cannot|can ?not|unable|not able)\b|\bcan't\b",
    r"\b(?:ne|n')(?: |)(?:peux|pourrai|pourrais|arrive|suis pas en mesure)|\bpeux pas\b|\bimpossible\b",
    r"\bno (?:puedo|podria|podre|me es posible|llego)\b|\bimposible\b",
    r"\bkann\b[^.!?]{0,40}\bnicht\b|\bnicht\b[^.!?]{0,40}\b(?:kann|konnen|moglich)\b",
)
_TOO_MUCH = _any(
    r"\btoo (?:much|high|expensive|steep)\b",
    r"\btrop(?: (?:cher|eleve|haut|pour moi))?\W*$",
    r"\b(?:demasiado|es mucho|muy alto)\b",
    r"\bzu (?:viel|hoch|teuer)\b",
)
_BUT = _any(
    r"\b(?:but|if|unless|except|only)\b",
    r"\b(?:mais|sauf|seulement|a condition|uniquement)\b",
    r"\b(?:pero|salvo|siempre que|solo)\b",
    r"\b(?:aber|wenn|ausser|nur|erst)\b",
)
_LESS = _any(
    r"\b(?:less|smaller|lower|longer|more (?:payments|instal?ments|time))\b",
    r"\b(?:moins|plus petit\w*|plus long\w*|plus de (?:fois|temps|versements)|un peu plus)\b",
    r"\b(?:menos|mas (?:pequen\w+|bajo|bajas?|plazos|cuotas|pagos|tiempo|largo))\b",
    r"\b(?:weniger|kleinere?n?|niedriger\w*|langer\w*|mehr (?:raten|zeit))\b",
)
_PAY = re.compile(r"\b(?:pay|pai|pagar|pago|pague|zahl|bezahl|begleich)")
_FIRST = re.compile(
    r"\b(?:first|start\w*|begin\w*|premi\w+|commenc\w+|primer\w*|empez\w*|comen[cz]\w*|erst\w*|beginn\w*)\b"
)
MOST_WORDS = 7
_COLLEAGUE = _any(
    r"\b(?:ask|check with|speak (?:to|with)|talk to|pass (?:it|this) (?:on )?to|put it to) (?:your|a|the|my) "
    r"(?:colleague|boss|manager|supervisor|team)\w*",
    r"\b(?:demand|vo(?:ir|yez)|transmett|pos)\w*[^.!?]{0,25}(?:collegue|responsable|superieur|chef|equipe)s?\b",
    r"\b(?:pregunt|consult|pas)\w*[^.!?]{0,25}(?:coleg|companer|responsable|jef|superior)\w*",
    r"\b(?:frag|gib|geben|leit|sprech|klar)\w*[^.!?]{0,25}(?:kolleg|chef|vorgesetzt|team|mitarbeiter)\w*",
    r"\b(?:kolleg\w+|vorgesetzt\w+)[^.!?]{0,15}(?:frag|sprech)\w*",
)
_SHIFT = _any(
    r"\b(?:move|shift|postpone|push back|delay|reschedul\w+|change the (?:date|day))\b",
    r"\b(?:decal\w+|repouss\w+|report(?:er|ez|e)|deplac\w+)\b",
    r"\b(?:aplaz\w+|mover|mueva\w*|retras\w+|pospon\w+|cambiar (?:la fecha|el dia))\b",
    r"\b(?:verschieb\w+|verleg\w+|spater zahlen|aufschieb\w+)\b",
)
_ASKS_WHEN = _any(
    r"\bwhen (?:do|must|should|is|are|will|does|would) [^.!?]{0,30}\b(?:pay\w*|due|instal\w*)\b"
    r"|\bwhen i (?:have|need) to pay\b",
    r"\b(?:when is|when's|what is|what's) (?:the|my) next (?:payment|instal\w*)\b|\b(?:on )?wh(?:at|ich) (?:day"
    r"|date)s? (?:do|must|should) i\b",
    r"\b(?:quand|a quelle date|quel jour) (?:est-ce que |je )?(?:dois|faut|devrai\w*|vais|est|sera"
    r"|c'est)\b[^.!?]{0,30}\b(?:pa[yi]\w*|regl\w*|vers\w*|echeance\w*|prelev\w*)",
    r"\bc'est quand\b[^.!?]{0,25}\b(?:pa[yi]\w*|echeance\w*|versement\w*|mensualite\w*)|\b(?:quelle"
    r"|c'est quoi) (?:est )?(?:la|ma) prochaine (?:echeance|mensualite)",
    r"\b(?:cuando|que dia|en que fecha) (?:tengo|debo|hay|es|vence\w*|toca|me toca|sera)\b[^.!?]{0,30}(?:pag\w*"
    r"|cuota\w*|plazo\w*|$)",
    r"\bwann (?:muss|soll\w*|ist|sind|wird|bin|habe ich zu|darf)\b[^.!?]{0,30}\b(?:zahl\w*|bezahl\w*"
    r"|uberweis\w*|fallig|raten?|zahlung)\b",
    r"\bbis wann\b[^.!?]{0,25}\bzahl\w*",
)
_THIS_SPAN = _any(
    r"\bthis (?:week|month)\b",
    r"\b(?:cette semaine|ce mois(?:-| )?(?:ci)?)\b",
    r"\best[ae] (?:semana|mes)\b",
    r"\bdiese[nrms]? (?:woche|monat)\w*\b",
)
_NOW = _any(
    r"\b(?:now|today|right away|straight away)\b",
    r"\b(?:maintenant|aujourd'hui|tout de suite|immediatement)\b",
    r"\b(?:ahora|hoy|ya mismo)\b",
    r"\b(?:jetzt|heute|sofort|gleich)\b",
)

# No day is preferred, or none is known yet: the one proposed is as good as any.
_ANY_DAY = _any(
    r"\bwhen(?:ever)?(?: (?:you|is|it|that))? (?:like|want|prefer|suits?|best|is best|is fine)\b|\bwhenever\b",
    r"\bany (?:day|date|time)\b|\b(?:you (?:choose|decide|pick)|up to you|as you (?:like|wish|prefer))\b",
    r"\b(?:do not|don't) (?:mind|care|know(?: yet)?$)|\bno (?:preference|idea)\b|\ball the same\b",
    r"\bas soon as possible\b",
    r"\b(?:peu|peut) importe\b|\bn'importe (?:quand|quel\w*)|\bcomme (?:vous|ca vous) \w+",
    r"\bquand vous (?:voul|pouv)\w*",
    r"\b(?:m'est|c'est) egal\b|\b(?:choisissez|decidez|a vous de voir|pas de preference|aucune preference)\b",
    r"\b(?:je )?(?:ne |n')?sa(?:is|vons) pas(?: encore)?\b|\b(?:des|le plus tot) que possible\b",
    r"\ble plus tot possible\b",
    r"\bda (?:igual|lo mismo)\b|\bcual(?:quier)? dia\b|\bcualquier(?:a)?\b",
    r"\bcuando (?:sea|quiera\w*|usted\w* \w+|pued\w+)\b",
    r"\b(?:como (?:quiera|prefiera)|elija|decida|usted (?:elige|decide)|sin preferencia)\b",
    r"\bno (?:lo )?se\b|\blo antes posible\b",
    r"\begal\b|\bmir gleich\b|\bist mir (?:gleich|recht)\b|\b(?:wann|wie) (?:immer )?sie (?:woll|mocht|wunsch)\w*",
    r"\b(?:irgendwann|jederzeit|weiss (?:ich )?(?:es )?(?:noch )?nicht)\b|\bsuchen sie\b",
    r"\bso (?:bald|fruh|schnell) wie moglich\b",
    r"\b(?:jeder|irgendein) tag\b|\bkeine (?:praferenz|ahnung)\b",
)

# What was under way is given up, and nothing is asked for in its place.
_CALLED_OFF = re.compile(
    r"(?:(?:no|non|nein|actually|please|finally|well|en fait|finalement|s'il vous plait|svp|por favor|al final|mejor"
    r"|doch|bitte|ok|okay|then|alors|entonces|dann) )*"
    r"(?:(?:i (?:want|would like|'d like) to |let's |can you |je (?:veux|voudrais) |quiero |ich (?:will|mochte) )?"
    r"(?:cancel|call it off|forget(?: about)?|drop|scrap|stop"
    r"|annul(?:er|ez|e|ons)|oubli(?:er|ez|e|ons)|laiss(?:er|ez|e|ons) tomber|arret(?:er|ez|e|ons)"
    r"|cancel(?:ar|e|a|o|emos)(?:lo)?|olvid(?:ar|e|a|emos)(?:lo|se)?|dej(?:ar|e|a|emos)lo|anul(?:ar|e|a|emos)(?:lo)?"
    r"|abbrechen|brechen sie|stornieren|storniere|vergessen(?: sie| wir)?|vergiss|lassen (?:wir|sie)))"
    r"(?: (?:it|that|this|all that|the plan|the promise|ca|cela|tout ca|le plan|l'echeancier|eso|todo eso|el plan"
    r"|es|das|den plan|ab|bleiben|sein|'s))*"
    r"(?: (?:please|svp|s'il vous plait|merci|por favor|gracias|bitte|danke|thanks))?"
)

_UNKNOWN = _any(
    r"\b(?:do not|don't|dont|can't|cannot|can not) (?:know|remember|recall)\b|\bno idea\b|\bi forg[eo]t\w*\b|\bdunno\b",
    r"\b(?:sais|sait|souviens|rappelle)(?: plus| pas)\b|\baucune idee\b|\boublie\b",
    r"\bno (?:lo |la |me )?(?:se|recuerdo|acuerdo)\b|\bni idea\b|\bolvide\b",
    r"\bweiss (?:ich |es |das )*(?:leider )?(?:nicht|nimmer)\b|\bkeine ahnung\b|\bvergessen\b|\berinnere mich nicht\b",
)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.lower().replace("\u2019", "'").replace("ß", "ss"))
    return "".join(char for char in folded if not unicodedata.combining(char))


def times_a_month(text: str) -> Fraction:
    """How many such sums a month has, when the text says that they come by the week: 25 a week is 25 x 52/12."""
    words = _plain(text)
    if _TWO_WEEKS.search(words):
        return Fraction(26, 12)
    return Fraction(52, 12) if _WEEK.search(words) else Fraction(1)


def rhythm(text: str) -> str | None:
    """How often payments are wished for where it is not by the month: week, fortnight."""
    words = _plain(text)
    return "fortnight" if _TWO_WEEKS.search(words) else "week" if _WEEK.search(words) else None


def asks_when(text: str) -> bool:
    """Whether somebody asks on which day something is to be paid."""
    return bool(_ASKS_WHEN.search(_plain(text)))


def this_span(text: str) -> bool:
    """Whether a week or month that is running is named: what is meant then is until its end."""
    return bool(_THIS_SPAN.search(_plain(text)))


def rate(text: str) -> bool:
    """Whether a sum is told by the month or the week."""
    words = _plain(text)
    return any(pattern.search(words) for pattern in (_MONTH, _WEEK, _TWO_WEEKS))


def recurring(text: str) -> bool:
    """Whether a sum is meant to come again and again, or a day to be the first of several."""
    return rate(text) or bool(_SEVERAL.search(_plain(text)))


def ends_plan(text: str) -> bool:
    """Whether somebody wants a plan of instalments to end, and not just a day of it to move."""
    return bool(_ENDS_PLAN.search(_plain(text)))


def all_at_once(text: str) -> bool:
    """Whether the whole sum is meant to be paid in one go."""
    words = _plain(text).strip(" .!?,;")
    if words in _WHOLE:
        return True
    return bool(_ALL.search(words)) and not _ALREADY.search(words) and not _NOT_ALL.search(words)


def not_all_at_once(text: str) -> bool:
    """Whether somebody says that the whole sum at once cannot be."""
    words = _plain(text)
    return bool(_ALL.search(words)) and bool(_CANNOT.search(words))


def conditional(text: str) -> bool:
    """Whether a yes comes with a but or an if: then it agrees to nothing yet."""
    return bool(_BUT.search(_plain(text)))


def less(text: str) -> bool:
    """Whether smaller or more payments are wished for, without a figure."""
    return bool(_LESS.search(_plain(text)))


def to_pay(text: str) -> bool:
    """Whether paying is spoken of, and not beginning to."""
    words = _plain(text)
    return bool(_PAY.search(words)) and not _FIRST.search(words)


def too_much(text: str) -> bool:
    """Whether an answer is only that the sum is too high."""
    words = _plain(text)
    return len(words.split()) <= MOST_WORDS and bool(_TOO_MUCH.search(words))


def ask_somebody(text: str) -> bool:
    """Whether the assistant is told to ask a colleague."""
    return bool(_COLLEAGUE.search(_plain(text)))


def shift(text: str) -> bool:
    """Whether a date is meant to be moved."""
    return bool(_SHIFT.search(_plain(text)))


def now(text: str) -> bool:
    """Whether something is meant to happen today."""
    return bool(_NOW.search(_plain(text)))


def any_day(text: str) -> bool:
    """Whether an answer leaves the day to us."""
    words = _plain(text)
    return len(words.split()) <= MOST_WORDS and bool(_ANY_DAY.search(words))


def called_off(text: str) -> bool:
    """Whether a message gives up what is under way, and says nothing more."""
    return _CALLED_OFF.fullmatch(re.sub(r"[^\w']+", " ", _plain(text)).strip()) is not None


def unknown(text: str) -> bool:
    """Whether an answer is that the writer does not know or remember."""
    words = _plain(text)
    return len(words.split()) <= MOST_WORDS and bool(_UNKNOWN.search(words))
