"""Everything known about one customer, read at once and judged as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.accounts import (
    Adjustment,
    Allocation,
    ContactPoint,
    Customer,
    Dispute,
    Hold,
    Invoice,
    Payment,
    PaymentLink,
)
from bot.domain.conversation import Conversation, Handoff
from bot.domain.ledger.books import Books, post
from bot.domain.ledger.imputation import Imputation
from bot.domain.ledger.reading import facts_of
from bot.domain.messages import Exchange
from bot.domain.methods import ChargeAttempt, PaymentMethod
from bot.domain.money import Money
from bot.domain.plans import InstallmentPlan, progress
from bot.domain.promises import Promise
from bot.domain.promises import state as promise_state

HOUSE_ORDER = Imputation()


@dataclass(frozen=True)
class Dossier:
    """One customer's facts. `exchanges` are the recent ones, oldest first; `events` the dialogue's, as JSON.

    `imputation` is the order in which the law of the customer's place lets payments settle debts. `shared` are the
    channels and addresses that are another customer's as well: they prove nothing.
    """

    customer: Customer
    conversation: Conversation
    contact_points: tuple[ContactPoint, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    promises: tuple[Promise, ...] = ()
    plans: tuple[InstallmentPlan, ...] = ()
    links: tuple[PaymentLink, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    holds: tuple[Hold, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    methods: tuple[PaymentMethod, ...] = ()
    charges: tuple[ChargeAttempt, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    imputation: Imputation = HOUSE_ORDER
    shared: frozenset[tuple[str, str]] = frozenset()

    def local_day(self, at: datetime) -> date:
        """The customer's calendar day at an instant."""
        return at.astimezone(ZoneInfo(self.customer.time_zone)).date()

    @cached_property
    def books(self) -> Books:
        """The customer's ledger; every balance is read from it."""
        facts = facts_of(self.invoices, self.payments, self.allocations, self.adjustments, self.disputes)
        return post(facts, self.imputation)

    @cached_property
    def open_minor(self) -> dict[str, int]:
        """What is open of each invoice, by id."""
        return {invoice.id: self.books.open_minor(invoice.id) for invoice in self.invoices}

    @cached_property
    def disputed(self) -> frozenset[str]:
        """Ids of invoices under an open dispute; a dispute that names none covers all."""
        running = [dispute for dispute in self.disputes if dispute.closed_at is None]
        if any(dispute.invoice_id is None for dispute in running):
            return frozenset(invoice.id for invoice in self.invoices)
        return frozenset(dispute.invoice_id for dispute in running if dispute.invoice_id)

    def open_invoices(self) -> list[Invoice]:
        """Invoices with something open, oldest due date first."""
        found = [invoice for invoice in self.invoices if self.open_minor[invoice.id] > 0]
        return sorted(found, key=lambda invoice: (invoice.due_on, invoice.number))

    def overdue(self, today: date) -> list[Invoice]:
        """Open, undisputed invoices whose due date has passed."""
        return [
            invoice for invoice in self.open_invoices() if invoice.due_on < today and invoice.id not in self.disputed
        ]

    @cached_property
    def currency(self) -> str:
        """The currency of the oldest open invoice, else of the latest one, else EUR."""
        for invoice in self.open_invoices():
            return invoice.currency
        return self.invoices[-1].currency if self.invoices else "EUR"

    def payable(self) -> list[Invoice]:
        """What is open and not disputed, in the customer's currency, oldest due date first."""
        return [i for i in self.open_invoices() if i.currency == self.currency and i.id not in self.disputed]

    def balance(self) -> Money:
        """All that is open and not disputed, in the customer's currency."""
        return Money(self.currency, sum(self.open_minor[invoice.id] for invoice in self.payable()))

    def arrears(self, today: date) -> Money:
        """What is overdue and not disputed, in the customer's currency."""
        return Money(
            self.currency,
            sum(self.open_minor[invoice.id] for invoice in self.overdue(today) if invoice.currency == self.currency),
        )

    def days_past_due(self, today: date) -> int:
        """Days since the oldest overdue invoice fell due; 0 when nothing is overdue."""
        return max(((today - invoice.due_on).days for invoice in self.overdue(today)), default=0)

    def open_promise(self, today: date) -> Promise | None:
        """The latest promise that still runs."""
        return next((p for p in reversed(self.promises) if promise_state(p, self.payments, today) == "open"), None)

    def plan(self, today: date, *states: str) -> InstallmentPlan | None:
        """The latest plan in one of the given states."""
        return next(
            (p for p in reversed(self.plans) if progress(p, self.payments, today).state in states),
            None,
        )

    def broken_plans(self, today: date) -> int:
        """How many agreed plans were broken."""
        states = (progress(p, self.payments, today).state for p in self.plans if p.accepted_at is not None)
        return sum(state == "broken" for state in states)

    def holds_in_force(self, now: datetime) -> list[Hold]:
        """Holds that bind at this instant."""
        return [hold for hold in self.holds if hold.in_force(now)]

    def handoff(self) -> Handoff | None:
        """The latest request to take the conversation over that is not closed."""
        return next((h for h in reversed(self.handoffs) if h.state != "closed" and not h.errand), None)

    def errands(self) -> list[Handoff]:
        """What a person still has to see to beside the conversation, oldest first."""
        return [handoff for handoff in self.handoffs if handoff.errand and handoff.state != "closed"]
