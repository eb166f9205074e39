"""Commands about payments, plans and the ledger."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.common import Config, Jsonl, app, configured, instant, say, stream


@app.command()
def negotiate(jsonl: Jsonl = False, config: Config = None) -> None:
    """Answer proposals inside the creditor's policy."""
    from bot.bargaining import negotiate as decide

    settings = configured(config)
    policy = settings.policy()

    async def one(item: dict[str, Any]) -> dict[str, Any]:
        return decide(item, policy)

    stream(one)


@app.command("retry-plan")
def retry_plan(jsonl: Jsonl = False) -> None:
    """Plan the next attempt of a failed charge by the networks' rules and the customer's promise."""
    from bot.retrying import retry_plan as plan

    async def one(item: dict[str, Any]) -> dict[str, Any]:
        return plan(item)

    stream(one)


@app.command()
def ledger(
    ref: Annotated[str | None, typer.Argument(help="One customer's reference; all when absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON; with a reference, also its journal.")] = False,
    config: Config = None,
) -> None:
    """Prove that balances follow from what happened; exit status 1 where something does not add up."""
    from bot.chatting import proved

    report = asyncio.run(proved(configured(config), ref))
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        for fault in report["faults"]:
            typer.echo(fault)
        for currency, accounts in report["totals"].items():
            typer.echo(f"{currency}: " + ", ".join(f"{name} {minor}" for name, minor in accounts.items()))
        if not report["faults"]:
            typer.echo(f"{report['customers']} customers, every ledger adds up")
    raise typer.Exit(1 if report["faults"] else 0)


@app.command()
def sync(
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back what was settled is looked at.")] = 120,
    config: Config = None,
) -> None:
    """Take arrears in from Stripe Billing, and tell it what was paid here."""
    from bot.chatting import opened
    from bot.syncing import sync as pass_once

    async def once() -> dict[str, Any]:
        async with opened(configured(config), None, say) as running:
            return await pass_once(running, days)

    report = asyncio.run(once())
    typer.echo(json.dumps(report, ensure_ascii=False))
    raise typer.Exit(1 if report["rejected"] else 0)


@app.command("recall-notices")
def recall_notices(
    days: Annotated[int, typer.Option(min=1, max=30, help="How far back.")] = 4, config: Config = None
) -> None:
    """Ask the payment provider what it told lately, for calls that never arrived; done every night by the worker."""
    from bot.chatting import opened
    from bot.ports import ProviderDown
    from bot.settings import UsageError

    async def ask() -> int:
        async with opened(configured(config), None, say) as running:
            try:
                return await running.worker.recall(days)
            except ProviderDown:
                raise UsageError("the payment provider cannot be reached; try again later") from None

    typer.echo(json.dumps({"new": asyncio.run(ask())}))


@app.command("import-statement")
def import_statement(
    file: Annotated[Path, typer.Argument(help="A bank statement: CAMT.053 (XML) or CSV.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
    map_: Annotated[list[str] | None, typer.Option("--map", help="Header=field, e.g. --map Betrag=amount.")] = None,
    currency: Annotated[str, typer.Option(help="The account's currency, where a CSV names none.")] = "EUR",
    config: Config = None,
) -> None:
    """Match what came in by bank transfer; what fits nobody waits for a person (relance quarantine)."""
    from bot.reconciling import import_statement as take

    report = asyncio.run(take(configured(config), file, dry_run, map_ or [], currency))
    typer.echo(json.dumps(report, ensure_ascii=False))
    for item in report["rejections"]:
        typer.echo(f"line {item['line']}: {item['reason']}", err=True)
    raise typer.Exit(1 if report["rejected"] else 0)


@app.command("record-payment")
def record_payment(
    customer: Annotated[str, typer.Argument(help="The customer's reference.")],
    amount: Annotated[str, typer.Option(help="In the customer's currency, e.g. 50.00.")],
    kind: Annotated[str, typer.Option(help="cash, cheque or other.")],
    proof: Annotated[str, typer.Option(help="Number of the receipt or the cheque; one proof is booked once.")],
    by: Annotated[str, typer.Option(help="E-mail of the agent who took it.")],
    on: Annotated[str | None, typer.Option(help="Day on which it was taken (ISO 8601); today when absent.")] = None,
    invoice: Annotated[str | None, typer.Option(help="The invoice that the customer named.")] = None,
    config: Config = None,
) -> None:
    """Record cash or a cheque that an agent took; the worker books it and sends the receipt."""
    from bot.reconciling import record_by_hand

    at = instant(on)
    day = at.date() if at else datetime.now(UTC).date()
    report = asyncio.run(record_by_hand(configured(config), customer, amount, kind, proof, by, day, invoice))
    typer.echo(json.dumps(report))


@app.command()
def quarantine(
    event: Annotated[str | None, typer.Argument(help="Give this payment to a customer.")] = None,
    customer: Annotated[str | None, typer.Option("--customer", help="The customer's reference.")] = None,
    config: Config = None,
) -> None:
    """List payments that nobody could book, one JSON object a line; or give one to a customer."""
    from bot.reconciling import quarantine as look

    for item in asyncio.run(look(configured(config), event, customer)):
        typer.echo(json.dumps(item, ensure_ascii=False))
