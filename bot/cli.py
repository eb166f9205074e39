"""The `relance` command."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import typer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Relance: a conversational collections agent. Start with `relance serve`.",
)  # fmt: skip
T = TypeVar("T")

Config = Annotated[Path | None, typer.Option("--config", help="Configuration file (or RELANCE_CONFIG).")]
Now = Annotated[
    str | None,
    typer.Option("--now", help="Play this instant (ISO 8601; UTC without an offset) instead of the present."),
]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")]
NOT_YET = 3


def main() -> None:
    """Run the command; mistakes end in one clear line, never in a traceback."""
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    with _clear_errors():
        app()


@app.command()
def serve(
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    demo: Annotated[bool | None, typer.Option("--demo/--no-demo", help="Fill an empty book with a demo.")] = None,
) -> None:
    """Serve everything in one process: pages, API, worker and the embedded store."""
    from bot.publishing import published
    from bot.serving import run

    run(published(_settings(config, host=host, port=port, demo=demo), _say), _say)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV, JSON lines, or an e-invoice (UBL, CII, Factur-X); - for JSON lines.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="Header=field, e.g. --map Echeance=invoice_due_on.")
    ] = None,
    config: Config = None,
) -> None:
    """Import customers and invoices; rejected rows are listed with line and reason."""
    from bot.importing import run_import

    with _bar(f"Importing {file.name}") as progress:
        report = asyncio.run(run_import(file, _settings(config), dry_run, map_ or [], progress))
    typer.echo(json.dumps(report.summary(), ensure_ascii=False))
    for line, reason in report.rejected:
        typer.echo(f"line {line}: {reason}", err=True)
    if report.rejected_count > len(report.rejected):
        typer.echo(f"... and {report.rejected_count - len(report.rejected)} more rejected rows", err=True)
    raise typer.Exit(1 if report.rejected_count else 0)


@app.command()
def chat(
    customer: Annotated[str, typer.Option("--customer", help="The customer's reference.")],
    channel: Annotated[str, typer.Option(help="webchat, sms, email, telegram ...")] = "webchat",
    today: Annotated[str | None, typer.Option(help="Play this day or instant (ISO 8601).")] = None,
    now: Now = None,
    jsonl: Jsonl = False,
    identified: Annotated[bool, typer.Option("--identified", help="Start after the identity step.")] = False,
    config: Config = None,
) -> None:
    """Talk as a customer: full turns, durable as in production."""
    from bot.chatting import Chat

    settings, at = _settings(config), _instant(now or today)

    async def talk() -> None:
        chat = await Chat.start(settings, customer, channel, at, identified, _say)
        try:
            for line in _lines(sys.stdin):
                if jsonl:
                    await _each(line, chat.turn)
                elif line.strip():
                    answer = await chat.turn({"text": line.strip()})
                    for reply in answer["replies"]:
                        typer.echo(reply["text"])
                        for button in reply["buttons"]:
                            typer.echo(f"  [{button['title']}] {button.get('payload') or button.get('url')}")
        finally:
            await chat.close()

    asyncio.run(talk())


@app.command()
def tick(now: Now = None, config: Config = None) -> None:
    """One pass of everything that is due; prints counts by kind."""
    from bot.chatting import opened
    from bot.publishing import published

    settings = published(_settings(config), _say)

    async def once() -> dict[str, int]:
        async with opened(settings, _instant(now), _say) as running:
            return dict(await running.worker.tick())

    typer.echo(json.dumps(asyncio.run(once())))


@app.command()
def show(
    ref: Annotated[str, typer.Argument(help="The customer's reference.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show a customer's whole dossier."""
    from bot.chatting import shown

    document = asyncio.run(shown(_settings(config), ref, _instant(now)))
    typer.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 2))


@app.command()
def understand(
    today: Annotated[str | None, typer.Option(help="The customer's day (ISO 8601).")] = None,
    jsonl: Jsonl = False,
    config: Config = None,
) -> None:
    """Read messages: intent, confidence, language, entities."""
    from bot.app import load_reader

    settings, at = _settings(config), _instant(today)
    reader = load_reader(settings, _say)
    day = at.date() if at else date.today()  # noqa: DTZ011 - the day at this machine is meant

    async def read(item: dict[str, Any]) -> dict[str, Any]:
        reading = reader.read(_text(item), language=_language(item), today=day)
        return {
            "intent": reading.intent, "confidence": round(reading.confidence, 4), "language": reading.language,
            "entities": [{"kind": e.kind, "text": e.text, "value": e.value} for e in reading.entities],
            "also": list(reading.also), "second": reading.second, "margin": round(reading.margin, 4),
        }  # fmt: skip

    _stream(read)


@app.command()
def negotiate(jsonl: Jsonl = False, config: Config = None) -> None:
    """Answer proposals inside the creditor's policy."""
    from bot.bargaining import negotiate as decide

    settings = _settings(config)
    policy = settings.policy()

    async def one(item: dict[str, Any]) -> dict[str, Any]:
        return decide(item, policy)

    _stream(one)


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
    from bot.conversation.script import ScriptErrors
    from bot.publishing import refusals
    from bot.rasa.project import write_project
    from bot.settings import UsageError

    settings = _settings(config)
    if engine == "rasa":
        folder = write_project(settings, output or settings.cache.parent / "rasa")
        typer.echo(f"{folder}: a Rasa project; README.md there tells how to train and serve it")
        return
    if engine != "embedded":
        raise UsageError(f"an engine is embedded or rasa, not {engine!r}")
    if errors := refusals(settings):
        raise ScriptErrors(errors)
    load_reader(settings, _say)


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A folder with dialogues/ and locales/.")] = None,
    config: Config = None,
) -> None:
    """Lint scripts, strategies, policies and translations; exit status 1 on errors."""
    from bot.checking import check_all

    findings = check_all(_settings(config), path)
    for finding in findings:
        typer.echo(
            f"{finding.file}:{finding.line}: {finding.severity} [{finding.rule}] {finding.message}; {finding.remedy}"
        )
    errors = sum(finding.severity == "error" for finding in findings)
    typer.echo(f"{errors} errors, {len(findings) - errors} warnings")
    raise typer.Exit(1 if errors else 0)


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

    settings = _settings(config)
    folder = output or settings.beside / "referrals"
    report = asyncio.run(referred(settings, ref, folder, agency, by, recall, _instant(now), _say))
    typer.echo(json.dumps(report, ensure_ascii=False))


@app.command("verify-log")
def verify_log(
    ref: Annotated[str | None, typer.Argument(help="One customer's reference; all when absent.")] = None,
    config: Config = None,
) -> None:
    """Recompute the hash chains; exit status 1 at the first broken link."""
    from bot.chatting import verify

    broken, count = asyncio.run(verify(_settings(config), ref))
    if broken:
        typer.echo(broken)
        raise typer.Exit(1)
    typer.echo(f"{count} conversations verified, all chains whole")


@app.command()
def ledger(
    ref: Annotated[str | None, typer.Argument(help="One customer's reference; all when absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON; with a reference, also its journal.")] = False,
    config: Config = None,
) -> None:
    """Prove that balances follow from what happened; exit status 1 where something does not add up."""
    from bot.chatting import proved

    report = asyncio.run(proved(_settings(config), ref))
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
        async with opened(_settings(config), None, _say) as running:
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
        async with opened(_settings(config), None, _say) as running:
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

    report = asyncio.run(take(_settings(config), file, dry_run, map_ or [], currency))
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

    at = _instant(on)
    day = at.date() if at else datetime.now(UTC).date()
    report = asyncio.run(record_by_hand(_settings(config), customer, amount, kind, proof, by, day, invoice))
    typer.echo(json.dumps(report))


@app.command()
def quarantine(
    event: Annotated[str | None, typer.Argument(help="Give this payment to a customer.")] = None,
    customer: Annotated[str | None, typer.Option("--customer", help="The customer's reference.")] = None,
    config: Config = None,
) -> None:
    """List payments that nobody could book, one JSON object a line; or give one to a customer."""
    from bot.reconciling import quarantine as look

    for item in asyncio.run(look(_settings(config), event, customer)):
        typer.echo(json.dumps(item, ensure_ascii=False))


@app.command("add-agent")
def add_agent(
    email: str,
    name: Annotated[str, typer.Option(help="Name that customers see.")],
    role: Annotated[str, typer.Option(help="agent or admin.")] = "agent",
    config: Config = None,
) -> None:
    """Create a sign-in for the console; the password is asked, never an argument."""
    from bot.serving import create_agent

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    asyncio.run(create_agent(_settings(config), email, name, role, password))
    typer.echo(f"{email} can sign in at /console")


@app.command("demo-people")
def demo_people() -> None:
    """List the made-up customers of the demo: who they are, what proves it, and what to write as them."""
    from bot.demo import people

    for person in people():
        proofs = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in person.identity.items())
        typer.echo(f"{person.ref}  {person.name} ({person.language}; {proofs})")
        typer.echo(f'        write "{person.say}" to see {person.shows}')


@app.command()
def web() -> None:
    """Pages and API only, for PostgreSQL."""
    _not_yet("web")


@app.command()
def work() -> None:
    """The worker only, for PostgreSQL."""
    _not_yet("work")


@app.command("may-contact")
def may_contact(jsonl: Jsonl = False) -> None:
    """Judge contacts and charges by the jurisdiction packs: allowed, deferred until when, or refused, and why."""
    from bot.contacting import may_contact as judge
    from bot.domain.governor.judge import Governor
    from bot.packs import element_names, load_packs

    governor, elements = Governor(load_packs()), element_names()

    async def one(item: dict[str, Any]) -> dict[str, Any]:
        return judge(item, governor, elements)

    _stream(one)


@app.command("retry-plan")
def retry_plan(jsonl: Jsonl = False) -> None:
    """Plan the next attempt of a failed charge by the networks' rules and the customer's promise."""
    from bot.retrying import retry_plan as plan

    async def one(item: dict[str, Any]) -> dict[str, Any]:
        return plan(item)

    _stream(one)


@app.command()
def channels(config: Config = None) -> None:
    """List the channels, and what to enter at each provider so that it calls us."""
    from bot.app import make_channels
    from bot.ports import Asking, Called
    from payment_links.tokens import Tokens

    settings = _settings(config)
    for channel in make_channels(settings, Tokens(settings.secret)).values():
        typer.echo(f"{channel.name}: {type(channel).__name__}{', asks its provider' * isinstance(channel, Asking)}")
        if isinstance(channel, Called):
            typer.echo(f"  calls come to {channel.callback_address}")
        if channel.name == "whatsapp":
            told = settings.raw["channels"]["whatsapp"]
            typer.echo(f"  its use is attested by: {told['attested']}" if isinstance(told, dict) else "  not attested")
    if "whatsapp" not in (settings.raw.get("channels") or {}):
        typer.echo("whatsapp: off; its policy bars many uses for debts, it needs your attestation (docs/channels.md)")


@app.command()
def simulate(
    customers: Annotated[int, typer.Option(min=1, max=1_000_000)] = 100,
    days: Annotated[int, typer.Option(min=1, max=3650)] = 30,
    seed: Annotated[int, typer.Option(help="The same seed plays the same book.")] = 1,
    config: Config = None,
) -> None:
    """Play a synthetic book in virtual time; exit status 1 where a rule was broken."""
    from bot.simulation.play import simulate as play

    with _bar("simulating", unit="days") as progress:
        report = asyncio.run(play(_settings(config), customers, days, seed, progress))
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    if report["violations_total"]:
        raise typer.Exit(1)


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

    settings = _settings(config)
    examples = read_examples(sorted((settings.dialogues / "nlu").glob("*.yml")))
    found = evaluate(examples, settings.cache, _say)
    if jsonl:
        typer.echo(json.dumps(dict(figures(found))))
        return
    file = page or settings.cache.parent / "understanding.html"
    report.write_page(found, file)
    report.show(found, Console())
    _say(f"The page with plots: {file}")


@contextmanager
def _bar(title: str, unit: str = "rows") -> Iterator[Callable[[int, float], None]]:
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


def _not_yet(name: str) -> NoReturn:
    typer.echo(f"relance {name}: not yet in this version", err=True)
    raise typer.Exit(NOT_YET)


def _settings(config: Path | None, **over: Any) -> Any:
    from bot.settings import load

    return load(config, **over)


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _instant(text: str | None) -> datetime | None:
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


def _lines(stream: Any) -> Iterator[str]:
    while line := stream.readline():
        yield line


def _text(item: dict[str, Any]) -> str:
    if not isinstance(item.get("text"), str):
        raise ValueError('expected {"text": "..."}')
    return str(item["text"])


def _language(item: dict[str, Any]) -> str | None:
    from bot.i18n import LANGUAGES

    language = item.get("lang")
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"lang is one of {', '.join(LANGUAGES)}, not {language!r}")
    return language


def _stream(handle: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> None:
    async def run() -> None:
        for line in _lines(sys.stdin):
            await _each(line, handle)

    asyncio.run(run())


async def _each(line: str, handle: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> None:
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
def _clear_errors() -> Iterator[None]:
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


if __name__ == "__main__":
    main()
