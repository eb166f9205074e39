"""Words that no message may use: what betrays a threat, a false title, shame or a fee that the ledger does not hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.governor.rules import Ban


@dataclass(frozen=True)
class Wording:
    """The forbidden words of each ban by language, ready to be looked for."""

    patterns: Mapping[str, Sequence[tuple[Ban, re.Pattern[str]]]]

    @classmethod
    def of(cls, words: Mapping[str, Mapping[str, Sequence[str]]], bans: Mapping[str, Ban]) -> "Wording":
        """From the words of each ban by language."""
        patterns: dict[str, list[tuple[Ban, re.Pattern[str]]]] = {}
        for name, languages in words.items():
            for language, listed in languages.items():
                either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in listed)
                patterns.setdefault(language, []).append((bans[name], re.compile(rf"(?i)(?<!\w)(?:{either})(?!\w)")))
        return cls(patterns)

    def objections(self, text: str, language: str) -> Iterator[tuple[Ban, str]]:
        """Each forbidden word of a text with the ban that it breaks."""
        for ban, pattern in self.patterns.get(language, ()):
            for match in pattern.finditer(text):
                yield ban, match.group()
