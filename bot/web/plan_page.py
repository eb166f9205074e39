"""What a customer sees and decides about a plan on the payment page: its dates, its calendar, its card."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from aiohttp import web

from bot.domain.dossier import Dossier
from bot.domain.methods import PLAN, PaymentMethod
from bot.domain.money import Money
from bot.domain.plan_calendar import calendar
from bot.domain.plans import InstallmentPlan, Progress, progress
from bot.i18n import N_, day, money
from bot.ports import Stale
from bot.web.site import Site, site, sorry
from payment_links.tokens import BadToken

routes = web.RouteTableDef()
CONSENT = N_(
    "Keep this payment method and take the next payments from it by itself: {payments}. "
    "I can end this here at any time."
)
TITLE = N_("{amount} to {name}")
DETAIL = N_("Payment {number} of {count}. Page to pay: {link}")


@dataclass(frozen=True)
class PlanView:
    """A plan as its page shows it; `method` is what its payments are taken from, if anything."""

    plan: InstallmentPlan
    seen: Progress
    method: PaymentMethod | None

    @property
    def later(self) -> list[tuple[date, int]]:
        """What follows the payment that is due next: day and open sum."""
        return [(item.due_on, left) for item, _, left in self.seen.installments if left][1:]


def plan_of(dossier: Dossier, plan_id: str | None, today: date) -> PlanView | None:
    """The running plan behind a link; None where there is none."""
    plan = next((item for item in dossier.plans if item.id == plan_id), None)
    seen = progress(plan, dossier.payments, today) if plan else None
    if plan is None or seen is None or seen.state != "active":
        return None
    kept = [method for method in dossier.methods if method.covers_plan(plan.id) and method.usable(today)]
    return PlanView(plan, seen, kept[-1] if kept else None)


def consent(services: Site, view: PlanView, language: str) -> str:
    """The words that the customer agrees to."""
    payments = ", ".join(
        f"{money(minor, view.plan.currency, language)} · {day(due.isoformat(), language, 'medium')}"
        for due, minor in view.later
    )
    return services.catalogues.render(CONSENT, {"payments": payments}, language)


async def agree(services: Site, dossier: Dossier, view: PlanView, link_id: str) -> None:
    """Put the consent on record with its words before the provider is asked to keep the method."""
    language = dossier.conversation.language
    work = services.desk.turns.case_for(dossier, "webchat")
    work.note(
        "consent", consent(services, view, language), author="customer", covers=PLAN, plan_id=view.plan.id,
        link_id=link_id, language=language, page="pay",
    )  # fmt: skip
    await services.store.commit(work.changes(dossier.conversation.version))


@routes.get("/pay/{token}/plan.ics")
async def dates(request: web.Request) -> web.Response:
    """The plan's dates for the customer's calendar."""
    services, dossier, link_id = await _dossier(request)
    link = next(item for item in dossier.links if item.id == link_id)
    view = plan_of(dossier, link.plan_id, services.clock.now().date())
    if view is None:
        raise web.HTTPNotFound
    language, count = dossier.conversation.language, len(view.seen.installments)
    url = f"{services.public_url}/pay/{request.match_info['token']}"

    def told(text: str, **values: Any) -> str:
        return services.catalogues.render(text, values, language)

    name = str(services.creditor.get("name", ""))
    events = [
        (
            item.number, item.due_on, told(TITLE, amount=Money(view.plan.currency, left).json(), name=name),
            told(DETAIL, number=item.number, count=count, link=url),
        )
        for item, _, left in view.seen.installments
        if left
    ]  # fmt: skip
    version = len(view.plan.agreement.get("bent", ())) + _changes(view.plan.agreement)
    body = calendar(view.plan.id, events, name, version, services.clock.now())
    return web.Response(
        body=body.encode(), content_type="text/calendar", charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="plan.ics"'},
    )  # fmt: skip


@routes.post("/pay/{token}/forget")
async def forget(request: web.Request) -> web.Response:
    """The customer takes the consent back: nothing more is charged by itself."""
    services, dossier, link_id = await _dossier(request)
    link = next(item for item in dossier.links if item.id == link_id)
    work = services.desk.turns.case_for(dossier, "webchat")
    for method in dossier.methods:
        if link.plan_id and method.covers_plan(link.plan_id) and method.closed_at is None:
            work.save(replace(method, closed_at=work.now))
            work.note("consent_ended", f"{method.label} is charged no more", author="customer", method=method.id)
    try:
        await services.store.commit(work.changes(dossier.conversation.version))
    except Stale:
        text = N_("Nothing is lost. Please try again in a moment.")
        return sorry(request, 409, N_("Something went wrong on our side."), text, dossier.conversation.language)
    raise web.HTTPSeeOther(f"/pay/{request.match_info['token']}")


def _changes(agreement: Mapping[str, Any]) -> int:
    """How often a plan was agreed anew."""
    count = 0
    while agreement.get("replaces"):
        agreement, count = agreement["replaces"], count + 1
    return count


async def _dossier(request: web.Request) -> tuple[Site, Dossier, str]:
    services = site(request)
    try:
        link_id = services.tokens.link_id(request.match_info["token"])
    except BadToken:
        raise web.HTTPNotFound from None
    customer_id = await services.store.customer_by_link(link_id)
    dossier = await services.store.dossier(customer_id) if customer_id else None
    if dossier is None:
        raise web.HTTPNotFound
    return services, dossier, link_id
