"""Money from a bank statement finds its customer by what the payer wrote, or a person; never the wrong one."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reconciliation import index, match, plain
from bot.domain.transfer import creditor_reference
from bot.statements import BankEntry, Unreadable, read_statement
from bot.statements.table import plain_amount

BOOK = index([("C-1001", "a", None), ("F-2026-0042", "a", "i1"), ("F-2026-0043", "a", "i2"), ("C-2", "b", None),
              ("INV 77/2026", "b", "i3"), ("20260042", "d", "i9")])  # fmt: skip
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">129.90</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
 <AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Claire Martin</Nm></Dbtr></RltdPties>
 <RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
 <NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>Facture F 2026 0043</Ustrd></RmtInf></TxDtls>
 <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">30.00</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>merci</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">oops</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">12.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-21</Dt></BookgDt>
 <NtryDtls><TxDtls><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


@pytest.mark.parametrize(
    ("reference", "text", "customer", "invoices"),
    [
        (creditor_reference("F-2026-0042"), "", "a", ("i1",)), (creditor_reference("C-2"), "anything", "b", ()),
        ("", "Facture F-2026-0042 merci", "a", ("i1",)), ("", "f2026 0042", "a", ("i1",)),
        ("", "ref inv 77 / 2026", "b", ("i3",)), ("C1001", "", "a", ()),
        ("", "F-2026-0042 et F-2026-0043", "a", ("i1", "i2")), ("", "C-1001 F-2026-0043", "a", ("i2",)),
    ],
)  # fmt: skip
def test_what_names_one_customer_is_theirs(reference: str, text: str, customer: str, invoices: tuple[str, ...]) -> None:
    found = match(reference or "", text, BOOK)
    assert found.customer_id == customer and set(found.invoices) == set(invoices)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("", "merci"),
        ("", ""),
        ("", "C-1001 C-2"),
        ("RF00F20260042", "loyer"),
        ("", "payé le 20 11 2026, 42 euros"),
        ("", "2026"),
    ],
)
def test_what_names_nobody_or_two_goes_to_a_person(reference: str, text: str) -> None:
    found = match(reference, text, BOOK)
    assert found.customer_id is None and found.reason


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_words_make_a_match_out_of_nothing(text: str, reference: str) -> None:
    found = match(reference, text, BOOK)
    if found.customer_id is not None:
        together = plain(text) + "\0" + plain(reference)
        assert any(word in together for word in BOOK)


def test_a_camt_statement_gives_its_booked_movements(tmp_path: Path) -> None:
    file = tmp_path / "s.xml"
    file.write_text(CAMT.format(reference=creditor_reference("F-2026-0042")), "utf-8")
    found = list(read_statement(file, {}, "EUR"))
    rows = [item for item in found if isinstance(item, BankEntry)]
    assert [(r.amount_minor, r.credit, r.returned) for r in rows] == [
        (12990, True, False),
        (2000, True, False),
        (3000, True, False),
        (1200, False, True),
    ]
    assert rows[0].payer == "Claire Martin" and len({row.id for row in rows}) == 4
    assert [item.line for item in found if isinstance(item, Unreadable)] == [4]
    assert [row.id for row in read_statement(file, {}, "EUR") if isinstance(row, BankEntry)] == [row.id for row in rows]


@pytest.mark.parametrize("body", ["<!DOCTYPE x [<!ENTITY a 'b'>]><Document/>", "<Document>", "<a/>"])
def test_what_is_no_statement_is_refused_as_a_whole(tmp_path: Path, body: str) -> None:
    file = tmp_path / "s.xml"
    file.write_text(body)
    with pytest.raises(ValueError, match=r"document type|no XML|no CAMT"):
        list(read_statement(file, {}, "EUR"))


def test_a_table_is_read_as_banks_write_it_and_a_garbled_line_stops_nothing(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_bytes(
        "Date;Betrag;Zweck\n20.11.2026;1.234,56;F-2026-0042 für\nkaputt\n21/11/26;-5,00;Gebühr\n22.11.2026;zehn;x\n".encode(
            "cp1252"
        )
    )
    mapping = {"Date": "booked_on", "Betrag": "amount", "Zweck": "text"}
    found = list(read_statement(file, mapping, "EUR"))
    rows = [item for item in found if isinstance(item, BankEntry)]
    assert [(r.booked_on, r.amount_minor, r.credit, r.text) for r in rows] == [
        (date(2026, 11, 20), 123456, True, "F-2026-0042 für"),
        (date(2026, 11, 21), 500, False, "Gebühr"),
    ]
    assert [item.line for item in found if isinstance(item, Unreadable)] == [3, 5]


@pytest.mark.parametrize(
    ("text", "plain_"),
    [("1 234,56", "1234.56"), ("1,234.56", "1234.56"), ("-12,5", "-12.5"), ("+7", "7"), ("1'000.00", "1000.00")],
)
def test_amounts(text: str, plain_: str) -> None:
    assert plain_amount(text) == plain_


@pytest.mark.parametrize("text", ["", "12,34,5.6.7", "abc", "1.2.3", "--5"])
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        plain_amount(text)
