"""Hear of a death, a debt procedure, danger or serious vulnerability."""

import re
import unicodedata
from datetime import timedelta

from actions.base import N_, CaseAction, Events, Moment, end_form
from actions.caring import helplines
from bot.domain.conversation import Handoff
from bot.domain.danger import life_at_risk

# Words that decide which hold protects the customer; in doubt the widest one.
_DEATH = re.compile(
    r"deced|mort|deces|enterr|veuve|veuf|obseq|died|death|passed away|deceased|funeral|widow|late (husband|wife)|"
    r"murio|fallec|muert|viud|gestorben|verstorben|tod\b|todesfall|witwe|beerdig"
)
_PROCEDURE = re.compile(
    r"surendett|banque de france|liquidation|redressement|bankrupt|insolven|\biva\b|debt relief order|breathing space|"
    r"chapter (7|13)|concurso|segunda oportunidad|privatinsolvenz|insolvenz|schuldnerberat"
)
_GUARDIAN = re.compile(r"tutelle|curatelle|tuteur|curateur|guardian|power of attorney|tutela|curatela|betreu")


class ReportSensitive(CaseAction):
    """Puts the right protection in place and brings a person, at once where life may be in danger."""

    verb = "action_report_sensitive"

    def act(self, moment: Moment) -> Events:
        """Protect first, answer with care."""
        work = moment.case
        words = moment.text
        kind, response, within, urgent = _judge(_plain(words), work.customer.jurisdiction)
        if not work.binds and kind != "self_harm_signal":
            asked = moment.leave_word(kind, within)
            if kind == "deceased":
                moment.promise_person("utter_death_unproved", asked)
                return end_form()
            moment.promise_person("utter_care_unproved", asked)
            return self.identify_first(moment)
        work.hold(kind, "reported by the customer")
        asked = work.hand_off("report_sensitive", f"{kind.replace('_', ' ')}: {words[:200]}", within, urgent=urgent)
        if kind == "self_harm_signal":
            _name_helplines(moment, asked)
        else:
            moment.promise_person(response, asked)
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


def _judge(words: str, jurisdiction: str) -> tuple[str, str, timedelta, bool]:
    if life_at_risk(words):
        return "self_harm_signal", "utter_danger", timedelta(minutes=5), True
    if _DEATH.search(words):
        return "deceased", "utter_death", timedelta(hours=4), False
    if _PROCEDURE.search(words):
        kind = {"FR": "surendettement_fr", "GB": "breathing_space_gb"}.get(jurisdiction[:2], "bankruptcy")
        return kind, "utter_procedure", timedelta(hours=4), False
    if _GUARDIAN.search(words):
        return "minor_or_no_capacity", "utter_sensitive", timedelta(hours=4), False
    return "vulnerability_signal", "utter_sensitive", timedelta(hours=4), True


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
