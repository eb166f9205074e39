"""From a text to a line of items: numbers, words of the language's tables, money, and the marks between."""

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from bot.understanding.quantities.grammar import KINDS, LETTER, Item
from bot.understanding.quantities.numbers import BIG, DIGITS, LANGUAGES, Counter, Num, cardinal, digits, ordinal
from bot.understanding.quantities.words import money

_TOKEN = re.compile(
    rf"""
    (?P<sms>2(?:main|moro|morrow|mor|mo|day|nite)\b|dem1\b|b4\b)
  | (?P<full>(?<![\w.,])\d{{1,2}}\.\ ?\d{{1,2}}\.\ ?(?:\d{{4}}|\d{{2}})(?![\w]|\.\d)|(?<![\w.,])\d{{4}}\.\d{{1,2}}\.\d{{1,2}}(?![\w]|\.\d))
  | (?P<daymonth>(?<![\w.,])\d{{1,2}}\.\ ?\d{{1,2}}\.(?!\d))
  | (?P<clock>(?<![\w.,:])(?:[01]?\d|2[0-4])(?::[0-5]\d(?::[0-5]\d)?(?:\ ?[ap]\.?m\b\.?|\ ?uhr\b)?|\ ?(?:[.]\d\d)?\ ?[ap]\.?m\b\.?|\ ?h(?:\ ?[0-5]\d)?(?!\w)|\ ?uhr\b(?:\ [0-5]\d(?!\w))?))
  | (?P<hours>(?<![\w.,])\d{{1,3}}\ ?h(?!\w))
  | (?P<ordinal>(?<![\w.,])\d{{1,3}}(?:\.?(?:st|nd|rd|th|er|ere|re|eme|ieme|nde|ro|do|to|vo|mo|no|º|ª|sten|ste|ster|ten|ter|te|os)(?!\w)|\.(?=o\b)o|\.º))
  | (?P<number>{DIGITS})
  | (?P<word>[^\W\d_]+)
  | (?P<mark>[^\s'\w]|_)
    """,
    re.VERBOSE,
)
_MARKS = {",": "COMMA", "(": "COMMA", ")": "COMMA", ":": "COMMA", "[": "COMMA", "]": "COMMA", '"': "COMMA", ".": "STOP",
          "!": "STOP", "?": "STOP", ";": "STOP", "¿": "STOP", "¡": "STOP", "…": "STOP", "-": "DASH", "/": "SLASH",
          "&": "AND", "%": "PERCENT", "×": "BYTIMES", "*": "BYTIMES", "~": "APPROX", "«": "COMMA", "»": "COMMA"}  # fmt: skip
_ABBREVIATED = {
    LETTER[kind]
    for kind in ("MONTH", "SHORTMONTH", "WEEKDAY", "SHORTDAY", "UNIT", "COIN", "APPROX", "THIS", "NEXT", "CENT")
}
_LOW = ("PAY", "NOW", "NOUN")
_THOUSANDS = {"k": 1000, "mm": 10**6, "bn": 10**9}


class Coin(NamedTuple):
    """A unit of money. Where several currencies share its name, `family` tells which; "*" is slang for any."""

    code: str | None
    factor: Decimal = Decimal(1)
    family: str = ""


Meaning = tuple[tuple[str, ...], str, Any]


@cache
def lexicon(language: str) -> dict[str, list[Meaning]]:
    """Phrases by their first word, the longest first, the language's own before money's."""
    table: dict[str, list[Meaning]] = {}

    def add(phrases: str, kind: str, value: Any) -> None:
        for phrase in phrases.split(", "):
            words = tuple(phrase.split())
            if words and all(words != other for other, _, _ in table.get(words[0], ())):
                table.setdefault(words[0], []).append((words, LETTER[kind], value))

    words: dict[str, Any] = LANGUAGES[language].WORDS
    for kind in (*sorted(set(words) - set(_LOW), key=KINDS.index), "money", *_LOW):
        if kind == "money":
            _money(language, add)
            continue
        said = words.get(kind, "")
        senses: dict[Any, str] = said if isinstance(said, dict) else {None: said}
        for value, phrases in senses.items():
            if value is None:
                for phrase in phrases.split(", "):
                    add(phrase, kind, phrase)
            else:
                add(phrases, kind, value)
    for meanings in table.values():
        meanings.sort(key=lambda meaning: -len(meaning[0]))
    return table


def _money(language: str, add: Any) -> None:
    for code, names in money.NAMES.items():
        add(names, "COIN", Coin(code, family=money.FAMILY.get(code, "")))
    for code, marks in money.MARKS.items():
        add(marks, "SIGN", Coin(code))
    for sign, code in money.SIGNS.items():
        add(sign, "SIGN", Coin(code, family=money.FAMILY.get(code, "") if sign in "$£" else ""))
    for code in money.CODES:
        add(code.lower(), "SIGN", Coin(code))
        add(f"m{code.lower()}", "SIGN", Coin(code, Decimal(10**6)))
        add(f"k{code.lower()}", "SIGN", Coin(code, Decimal(1000)))
    add(money.SLANG[language], "COIN", Coin(money.SLANG_DEFAULT[language], family="*"))
    for name, (worth, currency) in money.FIGURES[language].items():
        add(
            name,
            "COIN",
            Coin(currency, Decimal(str(worth)), "dollar" if currency == "USD" else "*" if currency is None else ""),
        )
    for owner, names in money.CENTS.items():
        add(names, "CENT", owner)


def read(folded: str, original: str, language: str, masked: list[tuple[int, int]]) -> list[Item]:
    """The items of a folded text; what is masked (references, addresses) is one unknown word each."""
    tokens = _tokens(folded, masked)
    table = lexicon(language)
    items: list[Item] = []
    place = 0
    while place < len(tokens):
        kind, word, start, end = tokens[place]
        taken = 1
        if kind == "number":
            item, taken = _figure(tokens, place, language, items)
        elif kind == "word" and (spelled := _spelled(tokens, place, language, items)) is not None:
            item, taken = spelled
        elif kind in ("word", "mark", "sms"):
            if word == "." and items and items[-1].kind in _ABBREVIATED and items[-1].end == start:
                place += 1
                continue
            meaning, taken = _meaning(table, tokens, place, original)
            if meaning is None:
                meaning = _typo(word, language) if kind == "word" and len(word) > 4 else None
            if meaning is None:
                meaning = (LETTER[_MARKS.get(word, "OTHER")] if kind == "mark" else LETTER["OTHER"], word)
            item = Item(meaning[0], meaning[1], start, tokens[place + taken - 1][3])
        else:
            item = Item(*_shaped(kind, word, language), start, end)
        items.append(item)
        place += taken
    return items


Token = tuple[str, str, int, int]


def _tokens(folded: str, masked: list[tuple[int, int]]) -> list[Token]:
    tokens: list[Token] = []
    skip = iter(masked)
    hidden = next(skip, None)
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        while hidden is not None and hidden[1] <= start:
            hidden = next(skip, None)
        if hidden is not None and hidden[0] < end:
            if not tokens or tokens[-1][0] != "hidden" or tokens[-1][2] != hidden[0]:
                tokens.append(("hidden", "", *hidden))
            continue
        tokens.append((match.lastgroup or "mark", match.group(), start, end))
    return tokens


def _meaning(
    table: dict[str, list[Meaning]], tokens: list[Token], place: int, original: str
) -> tuple[tuple[str, Any] | None, int]:
    for words, kind, value in table.get(tokens[place][1], ()):
        taken = _matches(words, tokens, place)
        if taken:
            if (
                kind == LETTER["SIGN"]
                and value.code in money.WORDLIKE
                and words[0].upper() == value.code
                and len(words) == 1
            ):
                _, _, start, end = tokens[place]
                if not original[start:end].isupper():
                    continue
            return (kind, value), taken
    return None, 1


def _matches(words: tuple[str, ...], tokens: list[Token], place: int) -> int:
    """How many tokens the phrase takes, hyphens between its words included; 0 when it is not there."""
    at = place
    for number, word in enumerate(words):
        if number and at < len(tokens) and tokens[at][1] == "-" and word != "-":
            at += 1
        if at >= len(tokens) or tokens[at][1] != word or tokens[at][0] == "hidden":
            return 0
        at += 1
    return at - place


def _figure(tokens: list[Token], place: int, language: str, items: list[Item]) -> tuple[Item, int]:
    """A number in digits with what belongs to it: thousands, millions, the letter that is glued to it."""
    _, raw, start, end = tokens[place]
    glued_before = (
        bool(items)
        and items[-1].end == start
        and items[-1].kind == LETTER["OTHER"]
        and str(items[-1].value)[-1:].isalpha()
    )
    number, taken = digits(raw), 1
    value = number.value
    while place + taken < len(tokens):
        kind, word, at, _ = tokens[place + taken]
        if kind != "word":
            break
        glued = at == end
        big = (
            cardinal(word, language)
            if word not in ("cent", "cents", "couple", "par", "mn") or language != "fr"
            else None
        )
        if word in _THOUSANDS:
            big = _THOUSANDS[word]
        elif word in ("m", "mio", "mn") and (word != "m" or _near_money(tokens, place, taken, items)):
            big = 10**6
        if big is None or (big != 100 and big not in BIG):
            break
        if word == "k" and not glued and end + 1 < at:
            break
        value *= big
        taken += 1
        end = tokens[place + taken - 1][3]
    if taken == 1 and place + 1 < len(tokens):
        kind, word, at, stop = tokens[place + 1]
        if language == "de" and word == "." and at == end and 1 <= value <= 31 and "." not in raw:
            return Item(LETTER["ORDINAL"], Num(value, raw), start, stop), 2
        if language == "fr" and word == "e" and at == end:
            return _french_e(number, start, stop, items, tokens, place), 2
        if at == end and kind == "word" and not _suffix(word, language):
            return Item(LETTER["OTHER"], raw, start, end), 1
    if glued_before:
        return Item(LETTER["OTHER"], raw, start, end), taken
    return Item(LETTER["NUMBER"], Num(value, raw if taken == 1 else ""), start, end), taken


def _near_money(tokens: list[Token], place: int, taken: int, items: list[Item]) -> bool:
    after = tokens[place + taken + 1][1] if place + taken + 1 < len(tokens) else ""
    return (
        bool(items and items[-1].kind == LETTER["SIGN"])
        or after in money.SIGNS
        or after in ("eur", "euros", "euro", "usd")
    )


def _french_e(number: Num, start: int, end: int, items: list[Item], tokens: list[Token], place: int) -> Item:
    """As in "50e" is fifty euros, "le 2e" and "3e relance" are ordinals."""
    after = lexicon("fr").get(tokens[place + 2][1], ()) if place + 2 < len(tokens) else ()
    ranked = bool(items) and items[-1].kind == LETTER["INTRO"]
    ranked = ranked or any(
        kind in (LETTER["NOUN"], LETTER["COUNTED"], LETTER["MONTH"], LETTER["UNIT"]) for _, kind, _ in after
    )
    if ranked or number.value < 5:
        return Item(LETTER["ORDINAL"], number, start, end)
    return Item(LETTER["AMOUNT"], (number.value, Coin("EUR")), start, end)


def _suffix(word: str, language: str) -> bool:
    """Whether a word glued to a figure has a meaning there: a unit, a currency, "x"."""
    kinds = {
        LETTER[kind]
        for kind in ("UNIT", "SIGN", "COIN", "CENT", "COUNTED", "PER", "MONTH", "SHORTMONTH", "DAYPART", "BYTIMES")
    }
    return word == "x" or any(kind in kinds for _, kind, _ in lexicon(language).get(word, ()))


def _spelled(tokens: list[Token], place: int, language: str, items: list[Item]) -> tuple[Item, int] | None:
    """A number in words, an ordinal, or the article that means one."""
    speech = LANGUAGES[language]
    _, word, start, end = tokens[place]
    if any(len(words) > 1 and _matches(words, tokens, place) for words, _, _ in lexicon(language).get(word, ())):
        return None  # "a quarter", "three quarters of"
    if word == "x":
        return Item(LETTER["BYTIMES"], None, start, end), 1
    if (first := ordinal(word, language)) is not None:
        second = ordinal(tokens[place + 1][1], language) if first in (20, 30) and place + 1 < len(tokens) else None
        total, taken = (first + second, 2) if second and second < 10 else (first, 1)
        return Item(LETTER["ORDINAL"], Num(Decimal(total)), start, tokens[place + taken - 1][3]), taken
    if language == "fr" and word == "sept" and items and items[-1].kind == LETTER["NUMBER"] and items[-1].value.raw:
        return Item(LETTER["MONTH"], 9, start, end), 1
    if word not in speech.ONES and cardinal(word, language) is None:
        return None
    if (
        word in ("cent", "cents")
        and items
        and items[-1].kind in (LETTER["NUMBER"], LETTER["SIGN"])
        and (items[-1].kind == LETTER["SIGN"] or items[-1].value.raw)
    ):
        return None  # "50 cents"; "deux cents" are hundreds
    counter, at, last = Counter(language), place, place
    while at < len(tokens) and tokens[at][0] in ("word", "mark"):
        said = tokens[at][1]
        value = 1 if said in speech.ONES else cardinal(said, language)
        if value is None or (value == 1 and not _one_fits(counter, tokens, at, language)):
            joins = said == "-" or (said == speech.AND and counter.any and _joins(counter, language))
            rank = (
                ordinal(said, language)
                if counter.any and counter.current % 10 == 0 and 20 <= counter.current <= 30
                else None
            )
            if rank is not None and rank < 10:
                return Item(LETTER["ORDINAL"], Num(Decimal(counter.value + rank)), start, tokens[at][3]), at - place + 1
            if not joins or not counter.any:
                break
        elif not counter.take(value):
            break
        else:
            last = at
        at += 1
    if not counter.any:
        return Item(LETTER["ONE"], Num(Decimal(1)), start, end), 1
    total, last = _year(counter.value, tokens, last, language)
    return Item(LETTER["NUMBER"], Num(Decimal(total)), start, tokens[last][3]), last - place + 1


def _one_fits(counter: Counter, tokens: list[Token], at: int, language: str) -> bool:
    """Whether "one" counts here: inside a number ("vingt et un"), or before hundred, thousand, a dozen."""
    if counter.any:
        return (
            tokens[at][1] not in ("a", "an") and counter.current % 10 == 0 and (counter.current > 0 or language != "fr")
        )
    after = tokens[at + 1][1] if at + 1 < len(tokens) else ""
    value = cardinal(after, language)
    return value == 100 or value in BIG


def _joins(counter: Counter, language: str) -> bool:
    if language == "en":
        return counter.current % 100 == 0 and (counter.current > 0 or counter.total > 0)
    return (counter.current % 10 == 0 and counter.current % 100 >= 20) or language == "de"


def _year(value: int, tokens: list[Token], last: int, language: str) -> tuple[int, int]:
    """As in "Nineteen seventy two": two numbers that make a year."""
    if language != "en" or not 16 <= value <= 20:
        return value, last
    counter, at = Counter(language), last + 1
    while at < len(tokens) and (part := cardinal(tokens[at][1], language)) is not None and counter.take(part):
        at += 1
    return (value * 100 + counter.value, at - 1) if 10 <= counter.value <= 99 else (value, last)


def _shaped(kind: str, word: str, language: str) -> tuple[str, Any]:
    """Items that their shape gives away."""
    if kind == "full":
        return LETTER["FULLDATE"], tuple(re.findall(r"\d+", word))
    if kind == "daymonth":
        return LETTER["DAYMONTH"], tuple(re.findall(r"\d+", word))
    if kind == "ordinal":
        return LETTER["ORDINAL"], Num(Decimal(re.match(r"\d+", word).group()), word)  # type: ignore[union-attr]
    if kind == "hours":
        return LETTER["HOUR"], (int(re.match(r"\d+", word).group()), 0, word)  # type: ignore[union-attr]
    if kind == "clock":
        figures = [int(part) for part in re.findall(r"\d+", word)]
        hour, minute = figures[0], figures[1] if len(figures) > 1 else 0
        half = re.search(r"[ap]\.?m", word)
        if half and half.group()[0] == "p" and hour < 12:
            hour += 12
        elif half and half.group()[0] == "a" and hour == 12:
            hour = 0
        return LETTER["HOUR"], (hour, minute, word)
    return LETTER["OTHER"], ""


@lru_cache(maxsize=4096)
def _typo(word: str, language: str) -> tuple[str, Any] | None:
    """The long name of a day or month that a word misses by one letter."""
    if len(word) > 12:
        return None
    near = _near_names(language)
    for variant in (word, *(word[:i] + word[i + 1 :] for i in range(len(word)))):
        found = near.get(variant)
        if found is None or abs(len(found[0]) - len(word)) > 1 or found[0][0] != word[0]:
            continue
        # Another letter in place of one makes other words of short names (sundry, sacado); two swapped do not.
        if len(found[0]) != len(word) or len(word) > 7 or sorted(found[0]) == sorted(word):
            return found[1]
    return None


@cache
def _near_names(language: str) -> dict[str, tuple[str, tuple[str, Any]]]:
    near: dict[str, tuple[str, tuple[str, Any]]] = {}
    for kind in ("WEEKDAY", "MONTH"):
        for value, names in LANGUAGES[language].WORDS[kind].items():
            name = names.split(", ")[0]
            if len(name) < 6:
                continue
            for variant in (name, *(name[:i] + name[i + 1 :] for i in range(1, len(name)))):
                near.setdefault(variant, (name, (LETTER[kind], value)))
    return near
