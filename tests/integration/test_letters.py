"""Letters: what is printed says what is owed and how to pay, and leaves only if it still may on the day of posting."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from bot.conversation.turn import Contact
from bot.domain.letters import addressee
from bot.domain.messages import Exchange
from bot.domain.transfer import creditor_reference, grouped
from tests.integration.pages import NOW, House, opened

LODZ = {
    "customer": {"ref": "R-7", "name": "Zofia Łódź-Çelik", "language": "fr", "type": "consumer", "jurisdiction": "FR",
                 "time_zone": "Europe/Paris", "identity": {"postal_code": "75011"},
                 "contacts": [{"channel": "letter", "address": "Bâtiment Ő, 3 rue de l’Œuvre\n75011 Paris", "consent": True}]},
    "invoice": {"number": "R-F-1", "currency": "EUR", "amount_minor": 7700, "issued_on": "2026-09-01",
                "due_on": "2026-10-01", "description": "Kępno – câble 5 m"},
}  # fmt: skip


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path, extra=(LODZ,))
    await made.sign_in()
    yield made
    await made.client.close()
    await made.app.close()


async def written(
    house: House, ref: str, intent: str = "contact_final_notice", purpose: str = "final_notice"
) -> Exchange:
    """A planned letter, as the ladder has it written, brought to its folder."""
    dossier = await house.dossier(ref)
    address = next(point.address for point in dossier.contact_points if point.channel == "letter")
    deadline = (house.clock.now().date() + timedelta(days=12)).isoformat()
    facts: dict[str, Any] = {"deadline": deadline, "invoices": [i.id for i in dossier.overdue(NOW.date())]}
    values = {**facts, "consequences": ["suspension"]}
    answer = await house.app.turns.open(
        dossier, Contact(intent, "letter", address, purpose, "final", values=values, content=facts)
    )
    state = await house.app.delivery.deliver(answer.replies[0])
    assert state == "printing", state
    kept = await house.app.store.exchange(answer.replies[0].id)
    assert kept is not None
    return kept


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


async def test_a_letter_names_claim_day_and_every_way_to_pay(house: House, tmp_path: Path) -> None:
    letter = await written(house, "R-7")
    assert letter.receipt is not None
    file = tmp_path / "letters" / letter.receipt
    text = text_of(file.read_bytes())
    for told in ("Zofia Łódź-Çelik", "Bâtiment Ő", "3 rue de l’Œuvre", "75011 Paris", "Mise en demeure", "R-F-1",
                 "Kępno – câble 5 m", "77,00 €", "6 décembre 2026", "FR76 3000 6000 0112 3456 7890 189",
                 grouped(creditor_reference("R-7") or "?"), "Cordialement", "Fibrelane SAS"):  # fmt: skip
        assert told in text, told
    assert "/pay/" not in letter.text, "nobody can click on paper"
    assert file.stat().st_mode & 0o077 == 0, "a debt is for the owner's eyes"


async def test_a_letter_waits_in_the_console_until_it_is_posted(house: House) -> None:
    letter = await written(house, "R-7")
    _, page = await house.get("/console/letters")
    assert "Zofia Łódź-Çelik" in page and f"/console/letters/{letter.id}.pdf" in page
    answer = await house.client.get(f"/console/letters/{letter.id}.pdf")
    assert answer.content_type == "application/pdf" and (await answer.read()).startswith(b"%PDF")
    house.clock.at += timedelta(days=1)
    await house.post(f"/console/letters/{letter.id}/posted")
    after = await house.app.store.exchange(letter.id)
    assert after is not None and after.state == "sent" and after.sent_at == house.clock.at
    _, page = await house.get("/console/letters")
    assert "Zofia" not in page
    assert any(
        row.purpose == "posted" and row.text == "Alix posted the letter"
        for row in (await house.dossier("R-7")).exchanges
    )
    status, _ = await house.post(f"/console/letters/{letter.id}/posted")
    assert status == 409, "it is posted once"


async def test_all_letters_come_as_one_file_each_on_its_own_page(house: House) -> None:
    for ref in ("R-7", "C-1001", "C-1003"):
        await written(house, ref)
    answer = await house.client.get("/console/letters/all.pdf")
    pages = PdfReader(BytesIO(await answer.read())).pages
    names = ("Zofia Łódź-Çelik", "Claire Martin", "Odette Lambert")
    assert [name for name in names if any(name in page.extract_text() for page in pages)] == list(names)
    assert not any(sum(name in page.extract_text() for name in names) > 1 for page in pages)


async def test_what_was_paid_disputed_or_is_too_late_is_not_posted(house: House) -> None:
    late, disputed = await written(house, "R-7"), await written(house, "C-1003")
    dossier = await house.dossier("C-1003")
    work = house.app.turns.case_for(dossier, "letter")
    work.hold("dispute", "says it is wrong")
    await house.app.store.commit(work.changes(dossier.conversation.version))
    house.clock.at += timedelta(days=9)
    for letter in (late, disputed):
        status, page = await house.post(f"/console/letters/{letter.id}/posted")
        assert status == 409 and "set aside" in page
        after = await house.app.store.exchange(letter.id)
        assert after is not None and after.state == "withheld"
    notes = [row for row in (await house.dossier("C-1003")).exchanges if row.purpose == "set_aside"]
    assert notes[0].content["rule"] == "hold.dispute"


async def test_an_agent_sets_a_letter_aside_and_says_why(house: House) -> None:
    letter = await written(house, "R-7")
    await house.post(f"/console/letters/{letter.id}/set_aside", reason="the address is wrong")
    after = await house.app.store.exchange(letter.id)
    assert after is not None and after.state == "withheld"
    _, page = await house.get(f"/console/{await house.id_of('R-7')}")
    assert "Alix set the letter aside: the address is wrong" in page


async def test_letters_are_for_agents_only(tmp_path: Path) -> None:
    house = await opened(tmp_path)
    for path in ("/console/letters", "/console/letters/all.pdf", "/console/letters/x.pdf"):
        answer = await house.client.get(path, allow_redirects=False)
        assert answer.status in (302, 303), path
    await house.client.close()
    await house.app.close()


@pytest.mark.parametrize("intent", ["contact_reminder", "contact_charge_failed", "contact_pre_due"])
async def test_every_kind_of_contact_can_be_a_letter(house: House, intent: str) -> None:
    letter = await written(house, "C-1004", intent, "pre_due" if intent == "contact_pre_due" else "reminder")
    assert "secure page" not in letter.text and "page sécurisée" not in letter.text


def test_an_address_begins_with_the_name_once() -> None:
    assert addressee("Claire Martin", "Claire Martin, 69003") == ["Claire Martin", "69003"]
    assert addressee("Claire Martin", "1 rue X,\n69003 Lyon,,") == ["Claire Martin", "1 rue X", "69003 Lyon"]
    assert addressee("Claire Martin", "") == ["Claire Martin"]


async def test_the_payment_page_gives_copies_of_the_open_invoices(house: House) -> None:
    page = await house.pay_page("R-7")
    _, shown = await house.get(page)
    assert f"{page}/invoices.pdf" in shown
    answer = await house.client.get(f"{page}/invoices.pdf")
    text = text_of(await answer.read())
    for told in ("Copie de la facture R-F-1", "Zofia Łódź-Çelik", "Kępno – câble 5 m", "77,00 €", "1er octobre 2026"):
        assert told in text, told
    assert (await house.client.get(f"{page[:-1]}x/invoices.pdf")).status == 404


async def test_where_nothing_may_be_paid_the_page_is_closed_and_the_copies_name_no_way_to_pay(house: House) -> None:
    page = await house.pay_page("R-7")
    dossier = await house.dossier("R-7")
    work = house.app.turns.case_for(dossier, "webchat")
    work.hold("minor_or_no_capacity", "reported by the customer")
    await house.app.store.commit(work.changes(dossier.conversation.version))
    status, shown = await house.get(page)
    assert status == 409 and "invoices.pdf" not in shown
    answer = await house.client.get(f"{page}/invoices.pdf")
    text = text_of(await answer.read())
    assert answer.status == 200 and "Copie de la facture R-F-1" in text and "77,00 €" in text
    assert "FR76" not in text and "/pay/" not in text and "Pour payer" not in text
