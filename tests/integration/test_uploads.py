"""Photos and documents in the web chat: judged by what they are, kept once, seen by agents, bounded."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from bot.domain.attachments import MOST_BYTES, plain_name
from bot.web import uploads
from tests.integration.pages import House, opened

PDF, PNG = b"%PDF-1.7 proof", b"\x89PNG\r\n\x1a\nphoto"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await opened(tmp_path)
    yield made
    await made.client.close()
    await made.app.close()


async def send(house: House, chat: str, *files: tuple[str, bytes], **fields: str) -> tuple[int, str]:
    form = FormData(quote_fields=False)  # as browsers write names
    for name, value in fields.items():
        form.add_field(name, value)
    for name, body in files:
        form.add_field("files", body, filename=name, content_type="application/octet-stream")
    answer = await house.client.post(f"{chat}/files", data=form)
    return answer.status, await answer.text()


def kept(house: House) -> list[bytes]:
    folder = house.app.settings.beside / "attachments"
    return sorted(path.read_bytes() for path in folder.iterdir()) if folder.is_dir() else []


async def rows_of(house: House, ref: str) -> list[dict[str, Any]]:
    found = (await house.dossier(ref)).exchanges
    return [file for row in found for file in row.content.get("attachments", ())]


async def test_a_file_is_kept_confirmed_and_shown_to_an_agent(house: House) -> None:
    chat = await house.chat_page("C-1001")
    status, page = await send(house, chat, ("../../facture payée.pdf", PDF), id="m-1")
    assert status == 200 and "facture payée.pdf" in page and "bien arrivé" in page
    await send(house, chat, ("facture payée.pdf", PDF), id="m-1")
    assert len(await rows_of(house, "C-1001")) == 1, "the same post is kept once"
    (errand,) = (await house.dossier("C-1001")).errands()
    assert errand.reason == "attachment" and "facture payée.pdf" in errand.summary
    await house.sign_in()
    mine = await house.id_of("C-1001")
    (file,) = await rows_of(house, "C-1001")
    _, console = await house.get(f"/console/{mine}")
    assert f"/console/{mine}/files/{file['sha256']}" in console and "identity not proved" in console
    answer = await house.client.get(f"/console/{mine}/files/{file['sha256']}")
    assert await answer.read() == PDF and "sandbox" in answer.headers["Content-Security-Policy"]
    assert kept(house) == [PDF]


async def test_what_is_no_photo_or_pdf_is_refused_kindly_whatever_its_name(house: House) -> None:
    chat = await house.chat_page("C-1005")
    _, page = await send(house, chat, ("proof.pdf", b"<script>alert(1)</script>"), ("empty.png", b""), ("a.png", PNG))
    assert "could not keep one of your files" in page and "arrived safely" in page
    assert "<script>alert" not in page and kept(house) == [PNG]
    told = [file.get("refused") for file in await rows_of(house, "C-1005")]
    assert told == ["type", "empty", None]
    assert "neither photo nor PDF" in page


async def test_sizes_and_numbers_are_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await house.chat_page("C-1005")
    await send(house, chat, ("large.pdf", PDF + b"x" * MOST_BYTES))
    assert [file["refused"] for file in await rows_of(house, "C-1005")] == ["size"] and kept(house) == []
    await send(house, chat, *((f"{n}.png", PNG + bytes([n])) for n in range(7)))
    assert [file.get("refused") for file in await rows_of(house, "C-1005")][1:] == [None] * 5 + ["number"] * 2
    monkeypatch.setattr(uploads, "MOST_A_DAY", 6)
    await send(
        house, await house.chat_page("C-1005", "visit-2"), *((f"{n}.png", PNG + bytes([n, n])) for n in range(3))
    )
    assert len(kept(house)) == 6, "all visits of a day together"
    monkeypatch.setattr(uploads, "LARGEST_POST", 1000)
    assert (await send(house, chat, ("b.png", PNG + b"x" * 2000)))[0] == 413
    assert len(kept(house)) == 6


async def test_a_damaged_or_empty_form_of_files_changes_nothing(house: House) -> None:
    chat = await house.chat_page("C-1001")
    for kind, body in (
        ("multipart/form-data; boundary=x", b"broken"),
        ("application/json", b"{}"),
        ("text/plain", b""),
    ):
        answer = await house.client.post(f"{chat}/files", data=body, headers={"Content-Type": kind})
        assert answer.status in (200, 400), kind
    assert (await send(house, chat))[0] in (200, 400)
    assert not (await house.dossier("C-1001")).exchanges and kept(house) == []
    assert (await send(house, "/chat/forged", ("a.png", PNG)))[0] == 404 and kept(house) == []


def test_a_name_holds_no_path_and_no_card_number() -> None:
    assert plain_name("C:\\Users\\me\\proof.pdf") == "proof.pdf"
    assert "4111" not in plain_name("4111 1111 1111 1111.pdf")
    assert plain_name("\x00/") == "file"
