"""From the door to the money, in a real browser against the real server."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.end_to_end.conftest import Server
from tests.peers import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine: the browser tests did not run"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def test_a_customer_agrees_a_plan_pays_and_gets_a_receipt(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="Claire Martin").click()
    say(page, "je peux payer en 3 fois ?")
    expect(page.locator("#rows")).to_contain_text("assistant automatique")
    expect(page.locator("#rows")).to_contain_text("date de naissance")
    assert "129,90" not in page.locator("#rows").inner_text(), "no debt is named before identity is proved"
    say(page, "9 mars 1984")
    expect(page.locator("#rows")).to_contain_text("code postal de votre adresse")
    say(page, "69003")
    page.get_by_role("button", name="Oui, je suis d'accord").last.click()
    expect(page.locator("#rows")).to_contain_text("C'est convenu")
    link = page.locator("#rows a[href*='/pay/']").last.get_attribute("href")
    assert link is not None
    chat = page.url
    page.goto(link)
    expect(page.get_by_role("table").first).to_contain_text("Abonnement fibre")
    page.get_by_role("button", name="Continuer vers le paiement").click()
    page.get_by_role("button", name=re.compile("^Payer 43,30")).click()
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    page.goto(chat)
    expect(page.locator("#rows")).to_contain_text("Nous avons bien reçu 43,30")


def test_a_refused_card_takes_nothing_and_offers_ways(server: Server, page: Page) -> None:
    shown = server.relance("chat", "--customer", "C-1001", "--identified", "--jsonl", input='{"payload": "/pay_now"}\n')
    link = re.search(r"/pay/[\w.-]+", shown.stdout)
    assert link is not None, shown.stdout + shown.stderr
    page.goto(server.url + link.group())
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Refuser cette carte").click()
    expect(page.get_by_role("heading", name="La carte a été refusée")).to_be_visible()
    page.goto(server.url + link.group())
    expect(page.get_by_role("table").first).to_contain_text("129,90")


def test_an_agent_takes_over_answers_and_gives_back(server: Server, page: Page, browser: Browser) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="Emma Clarke").click()
    say(page, "I want to talk to a person please")
    expect(page.locator("#rows")).to_contain_text("A colleague will take over")
    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page()
    desk.goto(server.url)
    desk.get_by_role("button", name="Enter as agent").click()
    desk.get_by_role("link", name="Emma Clarke").click()
    desk.get_by_role("button", name="Take this conversation").click()
    desk.get_by_placeholder("Write to the customer").fill("Hello, this is Alix. How can I help?")
    # Emma has not proved who she is: the agent says that nothing of the account is told before it is sent.
    desk.get_by_label("tells nothing about the account").check()
    desk.get_by_role("button", name="Send").click()
    expect(page.locator("#rows")).to_contain_text("this is Alix")
    say(page, "how much do I owe?")
    expect(desk.locator("#rows")).to_contain_text("how much do I owe?")
    expect(page.locator("#rows")).not_to_contain_text("date of birth")
    desk.get_by_role("button", name="Give back").click()
    expect(page.locator("#rows")).to_contain_text("My colleague has finished")


def failing(status: int) -> Callable[[Route], None]:
    """Answers every post with this status, and lets all else pass."""

    def handle(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status)
        else:
            route.continue_()

    return handle


def test_a_message_that_could_not_be_sent_stays_and_is_sent_once_when_tried_again(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="Claire Martin").click()
    expect(page.locator("#rows")).to_contain_text("Comment puis-je vous aider")
    page.context.set_offline(True)
    say(page, "combien je dois ?")
    unsent = page.locator(".row.unsent")
    expect(unsent).to_contain_text("combien je dois ?")
    expect(unsent).to_contain_text("Non envoyé")
    page.context.set_offline(False)
    page.reload()
    expect(unsent).to_contain_text("combien je dois ?")
    for status, said in ((503, "connexion"), (413, "trop long")):
        page.route("**/chat/*", failing(status))
        unsent.get_by_role("button", name="Réessayer").click()
        expect(unsent).to_contain_text(said)
        page.unroute_all()
    unsent.get_by_role("button", name="Réessayer").click()
    expect(page.locator("#rows")).to_contain_text("date de naissance")
    expect(page.locator(".row.in")).to_have_count(1)
    page.reload()
    expect(page.locator(".row.in")).to_have_count(1)


def test_reading_far_up_is_not_disturbed_by_news(server: Server, page: Page, browser: Browser) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="Emma Clarke").click()
    for text in ("I want to talk to a person please", *(f"line {n}" for n in range(12))):
        say(page, text)
        expect(page.locator(".row.in").last).to_contain_text(text)
    desk = browser.new_context(viewport={"width": 1280, "height": 700}, locale="en-GB").new_page()
    desk.goto(server.url)
    desk.get_by_role("button", name="Enter as agent").click()
    desk.get_by_role("link", name="Emma Clarke").click()
    rows = desk.locator("#rows")
    rows.evaluate("box => { box.scrollTop = 40; }")
    say(page, "one more word")
    expect(rows).to_contain_text("one more word")
    assert rows.evaluate("box => box.scrollTop") == 40


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen_and_name_their_fields(server: Server, browser: Browser, width: int) -> None:
    asked = server.relance(
        "chat",
        "--customer",
        "C-1009",
        "--identified",
        "--jsonl",
        input='{"payload": "/pay_now"}\n{"payload": "/request_human"}\n',
    )
    link = re.search(r"/pay/[\w.-]+", asked.stdout)
    assert link is not None, asked.stdout + asked.stderr
    page = browser.new_context(viewport={"width": width, "height": 844}, locale="de-DE").new_page()
    page.goto(server.url)
    page.get_by_role("button", name="Als Agent eintreten").click()
    page.get_by_role("link", name="Jonas Weber").click()
    console = page.url
    page.get_by_role("button", name="Gespräch übernehmen").click()
    page.goto(server.url)
    page.get_by_role("link", name="Jonas Weber").click()
    chat = page.url
    for path in (server.url, chat, console, server.url + link.group(), server.url + link.group() + "/card?amount=500",
                 server.url + link.group() + "/done", *(server.url + path for path in ("/chat", "/console", "/console/sign-in", "/console/X-1", "/demo/phone", "/nothing"))):  # fmt: skip
        page.goto(path)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (
            f"{path} is wider than the screen"
        )
        assert page.locator("html").get_attribute("lang"), path
        assert page.locator("h1").count() == 1, path
        for field in page.locator("input:not([type=hidden]), textarea").all():
            named = field.evaluate("it => it.labels.length > 0 || !!it.getAttribute('aria-label')")
            assert named, f"a field on {path} has no name: {field.evaluate('it => it.outerHTML')}"
    page.context.close()


def test_pages_can_be_used_on_a_phone_and_say_what_is_wrong(server: Server, page: Page) -> None:
    for path, said in (("/pay/nonsense", "pas valable"), ("/chat/nonsense", "pas valable"), ("/nothing", "existe pas")):
        page.goto(server.url + path)
        expect(page.locator("main")).to_contain_text(said)
    for path in ("/", "/chat", "/console/sign-in", "/demo/phone"):
        page.goto(server.url + path)
        wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wider, f"{path} is wider than a phone"
