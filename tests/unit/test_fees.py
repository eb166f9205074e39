"""A question about fees is told from an invoice's own fee."""

import pytest

from bot.domain.fees import asks_about_fees


@pytest.mark.parametrize("text", [
    "est-ce qu'il y a des frais ?", "y a-t-il des pénalités de retard ?", "quels sont les intérêts ?", "do you charge late fees?",
    "is there a fee for instalments?", "¿hay recargos por pagar tarde?", "fallen Mahngebühren an?", "wie hoch sind die Zinsen?",
    "was kostet mich die Ratenzahlung?", "combien ça coûte de payer en plusieurs fois ?",
])  # fmt: skip
def test_it_is_asked(text: str) -> None:
    assert asks_about_fees(text)


@pytest.mark.parametrize(
    "text", ["je veux payer", "I paid the fees", "combien je vous dois ?", "was kostet Glasfaser?"]
)
def test_it_is_not(text: str) -> None:
    assert not asks_about_fees(text)
