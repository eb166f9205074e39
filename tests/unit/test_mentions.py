"""Which invoice is meant."""

from datetime import date

import pytest

from bot.domain.accounts import Invoice
from bot.domain.mentions import invoices_meant
from bot.understanding import quantities

SEPTEMBER = Invoice("i9", "c", "F-2026-0042", "EUR", 12990, date(2026, 9, 25), date(2026, 10, 25), "Fibre")
OCTOBER = Invoice("i10", "c", "F-2026-0051", "EUR", 8990, date(2026, 10, 25), date(2026, 11, 20), "Fibre")
OPEN = {"i9": 12990, "i10": 4000}


def meant(text: str, language: str) -> list[str]:
    found = quantities.find(text, language=language, today=date(2026, 11, 24), currency="EUR")
    entities = [{"entity": e.kind, "value": e.value, "start": e.start, "end": e.end} for e in found]
    return [invoice.id for invoice in invoices_meant(text, entities, [SEPTEMBER, OCTOBER], OPEN)]


@pytest.mark.parametrize(("language", "text", "ids"), [
    ("fr", "la deuxième", ["i10"]), ("fr", "celle de septembre", ["i9"]), ("fr", "la première", ["i9"]),
    ("fr", "je conteste la facture de septembre", ["i9"]), ("fr", "la dernière", ["i10"]),
    ("fr", "la facture F-2026-0051 est fausse", ["i10"]), ("fr", "celle de 129,90 €", ["i9"]), ("fr", "celle à 40 euros", ["i10"]),
    ("fr", "les deux", ["i9", "i10"]), ("fr", "c'est la deuxième fois que je vous le dis", []), ("fr", "je ne comprends pas", []),
    ("en", "the second one", ["i10"]), ("en", "the September one", ["i9"]), ("en", "the one for €89.90", ["i10"]),
    ("en", "the last one", ["i10"]), ("en", "both", ["i9", "i10"]), ("en", "I may have a question", []),
    ("es", "la de septiembre", ["i9"]), ("es", "la segunda", ["i10"]), ("es", "la de 129,90 €", ["i9"]), ("es", "ambas", ["i9", "i10"]),
    ("de", "die vom Oktober", ["i10"]), ("de", "die zweite", ["i10"]), ("de", "die über 129,90 €", ["i9"]), ("de", "beide", ["i9", "i10"]),
])  # fmt: skip
def test_the_invoice_meant(language: str, text: str, ids: list[str]) -> None:
    assert meant(text, language) == ids
