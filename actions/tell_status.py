"""Tell where things stand."""

from rasa_sdk.events import FollowupAction

from actions.base import CaseAction, Events, Moment
from bot.domain import wishes
from bot.domain.plans import progress


class TellStatus(CaseAction):
    """Tells the state of the plan, the promise, the dispute or the last payment."""

    verb = "action_tell_status"
    names_debt = True
    aside = True

    def act(self, moment: Moment) -> Events:
        """Tell what runs, the most binding first."""
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
            seen = progress(plan, dossier.payments, work.today)
            lines = [
                {"due_on": item.due_on.isoformat(), "amount": {"minor": item.amount_minor, "currency": plan.currency},
                 "left": {"minor": left, "currency": plan.currency}}
                for item, _, left in seen.installments if left > 0
            ]  # fmt: skip
            paid = {"minor": min(seen.paid_minor, plan.total_minor), "currency": plan.currency}
            if not lines:
                moment.say("utter_plan_completed", paid=paid)
            else:
                rows = [{"due_on": row["due_on"], "amount": row["left"]} for row in lines]
                # Nothing paid yet is not worth a sentence of its own.
                moment.say("utter_plan_status" if paid["minor"] else "utter_plan_status_unpaid", paid=paid, lines=rows)
        elif promise is not None:
            moment.say("utter_promise_status", date=promise.due_on.isoformat(),
                       amount={"minor": promise.amount_minor, "currency": promise.currency})  # fmt: skip
        elif any(dispute.closed_at is None for dispute in dossier.disputes):
            moment.say("utter_dispute_status")
        elif dossier.payments:
            last = dossier.payments[-1]
            moment.say("utter_payment_status", date=last.paid_at.date().isoformat(),
                       amount={"minor": last.amount_minor, "currency": last.currency},
                       rest=dossier.balance().json())  # fmt: skip
        else:
            moment.say("utter_no_payment_seen")
        return []
