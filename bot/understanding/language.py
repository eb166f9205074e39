"""Which language a message is in, with the conversation's language as prior."""

import re

from bot.understanding.normal import plain

# Frequent words of each language that the other three do not share, hand-picked; written without accents.
_WORDS: dict[str, frozenset[str]] = {
    "fr": frozenset(
        "je tu il nous vous ils elle le la les des du un une et est pas ne que qui pour dans avec sur mon ma mes votre vos "
        "ce cette c'est j'ai n'ai d'un qu'il suis etes sont peux peut pouvez veux voudrais fait faire payer paye facture "
        "bonjour merci oui non combien quand comment pourquoi deja encore plus fois jamais aussi tout rien bien moi au aux "
        "sera serait etait avoir etre trop tres apres avant mois semaine jour vendredi lundi mardi mercredi jeudi samedi "
        "dimanche demain hier svp slt bjr pr jpeu jsuis chui ca cela ou mais donc parler quelqu'un regler".split()
    ),
    "en": frozenset(
        "i you he she we they the a an and is are am not my your this that it's i'm i've don't can can't could would will "
        "for in with on of to have has had do does what when where why how much who pay paid bill invoice please thanks "
        "thank hello hi yes already again never also all nothing too very after before month week day friday monday tuesday "
        "wednesday thursday saturday sunday tomorrow yesterday pls u ur want need money me it be was were there someone "
        "talk speak but or so if".split()
    ),
    "es": frozenset(
        "yo tu el ella nosotros ustedes los las del una y es son no que quien para con por sobre mi mis su sus este esta "
        "esto he ha hay puedo puede pueden quiero quisiera hacer pagar pagado pague factura hola gracias si cuanto cuando "
        "como porque ya todavia mas vez nunca tambien todo nada bien muy despues antes mes semana dia viernes lunes martes "
        "miercoles jueves sabado domingo manana ayer favor pero hablar alguien dinero tengo debo necesito estoy soy me lo "
        "le se al en un plata guita ahorita tenes podes vos nomas chamba cuota cuotas plazos deuda".split()
    ),
    "de": frozenset(
        "ich du er sie wir ihr der die das den dem ein eine einen und ist sind nicht kein keine mein meine ihre fur mit auf "
        "im in zu von habe hat haben kann konnen mochte will bitte danke hallo ja nein wieviel wann wie warum schon noch "
        "mehr mal nie auch alles nichts sehr nach vor monat woche tag freitag montag dienstag mittwoch donnerstag samstag "
        "sonntag morgen gestern rechnung zahlen bezahlt bezahlen geld aber oder mir mich es dass wenn jemand sprechen "
        "raten konnte wurde bin hob scho ned koa nix isch nod gsi eich zoit wenns habts kriegt grad schauts bissl heuer".split()
    ),
}
_MARKS = {
    "fr": re.compile(r"[çœêîôûë]|\bl'|\bd'|\bqu'|\bc'|\bj'|\bn'"),
    "es": re.compile(r"[ñ¿¡]"),
    "de": re.compile(r"[äöüß]"),
}
SHORT = 3
_TOKENS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def identify(text: str, prior: str | None) -> tuple[str, bool]:
    """The language and whether the message itself proves it; short or neutral messages keep the prior.

    A switch away from the prior needs at least two telling words and a clear lead.
    """
    head = text[:600]
    words = _TOKENS.findall(plain(head))
    told = set(words)  # "no no no" proves no more than "no"
    score = {language: float(sum(word in known for word in told)) for language, known in _WORDS.items()}
    low = head.lower()
    for language, mark in _MARKS.items():
        score[language] += 0.8 * min(2, len(mark.findall(low)))
    ranked = sorted(score, key=lambda language: (score[language], language == prior), reverse=True)
    best, second = ranked[0], ranked[1]
    if prior is None:
        return (best, score[best] > score[second]) if score[best] > 0 else ("fr", False)
    if best == prior:
        return prior, score[best] >= score[second] + 1
    # Two words are neutral whatever they are ("muy bien", "in 3 Raten"), three have to be telling all.
    if len(words) <= SHORT and (len(words) < SHORT or score[best] < SHORT):
        return prior, False
    if score[best] >= 2 and score[best] >= score[prior] + 1.5:
        return best, True
    return prior, False
