"""Electronic invoices as rows of an import: UBL 2.1, UN/CEFACT CII, and PDF files that carry one (Factur-X, ZUGFeRD).

The fields are those of EN 16931; names in brackets are its business terms.
"""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

from bot.domain.money import from_major

Element = ElementTree.Element
LARGEST = 32 * 1024 * 1024
LARGEST_XML = 8 * 1024 * 1024
# Where neither a due date (BT-9) nor terms are given: house, as many laws and contracts say 30 days.
USUAL_TERMS = timedelta(days=30)
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
CREDIT_NOTES = ("381", "396", "261", "262")
_LANGUAGES = {"FR": "fr", "BE": "fr", "LU": "fr", "DE": "de", "AT": "de", "CH": "de", "ES": "es"}
_ZONES = {
    "FR": "Europe/Paris", "BE": "Europe/Brussels", "LU": "Europe/Luxembourg", "DE": "Europe/Berlin",
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "ES": "Europe/Madrid", "IT": "Europe/Rome", "GB": "Europe/London",
    "IE": "Europe/Dublin", "NL": "Europe/Amsterdam",
}  # fmt: skip


def read_invoice(body: bytes) -> dict[str, Any]:
    """The row of one invoice file; raises ValueError, which says what is wrong with it."""
    if len(body) > LARGEST:
        raise ValueError("the file is too large for an invoice")
    if body.startswith(b"%PDF"):
        body = _attached(body)
    if len(body) > LARGEST_XML or b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body[:4096]:
        raise ValueError("a document type, or an invoice of more than 8 MB, is not taken")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise ValueError(f"broken XML: {error}") from None
    kinds = {"Invoice": _ubl, "CrossIndustryInvoice": _cii, "CrossIndustryDocument": _cii}
    reader = kinds.get(_name(root))
    if reader is None:
        raise ValueError(f"no UBL or CII invoice: the document is {_name(root)}")
    return reader(root)


def _attached(body: bytes) -> bytes:
    """The XML inside a PDF."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise ValueError("reading a PDF needs the package pypdf; import its XML file instead") from None
    try:
        found = PdfReader(io.BytesIO(body))
        if found.is_encrypted:
            raise ValueError("the PDF is encrypted; ask for it without a password")
        for name, contents in found.attachments.items():
            if name.lower() in NAMES and contents:
                return contents[0]
    except (PyPdfError, KeyError, TypeError, RecursionError, OSError) as error:
        raise ValueError(f"the PDF is broken: {error}") from None
    raise ValueError("the PDF carries no invoice that a computer can read (Factur-X, ZUGFeRD)")


def _ubl(root: Element) -> dict[str, Any]:
    _no_credit_note(_text(root, "InvoiceTypeCode"))
    currency = _needed(_text(root, "DocumentCurrencyCode"), "the currency (BT-5)")
    party = _find(root, "AccountingCustomerParty", "Party")
    account = _text(root, "AccountingCustomerParty", "SupplierAssignedAccountID")
    total = _find(root, "LegalMonetaryTotal")
    issued = _needed(_text(root, "IssueDate"), "the date (BT-2)")
    due = _text(root, "DueDate") or _text(root, "PaymentMeans", "PaymentDueDate")
    lines = [
        (_text(line, "Item", "Name") or _text(line, "Item", "Description"), _text(line, "LineExtensionAmount"))
        for line in _all(root, "InvoiceLine")
    ]
    customer = _customer(
        account or _text(party, "PartyIdentification", "ID"),
        (_text(party, "PartyTaxScheme", "CompanyID"), _text(party, "PartyLegalEntity", "CompanyID")),
        _text(party, "PartyName", "Name") or _text(party, "PartyLegalEntity", "RegistrationName"),
        _text(party, "PostalAddress", "Country", "IdentificationCode"), _text(party, "PostalAddress", "PostalZone"),
        _text(party, "Contact", "ElectronicMail"),
    )  # fmt: skip
    invoice = _invoice(
        _text(root, "ID"), currency, _text(total, "TaxInclusiveAmount") or _text(total, "PayableAmount"),
        _text(total, "PrepaidAmount"), date.fromisoformat(issued), date.fromisoformat(due) if due else None, lines,
        _text(root, "TaxTotal", "TaxAmount"), _text(root, "Note"),
    )  # fmt: skip
    return {"customer": customer, "invoice": invoice}


def _cii(root: Element) -> dict[str, Any]:
    document = _find(root, "ExchangedDocument")
    if document is None:
        document = _find(root, "HeaderExchangedDocument")
    _no_credit_note(_text(document, "TypeCode"))
    trade = _find(root, "SupplyChainTradeTransaction")
    settlement = _find(trade, "ApplicableHeaderTradeSettlement")
    party = _find(trade, "ApplicableHeaderTradeAgreement", "BuyerTradeParty")
    total = _find(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    currency = _needed(_text(settlement, "InvoiceCurrencyCode"), "the currency (BT-5)")
    issued = _day(_needed(_text(document, "IssueDateTime", "DateTimeString"), "the date (BT-2)"))
    due = _text(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime", "DateTimeString")
    lines = [
        (_text(line, "SpecifiedTradeProduct", "Name"), _text(line, "SpecifiedLineTradeSettlement",
                                                             "SpecifiedTradeSettlementLineMonetarySummation",
                                                             "LineTotalAmount"))
        for line in _all(trade, "IncludedSupplyChainTradeLineItem")
    ]  # fmt: skip
    customer = _customer(
        _text(party, "ID") or _text(party, "GlobalID"),
        (_text(party, "SpecifiedTaxRegistration", "ID"), _text(party, "SpecifiedLegalOrganization", "ID")),
        _text(party, "Name"), _text(party, "PostalTradeAddress", "CountryID"),
        _text(party, "PostalTradeAddress", "PostcodeCode"),
        _text(party, "DefinedTradeContact", "EmailURIUniversalCommunication", "URIID"),
    )  # fmt: skip
    invoice = _invoice(
        _text(document, "ID"), currency, _text(total, "GrandTotalAmount"), _text(total, "TotalPrepaidAmount"), issued,
        _day(due) if due else None, lines, _text(total, "TaxTotalAmount"), _text(document, "IncludedNote", "Content"),
    )  # fmt: skip
    return {"customer": customer, "invoice": invoice}


def _customer(
    ref: str, registrations: tuple[str, ...], name: str, country: str, postal_code: str, email: str
) -> dict[str, Any]:
    """A buyer with a registration is a business; without an identifier of their own (BT-46) it also names them."""
    registered = [number for number in registrations if number]
    mine = ref or next(iter(registered), "")
    if not mine:
        raise ValueError("nothing identifies the customer (BT-46, BT-47 or BT-48)")
    country = country.upper()
    found: dict[str, Any] = {
        "ref": mine, "name": _needed(name, "the customer's name (BT-44)"), "contacts": [],
        "type": "business" if registered else "consumer",
        "identity": {"postal_code": postal_code, "registration_number": registered[-1] if registered else ""},
        "language": _LANGUAGES.get(country, "en"),
    }  # fmt: skip
    if country:
        found["jurisdiction"] = country
    if country in _ZONES:
        found["time_zone"] = _ZONES[country]
    if email:
        found["contacts"].append({"channel": "email", "address": email.removeprefix("mailto:"), "consent": False})
    return found


def _invoice(
    number: str, currency: str, total: str, prepaid: str, issued: date, due: date | None,
    lines: list[tuple[str, str]], tax: str, note: str,
) -> dict[str, Any]:  # fmt: skip
    def minor(text: str) -> int:
        return from_major(text, currency).minor

    told = [{"text": text, "amount_minor": minor(sum_)} for text, sum_ in lines if sum_]
    if tax and minor(tax):
        told.append({"text": "TVA / VAT / MwSt. / IVA", "amount_minor": minor(tax)})
    return {
        "number": _needed(number, "the number (BT-1)"), "currency": currency,
        "amount_minor": minor(_needed(total, "the sum (BT-112)")), "paid_minor": minor(prepaid) if prepaid else 0,
        "issued_on": issued.isoformat(), "due_on": max(due or issued + USUAL_TERMS, issued).isoformat(),
        "description": note[:200] or (lines[0][0] if lines else ""), "lines": told,
    }  # fmt: skip


def _no_credit_note(code: str) -> None:
    if code in CREDIT_NOTES:
        raise ValueError("this is a credit note, not an invoice; book it where the invoice is written")


def _needed(text: str, what: str) -> str:
    if not text:
        raise ValueError(f"{what} is missing")
    return text


def _day(text: str) -> date:
    """A date of CII: format 102, YYYYMMDD."""
    if len(text) == 8 and text.isdigit():
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return date.fromisoformat(text[:10])


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: Element | None, name: str) -> Iterator[Element]:
    return (child for child in (element if element is not None else ()) if _name(child) == name)


def _find(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next(_all(element, name), None)
    return element


def _text(element: Element | None, *path: str) -> str:
    found = _find(element, *path)
    return (found.text or "").strip() if found is not None else ""
