"""What the pages may use, and how a page is made."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from markupsafe import Markup, escape

from bot.conversation.calls import Calls
from bot.conversation.handoff import Desk
from bot.conversation.post_room import PostRoom
from bot.delivery import Delivery
from bot.domain.accounts import Customer
from bot.domain.governor.judge import Governor
from bot.domain.late_charges import added_lines
from bot.domain.messages import Exchange
from bot.domain.money import Money
from bot.domain.retries import Rulebook
from bot.domain.strategy import Strategy
from bot.domain.support import Support
from bot.i18n import N_, Catalogues, day, money, sign
from bot.ports import Arrival, Channel, Clock, Files, PaymentProvider, Store, Stray
from bot.web.words import note, word
from payment_links.tokens import Tokens

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_URL = re.compile(r"https?://[^\s<>\"']+")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class DemoPerson:
    """A made-up customer, whose facts may stand on an open page."""

    ref: str
    name: str
    identity: Mapping[str, str]

    def is_(self, customer: Customer) -> bool:
        """Whether this row of the book is the made-up one, not a real customer with the same reference."""
        return (customer.ref, customer.name, dict(customer.identity)) == (self.ref, self.name, dict(self.identity))


@dataclass(frozen=True)
class Site:
    """The services behind the pages. `answer` handles a customer's waiting messages; `wake` asks for it to be done.

    `zone` is the clock that agents work by. `https`: whether visitors reach the pages over TLS only, so that cookies
    may be bound to it. `people` are the made-up customers of the demo, none without it. `ready` tells whether
    messages are understood without delay.
    """

    store: Store
    desk: Desk
    delivery: Delivery
    tokens: Tokens
    provider: PaymentProvider
    catalogues: Catalogues
    strategies: Sequence[Strategy]
    governor: Governor | None
    clock: Clock
    creditor: Mapping[str, Any]
    secret: str
    demo: bool
    https: bool
    zone: str
    people: Sequence[DemoPerson]
    wake: Callable[[], None]
    answer: Callable[[str], Awaitable[Any]]
    channels: Mapping[str, Channel]
    keep: Callable[[Sequence[Arrival]], Awaitable[None]]
    unsubscribe: Callable[[str, str], Awaitable[None]]
    post_room: PostRoom
    calls: Calls
    files: Files
    assign: Callable[[Stray, str, str], Awaitable[None]]
    print_letters: Callable[[Sequence[Exchange]], bytes]
    print_copies: Callable[[Mapping[str, Any], str, datetime], bytes]
    public_url: str
    ready: Callable[[], bool]
    support: Support = field(default_factory=Support)
    rules: Callable[[date], Rulebook] | None = None

    def rulebook(self) -> Rulebook | None:
        """When saved methods are charged, with what the book has taught."""
        return self.rules(self.clock.now().date()) if self.rules is not None else None


SITE: web.AppKey[Site] = web.AppKey("site", Site)
PAGES: web.AppKey[jinja2.Environment] = web.AppKey("pages", jinja2.Environment)


def security_policy(form_targets: Sequence[str] = ()) -> str:
    """What a page may load and where its forms may lead: nowhere but here, and to `form_targets`."""
    targets = " ".join(("'self'", *form_targets))
    return (
        f"default-src 'self'; style-src 'self'; img-src 'self' data:; form-action {targets}; "
        "object-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    )


def site(request: web.Request) -> Site:
    """The services behind this request's page."""
    return request.app[SITE]


def environment(services: Site) -> jinja2.Environment:
    """Templates with the house's filters; everything printed is escaped."""
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["money"] = money
    pages.filters["day"] = lambda value, language="en", width="long": day(value.isoformat(), language, width)
    pages.filters["iso_day"] = lambda value, language="en": day(value, language, "medium")
    pages.filters["when"] = _when
    pages.filters["sign"] = lambda currency, language="en": sign(currency, language)
    pages.filters["digits"] = lambda minor, currency: str(Money(currency, minor).major)
    pages.filters["linked"] = _linked
    pages.filters["added"] = lambda invoice, dossier: added_lines(dossier, invoice)
    pages.globals["creditor"] = services.creditor
    pages.globals["demo"] = services.demo
    return pages


def _when(at: datetime, zone: str, language: str = "en") -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date().isoformat(), language, 'medium')}, {local:%H:%M}"


def _linked(text: str, name: str) -> Markup:
    """A text with its links to click; a payment link, unreadable as it is, shows its name instead."""
    parts, end = [], 0
    for match in _URL.finditer(text):
        url = match.group().rstrip(".,;:!?)")
        shown = name if "/pay/" in url else url.split("://", 1)[1][:60]
        parts += [escape(text[end : match.start()]), Markup('<a href="{}" rel="noopener">{}</a>').format(url, shown)]
        end = match.start() + len(url)
    return Markup("").join([*parts, escape(text[end:])])


def page(
    request: web.Request, template: str, *, status: int = 200, language: str = "en", **values: Any
) -> web.Response:
    """Render a template; `_` inside it translates into the page's language."""
    catalogues = site(request).catalogues

    def translate(text: str, /, **parts: Any) -> str:
        words = catalogues.translate(text, language)
        for name, value in parts.items():
            words = words.replace("{" + name + "}", str(value))
        return words

    body = request.app[PAGES].get_template(template).render(
        _=translate, language=language, word=lambda kind, name: word(kind, name, translate),
        note=lambda row: note(row, translate, language), **values,
    )  # fmt: skip
    return web.Response(text=body, content_type="text/html", status=status)


def sorry(request: web.Request, status: int, title: str, text: str, language: str = "en") -> web.Response:
    """A page that says what is wrong and what to do."""
    return page(request, "sorry.html", status=status, language=language, title=title, text=text)


async def form(request: web.Request) -> dict[str, str]:
    """The text fields of a posted form; a broken one is answered with 400 and words."""
    try:
        posted = await request.post()
    except (web.HTTPException, OSError):
        raise
    except Exception:
        # A broken multipart body fails wherever the parser stumbles first, with whatever error that place raises.
        made = sorry(
            request,
            400,
            N_("This form arrived damaged."),
            N_("Nothing was sent. Please go back and try once more."),
            spoken(request),
        )
        raise web.HTTPBadRequest(text=made.text, content_type="text/html") from None
    return {name: value for name in posted if isinstance(value := posted[name], str)}


async def customer_named(request: web.Request, reference: str) -> str | None:
    """The customer behind a reference or invoice number as people type it: any case, any dash, stray spaces."""
    store = site(request).store
    plain = "".join(reference.split()).translate(_DASHES)
    for written in dict.fromkeys((reference.strip(), plain, plain.upper(), plain.lower())):
        if written and (found := await store.customer_id(written) or await store.customer_by_invoice(written)):
            return found
    return None


def spoken(request: web.Request) -> str:
    """The visitor's language by their browser, among those that we speak; English otherwise."""
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip()[:2].lower()
        if code in site(request).catalogues.languages:
            return code
    return "en"
