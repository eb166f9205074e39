"""The door and the demo's phone in the newcomer's language, at any hour."""

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import people
from bot.serving import called
from tests.integration.pages import NOW, House, opened

DOOR = {"fr": "Les personnes de la démo", "en": "People of the demo", "es": "Las personas de la demo",
        "de": "Die Personen der Demo"}  # fmt: skip
OURS = ("People", "Nobody", "overdue", "Enter as", "Each link", "birth date", "Nothing", "Look for", "would be sent")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path)
    yield made
    await made.client.close()
    await made.app.close()


@pytest.mark.parametrize("language", sorted(DOOR))
async def test_the_door_and_the_phone_speak_the_browsers_language(house: House, language: str) -> None:
    for path in ("/", "/demo/phone"):
        _, page = await house.get(path, headers={"Accept-Language": f"{language},en;q=0.5"})
        assert f'<html lang="{language}">' in page
        if language != "en":
            words = re.sub(r"<(code|q|p class=\"text\").*?</", "", page, flags=re.DOTALL)
            assert not [word for word in OURS if word in words], path
    _, page = await house.get("/", headers={"Accept-Language": language})
    assert DOOR[language] in page


async def test_each_person_of_the_demo_has_something_of_their_own_to_say(house: House) -> None:
    _, page = await house.get("/")
    said = [
        text.replace("&#39;", "'").replace("\u00a0", " ") for text in re.findall(r"<q lang=\"\w\w\">(.*?)</q>", page)
    ]
    assert said == [person.say for person in people()]
    assert len(set(said)) == len(said) == 12


async def test_at_night_the_phone_shows_what_would_be_sent_and_nothing_of_it_is_kept(house: House) -> None:
    house.clock.at = NOW.replace(day=28, hour=22)  # a Saturday night: nothing leaves before Monday
    before = {person.ref: (await house.dossier(person.ref)).exchanges for person in people()}
    _, page = await house.get("/demo/phone", headers={"Accept-Language": "en"})
    assert "A dry run" in page and "30 Nov 2026, 08:00" in page and "29 Nov" not in page
    assert "Claire Martin" in page and "129,90" in page and "utter_" not in page and "{" not in page.split("<main")[1]
    assert {ref: (await house.dossier(ref)).exchanges for ref in before} == before
    assert not (await house.dossier("C-1001")).links, "not even a payment page was made"
    house.clock.at = NOW.replace(day=30, hour=11)
    await house.app.worker.tick()
    _, page = await house.get("/demo/phone", headers={"Accept-Language": "en"})
    assert "A dry run" not in page and "Show what would be sent next" in page
    assert "A dry run" in (await house.get("/demo/phone?ahead=1", headers={"Accept-Language": "en"}))[1]


async def test_commands_are_printed_as_they_were_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for argv, said in (
        (".venv/bin/relance", ".venv/bin/relance"), (f"{tmp_path}/.venv/bin/relance", ".venv/bin/relance"),
        ("/opt/relance/bin/relance", "/opt/relance/bin/relance"), ("/x/bot/cli/__main__.py", "relance"),
    ):  # fmt: skip
        monkeypatch.setattr(sys, "argv", [argv])
        assert called() == said
