"""What somebody is told who is cared for: nothing is asked of them, who writes to them, whom to call."""

from typing import TYPE_CHECKING, Any

from bot.domain.care import TAKES, Care
from bot.domain.case import Case
from bot.domain.support import Line, in_language

if TYPE_CHECKING:
    from actions.base import Moment


def comfort(moment: "Moment", care: Care) -> None:
    """Say that nothing is asked of them, and who looks after it."""
    moment.say(care.response, **_person(moment.case), **_call(moment.case))


def preface(moment: "Moment", money: str) -> dict[str, str] | None:
    """What goes before an answer that they asked for themselves; None where it was said in this visit lately."""
    response = "utter_care_if_you_wish" if money == TAKES else "utter_care_for_information"
    return None if moment.said_lately(response) else {"response": response}


def helplines(work: Case) -> tuple[Line, ...]:
    """Who listens in the customer's country, in their language where somebody does."""
    return in_language(work.support.country(work.customer.jurisdiction).helplines, work.conversation.language)


def _person(work: Case) -> dict[str, Any]:
    """Who writes to them and by when, as far as somebody was asked to."""
    words = [errand for errand in work.dossier.errands() if errand.reason == "unproved_word"]
    request = work.dossier.handoff() if work.binds else next(iter(words), None)
    if request is None:
        return {"person": {"response": "utter_care_person_offered"}}
    if request.due_at <= work.now:
        return {"person": {"response": "utter_care_person_awaited"}}
    return {"person": {"response": "utter_care_person_by"}, "by": work.told(request.due_at)}


def _call(work: Case) -> dict[str, str]:
    """Whom to call when it becomes too much: a helpline, the emergency number where none is known."""
    line = next(iter(helplines(work)), None)
    emergency = work.support.country(work.customer.jurisdiction).emergency
    return {"call": f"{line.name}, {line.reach}" if line else emergency}
