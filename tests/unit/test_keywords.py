"""Words that mean a stop to carriers of text messages, and words that give up what is under way."""

import pytest

from bot.domain.wishes import called_off
from bot.understanding.commands import command, keyword


@pytest.mark.parametrize("text", ["STOP", "Stop.", "unsubscribe", "désinscrire", "baja", "Abmelden", "STOP ALL"])
def test_a_clear_word_is_a_stop_wherever_it_is_written(text: str) -> None:
    assert command(text, carrier=True) == command(text, carrier=False) == "stop_contact"
    assert not keyword(text)


@pytest.mark.parametrize("text", ["CANCEL", "end", "Quit!", "alto", "basta", "parar", "arrêter", "revoke"])
def test_a_keyword_is_a_stop_by_text_message_only(text: str) -> None:
    assert command(text, carrier=True) == "stop_contact"
    assert command(text, carrier=False) is None and keyword(text)


@pytest.mark.parametrize(
    "text",
    ["cancel it", "no, forget it", "Please cancel the plan", "annulez", "non, laissez tomber", "oubliez ça",
     "cancelar", "mejor olvídelo", "abbrechen", "Nein, vergessen Sie es", "lassen wir das"],
)  # fmt: skip
def test_what_is_under_way_is_given_up(text: str) -> None:
    assert called_off(text)


@pytest.mark.parametrize(
    "text",
    ["cancel my subscription", "cancel and give me 4 payments", "annulez mon abonnement", "I won't forget it on friday",
     "cancelar el contrato", "no", "stop writing to me", "vergessen Sie die Rechnung"],
)  # fmt: skip
def test_what_gives_nothing_up(text: str) -> None:
    assert not called_off(text)
