"""Which required parts a written text is seen to contain: by the values that it names, or by its words."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """How a text shows one part: sets of values that must stand in it, words of the language, or `text` itself."""

    values: tuple[frozenset[str], ...] = ()
    words: Mapping[str, re.Pattern[str]] | None = None
    text: str = ""

    @classmethod
    def of(cls, values: Iterable[Iterable[str]], words: Mapping[str, Sequence[str]], text: str = "") -> "Signs":
        """From value names and words; a word in capitals (STOP) counts only in capitals."""
        patterns = {language: re.compile("|".join(map(_pattern, listed))) for language, listed in words.items()}
        return cls(tuple(frozenset(map(str, together)) for together in values), patterns, text)

    def seen(self, text: str, language: str, named: Collection[str]) -> bool:
        """Whether the text, in which these values are named, shows the part."""
        if (self.text and self.text in text) or any(together <= set(named) for together in self.values):
            return True
        pattern = (self.words or {}).get(language)
        return pattern is not None and pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signs of every part that a pack may ask for."""

    parts: Mapping[str, Signs]

    def shown(self, text: str, language: str, named: Collection[str]) -> frozenset[str]:
        """The parts that a text contains."""
        return frozenset(name for name, signs in self.parts.items() if signs.seen(text, language, named))


def _pattern(word: str) -> str:
    spaced = re.escape(word).replace(r"\ ", r"\s+")
    return rf"\b{spaced}\b" if word.isupper() else rf"(?i:\b{spaced})"
