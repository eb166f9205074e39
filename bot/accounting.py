"""`relance ledger`: proves that balances follow from what happened, and shows one customer's journal."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.dossier import Dossier
from bot.domain.ledger.imputation import Imputation, read_orders
from bot.domain.ledger.proof import faults, totals
from bot.ports import Store
from bot.settings import UsageError, read_yaml

ORDERS = Path(__file__).resolve().parent / "jurisdictions" / "imputation" / "orders.yml"


@cache
def load_orders() -> dict[tuple[str, str], Imputation]:
    """The orders of imputation by country and kind of debt."""
    return read_orders(read_yaml(ORDERS))


async def prove(store: Store, ref: str | None = None) -> dict[str, Any]:
    """Check one customer's ledger or all of them; `faults` is empty when everything adds up."""
    found: list[str] = []
    sums: dict[str, Counter[str]] = {}
    customers, after = 0, ""
    pages = [await _one(store, ref)] if ref is not None else await store.customers(after)
    while pages:
        for customer_id in pages:
            dossier = await store.dossier(customer_id, exchanges=0)
            if dossier is None:
                found.append(f"customer {customer_id}: the dossier is missing")
                continue
            customers += 1
            found += [f"{dossier.customer.ref}: {fault}" for fault in faults(dossier)]
            for currency, accounts in totals(dossier).items():
                sums.setdefault(currency, Counter()).update(accounts)
        after = pages[-1]
        pages = [] if ref is not None else await store.customers(after)
    return {
        "customers": customers, "faults": found,
        "totals": {currency: dict(sorted(accounts.items())) for currency, accounts in sorted(sums.items())},
    }  # fmt: skip


async def journal(store: Store, ref: str) -> list[dict[str, Any]]:
    """One customer's entries in order, each with its postings; debits are positive."""
    dossier = await store.dossier(await _one(store, ref), exchanges=0)
    return entries(dossier) if dossier is not None else []


def entries(dossier: Dossier) -> list[dict[str, Any]]:
    """A dossier's entries as JSON."""
    names = {invoice.id: invoice.number for invoice in dossier.invoices}
    names |= {payment.id: payment.reference for payment in dossier.payments}
    return [
        {
            "at": entry.at.isoformat(), "about": names.get(entry.fact_id, entry.fact_id), "currency": entry.currency,
            "postings": [{"account": name, "minor": minor} for name, minor in entry.postings],
        }
        for entry in dossier.books.entries
    ]  # fmt: skip


async def _one(store: Store, ref: str) -> str:
    customer_id = await store.customer_id(ref)
    if customer_id is None:
        raise UsageError(f"no customer has the reference {ref!r}")
    return customer_id
