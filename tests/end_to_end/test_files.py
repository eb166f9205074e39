"""A photo or document goes along in the chat: by keyboard on a phone, with and without scripts."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.conftest import Server
from tests.end_to_end.test_journey import browser as browser  # the same browser
from tests.peers import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine: the browser tests did not run"),
]
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_is_sent_from_a_phone_by_keyboard(
    server: Server, browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    proof = tmp_path / "justificatif.png"
    proof.write_bytes(PHOTO)
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", java_script_enabled=scripts, is_mobile=True
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(server.url)
    page.get_by_role("link", name="Claire Martin").click()
    opener = page.get_by_text("Envoyer une photo ou un document")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Photos ou documents PDF").set_input_files(proof)
    page.get_by_role("button", name="Envoyer les fichiers").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rows")).to_contain_text("votre fichier est bien arrivé")
    expect(page.locator("#rows .row.in")).to_have_count(1)
    expect(page.locator("#rows .file")).to_contain_text("justificatif.png")
    context.close()
    desk = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    desk.goto(server.url)
    desk.get_by_role("button", name="Enter as agent").click()
    expect(desk.locator("#queue")).to_contain_text("Sent photos or documents")
    desk.get_by_role("link", name="Claire Martin").click()
    shown = desk.request.get(server.url + str(desk.locator("#rows a", has_text="justificatif").get_attribute("href")))
    assert shown.body() == PHOTO
    desk.context.close()
