"""The `relance` command."""

import sys

from bot.cli import money, record, running, scripts
from bot.cli.common import app, clear_errors

__all__ = ["main", "money", "record", "running", "scripts"]


def main() -> None:
    """Run the command; mistakes end in one clear line, never in a traceback."""
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    with clear_errors():
        app()
