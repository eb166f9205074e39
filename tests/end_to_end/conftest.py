import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """A real `relance serve` on a scratch book."""

    url: str
    env: dict[str, str]
    process: subprocess.Popen[bytes]

    def relance(self, *words: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *words], env=self.env, cwd=ROOT, input=input, text=True,
            capture_output=True, timeout=120,
        )  # fmt: skip

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(env: dict[str, str], *words: str, port: int | None = None) -> Server:
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve", "--port", str(port), *words], env=env, cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return Server(url, env, process)
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError("the server did not become ready in two minutes")


@pytest.fixture
def scratch(tmp_path: Path, model_cache: Path) -> dict[str, str]:
    """An environment with an empty book of its own."""
    (tmp_path / "cache").symlink_to(model_cache)
    return {**os.environ, "RELANCE_DATABASE": f"sqlite:///{tmp_path}/book.sqlite3", "RELANCE_SECRET": "test secret"}


@pytest.fixture
def server(scratch: dict[str, str]) -> Iterator[Server]:
    running = start(scratch)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(30)
