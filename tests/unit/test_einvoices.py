"""Electronic invoices are taken with their lines, sums and dates; what cannot be read is refused in words."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.einvoices import read_invoice
from bot.importing import check

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>U-77</cbc:ID><cbc:IssueDate>2026-09-01</cbc:IssueDate><cbc:DueDate>2026-10-01</cbc:DueDate><cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>C-500</cbc:ID></cac:PartyIdentification>
 <cac:PartyName><cbc:Name>Atelier Vauban SARL</cbc:Name></cac:PartyName><cac:PostalAddress><cbc:PostalZone>59800</cbc:PostalZone><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
 <cac:PartyLegalEntity><cbc:CompanyID>123456789</cbc:CompanyID></cac:PartyLegalEntity><cac:Contact><cbc:ElectronicMail>compta@vauban.example</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount><cbc:PrepaidAmount currencyID="EUR">20.00</cbc:PrepaidAmount><cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Fibre pro</cbc:Name></cac:Item></cac:InvoiceLine>
</Invoice>"""
CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>R-9</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20260901</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:Name>Glasfaser</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>50.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:BuyerTradeParty><ram:ID>K-3</ram:ID><ram:Name>Jonas Weber</ram:Name><ram:PostalTradeAddress><ram:PostcodeCode>50667</ram:PostcodeCode><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{terms}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxTotalAmount currencyID="EUR">9.50</ram:TaxTotalAmount><ram:GrandTotalAmount>59.50</ram:GrandTotalAmount><ram:DuePayableAmount>59.50</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
TERMS = "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format='102'>20260915</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"


def taken(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    row = check(1, read_invoice(body))
    return dict(row.customer), dict(row.invoice)


def with_pdf(xml: bytes, name: str, password: str = "") -> bytes:
    import io

    from pypdf import PdfWriter

    made = PdfWriter()
    made.add_blank_page(100, 100)
    made.add_attachment(name, xml)
    if password:
        made.encrypt(password)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def test_a_ubl_invoice() -> None:
    customer, invoice = taken(UBL.format(code="380").encode())
    assert (customer["ref"], customer["type"], customer["language"], customer["time_zone"]) == (
        "C-500",
        "business",
        "fr",
        "Europe/Paris",
    )
    assert (
        customer["identity"]["registration_number"] == "123456789"
        and customer["contacts"][0]["address"] == "compta@vauban.example"
    )
    assert (invoice["number"], invoice["amount_minor"], invoice["paid_minor"], str(invoice["due_on"])) == (
        "U-77",
        12000,
        2000,
        "2026-10-01",
    )
    assert [line["amount_minor"] for line in invoice["lines"]] == [10000, 2000]


def test_a_cii_invoice_with_and_without_terms() -> None:
    customer, invoice = taken(CII.format(terms=TERMS).encode())
    assert (customer["ref"], customer["type"], customer["jurisdiction"]) == ("K-3", "consumer", "DE")
    assert (invoice["amount_minor"], str(invoice["due_on"]), invoice["description"]) == (
        5950,
        "2026-09-15",
        "Glasfaser",
    )
    assert str(taken(CII.format(terms="").encode())[1]["due_on"]) == "2026-10-01"


def test_the_invoice_inside_a_pdf() -> None:
    assert taken(with_pdf(CII.format(terms=TERMS).encode(), "factur-x.xml"))[1]["number"] == "R-9"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (UBL.format(code="381").encode(), "credit note"), (b"<a/>", "no UBL or CII"), (b"<Invoice>", "broken XML"), (b"", "broken XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><Invoice/>", "document type"), (b"<Invoice/>", "is missing"),
        (UBL.format(code="380").replace("120.00", "12O").encode(), "not an amount"), (b"%PDF-1.7 nothing here", "PDF"),
        (UBL.format(code="380").replace("<cbc:ID>C-500</cbc:ID>", "").replace("123456789", "").encode(), "identifies the customer"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_words(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_invoice(body)


def test_an_encrypted_pdf_and_one_without_an_invoice_are_refused_in_words() -> None:
    xml = CII.format(terms="").encode()
    with pytest.raises(ValueError, match="encrypted"):
        read_invoice(with_pdf(xml, "factur-x.xml", "secret"))
    with pytest.raises(ValueError, match="carries no invoice"):
        read_invoice(with_pdf(xml, "notes.txt"))


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_break_it(body: bytes, pdf: bool) -> None:
    with suppress(ValueError):
        read_invoice(b"%PDF-1.4\n" + body if pdf else body)
