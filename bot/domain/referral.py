"""Giving a case to an agency, and taking it back: when it may go, and what a payment to us then means.

A case goes only once its segment's cut-off has passed, the final notice has been sent and no answer keeps it in house.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.accounts import Hold
from bot.domain.cadence import kept_in_house, past_cut_off
from bot.domain.case import Case
from bot.domain.dossier import Dossier
from bot.domain.messages import NOTE, Exchange
from bot.domain.money import Money
from bot.domain.strategy import Strategy

# The hold under which a case stands while an agency has it: nothing is asked or charged by us.
WITH_AGENCY = "with_agency"
REFERRAL, RECALL, AGENCY = "referral", "recall", "agency"
TELL_WITHIN = timedelta(days=1)

NOTHING_DUE = "Nothing is overdue."
ALREADY = "An agency has this case already."
OBJECTED = "An objection is open."
AGREED = "A promise or a plan is running."
ON_HOLD = "Contact is suspended."
TOO_EARLY = "The cut-off of this customer's strategy has not passed."
NO_NOTICE = "No final notice has been sent about this debt."
ANSWERED = "The customer has answered: the case stays in house for now."
NOT_THERE = "No agency has this case."
NO_NAME = "Name the agency."


def given(dossier: Dossier, now: datetime) -> Hold | None:
    """The hold of a case that an agency has; its reason is the agency's name."""
    return next((hold for hold in dossier.holds_in_force(now) if hold.kind == WITH_AGENCY), None)


def objections(dossier: Dossier, strategies: Sequence[Strategy], now: datetime) -> list[str]:
    """Why this case may not be given to an agency now; empty when it may."""
    if given(dossier, now):
        return [ALREADY]
    today = dossier.local_day(now)
    if dossier.arrears(today).minor <= 0:
        return [NOTHING_DUE]
    found = []
    if any(dispute.closed_at is None for dispute in dossier.disputes):
        found.append(OBJECTED)
    if dossier.open_promise(today) or dossier.plan(today, "active"):
        found.append(AGREED)
    if dossier.holds_in_force(now):
        found.append(ON_HOLD)
    if not past_cut_off(dossier, strategies, today):
        found.append(TOO_EARLY)
    if not _warned(dossier, today_due=dossier.overdue(today)[0].id):
        found.append(NO_NOTICE)
    if kept_in_house(dossier, strategies, now):
        found.append(ANSWERED)
    return found


def _warned(dossier: Dossier, today_due: str) -> bool:
    """Whether the final notice about the oldest debt has left."""
    return any(
        row.purpose == "final_notice" and row.reached and today_due in row.content.get("invoices", ())
        for row in dossier.exchanges
    )


def refer(work: Case, agency: str, by: str, files: Sequence[Mapping[str, str]]) -> None:
    """Give the case to an agency; `files` name what it was sent, by hash."""
    work.hold(WITH_AGENCY, agency)
    owed = work.dossier.arrears(work.today)
    work.note(
        REFERRAL, f"given to {agency} by {by}", agency=agency, by=by, files=list(files),
        invoices=[invoice.number for invoice in work.dossier.overdue(work.today)], **owed.json(),
    )  # fmt: skip


def recall(work: Case, why: str) -> None:
    """Take the case back; a person tells the agency."""
    hold = given(work.dossier, work.now)
    if hold is None:
        raise ValueError(NOT_THERE)
    work.save(replace(hold, ended_at=work.now))
    work.note(RECALL, f"taken back from {hold.reason}: {why}", agency=hold.reason, why=why)
    work.errand(AGENCY, f"Tell {hold.reason} that the case is taken back: {why}.", TELL_WITHIN)


def after_payment(work: Case, paid: Money) -> None:
    """A payment to us while an agency has the case: in full it takes the case back, a part is told to the agency."""
    hold = given(work.dossier, work.now)
    if hold is None:
        return
    if work.dossier.arrears(work.today).minor <= 0:
        recall(work, f"paid to us, {paid.major} {paid.currency} at last")
    else:
        left = work.dossier.arrears(work.today)
        told = f"{paid.major} {paid.currency} came in, {left.major} {left.currency} are left"
        work.errand(AGENCY, f"Tell {hold.reason}: {told}.", TELL_WITHIN)


def results(rows: Sequence[Exchange]) -> list[Exchange]:
    """What became of referrals, as the log tells it: given and taken back, oldest first."""
    return [row for row in rows if row.direction == NOTE and row.purpose in (REFERRAL, RECALL)]
