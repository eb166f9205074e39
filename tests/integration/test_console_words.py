"""What an agent reads in the console: the reason in their language, deadlines on one clock, faults on their own page."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.conversation import Handoff
from bot.web.words import own_words, wanted
from tests.integration.pages import NOW, House, opened


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path)
    await made.sign_in()
    yield made
    await made.client.close()
    await made.app.close()


async def test_a_fault_in_the_console_is_told_on_the_consoles_own_page(house: House, monkeypatch: Any) -> None:
    async def fault() -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(house.app.store, "queue", fault)
    status, page = await house.get("/console", headers={"Accept-Language": "de"})
    assert status == 500 and "Bei uns ist etwas schiefgegangen" in page
    assert 'href="/console"' in page and 'href="/chat"' not in page, "an agent is led back to the console"
    status, page = await house.get("/console/a/b/c/d", headers={"Accept-Language": "de"})
    assert status == 404 and 'href="/console"' in page and 'href="/chat"' not in page
    assert 'href="/chat"' in (await house.get("/nothing"))[1], "a customer is led to the chat"


async def test_the_queue_shows_why_and_not_the_last_thing_said(house: House) -> None:
    dossier = await house.dossier("C-1005")
    work = house.app.turns.case_for(dossier, "webchat")
    card = "4111 1111 1111 1111"
    work.hand_off("report_hardship", f"Reports hardship: I lost my job, my card is {card}", NOW - NOW)
    work.errand("overpaid", "12.00 GBP more than was open came in: pay it back.", NOW - NOW)
    await house.app.store.commit(work.changes(dossier.conversation.version))
    chat = await house.chat_page("C-1005")
    await house.post(chat, text="/greet", payload="/greet")
    for path in ("/console", f"/console/{await house.id_of('C-1005')}"):
        _, page = await house.get(path, headers={"Accept-Language": "fr"})
        assert "Difficultés financières" in page and "I lost my job" in page
        assert "12,00" in page and "more than was open" not in page
        assert card not in page.split('id="rows"')[0], "no card number, whatever was kept"
        assert "/greet" not in page.split('id="rows"')[0]


async def test_deadlines_stand_on_one_clock_that_is_named(house: House) -> None:
    dossier = await house.dossier("C-1005")
    work = house.app.turns.case_for(dossier, "webchat")
    asked: Handoff = work.hand_off("request_human", "please", NOW - NOW)
    await house.app.store.commit(work.changes(dossier.conversation.version))
    assert asked.due_at.isoformat().startswith("2026-11-24T11:00"), "noon in Paris, eleven in London"
    for path in ("/console", f"/console/{await house.id_of('C-1005')}"):
        _, page = await house.get(path, headers={"Accept-Language": "en"})
        assert "answer by 24 Nov 2026, 12:00" in page and "imes of Europe/Paris" in page


@pytest.mark.parametrize(("summary", "words"), [
    ("Reports hardship: bonjour: plus de travail", "bonjour: plus de travail"),
    ("report_hardship: Reports hardship: plus de travail", "plus de travail"),
    ("Refuses to pay.", ""), ("Objects to F-1: not mine\nObjects to F-2: nor this", "not mine\nnor this"),
])  # fmt: skip
def test_the_customers_own_words_are_found_in_a_summary(summary: str, words: str) -> None:
    assert own_words(summary) == words


def test_a_request_says_in_the_agents_language_what_it_is_about() -> None:
    def plain(text: str, /, **parts: Any) -> str:
        return text.format(**parts)

    assert wanted("attachment", "Sent facture.pdf, photo.jpg", {}, plain, "fr") == "facture.pdf, photo.jpg"
    told = wanted(
        "plan_beyond_policy", "Asks for 10 instalments of about 13.00 EUR, beyond the policy.", {}, plain, "de"
    )
    assert told == "Asks for 10 instalments of about 13,00\u00a0€."
