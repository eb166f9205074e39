"""What a customer's care depends on is heard in its words; denials, jokes and other wishes in the same words are not."""

import pytest

from bot.understanding.care import listen, says
from bot.understanding.commands import command


@pytest.mark.parametrize(("text", "intent"), [
    ("je ne veux plus recevoir de messages", "stop_contact"), ("I do not want any more reminders", "stop_contact"),
    ("no quiero que me llamen más", "stop_contact"), ("Unterlassen Sie jede weitere Kontaktaufnahme", "stop_contact"),
    ("je voudrais parler à un conseiller", "request_human"), ("put me through to a manager", "request_human"),
    ("páseme con un asesor", "request_human"), ("Ich möchte mit einem Mitarbeiter sprechen", "request_human"),
    ("j'ai perdu mon emploi", "report_hardship"), ("I've been laid off", "report_hardship"),
    ("me quedé sin trabajo", "report_hardship"), ("Ich kann die Rechnung nicht bezahlen", "report_hardship"),
    ("je conteste ce montant", "dispute_invoice"), ("you charged me twice", "dispute_invoice"),
    ("no reconozco ese cobro", "dispute_invoice"), ("Die Rechnung stimmt so nicht", "dispute_invoice"),
    ("vous faites erreur de personne", "wrong_person"), ("wrong number mate", "wrong_person"),
    ("se equivocó de persona", "wrong_person"), ("Sie verwechseln mich", "wrong_person"),
    ("ma femme est décédée", "report_sensitive"), ("my dad passed away", "report_sensitive"),
    ("mi padre falleció en mayo", "report_sensitive"), ("meine Mutter ist verstorben", "report_sensitive"),
    ("mon avocat vous écrira", "legal_threat"), ("you'll hear from my lawyer", "legal_threat"),
    ("los voy a demandar", "legal_threat"), ("Mein Anwalt meldet sich", "legal_threat"),
])  # fmt: skip
def test_the_words_of_care_are_heard(text: str, intent: str) -> None:
    assert intent in says(text)
    assert intent in says(text.upper())


@pytest.mark.parametrize(("text", "intent"), [
    ("I don't want to stop, keep them coming", "stop_contact"), ("don't stop sending me reminders", "stop_contact"),
    ("n'arrêtez surtout pas de m'écrire", "stop_contact"), ("no dejen de enviarme avisos", "stop_contact"),
    ("stop sending the link, I'll pay by card", "stop_contact"),
    ("deje de mandarme el enlace, pago con tarjeta", "stop_contact"),
    ("I am not sick, I was just travelling", "report_hardship"), ("no estoy enfermo, se me olvidó", "report_hardship"),
    ("je ne suis pas malade", "report_hardship"), ("Ich bin nicht krank", "report_hardship"),
    ("I can't pay, the link does not open", "report_hardship"),
    ("ich kann nicht zahlen, es kommt ein Fehler", "report_hardship"),
    ("no puedo pagar, el enlace no abre", "report_hardship"),
    ("don't call me, write", "request_human"), ("no me llame nadie", "request_human"),
    ("I'm a lawyer, thanks for asking", "legal_threat"), ("I'm dying to know the total", "report_sensitive"),
])  # fmt: skip
def test_denials_and_other_wishes_in_the_same_words_are_not(text: str, intent: str) -> None:
    assert intent not in says(text)


@pytest.mark.parametrize("text", [
    "stop texting me", "Please stop calling me", "arrêtez de m'écrire", "ne m'écrivez plus", "dejen de escribirme",
    "hören Sie auf zu schreiben", "leave me alone", "déjenme en paz", "lassen Sie mich in Ruhe", "STOP", "Baja",
])  # fmt: skip
def test_a_plain_request_to_be_left_alone_needs_no_model(text: str) -> None:
    assert command(text) == "stop_contact"


@pytest.mark.parametrize("text", [
    "I don't want you to stop texting me", "please never stop sending reminders", "no dejen de escribirme",
    "n'arrêtez pas de m'envoyer des messages", "stop sending me the link, I pay by card",
    "please don't text me on weekends", "stop calling me at work", "ne m'écrivez plus le dimanche",
    "rufen Sie nicht mehr nachts an, hören Sie auf nachts zu schreiben", "no me llamen más al trabajo",
])  # fmt: skip
def test_a_limit_or_its_opposite_is_no_opt_out(text: str) -> None:
    assert command(text) != "stop_contact"


def test_a_death_or_a_lawyer_comes_before_the_wish_for_silence() -> None:
    assert command("Stop calling him. He died in May.") is None
    assert command("Hören Sie auf zu schreiben, mein Anwalt übernimmt das") is None


@pytest.mark.parametrize("text", [
    "I'm not sick and not broke, I was away", "je ne suis ni malade ni au chômage", "no estoy enfermo ni en paro",
    "ich bin weder krank noch arbeitslos",
])  # fmt: skip
def test_a_cause_that_is_denied_is_no_hardship(text: str) -> None:
    assert "report_hardship" in listen(text).denied
    assert "report_hardship" not in listen(text).said


@pytest.mark.parametrize("text", [
    "I'm not sick, I lost my job", "no estoy enfermo, es que me despidieron", "ich bin nicht krank, aber arbeitslos",
    "je ne suis pas malade mais j'ai perdu mon emploi",
])  # fmt: skip
def test_one_cause_denied_and_another_told_is_hardship(text: str) -> None:
    assert "report_hardship" in listen(text).said
    assert not listen(text).denied


def test_to_go_on_paying_and_to_be_left_alone_are_two_things() -> None:
    assert "stop_contact" in listen("I don't want to stop paying, but no more messages").said
    assert "stop_contact" in listen("I don't want to stop, keep the reminders coming").denied
