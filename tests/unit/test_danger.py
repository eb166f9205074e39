"""Danger to life is heard in every language, and a figure of speech is not taken for it."""

import pytest

from bot.domain.danger import life_at_risk


@pytest.mark.parametrize("text", [
    "j'ai envie d'en finir, je n'en peux plus", "Je vais me foutre en l'air.", "JE VEUX MOURIR", "je pense au suicide",
    "je veux mettre fin à mes jours", "plus envie de vivre avec toutes ces dettes", "j’vais me tuer",
    "can't do this anymore, thinking of ending it", "I don't want to be here anymore", "i want to die",
    "some days I think my kids would be better off dead or me", "I'm going to kill myself over this", "I just wanna end it all",
    "ich halte das nicht mehr aus, ich bring mich um", "ich mach mit allem schluss", "ich will nicht mehr leben",
    "Ich werde mich umbringen", "am liebsten würde ich mir das Leben nehmen", "Selbstmordgedanken habe ich",
    "me quiero matar", "ich tue mir was an, ich will mir etwas antun", "mein Leben hat keinen Sinn mehr", "life isn't worth living",
    "no quiero vivir así", "voy a quitarme la vida", "me voy a matar", "quiero morirme", "ya no tengo ganas de vivir",
])  # fmt: skip
def test_danger_is_heard(text: str) -> None:
    assert life_at_risk(text)


@pytest.mark.parametrize("text", [
    "cette facture me tue", "mort de rire", "votre service est à mourir de rire", "je veux en finir avec cette facture",
    "mon mari est mort", "il faut en finir avec ces relances", "je voudrais finir de payer", "I'm dying to know the amount",
    "my husband killed it at work", "end of the month", "can we end this contract", "I want to end my subscription",
    "bringen Sie mir die Rechnung", "ich bringe das Geld morgen", "zum Totlachen", "bringen Sie es um 10 Uhr", "die Rechnung bringt mich noch um", "machen wir Schluss mit dem Vertrag",
    "ich will den Vertrag kündigen", "esto me mata de risa", "mi padre murió", "quiero acabar con esta deuda",
    "quiero terminar el contrato",
])  # fmt: skip
def test_a_figure_of_speech_is_not_danger(text: str) -> None:
    assert not life_at_risk(text)
