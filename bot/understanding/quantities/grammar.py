"""A small rewriting grammar: words become items of a kind, rules turn runs of items into one.

A rule is a pattern over kinds, such as `IN n:NUMBER unit:UNIT`, and a function of what it matched. Each kind is one
letter, so that a line of items is a short text and a pattern is a plain regular expression over it: fast, and
bounded as long as no pattern repeats without limit. `A|B` is one item of either kind and binds closest; `~` stands for up to three articles and "of"s.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω"
KINDS = (
    (
        "OTHER LIGHT INTRO PREP COMMA STOP DASH SLASH AND OR RANGE BETWEEN APPROX "  # the small words between
        "NUMBER ONE ORDINAL FRACTION HALFAND PERCENT "  # how many
        "SIGN COIN CENT NATION PER RATE PAY NOUN NOW "  # money
        "COUNTED BYTIMES OVER SHARE "  # payments
        "WEEKDAY SHORTDAY MONTH SHORTMONTH UNIT DAYPART WEEKEND HOLIDAY RELDAY SHIFT FIXEDIN DAYMONTH FULLDATE "  # the calendar
        "NEXT LAST THIS AFTERNEXT PARTOF BOUND EVERY ENEIGHT "
        "IN AGO HENCE HAGO BEFORE AFTER SINCE CLOSEST CLOCK HOUR NOON "
        "AMOUNT COUNT PERIOD SPAN DATE NODATE TIME DONE"  # what rules make
    ).split()
)
LETTER = dict(zip(KINDS, _LETTERS, strict=False))
assert len(LETTER) == len(KINDS)
_MARKS = {LETTER[kind] for kind in ("STOP", "COMMA", "DASH")}
_TERM = re.compile(r"(?:(?P<name>[a-z]\w*):)?(?P<kinds>[A-Z][A-Z0-9]*(?:\|[A-Z][A-Z0-9]*)*)|(?P<open>\((?!\?))|\s+")


class Item(NamedTuple):
    """A word or a run of words: its kind (a letter), what it says, and where it stands in the folded text."""

    kind: str
    value: Any
    start: int
    end: int


class Found:
    """What a pattern matched: items by the names in the pattern."""

    __slots__ = ("_match", "items", "line", "start")

    def __init__(self, match: re.Match[str], items: Sequence[Item]) -> None:
        self._match, self.line, self.start = match, items, match.start()
        self.items = items[match.start() : match.end()]

    def item(self, name: str) -> Item | None:
        """The item of that name; None where the pattern left it out or has no such name."""
        place = self._match.start(name) if name in self._match.re.groupindex else -1
        return self.line[place] if place >= 0 else None

    def __getitem__(self, name: str) -> Any:
        item = self.item(name)
        return None if item is None else item.value

    @property
    def before(self) -> Item | None:
        """The item just before the match."""
        return self.line[self.start - 1] if self.start else None

    @property
    def after(self) -> Item | None:
        """The item just after the match."""
        place = self._match.end()
        return self.line[place] if place < len(self.line) else None

    @property
    def whole(self) -> bool:
        """Whether the match is all that was said, but for marks."""
        around = (*self.line[: self.start], *self.line[self._match.end() :]) if len(self.line) < 20 else self.line
        return all(item.kind in _MARKS for item in around)


Make = Callable[[Found, Any], Any]


@dataclass(frozen=True)
class Rule:
    """A pattern, the kind that it makes, and how. Making None leaves the items as they are; a list stands for itself."""

    pattern: re.Pattern[str]
    kind: str
    make: Make


class Rules(list[Rule]):
    """Rules in the order in which they are tried."""

    def on(self, *sources: str, kind: str) -> Callable[[Make], Make]:
        """Register a function for patterns."""

        def register(make: Make) -> Make:
            self.extend(Rule(pattern(source), LETTER[kind], make) for source in sources)
            return make

        return register


def pattern(source: str) -> re.Pattern[str]:
    """A pattern over kinds as a regular expression over their letters."""

    def term(match: re.Match[str]) -> str:
        if match["open"]:
            return "(?:"
        if not match["kinds"]:
            return ""
        letters = "".join(LETTER[kind] for kind in match["kinds"].split("|"))
        one = f"[{letters}]" if len(letters) > 1 else letters
        return f"(?P<{match['name']}>{one})" if match["name"] else one

    return re.compile(_TERM.sub(term, source.replace("~", "LIGHT|INTRO{0,3}")))


def rewrite(items: list[Item], rules: Sequence[Rule], now: Any) -> list[Item]:
    """Apply each rule once, from left to right over the whole line."""
    kinds = "".join(item.kind for item in items)
    for rule in rules:
        match = rule.pattern.search(kinds)
        if match is None:
            continue
        kept: list[Item] = []
        place = 0
        while match is not None and match.start() < match.end():
            made = _made(rule, match, items, now)
            if made is None:
                match = rule.pattern.search(kinds, match.start() + 1)
                continue
            kept += items[place : match.start()]
            if isinstance(made, list):
                kept += made
            else:
                kept.append(Item(rule.kind, made, items[match.start()].start, items[match.end() - 1].end))
            place = match.end()
            match = rule.pattern.search(kinds, place)
        if place:
            items = [*kept, *items[place:]]
            kinds = "".join(item.kind for item in items)
    return items


def _made(rule: Rule, match: re.Match[str], items: list[Item], now: Any) -> Any:
    try:
        return rule.make(Found(match, items), now)
    except (ValueError, OverflowError, ArithmeticError):
        return None  # a day or a sum that cannot be is no value
