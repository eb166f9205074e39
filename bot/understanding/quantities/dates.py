"""Days relative to the customer's today; where a day can be read in several ways, all readings."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from bot.domain.plans import add_months
from bot.domain.readings import Entity
from bot.understanding.quantities.fold import fold
from bot.understanding.quantities.numbers import pattern, value

_DAYS = {
    "fr": ("lundi|lun", "mardi|mar", "mercredi|mer", "jeudi|jeu", "vendredi|ven|vdr|vendr", "samedi|sam", "dimanche|dim"),
    "en": ("monday|mon", "tuesday|tues|tue", "wednesday|wed", "thursday|thurs|thu", "friday|fri", "saturday|sat",
           "sunday|sun"),
    "es": ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    "de": ("montag|mo", "dienstag|di", "mittwoch|mi", "donnerstag|do", "freitag|fr", "samstag|sonnabend|sa",
           "sonntag|so"),
}  # fmt: skip
_MONTHS = {
    "fr": ("janvier|janv", "fevrier|fevr|fev", "mars", "avril|avr", "mai", "juin", "juillet|juil", "aout",
           "septembre|sept", "octobre|oct", "novembre|nov", "decembre|dec"),
    "en": ("january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
           "september|sept|sep", "october|oct", "november|nov", "december|dec"),
    "es": ("enero|ene", "febrero|feb", "marzo|mar", "abril|abr", "mayo|may", "junio|jun", "julio|jul", "agosto|ago",
           "septiembre|setiembre|sep", "octubre|oct", "noviembre|nov", "diciembre|dic"),
    "de": ("januar|janner|jan", "februar|feb", "marz", "april|apr", "mai", "juni|jun", "juli|jul", "august|aug",
           "september|sept|sep", "oktober|okt", "november|nov", "dezember|dez"),
}  # fmt: skip
_WORDS = {
    "fr": {"today": "aujourd'?hui|ce soir|ojd|auj|ajd", "tomorrow": "demain|2main|dem1|dmain", "after": "apres[- ]?demain",
           "yesterday": "hier", "before": "avant[- ]hier", "next": "prochaine?|pro|qui vient", "last": "derniere?|passee?",
           "in": "dans|d'ici|sous", "day": "jours?|j", "week": "semaines?|sem", "month": "mois",
           "end": "(?:la )?fin (?:du|de) mois|fin de mois|a la fin du mois", "mid": "(?:mi|milieu)[- ](?:du |de )?(?:mois)?",
           "start": "debut (?:du|de) mois(?: prochain)?", "nextmonth": "le mois prochain", "nextweek": "la semaine prochaine|semaine prochaine",
           "past": r"(?:j'ai|g|ai) (?:deja )?(?:tout )?(?:paye|regle|vire|envoye|effectue|fait)|a ete|etait|hier", "the": "le |au |du |ce |avant le |pour le |jusqu'au ", "of": "du mois prochain"},
    "en": {"today": "today|tonight", "tomorrow": "tomorrow|tmrw|tmr|tomoz", "after": "(?:the )?day after tomorrow",
           "yesterday": "yesterday", "before": "(?:the )?day before yesterday", "next": "next", "last": "last",
           "in": "in|within", "day": "days?", "week": "weeks?|wks?", "month": "months?",
           "end": "(?:the )?end of (?:the |this )?month|month[- ]end", "mid": "(?:the )?middle of (?:the )?month|mid[- ]month",
           "start": "(?:the )?(?:start|beginning) of (?:the )?next month|beginning of the month", "nextmonth": "next month", "nextweek": "next week",
           "past": r"paid|i've|i have paid|was|sent|yesterday|ago", "the": "on the |the |on |by the |by ", "of": "of next month"},
    "es": {"today": "hoy", "tomorrow": "manana", "after": "pasado manana", "yesterday": "ayer", "before": "anteayer",
           "next": "proximo|que viene", "last": "pasado", "in": "en|dentro de", "day": "dias?", "week": "semanas?",
           "month": "mes(?:es)?", "end": "(?:a )?(?:fin|final|finales) de(?:l)? mes", "mid": "(?:a )?mediados de mes",
           "start": "(?:a )?(?:principio|principios|primeros) de(?:l)? mes(?: que viene| proximo)?", "nextmonth": "el (?:mes que viene|proximo mes)",
           "nextweek": "la (?:semana que viene|proxima semana)", "past": r"pague|he pagado|ya pag|fue|ayer",
           "the": "el dia |el |para el |antes del ", "of": "del (?:mes que viene|proximo mes)"},
    "de": {"today": "heute", "tomorrow": "morgen", "after": "ubermorgen", "yesterday": "gestern", "before": "vorgestern",
           "next": "nachsten?r?|kommenden?", "last": "letzten?r?|vergangenen?", "in": "in|binnen|innerhalb von",
           "day": "tage?n?", "week": "wochen?", "month": "monate?n?|monats?", "end": "(?:am |zum )?(?:ende des monats|monatsende|ende monat)",
           "mid": "(?:mitte des monats|monatsmitte)", "start": "(?:anfang (?:des )?(?:nachsten )?monats?|anfang nachsten monats)",
           "nextmonth": "nachsten monat", "nextweek": "nachste woche|kommende woche", "past": r"bezahlt|habe|uberwiesen|war|gestern",
           "the": "am |bis zum |zum |bis |den ", "of": "des nachsten monats|nachsten monats"},
}  # fmt: skip
_ORDINAL = r"(\d{1,2})(?:er|st|nd|rd|th|\.|º|°)?"
Make = Callable[[re.Match[str], date, bool], "list[date] | None"]


def find(text: str, language: str, today: date) -> Iterator[Entity]:
    """The days that a text names; forward for what will be, backward for what was."""
    lang = language if language in _DAYS else "en"
    folded = fold(text)
    was = re.search(rf"\b(?:{_WORDS[lang]['past']})\b", folded) is not None
    taken: list[tuple[int, int]] = []
    for written, make in _rules(lang):
        for match in written.finditer(folded):
            if any(match.start() < end and match.end() > start for start, end in taken):
                continue
            try:
                days = make(match, today, was)
            except (ValueError, OverflowError):
                continue
            if not days:
                continue
            taken.append(match.span())
            days = sorted(set(days))
            said = [day.isoformat() for day in days]
            yield Entity("date", text[match.start() : match.end()].strip(), said[0] if len(said) == 1 else said,
                         match.start(), match.end())  # fmt: skip


@cache
def _rules(lang: str) -> list[tuple[re.Pattern[str], Make]]:
    w = _WORDS[lang]
    days = {name: index for index, names in enumerate(_DAYS[lang]) for name in names.split("|")}
    months = {name: index for index, names in enumerate(_MONTHS[lang], 1) for name in names.split("|")}
    day = "|".join(sorted(days, key=len, reverse=True))
    long_day = "|".join(sorted((n for n in days if len(n) > 3), key=len, reverse=True))
    month = "|".join(sorted(months, key=len, reverse=True))
    number = pattern(lang)

    def after(step: Callable[[date, int], date]) -> Make:
        def make(match: re.Match[str], today: date, was: bool) -> list[date] | None:
            count = value(match.group(1), lang)
            if count is None or count > 400:
                return None
            return [step(today, int(count))]

        return make

    def in_days(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        count = value(match.group(1), lang)
        if count is None or count > 400:
            return None
        # "Huit jours", "acht Tage" is how people say a week, "quinze jours" how they say two.
        spoken = {8: 7, 15: 14} if lang in ("fr", "es", "de") else {}
        days = [today + timedelta(days=int(count))]
        if int(count) in spoken:
            days.append(today + timedelta(days=spoken[int(count)]))
        return days

    def weekday(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        index = days[match.group("day")]
        if match.group("last") or (was and not match.group("next") and not match.group("next2")):
            return [today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)]
        coming = today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)
        if match.group("next") or match.group("next2"):
            return [coming, coming + timedelta(days=7)] if (coming - today).days < 6 else [coming]
        return [coming]

    def written(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        number, year = months[match.group("month")], match.group("year")
        return _placed(int(match.group("dom")), number, int(year) if year else None, today, was)

    def numeric(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        first, second, year = int(match.group(1)), int(match.group(2)), match.group(3)
        full = None if not year else int(year) + (2000 if len(year) == 2 else 0)
        readings = _placed(first, second, full, today, was) if second <= 12 else []
        if lang == "en" and first <= 12 and first != second:
            readings = (readings or []) + (_placed(second, first, full, today, was) or [])
        return readings

    def of_month(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        dom = int(match.group(1))
        if not 1 <= dom <= 31:
            return None
        if was:
            place = today.replace(day=1)
            for _ in range(3):
                if _fits(place, dom) and place.replace(day=dom) <= today:
                    return [place.replace(day=dom)]
                place = add_months(place, -1)
            return None
        place = today.replace(day=1)
        for _ in range(3):
            if _fits(place, dom) and place.replace(day=dom) >= today:
                return [place.replace(day=dom)]
            place = add_months(place, 1)
        return None

    def of_next(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        return [add_months(today.replace(day=1), 1).replace(day=int(match.group(1)))]

    def iso(match: re.Match[str], today: date, was: bool) -> list[date] | None:
        return [date.fromisoformat(match.group())]

    fixed: list[tuple[str, Make]] = [
        (w["after"], lambda m, t, was: [t + timedelta(days=2)]), (w["before"], lambda m, t, was: [t - timedelta(days=2)]),
        (w["end"], lambda m, t, was: [add_months(t.replace(day=1), 1) - timedelta(days=1)]),
        (w["start"], lambda m, t, was: [add_months(t.replace(day=1), 1)]),
        (w["nextweek"], lambda m, t, was: [t + timedelta(days=7 - t.weekday()), t + timedelta(days=11 - t.weekday())]),
        (w["nextmonth"], lambda m, t, was: [add_months(t.replace(day=1), 1)]),
        (w["today"], lambda m, t, was: [t]), (w["tomorrow"], lambda m, t, was: [t + timedelta(days=1)]),
        (w["yesterday"], lambda m, t, was: [t - timedelta(days=1)]),
    ]  # fmt: skip
    if lang == "fr":
        fixed[:0] = [(r"sous huitaine", lambda m, t, was: [t + timedelta(days=7), t + timedelta(days=8)]),
                     (r"(?:sous|dans une|d'ici une) quinzaine", lambda m, t, was: [t + timedelta(days=14), t + timedelta(days=15)])]  # fmt: skip
    order: list[tuple[str, Make]] = [
        (r"\b\d{4}-\d{2}-\d{2}\b", iso),
        (r"\b(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?(?![\d/]|[.,]\d| ?[€$£])", numeric),
        (rf"\b(?:(?:{day})\.? )?(?:{w['the']})?(?P<dom>\d{{1,2}})(?:er|st|nd|rd|th|\.|º)?(?: (?:of|de|del))? (?P<month>{month})\b\.?(?:,? (?:de |del )?(?P<year>\d{{4}}))?", written),
        (rf"\b(?P<month>{month})\.? (?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?(?! ?(?:€|eur|%))", written),
        (rf"\b{_ORDINAL} (?:{w['of']})\b", of_next),
        (rf"\b(?:{w['in']}) ({number}) (?:{w['day']})\b", in_days),
        (rf"\b(?:{w['in']}) ({number}) (?:{w['week']})\b", after(lambda t, n: t + timedelta(weeks=n))),
        (rf"\b(?:{w['in']}) ({number}) (?:{w['month']})\b", after(add_months)),
        *((rf"\b(?:{p})\b", make) for p, make in fixed),
        (rf"\b(?:(?P<next>{w['next']})|(?P<last>{w['last']}))? ?\b(?P<day>{long_day if lang == 'de' else day})\b(?: (?P<next2>{w['next']}))?", weekday),
        (rf"\b(?:{w['the']}){_ORDINAL}(?! ?(?:€|eur|x\b|%|fois|mois|jours|euros|months|days|weeks|semaines|[\d/.,]\d))\b", of_month),
    ]  # fmt: skip
    if lang == "en":
        order.append((r"\b(\d{1,2})(?:st|nd|rd|th)\b", of_month))
    return [(re.compile(p), make) for p, make in order]


def _placed(dom: int, month: int, year: int | None, today: date, was: bool) -> list[date] | None:
    if not (1 <= dom <= 31 and 1 <= month <= 12):
        return None
    if year is not None:
        return [date(year, month, dom)]
    here = date(today.year, month, dom)
    if was and here > today:
        return [date(today.year - 1, month, dom)]
    if not was and here < today:
        return [date(today.year + 1, month, dom)]
    return [here]


def _fits(first: date, dom: int) -> bool:
    return dom <= (add_months(first, 1) - timedelta(days=1)).day
