"""The next charge of a customer's saved method: what, when, and by which rule; a promise moves it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.accounts import Invoice
from bot.domain.dossier import Dossier
from bot.domain.methods import PENDING, STARTED, PaymentMethod, tries
from bot.domain.plans import InstallmentPlan, progress
from bot.domain.promises import Promise
from bot.domain.retries.budgets import Spent, earliest
from bot.domain.retries.planning import FailedCharge, Failure, RetryPlan, plan_retry
from bot.domain.retries.rulebook import Network, Rulebook
from bot.domain.retries.timing import first_slot

# A charge that was due may still be made so long after the last usual hour of its day.
LATE = timedelta(hours=1)
CHARGE, RETRY, OTHER = "charge", "retry", "try_other_method"
BANKS = ("sepa", "ach", "bacs")


@dataclass(frozen=True, slots=True)
class NextCharge:
    """What is charged next. Without a `method` it is the creditor's billing system that has to make the try.

    `at` is None where nothing will be charged any more; `rule` and `source` then say why. `agreed`: the customer
    named the day.
    """

    about: str
    action: str
    currency: str
    amount_minor: int
    rule: str
    source: str
    at: datetime | None = None
    method: PaymentMethod | None = None
    agreed: bool = False
    why: tuple[str, ...] = ()

    def due(self, now: datetime) -> bool:
        """Whether it is to be made now."""
        return self.at is not None and self.at <= now and self.method is not None


def next_charge(dossier: Dossier, book: Rulebook, now: datetime) -> NextCharge | None:
    """The next charge; None where there is nothing to charge. Nothing is charged while a person has the matter."""
    if dossier.balance().minor <= 0 or dossier.conversation.held_by_person or dossier.handoff() is not None:
        return None
    if any(attempt.state in (STARTED, PENDING) for attempt in dossier.charges):
        # The method is locked until it is known what became of the last charge.
        return None
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    plan = dossier.plan(today, "active")
    if plan is not None:
        return _installment(dossier, plan, book, now, today)
    found = [_invoice(dossier, invoice, book, now, today) for invoice in _failed(dossier, today)]
    timed = [charge for charge in found if charge.at is not None]
    return min(timed, key=lambda charge: charge.at or now) if timed else next(iter(found), None)


def _failed(dossier: Dossier, today: date) -> list[Invoice]:
    return [invoice for invoice in dossier.overdue(today) if invoice.failure_code and invoice.failure_at]


def _installment(
    dossier: Dossier, plan: InstallmentPlan, book: Rulebook, now: datetime, today: date
) -> NextCharge | None:
    """The instalment that is open first, taken on its day from the method that the customer gave for the plan."""
    method = next((m for m in reversed(dossier.methods) if m.covers_plan(plan.id) and m.usable(today)), None)
    following = progress(plan, dossier.payments, today).next_open
    if method is None or following is None:
        return None
    item, left = following
    about = f"plan:{plan.id}:{item.number}"
    charge = NextCharge(
        about, CHARGE, plan.currency, min(left, dossier.balance().minor), "plan: the instalment on its day",
        "the customer's agreement", method=method, agreed=True,
    )  # fmt: skip
    failures = [Failure(t.at, t.code or "none", _system(method), t.advice) for t in tries(dossier.charges, about)]
    network = _network(method, book)
    if not failures:
        day = datetime.combine(item.due_on, time(), ZoneInfo(dossier.customer.time_zone)).astimezone(UTC)
        start = max(day, method.agreed_at)
        at = first_slot(start, ZoneInfo(dossier.customer.time_zone), network, prefer=0)
        return replace(charge, at=_makeable(at, dossier, network, now))
    return _again(dossier, charge, failures, None, book, now)


def _invoice(dossier: Dossier, invoice: Invoice, book: Rulebook, now: datetime, today: date) -> NextCharge:
    """The refused charge of a subscription's invoice, tried again; never for more than was promised for the day."""
    about, promise = f"invoice:{invoice.id}", dossier.open_promise(today)
    methods = [m for m in dossier.methods if m.covers_subscription and m.usable(today)]
    method = methods[-1] if methods else None
    open_ = dossier.open_minor[invoice.id]
    amount = open_ if promise is None else min(open_, _promised_left(dossier, promise))
    charge = NextCharge(about, RETRY, invoice.currency, amount, "", "", method=method, agreed=promise is not None)
    assert invoice.failure_at is not None
    system = _system(method)
    first = Failure(invoice.failure_at, invoice.failure_code or "none", system, None)
    failures = [first, *(Failure(t.at, t.code or "none", system, t.advice) for t in tries(dossier.charges, about))]
    return _again(dossier, charge, failures, promise, book, now)


def _promised_left(dossier: Dossier, promise: Promise) -> int:
    """What of a promise has not come in by itself."""
    came = sum(
        p.amount_minor for p in dossier.payments if p.currency == promise.currency and p.paid_at >= promise.made_at
    )
    return max(0, promise.amount_minor - came)


def _again(
    dossier: Dossier, charge: NextCharge, failures: list[Failure], promise: Promise | None, book: Rulebook,
    now: datetime,
) -> NextCharge:  # fmt: skip
    """The next try after failures. The day is fixed from what happened last, not from when somebody looks."""
    zone = ZoneInfo(dossier.customer.time_zone)
    network = _network(charge.method, book)
    pay_day = dossier.customer.preferences.get("pay_day")
    failed = FailedCharge(
        network.name, tuple(failures), zone, promise.due_on if promise else None,
        max(1, sum(m.usable(now.astimezone(zone).date()) for m in dossier.methods)),
        pay_day if isinstance(pay_day, int) else None, tuple(hold.kind for hold in dossier.holds_in_force(now)),
    )  # fmt: skip
    seen = plan_retry(failed, book, now)
    if seen.next_at is None:
        return _told(charge, seen, None)
    last = max(failure.at for failure in failures)
    since = max(last, promise.made_at) if promise else last
    fixed = plan_retry(failed, book, min(since, now))
    if promise is not None and charge.amount_minor <= 0:
        return _told(replace(charge, amount_minor=0), seen, None)
    method = _other(dossier, charge.method, now) if seen.action == OTHER else charge.method
    at = _within_budget(fixed.next_at or seen.next_at, method, dossier, network)
    return _told(replace(charge, method=method), seen if fixed.next_at is None else fixed,
                 _makeable(at, dossier, network, now))  # fmt: skip


def _within_budget(at: datetime, method: PaymentMethod | None, dossier: Dossier, network: Network) -> datetime:
    """A network counts every try on a method, whatever it was for: several invoices share one budget."""
    if method is None:
        return at
    made = tuple(sorted(attempt.at for attempt in dossier.charges if attempt.method_id == method.id))
    free, moved = earliest(Spent(made), network, at)
    return at if moved is None else first_slot(free, ZoneInfo(dossier.customer.time_zone), network, prefer=0)


def _told(charge: NextCharge, plan: RetryPlan, at: datetime | None) -> NextCharge:
    return replace(charge, action=plan.action, rule=plan.rule, source=plan.source, at=at, why=plan.why)


def _other(dossier: Dossier, method: PaymentMethod | None, now: datetime) -> PaymentMethod | None:
    """Another saved method that the same agreement covers."""
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    others = [m for m in dossier.methods if m.covers_subscription and m.usable(today) and m != method]
    return others[-1] if others else method


def _makeable(at: datetime, dossier: Dossier, network: Network, now: datetime) -> datetime:
    """The planned instant; what is late is made up for at once in banking hours, else in the next ones."""
    if at > now:
        return at
    zone = ZoneInfo(dossier.customer.time_zone)
    local = now.astimezone(zone)
    first = datetime.combine(local.date(), network.hours[0], zone)
    last = datetime.combine(local.date(), network.hours[-1], zone)
    if not network.closed.on(local.date()) and first <= local <= last + LATE:
        return at
    return first_slot(now, zone, network, prefer=0)


def _network(method: PaymentMethod | None, book: Rulebook) -> Network:
    return book.networks.get(method.network if method else "other") or book.networks["other"]


def _system(method: PaymentMethod | None) -> str:
    return method.network if method is not None and method.network in BANKS else "stripe"
