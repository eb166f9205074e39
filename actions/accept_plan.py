"""Conclude an instalment plan."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment, forget_terms, listen, schedule_rows
from bot.domain import wishes
from bot.domain.care import TAKES
from bot.domain.money import Money
from bot.domain.offers import PLAN_OFFERS, open_proposal, shown_last
from bot.domain.plans import InstallmentPlan, progress


class AcceptPlan(CaseAction):
    """The customer said yes to the schedule shown last: it is agreed, kept as shown, and the first link is given."""

    verb = "action_accept_plan"
    names_debt = True
    money = TAKES

    def act(self, moment: Moment) -> Events:
        """Conclude the plan that is on the table."""
        work = moment.case
        if moment.changes_terms():
            return [
                SlotSet("open_question", moment.tracker.get_slot("open_question")),
                FollowupAction("action_negotiate_plan"),
            ]
        plan = open_proposal(work.dossier, work.today)
        if plan is None:
            work.withdraw_proposals()
            if work.dossier.balance().minor <= 0:
                moment.say_settled()
                return listen(*forget_terms(), SlotSet("open_question", "none"))
            moment.say("utter_plan_outdated")
            return [SlotSet("offers", None), SlotSet("open_question", "plan_terms"),
                    FollowupAction("action_negotiate_plan")]  # fmt: skip
        shown = shown_last(work.own_exchanges, PLAN_OFFERS, work.message)
        if shown is None:
            return listen(*moment.restate())
        if wishes.conditional(moment.text):
            moment.say("utter_ask_other_terms")
            return listen(SlotSet("open_question", "plan_terms"))
        change = work.dossier.plan(work.today, "active") is not None
        # The proof is the very wording that the customer saw, in their language.
        agreed = work.accept_plan(plan, shown.text)
        _say(moment, agreed, "utter_plan_changed" if change else "utter_plan_agreed")
        return listen(*forget_terms(), SlotSet("offer", None), SlotSet("open_question", "none"))


def _say(moment: Moment, agreed: InstallmentPlan, response: str) -> None:
    work = moment.case
    open_ = [(item, left) for item, _, left in progress(agreed, work.dossier.payments, work.today).installments if left]
    first, left = open_[0]
    due = Money(agreed.currency, left)
    link = work.issue_link(due, "installment", agreed.id, first.due_on)
    moment.say(
        response, count=len(open_), amount=due.json(), date=first.due_on.isoformat(),
        lines=schedule_rows([item for item, _ in open_], agreed.currency), link=work.link_url(link),
    )  # fmt: skip
