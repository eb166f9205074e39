"""Tell where things stand."""

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment, unpaid
from bot.domain import wishes
from bot.domain.care import PRESSES, TELLS
from bot.domain.conversation import Handoff
from bot.domain.dossier import Dossier
from bot.domain.plans import InstallmentPlan, progress


class TellStatus(CaseAction):
    """Tells what is agreed, what is being looked into, who is awaited and until when reminders rest."""

    verb = "action_tell_status"
    names_debt = True
    money = TELLS
    aside = True

    def act(self, moment: Moment) -> Events:
        """Tell what runs, the most binding first; the last payment where nothing does."""
        work = moment.case
        dossier = work.dossier
        plan = dossier.plan(work.today, "active", "broken", "completed")
        promise = dossier.open_promise(work.today)
        if (
            plan is not None
            and progress(plan, dossier.payments, work.today).state == "active"
            and wishes.shift(moment.text)
        ):
            return [FollowupAction("action_change_plan")]
        if plan is not None:
            _plan(moment, plan)
        elif promise is not None:
            moment.say("utter_promise_status", date=promise.due_on.isoformat(),
                       amount={"minor": promise.amount_minor, "currency": promise.currency})  # fmt: skip
        told = _under_examination(moment, dossier)
        if plan is None and promise is None and not told and not moment.spared(PRESSES):
            _last_payment(moment, dossier)
        return moment.keep_question()


def _plan(moment: Moment, plan: InstallmentPlan) -> None:
    seen = progress(plan, moment.case.dossier.payments, moment.case.today)
    lines = unpaid(plan, moment.case.dossier, moment.case.today)
    paid = {"minor": min(seen.paid_minor, plan.total_minor), "currency": plan.currency}
    if lines:
        # Nothing paid yet is not worth a sentence of its own.
        moment.say("utter_plan_status" if paid["minor"] else "utter_plan_status_unpaid", paid=paid, lines=lines)
    else:
        moment.say("utter_plan_completed", paid=paid)


def _under_examination(moment: Moment, dossier: Dossier) -> bool:
    """Objections, payments being looked for, rests from reminders, requests; whether there was any."""
    work = moment.case
    holds = {hold.kind: hold for hold in dossier.holds_in_force(work.now)}
    objections = [dispute for dispute in dossier.disputes if dispute.closed_at is None]
    claim, rest = holds.get("payment_pending"), holds.get("vulnerability_signal")
    if objections:
        moment.say("utter_dispute_status")
    if claim is not None and claim.until is not None:
        moment.say("utter_claim_status", date=work.told(claim.since)[:10], until=work.told(claim.until)[:10])
    if rest is not None and rest.until is not None:
        moment.say("utter_rest_status", until=work.told(rest.until)[:10])
    # A claim has its own sentence; what else a person sees to is named by its day.
    errands = [errand for errand in dossier.errands() if errand.reason != "already_paid"]
    requests: list[Handoff] = [request for request in (dossier.handoff(), *errands) if request is not None]
    last = max(requests, key=lambda request: request.due_at, default=None)
    if last is not None and last.due_at > work.now:
        moment.promise_person("utter_request_status", last)
    return bool(objections or claim or rest or requests)


def _last_payment(moment: Moment, dossier: Dossier) -> None:
    if not dossier.payments:
        moment.say("utter_no_payment_seen")
        return
    last = dossier.payments[-1]
    moment.say("utter_payment_status", date=last.paid_at.date().isoformat(),
               amount={"minor": last.amount_minor, "currency": last.currency},
               rest=dossier.balance().json())  # fmt: skip
