"""Not being able to pay is heard as that, and a reason brings a person."""

import pytest

from bot.domain.hardship import cannot_pay, gives_cause


@pytest.mark.parametrize("text", [
    "je ne peux pas payer", "j'peux pas payer en ce moment", "je n'arrive plus à payer", "je n'ai pas les moyens", "impossible de payer ce mois-ci",
    "I can't pay", "i cant pay this", "I'm unable to pay", "I can't afford this", "I have no money",
    "no puedo pagar", "ahora no puedo pagarlo", "no tengo dinero", "ich kann nicht zahlen", "ich kann das nicht bezahlen", "ich habe kein Geld",
    "das kann ich mir nicht leisten",
])  # fmt: skip
def test_inability_is_heard(text: str) -> None:
    assert cannot_pay(text) and not gives_cause(text)


@pytest.mark.parametrize("text", [
    "je ne paierai pas", "je refuse de payer", "I'm not paying", "I won't pay", "no voy a pagar", "ich zahle nicht", "ich werde nicht zahlen",
    "je peux payer vendredi", "can I pay by card?", "puedo pagar a plazos",
])  # fmt: skip
def test_a_refusal_or_an_offer_is_not_inability(text: str) -> None:
    assert not cannot_pay(text)


@pytest.mark.parametrize("text", [
    "I can't pay, I lost my job", "je ne peux pas payer, je suis au chômage", "no puedo pagar, estoy en paro", "kann nicht zahlen, bin krank",
])  # fmt: skip
def test_a_reason_is_heard(text: str) -> None:
    assert cannot_pay(text) and gives_cause(text)
