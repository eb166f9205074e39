"""Hear of a death, a debt procedure, danger or serious vulnerability."""

from datetime import timedelta

from actions.base import N_, CaseAction, Events, Moment, end_form
from actions.caring import helplines
from bot.domain.conversation import Handoff
from bot.domain.grave import kind_of

DANGER = "self_harm_signal"
# How a report is answered; whatever is not named here is heard as serious vulnerability, by a person first of all.
SAID = {
    "deceased": "utter_death", "minor_or_no_capacity": "utter_minor", "surendettement_fr": "utter_procedure",
    "bankruptcy": "utter_procedure", "breathing_space_gb": "utter_procedure",
    "mental_health_crisis_gb": "utter_procedure",
}  # fmt: skip
# Said by somebody who is plainly not the customer, or no party to a contract: they are not asked who they are.
NOT_ASKED = {"deceased": "utter_death_unproved", "minor_or_no_capacity": "utter_minor"}
AT_ONCE, SOON = timedelta(minutes=5), timedelta(hours=4)


class ReportSensitive(CaseAction):
    """Puts the right protection in place and brings a person, at once where life may be in danger."""

    verb = "action_report_sensitive"

    def act(self, moment: Moment) -> Events:
        """Protect first, answer with care."""
        work = moment.case
        words = moment.text
        kind = kind_of(words, work.customer.jurisdiction)
        within = AT_ONCE if kind == DANGER else SOON
        if not work.binds and kind != DANGER:
            asked = moment.leave_word(kind, within)
            if kind in NOT_ASKED:
                moment.promise_person(NOT_ASKED[kind], asked)
                return end_form()
            moment.promise_person("utter_care_unproved", asked)
            return self.identify_first(moment)
        work.hold(kind, "reported by the customer")
        summary = f"{kind.replace('_', ' ')}: {words[:200]}"
        asked = work.hand_off("report_sensitive", summary, within, urgent=kind not in SAID)
        if kind == DANGER:
            _name_helplines(moment, asked)
        else:
            moment.promise_person(SAID.get(kind, "utter_sensitive"), asked)
        return end_form()


def _name_helplines(moment: Moment, asked: Handoff) -> None:
    """Whom to call right now, in the customer's country; the emergency number where no helpline is known."""
    work = moment.case
    country = work.support.country(work.customer.jurisdiction)
    lines = [
        {
            "name": line.name,
            "number": line.reach,
            "hours": N_("free, day and night") if line.hours == "always" else line.hours,
        }
        for line in helplines(work)
    ]
    if lines:
        moment.promise_person("utter_danger", asked, lines=lines, emergency=country.emergency)
    else:
        moment.promise_person("utter_danger_emergency", asked, emergency=country.emergency)
