"""Made-up customers: what they owe, and how they answer.

The shares and hazards are assumptions, set out here so that they can be argued with; the report names them.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

LANDS = (
    ("fr", "Europe/Paris", "FR", "EUR"), ("en", "Europe/London", "GB", "GBP"), ("es", "Europe/Madrid", "ES", "EUR"),
    ("de", "Europe/Berlin", "DE", "EUR"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Temper:
    """A kind of customer. `answers`: the chance that one of our messages is answered; `alone`: that of paying
    unasked on a day; `does`: what the answer is, by weight; `keeps`: the chance that an agreed payment is made."""

    share: float
    answers: float
    alone: float
    does: Mapping[str, float]
    keeps: float = 0.0


TEMPERS: Mapping[str, Temper] = {
    "forgetful": Temper(0.38, 0.45, 0.02, {"pay": 6, "explain": 1, "promise": 1}, 0.95),
    "strapped": Temper(0.22, 0.40, 0.003, {"plan": 5, "part": 2, "promise": 2, "bargain": 1}, 0.80),
    "promising": Temper(0.14, 0.50, 0.003, {"promise": 1}, 0.60),
    "silent": Temper(0.13, 0.00, 0.006, {}),
    "disputing": Temper(0.04, 0.60, 0.001, {"dispute": 3, "paid": 1}),
    "in hardship": Temper(0.04, 0.50, 0.001, {"hardship": 4, "sensitive": 1}, 0.5),
    "annoyed": Temper(0.03, 0.40, 0.01, {"stop": 3, "complain": 1, "person": 1}),
    "a stranger": Temper(0.02, 0.40, 0.0, {"wrong": 1}),
}
# What each answer says, as the button or the words that carry it.
SAYS: Mapping[str, str] = {
    "pay": "/pay_now", "explain": "/explain_invoice", "dispute": "/dispute_invoice", "paid": "/already_paid",
    "hardship": "/report_hardship", "sensitive": "/report_sensitive", "stop": "/stop_contact",
    "complain": "/complain", "person": "/request_human", "wrong": "/wrong_person",
}  # fmt: skip


@dataclass
class Person:
    """One customer of the synthetic book; `chance` is theirs alone, so that others change nothing for them."""

    ref: str
    temper: str
    chance: random.Random
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Temper:
        """How this person behaves."""
        return TEMPERS[self.temper]

    def answers(self) -> str | None:
        """What they do about a message of ours; None when they let it lie."""
        if not self.kind.does or self.chance.random() >= self.kind.answers:
            return None
        return self.chance.choices(list(self.kind.does), list(self.kind.does.values()))[0]

    def pays_alone(self) -> bool:
        """Whether they pay today without a word."""
        return self.chance.random() < self.kind.alone

    def keeps_word(self) -> bool:
        """Whether an agreed payment is made."""
        return self.chance.random() < self.kind.keeps

    def promised_day(self, today: date) -> date:
        """The day that they name."""
        return today + timedelta(days=self.chance.randint(2, 20))


def population(customers: int, seed: int, today: date) -> Iterator[Person]:
    """The book: invoices from not yet due to 80 days overdue, of 15 to 600, one or two to a customer."""
    names, shares = list(TEMPERS), [temper.share for temper in TEMPERS.values()]
    for number in range(customers):
        chance = random.Random(f"{seed}/{number}")
        person = Person(f"S-{number:06d}", chance.choices(names, shares)[0], chance)
        language, zone, land, currency = chance.choice(LANDS)
        business = chance.random() < 0.1
        contacts = [{"channel": "email", "address": f"s{number}@example.org", "consent": True}]
        if chance.random() < 0.8:
            contacts.insert(0, {"channel": "sms", "address": f"+3363{number:07d}", "consent": chance.random() < 0.9})
        due = today - timedelta(days=chance.choice((-6, -2, 0, 1, 3, 5, 10, 20, 30, 45, 80)))
        person.row = {
            "customer": {
                "ref": person.ref, "name": f"Customer {number}", "type": "business" if business else "consumer",
                "language": language, "time_zone": zone, "jurisdiction": land, "contacts": contacts,
                "trust": chance.choices(("normal", "good", "bad"), (7, 2, 1))[0],
                "identity": {"postal_code": f"{10000 + number % 80000}"},
            },
            "invoice": {
                "number": f"SI-{number}", "currency": currency, "amount_minor": chance.randint(15, 600) * 100 - 1,
                "issued_on": (due - timedelta(days=30)).isoformat(), "due_on": due.isoformat(),
                "description": "service",
            },
        }  # fmt: skip
        yield person
