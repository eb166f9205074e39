"""When to write next, about what, and on which channel: a pure look at the dossier."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.accounts import ContactPoint, Invoice
from bot.domain.addresses import point_for, usable
from bot.domain.bending import Shift, respread, shift
from bot.domain.calls import outcomes, spoken_at
from bot.domain.compliance import UNASKED, last_inbound
from bot.domain.dossier import Dossier
from bot.domain.history import band
from bot.domain.ladder import Step, rungs, standing, step
from bot.domain.letters import TRAVELS
from bot.domain.messages import OUT, Exchange
from bot.domain.plans import Installment, InstallmentPlan, progress
from bot.domain.promises import TOLERANCE
from bot.domain.promises import state as promise_state
from bot.domain.strategy import Strategy, choose, facts_of, stage_of

# Whoever has just been in touch or paid is left in peace: an answer lowers the pressure, it does not raise it.
QUIET_DAYS = 2
# After an answer the rhythm of reminders slows down by so much; what was agreed keeps its own dates.
EASED = 1.5
# After a question about a broken word, and where an older log does not say how long a message was left to work.
WAIT_DAYS = 7
INSTALLMENT_NOTICE = timedelta(days=3)
# How long a message leaves to act at most, by tone; the day named lies before the next contact in any case.
DAYS_TO_ACT = {"friendly": 10, "firm": 7, "final": 8}
REFERRAL = "referral"
# How long a call that nobody took is left to work.
NO_ANSWER_DAYS = 1


@dataclass(frozen=True, slots=True)
class Due:
    """A contact that is due: the script to play, where, and why.

    `about` names the fact that it concerns, `deadline` the day that the text may name, `wait_days` how long nothing
    further is asked. `consequences` are those of the strategy, None where the creditor's hold.
    """

    intent: str
    purpose: str
    point: ContactPoint
    tone: str
    stage: str
    about: str
    why: str
    deadline: date
    wait_days: int = WAIT_DAYS
    invoices: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    consequences: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a dossier under one strategy."""

    dossier: Dossier
    strategy: Strategy
    today: date

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.dossier.customer.time_zone)

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @property
    def contacts(self) -> list[Exchange]:
        """What really was written unasked, oldest first."""
        return [e for e in self.dossier.exchanges if _unasked(e) and (e.state == "queued" or e.reached)]

    def made(self, about: str) -> bool:
        return any(e.content.get("about") == about for e in self.contacts)

    def named(self, about: str, day: date) -> bool:
        """Whether a contact about this has named this very day."""
        return any(e.content.get("about") == about and _named(e) == day for e in self.contacts)

    @property
    def settled_course(self) -> bool:
        """Whether a promise or a plan runs: then only what was agreed is spoken of."""
        return bool(self.dossier.open_promise(self.today) or self.dossier.plan(self.today, "active"))


def due(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> Due | None:
    """The one contact that is due to this customer now, the most specific reason first."""
    look = _look(dossier, strategies, now)
    if look is None:
        return None
    return (
        (_promise_due(look) or _installment_due(look) if _may_remind(look) else None)
        or (_promise_broken(look) or _installment_missed(look) or _reminder(look) if _may_ask(look) else None)
        or (_pre_due(look) if _may_remind(look) else None)
    )


def referral_due(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> str | None:
    """Why a person must take the matter over because the ladder has ended; None while it has not, or once they did."""
    look = _look(dossier, strategies, now)
    if look is None or look.settled_course or not _may_ask(look) or _kept(look):
        return None
    taken = _next_step(look)
    if taken is None:
        return None
    oldest = dossier.overdue(look.today)[0]
    if any(h.reason == REFERRAL and look.day(h.opened_at) > oldest.due_on for h in dossier.handoffs):
        return None
    if taken.stage is not None:
        return _unreachable(look)
    last = look.contacts[-1]
    return (
        f"All reminders have been sent without result, the last on {look.day(_at(last)).isoformat()}; "
        f"{dossier.days_past_due(look.today)} days past due. Decide what follows."
    )


def _kept(look: _Look) -> bool:
    """Whether an answer before the cut-off, or lately, keeps the customer in house."""
    sign = _last_sign(look)
    return sign is not None and look.today < sign + timedelta(days=look.strategy.keep_days)


def kept_in_house(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> bool:
    """Whether the customer has answered within the days of their strategy."""
    today = dossier.local_day(now)
    strategy = choose(strategies, facts_of(dossier, today))
    return strategy is not None and _kept(_Look(dossier, strategy, today))


def past_cut_off(dossier: Dossier, strategies: Sequence[Strategy], today: date) -> bool:
    """Whether the debt is so old that the ladder of its segment has ended: the stage without a contact is reached."""
    facts = facts_of(dossier, today)
    strategy = choose(strategies, facts)
    stage = stage_of(strategy, facts) if strategy is not None else None
    return stage is not None and stage.intent is None


def _unreachable(look: _Look) -> str | None:
    """A debt that has come to the end of its ladder by age while nobody may be written to must not lie unseen."""
    by_age = stage_of(look.strategy, facts_of(look.dossier, look.today))
    if by_age is None or by_age.intent is not None or usable(look.dossier):
        return None
    return (
        "No channel may be used to write to this customer (none given, refused or closed); "
        f"{look.dossier.days_past_due(look.today)} days past due. Decide what follows."
    )


def stage_now(dossier: Dossier, strategies: Sequence[Strategy], today: date) -> str | None:
    """The stage of the ladder in which the customer is; None while nothing is overdue."""
    facts = facts_of(dossier, today)
    strategy, overdue = choose(strategies, facts), dossier.overdue(today)
    if strategy is None or not overdue:
        return None
    return standing(strategy, facts, _sent(_Look(dossier, strategy, today), overdue[0]))


def _look(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> _Look | None:
    """None where nobody may be written to by the plan: a person has the matter, or something is on its way."""
    today = now.astimezone(ZoneInfo(dossier.customer.time_zone)).date()
    strategy = choose(strategies, facts_of(dossier, today))
    if strategy is None or dossier.conversation.held_by_person or dossier.handoff() is not None:
        return None
    look = _Look(dossier, strategy, today)
    for row in dossier.exchanges:
        # A message that could not be sent is not tried again on the same day.
        if _unasked(row) and (row.state in ("queued", "sending") or look.day(_at(row)) >= today):
            return None
    return look


def _may_ask(look: _Look) -> bool:
    """Whether money may be asked for: rhythm, named day and the customer's own last word have all passed."""
    ended = outcomes(look.dossier.exchanges)
    for row in look.contacts:
        wait = int(row.content.get("wait_days", WAIT_DAYS))
        if ended.get(row.id) in ("no_answer", "wrong_number"):
            # Nothing was said, so nothing was named: the next try takes another way.
            if look.today < look.day(_at(row)) + timedelta(days=NO_ANSWER_DAYS):
                return False
            continue
        if look.today < look.day(_at(row)) + timedelta(days=wait) or look.today <= _named(row):
            return False
    sign = _last_sign(look)
    return sign is None or look.today >= sign + timedelta(days=QUIET_DAYS)


def _eased(look: _Look) -> bool:
    """Whether the last contact was answered and is left to work longer than its stage says."""
    signs = _signs(look)
    for row in look.contacts[-1:]:
        wait = math.ceil(int(row.content.get("wait_days", WAIT_DAYS)) * EASED)
        return any(at > _at(row) for at in signs) and look.today < look.day(_at(row)) + timedelta(days=wait)
    return False


def _may_remind(look: _Look) -> bool:
    """Whether a date that was agreed or lies ahead may be spoken of: not while a day named without answer runs."""
    sign = _last_sign(look)
    return all(
        look.today > _named(row) or (sign is not None and sign >= look.day(_at(row))) for row in look.contacts[-1:]
    )


def _named(row: Exchange) -> date:
    """The day that a message named to act by; its past where it named none."""
    named = row.content.get("deadline")
    return date.fromisoformat(str(named)) if named else date.min


def _last_sign(look: _Look) -> date | None:
    """The day of the customer's last message, talk on the telephone or payment."""
    return max((look.day(at) for at in _signs(look)), default=None)


def _signs(look: _Look) -> list[datetime]:
    """When the customer last wrote and spoke with us, and when they paid."""
    last = (last_inbound(look.dossier.exchanges), spoken_at(look.dossier.exchanges))
    return [*(payment.paid_at for payment in look.dossier.payments), *(at for at in last if at)]


def _promise_due(look: _Look) -> Due | None:
    promise = look.dossier.open_promise(look.today)
    if promise is None:
        return None
    eve = promise.due_on - timedelta(days=1) <= look.today <= promise.due_on
    # Whoever promised yesterday for today needs no reminder of it.
    if not eve or (promise.due_on - look.day(promise.made_at)).days <= 1:
        return None
    values = {"amount": {"minor": promise.amount_minor, "currency": promise.currency},
              "date": promise.due_on.isoformat()}  # fmt: skip
    return _new(look, "contact_promise_due", f"promise_due:{promise.id}", "a promise falls due",
                deadline=promise.due_on, values=values)  # fmt: skip


def _promise_broken(look: _Look) -> Due | None:
    """The last word given was not kept; an older one is not spoken of again."""
    given = [p for p in look.dossier.promises if p.withdrawn_at is None]
    if not given or look.settled_course or look.dossier.arrears(look.today).minor <= 0:
        return None
    promise = given[-1]
    fresh = look.today <= promise.due_on + TOLERANCE + timedelta(days=14)
    if promise_state(promise, look.dossier.payments, look.today) != "broken" or not fresh:
        return None
    values = {"amount": {"minor": promise.amount_minor, "currency": promise.currency},
              "date": promise.due_on.isoformat()}  # fmt: skip
    return _new(look, "contact_promise_broken", f"promise_broken:{promise.id}", "a promise was not kept",
                wait=WAIT_DAYS, values=values)  # fmt: skip


def _installment_due(look: _Look) -> Due | None:
    plan = look.dossier.plan(look.today, "active")
    if plan is None:
        return None
    for item, state, left in progress(plan, look.dossier.payments, look.today).installments:
        if state == "due" and item.due_on - INSTALLMENT_NOTICE <= look.today:
            values = {"amount": {"minor": left, "currency": plan.currency}, "date": item.due_on.isoformat(),
                      "count": item.number}  # fmt: skip
            found = _plan_bend(look, plan, item, values) or _new(
                look, "contact_installment_due", f"installment_due:{plan.id}:{item.number}:{item.due_on}",
                "an instalment falls due", deadline=item.due_on, values=values,
            )  # fmt: skip
            if found and not look.named(f"plan_bend:{plan.id}", item.due_on):
                return found
    return None


def _plan_bend(look: _Look, plan: InstallmentPlan, item: Installment, values: Mapping[str, Any]) -> Due | None:
    """Before the day is missed: one that suits better is offered, once in the life of a plan."""
    if item.due_on <= look.today or (better := _shift(look, plan)) is None:
        return None
    rows = [[part.number, part.due_on.isoformat(), part.amount_minor] for part in better.installments]
    return _new(look, "contact_plan_bend", f"plan_bend:{plan.id}", f"the day of the plan may not be kept: {better.why}",
                deadline=item.due_on, values={**values, "shift": rows})  # fmt: skip


def _shift(look: _Look, plan: InstallmentPlan) -> Shift | None:
    pay_day = look.dossier.customer.preferences.get("pay_day")
    return shift(
        plan, look.dossier.payments, look.dossier.charges, pay_day if isinstance(pay_day, int) else None, look.zone,
        look.today,
    )  # fmt: skip


def _installment_missed(look: _Look) -> Due | None:
    """What is missing of a plan that still runs, asked for once; a broken plan is a debt like any other."""
    plan = look.dossier.plan(look.today, "active")
    if plan is None:
        return None
    seen = progress(plan, look.dossier.payments, look.today).installments
    missed = [(item, left) for item, state, left in seen if state == "missed"]
    if not missed:
        return None
    if (spread := respread(plan, look.dossier.payments, look.today)) is not None:
        rows = [[part.number, part.due_on.isoformat(), part.amount_minor] for part in spread]
        told = {"amount": {"minor": missed[0][1], "currency": plan.currency},
                "date": missed[0][0].due_on.isoformat(), "shift": rows}  # fmt: skip
        return _new(look, "contact_plan_respread", f"plan_respread:{plan.id}:{missed[0][0].number}",
                    "the rest of an instalment is spread", deadline=spread[0].due_on, values=told)  # fmt: skip
    last = missed[-1][0]
    following = [item.due_on - INSTALLMENT_NOTICE for item, state, _ in seen if state == "due"]
    deadline = min([look.today + timedelta(days=WAIT_DAYS - 1), *(day - timedelta(days=1) for day in following[:1])])
    values = {"amount": {"minor": sum(left for _, left in missed), "currency": plan.currency},
              "date": last.due_on.isoformat(), "count": last.number}  # fmt: skip
    return _new(look, "contact_installment_missed", f"installment_missed:{plan.id}:{last.number}:{last.due_on}",
                "an instalment was missed", wait=WAIT_DAYS, deadline=max(deadline, look.today + timedelta(days=1)),
                values=values)  # fmt: skip


def _next_step(look: _Look) -> Step | None:
    """Where the ladder goes from what was sent about the oldest debt."""
    oldest = look.dossier.overdue(look.today)
    if not oldest:
        return None
    return step(look.strategy, facts_of(look.dossier, look.today), _sent(look, oldest[0]))


def _sent(look: _Look, invoice: Invoice) -> Counter[str]:
    """How often each stage spoke about this invoice; a question about a word not kept was a kind reminder too."""
    told = (str(e.content.get("about") or "").split(":") for e in look.contacts)
    found = Counter(parts[1] for parts in told if parts[0] == "stage" and parts[-1] == invoice.id and len(parts) == 3)
    asked = sum(
        str(e.content.get("about") or "").startswith(("promise_broken:", "installment_missed:"))
        and look.day(_at(e)) > invoice.due_on
        for e in look.contacts
    )
    if asked:
        found[rungs(look.strategy)[0].name] += asked
    return found


def _reminder(look: _Look) -> Due | None:
    dossier, today = look.dossier, look.today
    taken = None if look.settled_course else _next_step(look)
    stage = taken.stage if taken else None
    if stage is None or stage.intent is None or _eased(look):
        return None
    overdue = dossier.overdue(today)
    about = f"stage:{stage.name}:{overdue[0].id}"
    tries = sum(_unasked(e) and e.content.get("about") == about for e in dossier.exchanges)
    point = point_for(dossier, stage.channels, tries)
    if point is None:
        return None
    # Who has paid well so far is not spoken to sharply at once.
    tone = "friendly" if stage.tone == "firm" and band(dossier, today) == "gentle" else stage.tone
    travels = TRAVELS.days if point.channel == "letter" else 0
    days = min(DAYS_TO_ACT[tone] + travels, max(stage.every_days - 1, 1))
    return Due(
        stage.intent, stage.purpose, point, tone, stage.name, about,
        f"{look.strategy.name}, stage {stage.name}: {dossier.days_past_due(today)} days past due",
        deadline=today + timedelta(days=days), wait_days=stage.every_days,
        invoices=tuple(invoice.id for invoice in overdue), consequences=look.strategy.consequences,
    )  # fmt: skip


def _pre_due(look: _Look) -> Due | None:
    """What falls due soon, in one message; nobody who is asked for arrears or keeps an agreement is told besides."""
    dossier, today = look.dossier, look.today
    if look.settled_course or dossier.overdue(today) or not look.strategy.pre_due_days:
        return None
    told = {
        (row.content.get("notice"), invoice)
        for row in look.contacts if row.purpose == "pre_due" for invoice in row.content.get("invoices", ())
    }  # fmt: skip
    soon: dict[int, list[Invoice]] = {}
    for invoice in dossier.open_invoices():
        left = (invoice.due_on - today).days
        notices = [days for days in look.strategy.pre_due_days if left <= days]
        if left > 0 and notices and invoice.id not in dossier.disputed and (min(notices), invoice.id) not in told:
            soon.setdefault(min(notices), []).append(invoice)
    if not soon:
        return None
    nearest = min(soon)
    first = soon[nearest][0]
    return _new(
        look, "contact_pre_due", f"pre_due:{nearest}:{first.id}",
        f"invoice {first.number} falls due in {(first.due_on - today).days} days", purpose="pre_due",
        channels=look.strategy.pre_due_channels, deadline=first.due_on, invoices=tuple(i.id for i in soon[nearest]),
        values={"notice": nearest},
    )  # fmt: skip


def _new(
    look: _Look, intent: str, about: str, why: str, *, purpose: str = "reminder", wait: int = 1,
    channels: Sequence[str] = ("sms", "email", "telegram", "letter"), deadline: date | None = None,
    values: Mapping[str, Any] | None = None, invoices: tuple[str, ...] = (),
) -> Due | None:  # fmt: skip
    """A contact about one fact, made once only: the log tells whether it was."""
    if look.made(about):
        return None
    tries = sum(_unasked(e) and e.content.get("about") == about for e in look.dossier.exchanges)
    point = point_for(look.dossier, channels, tries)
    if point is None:
        return None
    return Due(
        intent, purpose, point, "friendly", intent.removeprefix("contact_"), about, why,
        deadline=deadline or look.today + timedelta(days=WAIT_DAYS - 1), wait_days=wait,
        invoices=invoices or tuple(i.id for i in look.dossier.overdue(look.today)), values=values or {},
    )  # fmt: skip


def _unasked(exchange: Exchange) -> bool:
    return exchange.direction == OUT and exchange.purpose in UNASKED


def _at(exchange: Exchange) -> datetime:
    return exchange.sent_at or exchange.at
