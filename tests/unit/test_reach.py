"""How somebody wants to be reached is read in every language, and a refusal is not taken for a wish."""

from datetime import date

import pytest

from bot.domain.reach import Wish, wish
from bot.understanding import quantities


def read(text: str, language: str) -> Wish:
    found = quantities.find(text, language=language, today=date(2026, 11, 24), currency="EUR")
    return wish(text, [{"entity": e.kind, "value": e.value, "start": e.start, "end": e.end} for e in found])


@pytest.mark.parametrize(("language", "text", "wanted"), [
    ("en", "don't text me, email only", Wish("email", frozenset({"sms"}))),
    ("en", "please don't text me, use email instead", Wish("email", frozenset({"sms"}))),
    ("en", "use email instead of text", Wish("email", frozenset({"sms"}))),
    ("en", "call me after 6pm", Wish(not_before="18:00", call=True)),
    ("en", "don't call me, write me an email", Wish("email", frozenset({"phone"}))),
    ("en", "please write to me before 6pm", Wish(not_after="18:00")),
    ("en", "stop sending me texts and emails", Wish(refused=frozenset({"sms", "email"}))),
    ("en", "no texts please and write me an email", Wish("email", frozenset({"sms"}))),
    ("fr", "pas de SMS, uniquement par mail", Wish("email", frozenset({"sms"}))),
    ("fr", "appelez-moi après 18h", Wish(not_before="18:00", call=True)),
    ("fr", "écrivez-moi plutôt par courrier", Wish("letter")),
    ("fr", "écrivez-moi avant 18h", Wish(not_after="18:00")),
    ("fr", "entre 17h et 19h par email", Wish("email", not_before="17:00", not_after="19:00")),
    ("es", "no me escriban por SMS, solo por correo electrónico", Wish("email", frozenset({"sms"}))),
    ("es", "llámeme después de las 18h", Wish(not_before="18:00", call=True)),
    ("de", "keine SMS, nur E-Mail bitte", Wish("email", frozenset({"sms"}))),
    ("de", "bitte nach 18 Uhr anrufen", Wish(not_before="18:00", call=True)),
    ("de", "schreiben Sie mir nicht per SMS, sondern per Brief", Wish("letter", frozenset({"sms"}))),
    ("de", "schreiben Sie mir bitte nur zwischen 17 und 19 Uhr", Wish(not_before="17:00", not_after="19:00")),
    ("en", "please write between 5 and 7pm", Wish(not_before="17:00", not_after="19:00")),
    ("es", "escríbanme entre las 9 y las 12h", Wish(not_before="09:00", not_after="12:00")),
    ("de", "rufen Sie mich vor 12 Uhr an", Wish(not_after="12:00", call=True)),
])  # fmt: skip
def test_a_wish_is_read(language: str, text: str, wanted: Wish) -> None:
    assert read(text, language) == wanted
