"""What all commands share: the program, its options, reading lines, progress, clear errors."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Relance: a conversational collections agent. Start with `relance serve`.",
)  # fmt: skip

Config = Annotated[Path | None, typer.Option("--config", help="Configuration file (or RELANCE_CONFIG).")]
Now = Annotated[
    str | None,
    typer.Option("--now", help="Play this instant (ISO 8601; UTC without an offset) instead of the present."),
]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")]
NOT_YET = 3


@contextmanager
def bar(title: str, unit: str = "rows") -> Iterator[Callable[[int, float], None]]:
    """A progress bar where a person watches, nothing where a machine does."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn(f"{{task.fields[rows]:,}} {unit}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as shown:
        task = shown.add_task(title, total=1.0, rows=0)
        yield lambda rows, share: shown.update(task, completed=share, rows=rows)


def not_yet(name: str) -> NoReturn:
    """End with status 3: a later version has this command."""
    typer.echo(f"relance {name}: not yet in this version", err=True)
    raise typer.Exit(NOT_YET)


def configured(config: Path | None, **over: Any) -> Any:
    """The settings of this run; options of the command go before the file."""
    from bot.settings import load

    return load(config, **over)


def say(message: str) -> None:
    """Tell the person, beside the output that a machine may read."""
    typer.echo(message, err=True)


def instant(text: str | None) -> datetime | None:
    """The instant that an option names; a day alone is played at ten in the morning in Paris."""
    from bot.settings import UsageError

    if text is None:
        return None
    try:
        # A day alone is played at ten in the morning in Paris: inside everybody's lawful hours.
        if len(text) == 10:
            at = datetime.combine(date.fromisoformat(text), time(10), ZoneInfo("Europe/Paris"))
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date; write 2026-11-24 or 2026-11-24T10:00:00+01:00") from None
    if not 2000 <= at.year < 2200:
        raise UsageError(f"{text!r} is too far away; write a year from 2000 to 2199")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def lines(stream: Any) -> Iterator[str]:
    """Lines as they come, without waiting for more of them."""
    while line := stream.readline():
        yield line


def text(item: dict[str, Any]) -> str:
    """The text of a JSON line."""
    if not isinstance(item.get("text"), str):
        raise ValueError('expected {"text": "..."}')
    return str(item["text"])


def language(item: dict[str, Any]) -> str | None:
    """The language of a JSON line, when it names one."""
    from bot.i18n import LANGUAGES

    language = item.get("lang")
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"lang is one of {', '.join(LANGUAGES)}, not {language!r}")
    return language


def stream(handle: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> None:
    """Answer every JSON line of the input with one."""

    async def run() -> None:
        for line in lines(sys.stdin):
            await each(line, handle)

    asyncio.run(run())


async def each(line: str, handle: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> None:
    """Answer one JSON line; a bad one is answered with its error and stops nothing."""
    try:
        if not line.strip():
            raise ValueError("an empty line; expected one JSON object a line")
        item = json.loads(line)
        if not isinstance(item, dict):
            raise ValueError("expected one JSON object a line")
        answer = await handle(item)
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        answer = {"error": str(error) or type(error).__name__}
    typer.echo(json.dumps(answer, ensure_ascii=False))
    sys.stdout.flush()


@contextmanager
def clear_errors() -> Iterator[None]:
    """End in one clear line that names the place and the remedy."""
    from bot.errors import CLEAR, explain, status

    try:
        yield
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except CLEAR as error:
        for line in explain(error):
            sys.stderr.write(f"relance: {line}\n")
        sys.exit(status(error))
