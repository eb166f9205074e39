"""Consent to messages is heard in so many words, and in nothing that speaks of a plan or a payment."""

import pytest

from bot.domain.consent import wants_messages


@pytest.mark.parametrize(
    "text",
    [
        "START", "start again", "vous pouvez recommencer à m'écrire", "remettez-moi les rappels par SMS", "j'ai envoyé STOP par erreur",
        "levez mon opposition, je veux être prévenu", "please resume the messages", "you can text me again",
        "I unsubscribed by mistake", "cancel my STOP request", "opt me back in", "quiero volver a recibir mensajes",
        "anulen la baja de los avisos", "puse STOP por error", "schreiben Sie mir wieder", "stop war ein Versehen",
        "Benachrichtigungen wieder einschalten",
    ],
)  # fmt: skip
def test_a_wish_for_messages(text: str) -> None:
    assert wants_messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "annulez l'échéancier", "reprenez l'échéancier", "je veux reprendre les paiements", "actually no, cancel the plan",
        "restart the payment plan", "cancela el plan", "quiero retomar los pagos", "stornieren Sie den Ratenplan",
        "ich zahle wieder", "stop", "oui", "bonjour",
    ],
)  # fmt: skip
def test_no_wish_for_messages(text: str) -> None:
    assert not wants_messages(text)
