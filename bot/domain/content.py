"""What a finished text may not carry out of the house: card numbers, accounts, secrets, an agent's forbidden words."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.governor.verdict import Verdict
from bot.domain.governor.wording import Wording
from bot.domain.messages import Exchange
from bot.domain.redaction import leaks

# What is looked for by kind, with the text behind it.
_SOURCES = {
    "card": ("scheme", "PCI DSS 4.2.2: no unprotected card number by end-user messaging"),
    "security_code": ("scheme", "PCI DSS 3.3.1: security codes are never kept nor sent"),
    "iban": ("house", "house: a customer's account is not written out"),
    "secret": ("house", "house: keys and passwords never leave in a message"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """The last gate. `ours`: the accounts that customers are to pay to, which may be named."""

    wording: Wording | None = None
    ours: tuple[str, ...] = ()

    def objection(self, exchange: Exchange) -> Verdict | None:
        """The rule that this text breaks; None where it may leave."""
        for text in _texts(exchange):
            for kind in leaks(text, self.ours):
                basis, source = _SOURCES[kind]
                return Verdict("refused", f"redaction.{kind}", basis, source)
        # What the assistant says was checked when it was published; its values (a product's name) prove nothing.
        if self.wording is not None and exchange.author == "agent":
            for ban, _word in self.wording.objections(exchange.text, exchange.language or ""):
                return Verdict("refused", ban.id, ban.basis, ban.source)
        return None


def _texts(exchange: Exchange) -> Iterator[str]:
    yield exchange.text
    yield str(exchange.content.get("subject") or "")
    for button in exchange.content.get("buttons") or ():
        yield str(button.get("title") or "")
