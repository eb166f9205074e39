"""Consent to messages is recorded for the word alone; whatever else sounds like it is asked about."""

import pytest

from bot.domain.consent import wants_messages


@pytest.mark.parametrize("text", ["START", "Reprendre.", " alta ", "¡Reanudar!", "weiter senden"])
def test_the_word_is_a_wish(text: str) -> None:
    assert wants_messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "annulez l'échéancier", "reprenez l'échéancier", "actually no, cancel the plan", "restart the payment plan",
        "quiero retomar los pagos", "stornieren Sie den Ratenplan", "when does it start?", "stop", "oui", "",
        "you can text me again",
    ],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert not wants_messages(text)
