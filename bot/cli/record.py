"""Commands about customers and the record of what was said and done."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.common import Config, Jsonl, Now, app, bar, configured, instant, say, stream


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV, JSON lines, or an e-invoice (UBL, CII, Factur-X); - for JSON lines.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="Header=field, e.g. --map Echeance=invoice_due_on.")
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(help="The mark before the cents, . or , (otherwise seen from the whole file).")
    ] = None,
    dates: Annotated[
        str | None, typer.Option(help="The order of days: ymd, dmy or mdy (otherwise seen from the whole file).")
    ] = None,
    config: Config = None,
) -> None:
    """Import customers and invoices; rejected rows are listed with line and reason."""
    from bot.importing import Options, run_import

    settings = configured(config)
    options = Options.of(settings, map_ or [], decimal, dates, dry_run)
    with bar(f"Importing {file.name}") as progress:
        report = asyncio.run(run_import(file, settings, options, progress))
    typer.echo(json.dumps(report.summary(), ensure_ascii=False))
    if report.unused:
        typer.echo(f"columns not used: {', '.join(report.unused)}; rename them or add --map Header=field", err=True)
    for line, about in report.warned:
        typer.echo(f"line {line}: warning: {about}", err=True)
    for line, reason in report.rejected:
        typer.echo(f"line {line}: {reason}", err=True)
    if report.rejected_count > len(report.rejected):
        typer.echo(f"... and {report.rejected_count - len(report.rejected)} more rejected rows", err=True)
    raise typer.Exit(1 if report.rejected_count else 0)


@app.command()
def show(
    ref: Annotated[str, typer.Argument(help="The customer's reference.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show a customer's whole dossier."""
    from bot.chatting import shown

    document = asyncio.run(shown(configured(config), ref, instant(now)))
    typer.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 2))


@app.command("may-contact")
def may_contact(jsonl: Jsonl = False) -> None:
    """Judge contacts and charges by the jurisdiction packs: allowed, deferred until when, or refused, and why."""
    from bot.contacting import may_contact as judge
    from bot.domain.governor.judge import Governor
    from bot.packs import element_names, load_packs

    governor, elements = Governor(load_packs()), element_names()

    async def one(item: dict[str, Any]) -> dict[str, Any]:
        return judge(item, governor, elements)

    stream(one)


@app.command()
def referral(
    ref: Annotated[str, typer.Argument(help="The customer's reference.")],
    agency: Annotated[str | None, typer.Option(help="Give the case to this agency.")] = None,
    recall: Annotated[str | None, typer.Option(help="Take the case back, for this reason.")] = None,
    by: Annotated[str | None, typer.Option(help="E-mail of the admin who decides.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder of the files (default: beside the book).")] = None,
    now: Now = None,
    config: Config = None,
) -> None:
    """Make the file of a case (JSON and PDF) for an agency; with --agency give it away, with --recall take it back."""
    from bot.chatting import referred

    settings = configured(config)
    folder = output or settings.beside / "referrals"
    report = asyncio.run(referred(settings, ref, folder, agency, by, recall, instant(now), say))
    typer.echo(json.dumps(report, ensure_ascii=False))


@app.command("verify-log")
def verify_log(
    ref: Annotated[str | None, typer.Argument(help="One customer's reference; all when absent.")] = None,
    config: Config = None,
) -> None:
    """Recompute the hash chains; exit status 1 at the first broken link."""
    from bot.chatting import verify

    broken, count = asyncio.run(verify(configured(config), ref))
    if broken:
        typer.echo(broken)
        raise typer.Exit(1)
    typer.echo(f"{count} conversations verified, all chains whole")
