"""How somebody wants to be reached: the channel, the channels refused, the hours, a call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.words import plain

_CHANNELS = {
    "sms": r"\bsms\b|\btextos?\b|\btext(?:s|ing)?\b|\bmensajes? de texto\b|\bmovil\b",
    "email": r"\be-?mails?\b|\bcourriels?\b|\bcorreos?(?: electronicos?)?\b|\bmails?\b",
    "letter": r"\bcourriers?\b|\blettres?\b|\bletters?\b|\b(?:by|per) post\b|\bpostal mail\b|\bcartas?\b|\bbriefe?\b"
              r"|\bbrieflich\b",
    "whatsapp": r"\bwhats ?app\b",
    "telegram": r"\btelegram\b",
    "phone": r"\bappel\w*|\brappel(?:ez|er|e)\b|\btelephon\w*|\bcall(?:s|ing)?\b|\bphone\b|\bring me\b|\bllam\w*"
             r"|\btelefon\w*|\banruf\w*|\bruf(?:en|t)?\b|\bzuruckruf\w*",
}  # fmt: skip
# What turns a mention round, up to the next clause.
_NOT = re.compile(
    r"\b(?:pas|plus|sans|ni|jamais|no|not|don'?t|never|stop|kein\w*|nicht|nie|sin|nunca|instead of|rather than|"
    r"au lieu d\w*|plutot qu\w*|en vez de|en lugar de|statt|anstatt|arrete[rz]?|deje\w* de)\b"
)
_CLAUSE = re.compile(r"[,.;:!?]|\b(?:mais|but|sondern|aber|sino|pero|seulement|uniquement|only|nur|solo)\b")
_AND = re.compile(r"\b(?:et|and|und|y|ni|or|ou|oder|o)\b")
_BEFORE = re.compile(r"\b(?:avant|jusqu\w*|before|until|till|no later than|antes de|hasta|vor|bis)\b[^,.;]{0,12}$")


_SPAN = re.compile(
    r"\b(?:entre|between|zwischen|from|von|de) (?:las? )?(?P<hour>\d{1,2})(?: ?[h:.] ?(?P<minute>\d\d))?"
    r" ?(?:h|heures|uhr|am|pm)? ?(?:et|and|und|y|a|to|bis|-) ?(?:las? )?\d"
)

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = {
    "mon": r"mondays?|lundis?|lunes|montags?", "tue": r"tuesdays?|mardis?|martes|dienstags?",
    "wed": r"wednesdays?|mercredis?|miercoles|mittwochs?", "thu": r"thursdays?|jeudis?|jueves|donnerstags?",
    "fri": r"fridays?|vendredis?|viernes|freitags?", "sat": r"saturdays?|samedis?|sabados?|samstags?|sonnabends?",
    "sun": r"sundays?|dimanches?|domingos?|sonntags?",
    "sat sun": r"week-?ends?|fin(?:es)? de semana|wochenenden?", "mon tue wed thu fri": r"week ?days?|en semaine"
    r"|wochentags?",
}  # fmt: skip
_ONLY = re.compile(r"\b(?:only|seulement|uniquement|que (?:le|la|les|en)|solo|solamente|unicamente|nur)\b")
# A refusal at some hours or in some place only is none of the channel itself.
_SOMETIMES = re.compile(
    r"\b(?:at|in|during|after|before) (?:the |my )?(?:nights?|mornings?|evenings?|afternoons?|work|job|office)\b"
    r"|\b(?:le|la|au|pendant|a) (?:mon |ma )?(?:nuit|matin|soir|travail|boulot|bureau)\b"
    r"|\b(?:por la|en (?:el|mi)|al) (?:noche|manana|tarde|trabajo|oficina)\b"
    r"|\b(?:abends|nachts|morgens|vormittags|in der nacht|bei der arbeit|auf (?:der )?arbeit)\b"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; hours are local, as "18:00". `call`: the person wants to be telephoned.

    `days`: those on which messages are welcome (mon ... sun), where some are not.
    """

    channel: str | None = None
    refused: frozenset[str] = frozenset()
    not_before: str | None = None
    not_after: str | None = None
    call: bool = False
    days: tuple[str, ...] | None = None


def wish(text: str, entities: Sequence[Mapping[str, Any]] = ()) -> Wish:
    """Read a wish from the message and the values found in it (time)."""
    words = plain(text)
    named, refused = [], set()
    for channel, pattern in _CHANNELS.items():
        for found in re.finditer(pattern, words):
            if _turned_round(words, found.start()):
                refused.add(channel)
            else:
                named.append((found.start(), channel))
    wanted = [channel for _, channel in sorted(named) if channel not in refused]
    written = [channel for channel in wanted if channel != "phone"]
    opens, closes = _hours(text, entities)
    days = _days(words)
    if refused and (days is not None or _SOMETIMES.search(words)):
        # "Don't text me at the weekend" refuses the weekend, not the texts.
        refused = set()
    return Wish(written[-1] if written else None, frozenset(refused), opens, closes, "phone" in wanted, days)


def _days(words: str) -> tuple[str, ...] | None:
    """The days that are left, or the only ones, where a message says on which days it may be written."""
    off, only = set[str](), set[str]()
    for names, pattern in _DAYS.items():
        for found in re.finditer(rf"\b(?:{pattern})\b", words):
            edges = [edge.end() for edge in re.finditer(r"[.;:!?]", words[: found.start()])]
            lead = words[max(edges, default=0) : found.start()]
            if _NOT.search(lead):
                off.update(names.split())
            elif _ONLY.search(lead) or _ONLY.search(words[found.end() : found.end() + 12]):
                only.update(names.split())
    if only:
        return tuple(day for day in _WEEK if day in only - off) or None
    return tuple(day for day in _WEEK if day not in off) or None if off else None


def _turned_round(words: str, place: int) -> bool:
    edges = [edge.end() for edge in _CLAUSE.finditer(words, 0, place)]
    # "no texts and emails" refuses both; "no texts and write me an email" does not.
    edges += [edge.end() for edge in _AND.finditer(words, 0, place) if len(words[edge.end() : place].split()) >= 2]
    return _NOT.search(words, max(edges, default=0), place) is not None


def _hours(text: str, entities: Sequence[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    times = [entity for entity in entities if entity.get("entity") == "time"]
    span = _SPAN.search(plain(text))
    if times and span:
        closes = str(times[-1]["value"])
        hour = int(span["hour"])
        # "between 5 and 7pm": both are of the afternoon.
        hour += 12 if hour < 8 and hour + 12 < int(closes[:2]) else 0
        return f"{hour:02d}:{span['minute'] or '00'}", closes
    if len(times) >= 2:
        first, second = sorted(str(entity["value"]) for entity in times[:2])
        return first, second
    if not times:
        return None, None
    value, start = str(times[0]["value"]), int(times[0].get("start") or 0)
    # The entity itself may hold the little word ("avant 18h").
    lead = plain(text[: int(times[0].get("end") or start)])
    digits = re.search(r"\d[^a-z]*\D*$", lead)
    before = _BEFORE.search(lead[: digits.start()] if digits else lead)
    return (None, value) if before else (value, None)
