"""Take a request about personal data."""

import re
from datetime import timedelta

from actions.base import CaseAction, Events, Moment
from bot.domain.words import plain

# GDPR art. 17 (erasure) and 15 (access), in the words that people use for them.
_ERASE = re.compile(
    r"\b(?:supprim\w*|effac\w*|oubli\w*|delet\w*|eras\w*|remov\w*|forg[eo]t\w*|wipe\w*|borr\w*|elimin\w*|suprim\w*"
    r"|supresion|olvid\w*|losch\w*|entfern\w*|vergess\w*)\b"
)
_ACCESS = re.compile(
    r"\b(?:copie|acces|communiqu\w*|quelles (?:donnees|informations)|copy|access|what (?:data|information)|which data"
    r"|copia|acceso|que datos|auskunft|kopie|welche daten|(?:see|hold|store) (?:\w+ )*(?:about me|data)|sur moi"
    r"|sobre mi|uber mich)\b"
)


class TakePrivacyRequest(CaseAction):
    """Passes the request on (GDPR art. 12(3): answered within a month) and says what happens next; the bot goes on."""

    verb = "action_take_privacy_request"

    def act(self, moment: Moment) -> Events:
        """Open the errand and tell."""
        take(moment)
        return moment.keep_question()


def asks_erasure(text: str) -> bool:
    """Whether a message about something else asks for data to be erased as well."""
    words = plain(text)
    return _ERASE.search(words) is not None and re.search(r"\b(?:donnees|data|datos|daten)\b", words) is not None


def take(moment: Moment) -> None:
    """Open the errand for the kind of request and say what happens next."""
    words = plain(moment.text)
    kind, response = "about personal data", "utter_privacy"
    if _ERASE.search(words):
        kind, response = "to erase personal data (GDPR art. 17)", "utter_privacy_erasure"
    elif _ACCESS.search(words):
        kind, response = "for a copy of personal data (GDPR art. 15)", "utter_privacy_access"
    asked = moment.case.errand("ask_privacy", f"Request {kind}: {moment.text[:200]}", timedelta(days=1))
    moment.promise_person(response, asked)
