"""What customers, agents and machines find at the pages, whatever they send."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from tests.integration.pages import House, opened

REAL = {
    "customer": {"ref": "R-7", "name": "Réelle Personne", "identity": {"birth_date": "1970-07-07", "postal_code": "75011"}},
    "invoice": {"number": "R-F-1", "currency": "EUR", "amount_minor": 7700, "issued_on": "2026-09-01", "due_on": "2026-10-01"},
}  # fmt: skip


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path)
    yield made
    await made.client.close()
    await made.app.close()


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[Any]:
    made: list[House] = []

    async def make(**how: Any) -> House:
        made.append(await opened(tmp_path, **how))
        return made[-1]

    yield make
    for one in made:
        await one.client.close()
        await one.app.close()


async def test_the_door_shows_made_up_people_only(open_house: Any) -> None:
    taken_over = {"customer": {**REAL["customer"], "ref": "C-1002"}, "invoice": {**REAL["invoice"], "number": "R-F-2"}}
    house = await open_house(extra=(REAL, taken_over))
    _, page = await house.get("/")
    assert "Claire Martin" in page and "1984-03-09" in page
    for secret in ("Réelle Personne", "1970-07-07", "75011", "Karim Benali"):
        assert secret not in page, "a real customer's facts stand on an open page"
    assert "real customers" in page, "whoever imported real customers into a demo is warned"


async def test_without_the_demo_the_door_knows_nobody_and_its_sign_ins_are_closed(open_house: Any) -> None:
    house = await open_house(demo=False)
    _, page = await house.get("/")
    assert "Claire Martin" not in page and "Demo" not in page
    assert (await house.get("/demo/phone"))[0] == 404
    assert (await house.post("/demo/sign-in", email="admin@demo.example"))[0] == 404


async def test_a_cookie_of_the_demo_does_not_outlive_it(open_house: Any) -> None:
    house = await open_house()
    await house.post("/demo/sign-in", email="agent@demo.example")
    assert (await house.get("/console"))[1].count("Relance console")
    cookies = {c.key: c.value for c in house.client.session.cookie_jar}
    strict = await open_house(demo=False)
    answer = await strict.client.get("/console", cookies=cookies, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/console/sign-in")


@pytest.mark.parametrize(("said", "environ", "demo"), [
    ("demo: true", {}, True), ("demo: false", {}, False), ("", {}, False),
    ("demo: true", {"RELANCE_DEMO": "0"}, False), ("demo: false", {"RELANCE_DEMO": "1"}, True),
])  # fmt: skip
def test_an_installed_package_knows_whether_it_is_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, environ: dict[str, str], demo: bool
) -> None:
    package = tmp_path / "site-packages" / "bot"
    (package / "_data").mkdir(parents=True)
    (package / "_data" / "config.yml").write_text(f"creditor: {{name: Fibrelane}}\n{said}\n", "utf-8")
    monkeypatch.setattr(settings, "_PACKAGE", package)
    monkeypatch.setattr(settings, "_CHECKOUT", package.parent)
    monkeypatch.chdir(tmp_path)
    assert settings.load(environ=environ).demo is demo


async def test_ready_means_that_messages_are_understood_without_delay(open_house: Any) -> None:
    assert (await (await open_house(ready=False)).get("/readyz"))[0] == 503
    assert (await (await open_house()).get("/readyz"))[0] == 200
