"""How somebody is spoken to while a hold protects them: what may still be told or taken when they ask for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.accounts import Hold
from bot.domain.dossier import Dossier
from bot.domain.hardship import RESTING
from bot.domain.words import plain

# What an answer does with money: names what is open, takes a payment or a word for one, speaks for paying.
TELLS, TAKES, PRESSES = "tells", "takes", "presses"
# What a button leads to. Under care nothing is offered that was not asked for.
_SELLING = frozenset({
    "pay_now", "pay_partial", "promise_to_pay", "request_extension", "request_installments", "propose_terms",
    "ask_payment_methods", "ask_consequences", "update_payment_method",
})  # fmt: skip
_TELLING = frozenset({"ask_amount_due", "explain_invoice", "request_invoice_copy", "ask_status"})
_INTENT = re.compile(r"/(\w+)")


@dataclass(frozen=True, slots=True)
class Care:
    """A hold that protects somebody: `response` answers them instead of what it does not allow.

    `allows` is what still goes when they ask for it themselves; what presses never does.
    """

    hold: str
    response: str
    allows: frozenset[str] = frozenset()

    def offers(self, payload: str) -> bool:
        """Whether a button with this payload may stand under a message."""
        found = _INTENT.match(payload)
        intent = found.group(1) if found else ""
        return intent not in _SELLING and (TELLS in self.allows or intent not in _TELLING)


# The gravest first. In a procedure the debtor needs to know the sum, and must not pay it (C. conso L722-5; 11 USC 362;
# SI 2020/1311); whoever is merely short of money may do as they like.
CARES = (
    Care("self_harm_signal", "utter_care_danger"),
    Care("deceased", "utter_care_death"),
    Care("minor_or_no_capacity", "utter_care_minor"),
    Care("surendettement_fr", "utter_care_procedure", frozenset({TELLS})),
    Care("bankruptcy", "utter_care_procedure", frozenset({TELLS})),
    Care("breathing_space_gb", "utter_care_procedure", frozenset({TELLS})),
    Care("mental_health_crisis_gb", "utter_care_procedure", frozenset({TELLS})),
    Care("vulnerability_signal", "utter_care_hardship", frozenset({TELLS, TAKES})),
)


def care_of(kinds: Iterable[str]) -> Care | None:
    """The gravest care that holds of these kinds ask for; None where they ask for none."""
    wanted = frozenset(kinds)
    return next((care for care in CARES if care.hold in wanted), None)


def protecting(dossier: Dossier, now: datetime) -> list[str]:
    """The kinds of holds that protect the customer at this instant.

    A week to think after a bare "I cannot pay" is no care, and what was agreed since hardship was told replaces it.
    """
    return [hold.kind for hold in dossier.holds_in_force(now) if not _left_behind(hold, dossier)]


def may_pay(dossier: Dossier, now: datetime) -> bool:
    """Whether a payment may be taken from the customer at this instant, as far as holds go."""
    care = care_of(protecting(dossier, now))
    return care is None or TAKES in care.allows


def _left_behind(hold: Hold, dossier: Dossier) -> bool:
    if hold.kind != "vulnerability_signal":
        return False
    plans = (plan.accepted_at for plan in dossier.plans if plan.ended_at is None)
    promises = (promise.made_at for promise in dossier.promises if promise.withdrawn_at is None)
    return hold.reason == RESTING or any(at is not None and at >= hold.since for at in (*plans, *promises))


_MUST_PAY = re.compile(
    # French
    r"\b(?:(?:dois|doit|devons|devrai[st]?|devrons|faut|faudra)(?:[- ](?:je|on|nous|il|t-il))? (?:[\w']+ ){0,4}"
    r"(?:payer|regler|rembourser)"
    r"|oblige\w* (?:de |a )?(?:[\w']+ ){0,2}(?:payer|regler|rembourser)|a moi de (?:payer|regler|rembourser)"
    # English
    r"|(?:do|does|will|would|must|should|shall) (?:i|we|he|she|they|my \w+) (?:[\w']+ ){0,4}(?:pay|repay|settle)\b"
    r"|(?:have|need|has|supposed|expected|obliged) to (?:[\w']+ ){0,2}(?:pay|repay|settle)\b|(?:liable|responsible) for"
    # Spanish
    r"|(?:tengo|tenemos|tiene|tendre|tendremos|tendria|hay) (?:\w+ ){0,2}que (?:\w+ ){0,3}pagar\w*"
    r"|(?:debo|debemos|deberia|me toca) (?:\w+ ){0,2}pagar\w*|oblig\w+ (?:a|de) pagar\w*"
    # German
    r"|(?:muss|musst|mussen|soll|sollen|musste) (?:\S+ ){0,6}(?:be|zuruck|ab)?zahlen|(?:hafte|haften) (?:ich|wir)\b"
    r"|verpflichtet (?:\S+ ){0,3}zu (?:be)?zahlen)"
)
# How much, when or by which way is another question.
_WHICH = re.compile(
    r"\b(?:combien|quand(?! meme)|quel\w*|comment|how|when|where|which|what|cuant\w+|cuando|como|donde|que dia"
    r"|wie|wieviel|wann|wo|wohin)\b"
)


def asks_whether_to_pay(text: str) -> bool:
    """Whether somebody asks if they have to pay, and not how much, when or how."""
    words = plain(text)
    return _MUST_PAY.search(words) is not None and _WHICH.search(words) is None
