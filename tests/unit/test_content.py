"""Nothing that a message may not carry leaves the house, whoever wrote it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import Content
from bot.domain.redaction import is_card, leaks
from bot.packs import load_packs, load_wording
from tests.unit.dossiers import message

OURS = "FR76 3000 6000 0112 3456 7890 189"
GATE = Content(load_wording(load_packs()), (OURS,))


def says(text: str, author: str = "bot", **content: object) -> str | None:
    row = replace(message(author=author, language="fr"), text=text, content=content)
    found = GATE.objection(row)
    return found.rule if found else None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Votre carte 4111 1111 1111 1111 est refusée", "redaction.card"),
        ("Votre carte 4111-1111-1111-1111", "redaction.card"),
        ("cvv : 123", "redaction.security_code"),
        ("Votre compte DE89 3704 0044 0532 0130 00", "redaction.iban"),
        ("sk_live_51Hxyzabcdefghijklmnop", "redaction.secret"),
        ("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", "redaction.secret"),
        ("mot de passe : hunter22", "redaction.secret"),
        ("-----BEGIN PRIVATE KEY-----", "redaction.secret"),
    ],
)
def test_a_number_or_key_does_not_leave(text: str, rule: str) -> None:
    assert says(text) == rule
    assert says("Bonjour", subject=text) == rule
    assert says("Bonjour", buttons=[{"title": text}]) == rule


@pytest.mark.parametrize("text", [
    f"Virement sur {OURS}, référence C-1", f"Virement sur {OURS.replace(' ', '')}", "Facture F-2026-0042 de 129,90 €",
    "https://pay.fibrelane.example/pay/01m8a0knptbk5qf76j2gwp60rx.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy",
    "+33 4 72 00 00 00", "Le 2026-12-05 à 18 h", "Votre mot de passe ne vous sera jamais demandé.",
])  # fmt: skip
def test_our_own_account_and_ordinary_numbers_leave(text: str) -> None:
    assert says(text) is None


def test_an_agent_may_not_threaten_and_learns_by_which_rule() -> None:
    assert says("Nous enverrons l'huissier.", "agent") == "no-false-title"
    assert says("Sinon, saisie de votre salaire.", "agent") == "no-empty-legal-threat"
    assert says("Je regarde votre dossier et je reviens vers vous.", "agent") is None
    assert says("Police d'assurance habitation") is None, "a product's name is no threat"


@given(st.integers(10**14, 10**15 - 1), st.sampled_from(["", " ", "-"]), st.text(max_size=20))
def test_any_card_number_is_seen_in_any_text(body: int, gap: str, around: str) -> None:
    digits = next((f"4{str(body)[:14]}{check}" for check in range(10) if is_card(f"4{str(body)[:14]}{check}")), "")
    written = gap.join(digits[n : n + 4] for n in range(0, 16, 4))
    assert "card" in leaks(f"{around} / {written} / {around}")
