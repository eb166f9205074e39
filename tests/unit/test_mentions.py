"""Which invoice is meant."""

from datetime import date

import pytest

from bot.domain.accounts import Invoice
from bot.domain.mentions import invoices_meant, invoices_to_pay, wants_to_pay
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


@pytest.mark.parametrize(("language", "text", "ids"), [
    ("en", "I want to pay the second invoice", ["i10"]), ("en", "pay F-2026-0042", ["i9"]),
    ("en", "may I pay the first one please", ["i9"]), ("en", "I want to pay the first instalment", []),
    ("en", "I'll pay the September bill on 5 October", ["i9"]), ("en", "I will pay in October", []),
    ("en", "I can pay 40 now", []), ("fr", "je règle la facture d'octobre", ["i10"]), ("fr", "je paie la première échéance", []),
    ("fr", "je vous paierai en octobre", []), ("fr", "seulement la deuxième", ["i10"]),
    ("es", "quiero pagar la factura de septiembre", ["i9"]), ("es", "la segunda, por favor", ["i10"]),
    ("de", "ich zahle die Septemberrechnung", ["i9"]), ("de", "ich zahle die zweite Rate", []),
    ("de", "nur die zweite bitte", ["i10"]),
])  # fmt: skip
def test_the_invoice_singled_out_to_be_paid(language: str, text: str, ids: list[str]) -> None:
    found = quantities.find(text, language=language, today=date(2026, 11, 24), currency="EUR")
    entities = [{"entity": e.kind, "value": e.value, "start": e.start, "end": e.end} for e in found]
    assert [invoice.id for invoice in invoices_to_pay(text, entities, [SEPTEMBER, OCTOBER])] == ids


@pytest.mark.parametrize(("text", "wanted"), [
    ("I want to pay the second invoice", True), ("only invoice 3", True), ("I can only pay the first", True),
    ("I have paid the second invoice", False), ("why should I pay the second invoice?", False),
    ("je règle la deuxième", True), ("j'ai déjà réglé la deuxième", False), ("je ne paie pas la deuxième", False),
    ("¿por qué pagar la segunda?", False), ("solo la segunda", True), ("nur die zweite", True),
    ("ich zahle die zweite nicht", False),
])  # fmt: skip
def test_a_wish_to_pay(text: str, wanted: bool) -> None:
    assert wants_to_pay(text) is wanted
