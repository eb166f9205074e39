"""Commands for whoever edits scripts and examples."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.common import Config, Jsonl, app, configured, instant, language, say, stream, text


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A folder with dialogues/ and locales/.")] = None,
    config: Config = None,
) -> None:
    """Lint scripts, strategies, policies and translations; exit status 1 on errors."""
    from bot.checking import check_all

    findings = check_all(configured(config), path)
    for finding in findings:
        typer.echo(
            f"{finding.file}:{finding.line}: {finding.severity} [{finding.rule}] {finding.message}; {finding.remedy}"
        )
    errors = sum(finding.severity == "error" for finding in findings)
    typer.echo(f"{errors} errors, {len(findings) - errors} warnings")
    raise typer.Exit(1 if errors else 0)


@app.command()
def train(
    engine: Annotated[str, typer.Option(help="embedded or rasa.")] = "embedded",
    output: Annotated[
        Path | None, typer.Option(help="With --engine rasa: the project's folder (default: beside the book).")
    ] = None,
    config: Config = None,
) -> None:
    """Train the understanding from the examples in dialogues/nlu, or write a project for `rasa train`."""
    from bot.app import load_reader
    from bot.rasa.project import write_project
    from bot.settings import UsageError

    settings = configured(config)
    if engine == "rasa":
        folder = write_project(settings, output or settings.cache.parent / "rasa")
        typer.echo(f"{folder}: a Rasa project; README.md there tells how to train and serve it")
        return
    if engine != "embedded":
        raise UsageError(f"an engine is embedded or rasa, not {engine!r}")
    load_reader(settings, say)


@app.command()
def understand(
    today: Annotated[str | None, typer.Option(help="The customer's day (ISO 8601).")] = None,
    jsonl: Jsonl = False,
    config: Config = None,
) -> None:
    """Read messages: intent, confidence, language, entities."""
    from bot.app import load_reader

    settings, at = configured(config), instant(today)
    reader = load_reader(settings, say)
    day = at.date() if at else date.today()  # noqa: DTZ011 - the day at this machine is meant

    async def read(item: dict[str, Any]) -> dict[str, Any]:
        reading = reader.read(text(item), language=language(item), today=day)
        return {
            "intent": reading.intent, "confidence": round(reading.confidence, 4), "language": reading.language,
            "entities": [{"kind": e.kind, "text": e.text, "value": e.value} for e in reading.entities],
            "also": list(reading.also), "second": reading.second, "margin": round(reading.margin, 4),
        }  # fmt: skip

    stream(read)


@app.command()
def evaluate(
    page: Annotated[Path | None, typer.Option(help="Where the page with plots goes; default: beside the book.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="The headline figures as one JSON object.")] = False,
    config: Config = None,
) -> None:
    """Report how well messages are understood, on a fifth of the examples held out of the training."""
    from rich.console import Console

    from bot.understanding import report
    from bot.understanding.evaluation import evaluate, figures
    from bot.understanding.examples import read_examples

    settings = configured(config)
    examples = read_examples(sorted((settings.dialogues / "nlu").glob("*.yml")))
    found = evaluate(examples, settings.cache, say)
    if jsonl:
        typer.echo(json.dumps(dict(figures(found))))
        return
    file = page or settings.cache.parent / "understanding.html"
    report.write_page(found, file)
    report.show(found, Console())
    say(f"The page with plots: {file}")
