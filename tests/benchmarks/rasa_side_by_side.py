"""`make bench-rasa`: the same conversations with a real Rasa 3.6.21 server and with ours, over HTTP on one machine.

Both are trained on the same scripts and examples, Rasa with the light pipeline of config.yml. Each takes one request a
message on its synchronous interface. Ours does the whole work and commits it durably before it answers; Rasa keeps its
tracker in memory and calls actions that only say their name: whatever differs besides is in Rasa's favour.
Linux only (memory and CPU are read from /proc). Figures are printed, never asserted.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bot.rasa.project import RASA_KEYS, write_project
from bot.settings import load
from tests.benchmarks.__main__ import BUTTONS, FREE, book

LEVELS = (1, 8, 32)
WARM_UP = 2.0
SECRET = "side-by-side"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore", "SANIC_WORKERS": "1",
}  # fmt: skip
# Actions that cost next to nothing.
STUBS = """
from pathlib import Path

import yaml
from rasa_sdk import Action


def made(action):
    def run(self, dispatcher, tracker, domain):
        if not action.startswith("validate_"):
            dispatcher.utter_message(text=action)
        return []

    return type(action, (Action,), {"name": lambda self: action, "run": run, "__module__": __name__})


NAMES = yaml.safe_load(Path("domain/domain.yml").read_text("utf-8"))["actions"]
globals().update({name: made(name) for name in NAMES})
"""
Say = Callable[[ClientSession, str, str], Awaitable[bool]]


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants have used so far."""

    cpu: float
    memory_mb: float


def usage(pid: int) -> Usage:
    """CPU seconds and resident memory of a process tree."""
    tree, cpu, memory = [pid], 0.0, 0.0
    for one in tree:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                tree += [int(child) for child in (task / "children").read_text().split()]
    for one in set(tree):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            cpu += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            status = Path(f"/proc/{one}/status").read_text()
            memory += next((int(x.split()[1]) for x in status.splitlines() if x.startswith("VmRSS")), 0) / 1024
    return Usage(cpu, memory)


def timed(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> dict[str, float]:
    """Run to the end: wall and CPU seconds and peak memory."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=dict(environ), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    # The figures of this child alone, with those that it waited for.
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed in {folder}")
    return {"wall": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serving(
    command: Sequence[str], folder: Path, environ: Mapping[str, str], ready: str
) -> Iterator[tuple[int, float]]:
    """A server for as long as the block lasts: its process id, and how long it took until it answered."""
    start = time.perf_counter()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=dict(environ), stdout=log, stderr=log,
                                   start_new_session=True)  # fmt: skip
        try:
            asyncio.run(answering(ready, process))
            yield process.pid, time.perf_counter() - start
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


async def answering(url: str, process: subprocess.Popen[bytes], limit: float = 300) -> None:
    async with ClientSession() as client:
        until = time.perf_counter() + limit
        while time.perf_counter() < until:
            with contextlib.suppress(ClientError):
                async with client.get(url) as response:
                    if response.status == 200:
                        return
            if process.poll() is not None:
                break
            await asyncio.sleep(0.05)
    raise SystemExit(f"{url} does not answer")


async def burst(say: Say, senders: Iterator[str], words: Sequence[str], at_once: int, seconds: float) -> dict[str, Any]:
    """Conversations, so many at once, for so long; each turn waits for its answer."""
    taken: list[float] = []
    everything = wrong = 0
    begin = time.perf_counter() + WARM_UP
    end = begin + seconds

    async def customer(client: ClientSession) -> None:
        nonlocal everything, wrong
        while time.perf_counter() < end:
            sender = next(senders)
            for text in words:
                start = time.perf_counter()
                # No text is said twice in the same words, so that none is answered from memory.
                wrong += not await say(client, sender, text if text.startswith("/") else f"{text} {everything}")
                now = time.perf_counter()
                everything += 1
                if begin <= now <= end:
                    taken.append((now - start) * 1000)
                if now >= end:
                    return

    async with ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=120)) as client:
        await asyncio.gather(*(customer(client) for _ in range(at_once)))
    taken.sort()
    shares = {p: taken[min(len(taken) - 1, int(len(taken) * p / 100))] if taken else 0.0 for p in (95, 99)}
    return {"rate": len(taken) / seconds, "p50": statistics.median(taken or [0.0]), "p95": shares[95],
            "p99": shares[99], "all": everything, "wrong": wrong}  # fmt: skip


def measure(engine: str, pid: int, say: Say, senders: Iterator[str], seconds: float) -> list[tuple[Any, ...]]:
    """All levels on buttons and on free text; prints the rows."""
    rows = []
    for kind, words in (("buttons", BUTTONS), ("free text", FREE)):
        for at_once in LEVELS:
            before = usage(pid).cpu
            done = asyncio.run(burst(say, senders, words, at_once, seconds))
            after = usage(pid)
            cpu = (after.cpu - before) / max(1, done["all"]) * 1000
            rows.append((kind, at_once, done, cpu, after.memory_mb))
            print(
                f"| {engine} | {kind} | {at_once} | {done['rate']:,.0f} | {done['p50']:.1f} | {done['p95']:.1f} "
                f"| {done['p99']:.1f} | {cpu:.2f} | {after.memory_mb:.0f} | {done['wrong']} | {os.getloadavg()[0]:.1f} |",
                flush=True,
            )
    return rows


def disk(path: Path) -> float:
    """Megabytes under a folder, links not followed."""
    return sum(f.lstat().st_size for f in path.rglob("*") if f.is_file() and not f.is_symlink()) / 1e6


def ours(work: Path, seconds: float) -> dict[str, Any]:
    """Train, start and load Relance."""
    environ = {**os.environ, "RELANCE_DATABASE": f"sqlite:///{work}/bench.sqlite3", "RELANCE_SECRET": SECRET,
               "PYTHONPATH": str(Path.cwd())}  # fmt: skip
    relance = [sys.executable, "-m", "bot.cli"]
    trained = timed([*relance, "train"], Path.cwd(), environ)
    asyncio.run(prepare(work))
    port = free_port()

    async def say(client: ClientSession, sender: str, text: str) -> bool:
        url = f"http://127.0.0.1:{port}/api/v1/customers/{sender}/messages"
        body = {"payload" if text.startswith("/") else "text": text}
        async with client.post(url, json=body, headers={"Authorization": f"Bearer {SECRET}"}) as response:
            told = await response.json()
        replies = told.get("replies") or []
        return bool(replies) and all(reply["response"] != "utter_technical_fault" for reply in replies)

    senders = (f"B-{n % CUSTOMERS}" for n in range(10**9))
    with serving([*relance, "serve", "--port", str(port)], work, environ, f"http://127.0.0.1:{port}/readyz") as (
        pid,
        s,
    ):
        idle = usage(pid).memory_mb
        rows = measure("Relance", pid, say, senders, seconds)
    return {"rows": rows, "train": trained, "start": s, "idle": idle,
            "model": disk(work / "cache"), "installed": disk(Path(sys.prefix))}  # fmt: skip


CUSTOMERS = 6000


async def prepare(work: Path) -> None:
    app, _ = await book(work, CUSTOMERS, SECRET)
    await app.close()


def rasa(work: Path, python: Path, seconds: float) -> dict[str, Any]:
    """Train, start and load Rasa on the project that `relance train --engine rasa` writes, with actions that do nothing."""
    write_project(load(), work)
    config = yaml.safe_load((work / "config.yml").read_text("utf-8"))
    config["pipeline"] = load().raw["pipeline"]
    (work / "config.yml").write_text(yaml.safe_dump({k: config[k] for k in RASA_KEYS if k in config}), "utf-8")
    port, acts = free_port(), free_port()
    (work / "endpoints.yml").write_text(f"action_endpoint: {{url: 'http://127.0.0.1:{acts}/webhook'}}\n", "utf-8")
    (work / "stubs.py").write_text(STUBS, "utf-8")
    environ = {**os.environ, **QUIET, "PYTHONPATH": str(work)}
    run = [str(python), "-m", "rasa"]
    trained = timed([*run, "train", "--data", "data", "--domain", "domain", "--config", "config.yml",
                     "--fixed-model-name", "bot"], work, environ)  # fmt: skip

    async def say(client: ClientSession, sender: str, text: str) -> bool:
        body = {"sender": sender, "message": text}
        async with client.post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", json=body) as response:
            return bool(await response.json())

    senders = (f"B-{n}" for n in range(10**9))
    actions = [str(python), "-m", "rasa_sdk", "--actions", "stubs", "--port", str(acts), "--quiet"]
    server = [*run, "run", "--enable-api", "--model", "models/bot.tar.gz", "--endpoints", "endpoints.yml",
              "--credentials", "credentials.yml", "--port", str(port), "-i", "127.0.0.1"]  # fmt: skip
    with (
        serving(actions, work, environ, f"http://127.0.0.1:{acts}/health"),
        serving(server, work, environ, f"http://127.0.0.1:{port}/status") as (pid, s),
    ):
        idle = usage(pid).memory_mb
        rows = measure("Rasa", pid, say, senders, seconds)
    return {"rows": rows, "train": trained, "start": s, "idle": idle,
            "model": disk(work / "models"), "installed": disk(python.parent.parent)}  # fmt: skip


def summary(a: Mapping[str, Any], b: Mapping[str, Any]) -> None:
    """Once-only costs, then how many times faster."""
    print("\n| | Relance | Rasa 3.6.21 |\n|---|---|---|")
    for label, key, unit in (("wall", "wall", "s"), ("CPU", "cpu", "s"), ("peak memory", "mb", "MB")):
        print(f"| training from nothing, {label} | {a['train'][key]:,.0f} {unit} | {b['train'][key]:,.0f} {unit} |")
    print(f"| start until it answers | {a['start']:.1f} s | {b['start']:.1f} s |")
    print(f"| memory at start | {a['idle']:.0f} MB | {b['idle']:.0f} MB |")
    print(f"| memory after the load | {a['rows'][-1][4]:.0f} MB | {b['rows'][-1][4]:.0f} MB |")
    print(f"| model on disk | {a['model']:.1f} MB | {b['model']:.1f} MB |")
    print(f"| environment on disk | {a['installed']:,.0f} MB | {b['installed']:,.0f} MB |")
    print("\n| input | at once | turns/s, times | p99, times shorter | CPU a turn, times less |\n|---|---|---|---|---|")
    for (kind, at_once, x, cpu_x, _), (*_, y, cpu_y, _) in zip(a["rows"], b["rows"], strict=True):
        more, shorter = x["rate"] / max(0.1, y["rate"]), y["p99"] / max(0.1, x["p99"])
        print(f"| {kind} | {at_once} | {more:.1f} | {shorter:.1f} | {cpu_y / max(0.01, cpu_x):.1f} |")


def main() -> None:
    """Run both, one after the other, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rasa-python", type=Path, required=True, help="the Python of an environment with Rasa 3.6.21")
    parser.add_argument("--seconds", type=float, default=8.0, help="measured seconds a level (default: 8)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    given = parser.parse_args()
    # The environment's Python is a link and must stay one.
    python = given.rasa_python.absolute()
    if not python.is_file():
        raise SystemExit(f"no Python at {python}")
    print(
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"
    )
    print(
        "Relance commits every message and turn durably (SQLite, synchronous=FULL); Rasa keeps its tracker in memory.\n"
    )
    print("| engine | input | at once | turns/s | p50 ms | p95 ms | p99 ms | CPU ms a turn | MB | unanswered | load |")
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        mine, theirs = ours(Path(a), given.seconds), rasa(Path(b), python, given.seconds)
    summary(mine, theirs)
    if given.json:
        given.json.write_text(json.dumps({"relance": mine, "rasa": theirs}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
