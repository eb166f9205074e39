"""`relance sync`: arrears come in from the billing system, and what became of them goes back."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.app import App
from bot.domain.accounts import Adjustment, Invoice
from bot.domain.dossier import Dossier
from bot.importing import Rejected, check
from bot.ports import Billed, Billing, ProviderDown, new_id
from bot.settings import UsageError

DAYS = 120
# What a status of the billing system does to a claim that is still open here.
LET_GO = {"void": "credit_note", "uncollectible": "write_off"}


async def sync(app: App, days: int = DAYS) -> dict[str, Any]:
    """One pass in both directions; repeated, it changes nothing. Raises UsageError."""
    provider = app.provider
    if not isinstance(provider, Billing):
        raise UsageError(f"{provider.name} has no invoices to sync; choose payments.provider: stripe in config.yml")
    counts: Counter[str] = Counter()
    rejected: list[dict[str, str]] = []
    try:
        async for item in provider.billed(app.clock.now(), days):
            try:
                counts[await _take(app, provider, item)] += 1
            except Rejected as reason:
                rejected.append({"invoice": item.id, "reason": str(reason)})
    except ProviderDown:
        raise UsageError("the billing system cannot be reached; what came in so far is kept, try again") from None
    return {**counts, "rejected": len(rejected), "rejections": rejected}


async def _take(app: App, provider: Billing, item: Billed) -> str:
    known, invoice = await _known(app, item)
    if known is None or invoice is None:
        if item.status != "open":
            return "not_ours"
        return await _import(app, item)
    open_ = known.open_minor[invoice.id]
    if item.status == "open":
        if open_ <= 0:
            await provider.paid_elsewhere(item.id)
            return "paid_back"
        return await _import(app, item)
    if open_ <= 0:
        return "unchanged"
    return await _import(app, item) if item.status == "paid" else await _let_go(app, known, invoice, open_, item)


async def _import(app: App, item: Billed) -> str:
    (outcome,) = await app.store.import_rows([check(0, item.row)], False)
    kind, _, reason = outcome.partition(": ")
    if kind == "rejected":
        raise Rejected(reason)
    return kind


async def _let_go(app: App, dossier: Dossier, invoice: Invoice, open_: int, item: Billed) -> str:
    work = app.turns.case_for(dossier, dossier.conversation.channel)
    kind = LET_GO[item.status]
    work.save(
        Adjustment(
            new_id(), dossier.customer.id, invoice.id, kind, "principal", invoice.currency, open_, work.now,
            f"{item.status} in the billing system", item.id,
        )
    )  # fmt: skip
    work.note(kind, f"invoice {invoice.number}: {open_} {invoice.currency} are no longer asked for", source=item.id)
    await app.store.commit(work.changes(dossier.conversation.version))
    return kind


async def _known(app: App, item: Billed) -> tuple[Dossier | None, Invoice | None]:
    invoice, customer = _part(item, "invoice"), _part(item, "customer")
    customer_id = await app.store.customer_id(str(customer["ref"]))
    dossier = await app.store.dossier(customer_id) if customer_id else None
    mine = dossier.invoices if dossier else ()
    return dossier, next((one for one in mine if one.number == invoice["number"]), None)


def _part(item: Billed, name: str) -> Mapping[str, Any]:
    part: Mapping[str, Any] = item.row[name]
    return part
