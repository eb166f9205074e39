"""Short answers read in the light of the open question: a plain yes or no, a bare figure, a value with little around it."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.money import exponent
from bot.domain.readings import Entity, Reading
from bot.domain.wishes import all_at_once, ask_somebody, rate, too_much
from bot.understanding import quantities
from bot.understanding.normal import plain
from bot.understanding.quantities.amounts import below_nothing
from bot.understanding.quantities.numbers import cardinal

# A bare figure up to here is a number of payments, a larger one a sum: nobody is asked for thirteen instalments.
MOST_PAYMENTS = 12
LAST_OF_MONTH = 31
LONGEST_ANSWER = 14
_YES = frozenset("oui ok okay d'accord yes yep yeah sure si vale claro ja gerne okey ouais parfait perfect agreed exact "
                 "correct c'est bon ca marche einverstanden genau de acuerdo stimmt right".split()) | {
    "c'est bon", "ca marche", "de acuerdo", "d'accord", "that's right", "c'est ca", "ca me va"}  # fmt: skip
_NO = frozenset({"non", "no", "nope", "nein", "pas d'accord", "nee", "nah", "ne"})
_FILLER = frozenset(
    "le la les du de d l au en a an the on by for um den dem der am bis ab el los las para pour pas plutot rather lieber "
    "c'est it's es ist it is euros euro fois times payments instalments mal raten cuotas plazos mois month monat mes par "
    "per pro por and et y und je me ok oui yes".split()
)
_SHARE = re.compile(r"\s*(?:%|percent|per cent|pct|pour ?cents?|por ?ciento|prozent)", re.IGNORECASE)
# What people put around an answer to a question: no more than wishing, giving and asking whether.
_AROUND = _FILLER | frozenset(
    # French
    "non alors et si on si j'en prenais prends prendrais mets mettons disons faisons fais ferais faire peux pourrais "
    "pouvez peut-etre peut etre plus moins mieux mettre passer preferes prefere prefererais serait possible ce cela ca "
    "pour moi donc enfin euh svp s'il vous plait merci commencer commencant commence partir compter des versement "
    "mais besoin vraiment il faut me versements mensualite mensualites paiements paye payer paierai regle regler vous puis-je puis dire on va un une dois "
    "voudrais j'aimerais aimerais finalement environ maximum max seulement juste vaudrait ne pouvais echeances dans "
    "jour date premier que soit avant apres ou "
    # English
    "no not make let's lets say do could can we i'd i'll i would will like prefer want what about how maybe perhaps then "
    "well to if take took instead better from starting start beginning begin first payment instalment payments just only "
    "please pay go with of so my at most around about us in that be ok okay afford manage cannot can't you one sorry "
    "actually until due day more less but yes really need so only "
    # Spanish
    "mejor entonces tal vez quizas quiza y si fueran fuera pago pagos pagara pagar pago pagaria prefiero preferiria puedo podria podemos hacer "
    "hagamos hacemos digamos pongamos seria serian desde empezando empezar comenzando partir gracias favor solo "
    "maximo unos unas quiero querria tomo cojo pues no primer primero que sea con lo para dia el fecha antes pero si necesito realmente "
    # German
    "nein doch dann wenn ich nehme nahme machen wir mache sagen wir konnte konnten kann geht ginge ware waren vielleicht "
    "besser eher bitte danke nur hochstens maximal etwa so zahle zahlen zahlte mochte wurde gern gerne erste ersten "
    "rate zahlung zahlungen beginnend anfangen ab vom zum mit in es auch nicht ein eine uns ja tag vor wie aber erst brauche wirklich".split()
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that is an answer and nothing else; a `wish` was heard among other words."""

    intent: str
    entities: tuple[Entity, ...] = ()
    wish: bool = False


def answer(
    text: str, found: tuple[Entity, ...], expecting: frozenset[str], *, language: str, today: date, currency: str | None
) -> Answer | None:
    """Read a short answer; None when it is more, or something else, than an answer."""
    words = plain(text).strip(" .!?,;¿¡")
    if words in _YES:
        return Answer("affirm")
    if words in _NO:
        return Answer("deny")
    if ("terms" in expecting or "amount" in expecting) and len(words.split()) <= LONGEST_ANSWER:
        if all_at_once(text) and not any(entity.kind in ("count", "amount") for entity in found):
            whole = Entity("share", text, "all", 0, len(text))
            return Answer("pay_now", (whole, *(entity for entity in found if entity.kind == "date")), wish=True)
        if "terms" in expecting and too_much(text) and not found:
            return Answer("deny", wish=True)
        if "terms" in expecting and ask_somebody(text):
            return Answer("pass_terms_on", wish=True)
    if "invoice_ref" in expecting and not found and (number := re.search(r"[\w-]*\d[\w-]*", text)):
        return Answer("inform", (Entity("invoice_ref", number[0], number[0], *number.span()),))
    if expecting & {"count", "amount", "date"}:
        found = _with_figures(text, found, expecting, language, today, currency)
    if not found or any(entity.kind in ("channel", "language", "time") for entity in found):
        return None  # "call me after six" is a wish, not a value
    around = _AROUND if expecting else _FILLER
    left = list(text)
    for entity in found:
        left[entity.start : entity.end] = " " * (entity.end - entity.start)
    rest = re.findall(r"[\w']+", plain("".join(left)))
    if len(rest) > LONGEST_ANSWER or any(word not in around for word in rest):
        return None
    return Answer("inform", found)


# What carries a figure even where no question is open: "I can pay 50 now", "could I do 4?".
_CARRIES = {
    "pay_partial": frozenset({"amount"}),
    "promise_to_pay": frozenset({"amount"}),
    "request_installments": frozenset({"count", "amount"}),
    "propose_terms": frozenset({"count", "amount"}),
}


def completed(reading: Reading, *, today: date, currency: str | None) -> Reading:
    """A reading with the bare figure that its meaning calls for and that nobody named a currency or a count for."""
    kinds = {entity.kind for entity in reading.entities}
    wanted = _CARRIES.get(reading.intent, frozenset())
    if any(entity.kind == "share" and entity.value == "rest" for entity in reading.entities):
        wanted = frozenset({"amount"} if "count" in kinds else {"count", "amount"})  # "50 now, the rest in three"
    elif kinds & {"count", "share"}:
        wanted = frozenset()
    if reading.command or not wanted or "amount" in kinds:
        return reading
    found = _with_figures(reading.text, reading.entities, wanted, reading.language, today, currency)
    return replace(reading, entities=found)


def _with_figures(
    text: str, found: tuple[Entity, ...], expecting: frozenset[str], language: str, today: date, currency: str | None
) -> tuple[Entity, ...]:
    """The values found, and what bare figures mean when a number of payments, a sum or a day is asked for."""
    bare = {entity.start: entity for entity in found if entity.kind == "amount" and _figure(entity.text, language)}
    kept = [entity for entity in found if entity.start not in bare]
    said = {entity.kind for entity in kept}
    read = []
    for match in re.finditer(r"\d+(?:[.,]\d{1,2})?|[^\W\d_]+", text):
        if any(entity.start < match.end() and match.start() < entity.end for entity in kept):
            continue
        figure = _figure(match[0], language)
        meant = bare.get(match.start())
        if _SHARE.match(text, match.end()) or below_nothing(text, match.start()):
            continue  # "150 %" and "-50" are no figures to be paid
        if figure is not None and (figure != 1 or match[0].isdigit()):
            wanted = expecting - said
            meant = _meant(figure, match[0], match.start(), wanted, text, language, today, currency) or meant
        if meant is not None:
            read.append(meant)
            said.add(meant.kind)
    return tuple(sorted([*kept, *read], key=lambda entity: entity.start))


def _figure(word: str, language: str) -> float | None:
    """A plain figure in digits or words, without a currency."""
    if re.fullmatch(r"\d{1,7}(?:[.,]\d{1,2})?", word.strip()):
        return float(word.strip().replace(",", "."))
    value = cardinal(plain(word.strip()), language)
    return None if value is None else float(value)


def _meant(
    figure: float, word: str, start: int, expecting: frozenset[str], text: str, language: str, today: date,
    currency: str | None,
) -> Entity | None:  # fmt: skip
    end = start + len(word)
    whole = int(figure) if figure == int(figure) else None
    if "count" in expecting and whole and whole <= MOST_PAYMENTS and not rate(text):
        return Entity("count", word, whole, start, end)
    a_day = "date" in expecting and "count" not in expecting and whole is not None and whole <= LAST_OF_MONTH
    if "amount" in expecting and figure > 0 and not a_day:
        minor = round(figure * 10 ** exponent(currency or "EUR"))
        return Entity("amount", word, {"minor": minor, "currency": None}, start, end)
    if "date" in expecting and whole and whole <= LAST_OF_MONTH:
        lead = {"fr": "le {}", "de": "am {}.", "es": "el {}"}.get(language[:2], "on the {}th")
        day = next((e for e in quantities.find(lead.format(whole), language=language, today=today) if e.kind == "date"), None)  # fmt: skip
        return Entity("date", word, day.value, start, end) if day else None
    return None
