"""Whether something is told of the past or of what will be: by the verb nearest before it in its sentence."""

import re
from bisect import bisect_left

_BREAK = re.compile(r"(?<!\d)[.!?;\n](?:\s|$)")
_PAST = {
    "fr": r"\b(?:(?:ai|as|a|avons|avez|ont|suis|est|sommes|etes|sont|g|j)(?: (?:deja|bien|tout|pas|toujours|donc|meme|ete|fait|enfin))* "
          r"(?:paye|regle|vire|envoye|fait|effectue|recu|eu|verse|donne|debite|preleve|mis|pris|transfere|solde|perdu|resilie|annule|"
          r"demenage|ete|appele|ecrit|parle|touche|signe|commande|achete|retourne|rendu|passe|parti|arrive|venu|rembourse|emis|cree|rencontre[s]?|produit)e?s?|"
          r"etai[ts]|etiez|avai[ts]|depuis|deja|facture d[eu']|(?:facture|virement|paiement|prelevement|cheque|mandat|versement|reglement|courrier|mail|relance) (?:du|de|date du|recue? le)|datee? du|ne le|nee le)\b",
    "en": r"\b(?:(?<!get )(?<!gets )(?<!be )(?<!got )(?<!'m )(?<!m )(?<!am )(?<!re )(?<!are )(?<!is )(?<!it )(?<!have )paid|sent|was|were|did|had|went|transferred|remitted|(?<!be )settled|(?<!be )cleared|"
          r"made|bought|received|lost|moved|cancelled|canceled|left|returned|died|passed|happened|(?<!be )charged|(?<!get )(?<!be )debited|since|dated|born|already|tried|called|asked|emailed|texted|explained|phoned|told|rang|spoke|wrote|said|agreed|opened|joined|ordered|(?:bill|invoice) (?:is )?for|wired|posted|bpay'?d|"
          r"met|arrived|owed|(?:paid|payment|transfer|invoice|bill|remittance|letter|email|receipt|statement|cheque) (?:from|of|dated)|ive|'ve|have been|has been)\b",
    "es": r"\b(?:pagu?e (?=el|la|ayer|todo|ya|en|hace)|(?:ya|lo|la|yo|se lo) pague|(?:he|ha|han|hemos|has|habia) \w+(?:ado|ido|cho|to)|hice|hizo|envie|transferi|fue|fui|abone|"
          r"mande|ingrese|realice|cobraron|cargaron|perdi|compre|recibi|estuv\w+|estaba[sn]?|era|desde|(?:factura|pago|transferencia|recibo) del?|nacid[oa]|naci|paso|sucedio|conocieron)\b",
    "de": r"\b(?:bezahlt|uberwiesen|beglichen|gezahlt|erhalten|bekommen|verloren|gekundigt|abgebucht|getatigt|eingezahlt|geschickt|gesendet|ausgefuhrt|umgezogen|gekauft|war|waren|wurde|wurden|hatte|seit|geboren|"
          r"(?:rechnung|zahlung|uberweisung|mahnung|schreiben|mail|brief) vom)\b",
}  # fmt: skip
_FUTURE = {
    "fr": r"\b(?:vais|va|allons|serai|sera|seront|pourrai|pourrais|peux|peut|pouvez|veux|voudrais|paie|paye(?! le \d+ \w+ dernier)|regle|verse|vire|\w+(?:erai|irai|rai|erons|erez|ront|ra)|promets|prevois|compte|engage|d'ici|avant|des que|quand|prochaine?|mettre|faire|attendre)\b",
    "en": r"\b(?:will|'ll|ll|gonna|going to|can|could|shall|would|want|wanna|promise|until|till|by|let me|when i|get paid|get|gets|to pay|pay|paying|is|am|are|due|next|starting|from now|be|plan|should|before)\b",
    "es": r"\b(?:voy|vamos|puedo|podre|podria|pagare|pago(?! del)|pagar|hare|quiero|quisiera|cobro|cobrare|abonare|sera|\w+[aei]re|me comprometo|hasta|antes|prometo)\b",
    "de": r"\b(?:werde|wird|werden|kann|konnte|will|mochte|zahle|uberweise|zahlen|uberweisen|bezahle|bezahlen|verspreche|bis|kommt|bekomme|soll)\b",
}  # fmt: skip
# With accents a French participle or a Spanish preterite is plain to see.
_ACCENTED = {
    "fr": re.compile(r"\b(?:ai|as|a|avons|avez|ont|suis|est|sommes|été)(?: \w+)? \w+é(?:e|s|es)?\b", re.IGNORECASE),
    "es": re.compile(
        r"\b(?:\w{2,}ó|(?:pagu|envi|transfer|abon|ingres|mand|compr|realic|llam|habl|cobr|perd|recib|gir)[éí])\b",
        re.IGNORECASE,
    ),
}
_PAST_RE = {language: re.compile(source) for language, source in _PAST.items()}
_FUTURE_RE = {language: re.compile(source) for language, source in _FUTURE.items()}


class Tenses:
    """The verbs of a text that tell past from future."""

    def __init__(self, folded: str, original: str, language: str) -> None:
        past = {match.end() for match in _PAST_RE[language].finditer(folded)}
        if language in _ACCENTED and len(original) == len(folded):
            past |= {match.end() for match in _ACCENTED[language].finditer(original)}
        future = {match.end() for match in _FUTURE_RE[language].finditer(folded)} - past
        self._marks = sorted([(place, True) for place in past] + [(place, False) for place in future])
        self._places = [place for place, _ in self._marks]
        self._breaks = [match.start() for match in _BREAK.finditer(folded)]
        self._verb_last = language == "de"

    def past(self, place: int) -> bool:
        """The nearest verb before the place in its sentence decides; without one, the next after it."""
        if not self._marks:
            return False
        sentence = bisect_left(self._breaks, place)
        first = self._breaks[sentence - 1] if sentence else -1
        last = self._breaks[sentence] if sentence < len(self._breaks) else 1 << 30
        at = bisect_left(self._places, place + 1)
        after = self._marks[at] if at < len(self._marks) and self._places[at] <= last + 1 else None
        if self._verb_last and after is not None and after[1]:
            return True  # "ich habe am 12. bezahlt"
        if at and self._places[at - 1] > first:
            return self._marks[at - 1][1]
        return after[1] if after is not None else False
