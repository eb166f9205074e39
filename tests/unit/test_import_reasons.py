"""A rejected row is put right in one go: all that is wrong with it, in the words of the file."""

import io

import pytest

from bot.importer.files import Columns, items
from bot.importer.rows import Rejected, check

ROW = {
    "customer": {"ref": "C1", "name": "Ann", "identity": {"birth_date": "1984-03-09"}},
    "invoice": {
        "number": "I1",
        "currency": "EUR",
        "amount": "10.00",
        "issued_on": "2026-09-01",
        "due_on": "2026-10-01",
    },
}


def reason(customer: dict[str, object] | None = None, invoice: dict[str, object] | None = None) -> str:
    row = {"customer": {**ROW["customer"], **(customer or {})}, "invoice": {**ROW["invoice"], **(invoice or {})}}
    with pytest.raises(Rejected) as refused:
        check(1, row)
    return str(refused.value)


def test_every_fault_of_a_row_is_told() -> None:
    told = reason({"name": "", "type": "firm"}, {"currency": "XYZ", "amount": "-5", "due_on": "2026-08-01"})
    for part in ("customer.name", "customer.type", "invoice.currency", "invoice.amount", "invoice.due_on"):
        assert part in told


@pytest.mark.parametrize("code", ["XXX", "XTS", "EURO"])
def test_what_is_no_money_is_no_currency(code: str) -> None:
    assert "invoice.currency" in reason(invoice={"currency": code})


def test_a_birth_after_the_invoice_is_refused() -> None:
    assert "birth_date" in reason({"identity": {"birth_date": "2026-09-02"}})


def test_reasons_name_the_columns_of_the_file_and_columns_without_meaning_are_told() -> None:
    file = io.StringIO("Ref,Nom,Facture,Devise,Montant,Echeance,Humeur\n")
    named = {"Ref": "customer_ref", "Nom": "customer_name", "Facture": "invoice_number", "Devise": "invoice_currency",
             "Montant": "invoice_amount", "Echeance": "invoice_due_on"}  # fmt: skip
    columns = Columns.of(file, ".csv", named)
    assert columns.unused == ("Humeur",)
    told = columns.name("invoice.currency is missing; invoice.amount_minor is missing; invoice.issued_on is missing")
    assert told == "Devise is missing; Montant is missing; invoice.issued_on is missing"
    assert list(items(file, ".csv", named, "file")) == []


def test_an_empty_file_is_told_as_such() -> None:
    from bot.settings import UsageError

    with pytest.raises(UsageError, match="empty"):
        list(items(io.StringIO(""), ".csv", {}, "book.csv"))
