import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail_text import latest

QUOTE = "> Bonjour Claire,\n> la facture F-1 reste à régler.\n>\n> 1. Payer"


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        (f"Je paie vendredi.\n\nLe mar. 24 nov. 2026 à 11:00, Fibrelane <f@x.fr> a écrit :\n\n{QUOTE}", "Je paie vendredi."),
        (f"I'll pay Friday\n\nOn Tue, Nov 24, 2026 at 11:00 AM Fibrelane <f@x.fr>\nwrote:\n{QUOTE}", "I'll pay Friday"),
        (f"Ich zahle am Freitag\n\nAm Di., 24. Nov. 2026 um 11:00 Uhr schrieb Fibrelane <f@x.fr>:\n{QUOTE}",
         "Ich zahle am Freitag"),
        (f"Pago el viernes\n\nEl mar, 24 nov 2026 a las 11:00, Fibrelane (<f@x.fr>) escribió:\n{QUOTE}", "Pago el viernes"),
        ("ok thanks\nSent from my iPhone\n\n-----Original Message-----\nFrom: x\nSent: y\n\nhello", "ok thanks"),
        ("Ja bitte\n\nVon meinem iPhone gesendet\n\nVon: X\nGesendet: Dienstag\nAn: Y\nBetreff: Z\n\nhallo", "Ja bitte"),
        ("D'accord\n\nDe : Fibrelane <f@x.fr>\nEnvoyé : mardi 24 novembre 2026\nÀ : Claire\nObjet : F-1\n\nBonjour", "D'accord"),
        ("oui\r\n-- \r\nClaire Martin\r\n06 12 34 56 78", "oui"),
        ("vale, de acuerdo\nEnviado desde mi Samsung", "vale, de acuerdo"),
        (f"{QUOTE}\n\nLe 2 me convient, merci.", "Le 2 me convient, merci."),
        ("Le 5 décembre je peux payer 50 euros : est-ce possible ?", "Le 5 décembre je peux payer 50 euros : est-ce possible ?"),
        ("de: lundi", "de: lundi"),
        ("", ""),
    ],
)  # fmt: skip
def test_only_what_the_customer_wrote_is_read(mail: str, own: str) -> None:
    assert latest(mail) == own


@given(st.text(alphabet="abc é>:.-\n", max_size=400))
def test_any_mail_gives_words_that_stand_in_it(mail: str) -> None:
    own = latest(mail)
    assert all(line in mail for line in own.split("\n"))
