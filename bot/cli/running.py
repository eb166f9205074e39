"""Commands that run the program: the server, one pass of the clock, a talk, the simulation."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from bot.cli.common import Config, Jsonl, Now, app, bar, configured, each, instant, lines, not_yet, say


@app.command()
def serve(
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    demo: Annotated[bool | None, typer.Option("--demo/--no-demo", help="Fill an empty book with a demo.")] = None,
) -> None:
    """Serve everything in one process: pages, API, worker and the embedded store."""
    from bot.serving import run

    run(configured(config, host=host, port=port, demo=demo), say)


@app.command()
def tick(now: Now = None, config: Config = None) -> None:
    """One pass of everything that is due; prints counts by kind."""
    from bot.chatting import opened

    async def once() -> dict[str, int]:
        async with opened(configured(config), instant(now), say) as running:
            return dict(await running.worker.tick())

    typer.echo(json.dumps(asyncio.run(once())))


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

    settings, at = configured(config), instant(now or today)

    async def talk() -> None:
        chat = await Chat.start(settings, customer, channel, at, identified, say)
        try:
            for line in lines(sys.stdin):
                if jsonl:
                    await each(line, chat.turn)
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
def simulate(
    customers: Annotated[int, typer.Option(min=1, max=1_000_000)] = 100,
    days: Annotated[int, typer.Option(min=1, max=3650)] = 30,
    seed: Annotated[int, typer.Option(help="The same seed plays the same book.")] = 1,
    retries: Annotated[
        bool, typer.Option("--retries", help="Only so many failed charges, tried again by several schedules.")
    ] = False,
    config: Config = None,
) -> None:
    """Play a synthetic book in virtual time; exit status 1 where a rule was broken."""
    if retries:
        from bot.simulation.retries import compare, sensitivity

        found = {**compare(customers, seed), "sensitivity": sensitivity(customers, seed)}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    from bot.simulation.play import simulate as play

    with bar("simulating", unit="days") as progress:
        report = asyncio.run(play(configured(config), customers, days, seed, progress))
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    if report["violations_total"]:
        raise typer.Exit(1)


@app.command()
def channels(config: Config = None) -> None:
    """List the channels, and what to enter at each provider so that it calls us."""
    from bot.app import make_channels
    from bot.ports import Asking, Called
    from payment_links.tokens import Tokens

    settings = configured(config)
    for channel in make_channels(settings, Tokens(settings.secret)).values():
        typer.echo(f"{channel.name}: {type(channel).__name__}{', asks its provider' * isinstance(channel, Asking)}")
        if isinstance(channel, Called):
            typer.echo(f"  calls come to {channel.callback_address}")
        if channel.name == "whatsapp":
            told = settings.raw["channels"]["whatsapp"]
            typer.echo(f"  its use is attested by: {told['attested']}" if isinstance(told, dict) else "  not attested")
    if "whatsapp" not in (settings.raw.get("channels") or {}):
        typer.echo("whatsapp: off; its policy bars many uses for debts, it needs your attestation (docs/channels.md)")


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
    asyncio.run(create_agent(configured(config), email, name, role, password))
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
    not_yet("web")


@app.command()
def work() -> None:
    """The worker only, for PostgreSQL."""
    not_yet("work")
