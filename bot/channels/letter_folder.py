"""Letters as PDF files in a folder, for whoever prints and posts them."""

import asyncio
import re
from pathlib import Path

from bot.channels import Setup, SetupError
from bot.domain.messages import Exchange
from bot.ports import Receipt

WINDOWS = ("left", "right")


class LetterFolder:
    """One file a letter. It counts as on its way until an agent says in the console that it was posted."""

    idempotent = True  # the same letter is the same file
    per_second: float | None = None
    options = frozenset({"folder", "window"})

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        if setup.options.get("window", "left") not in WINDOWS:
            raise SetupError(f"channels.{self.name}.window is left or right, not {setup.options['window']!r}")
        self._folder = setup.beside / str(setup.options.get("folder", "letters"))
        self._print = setup.print_letters

    async def send(self, exchange: Exchange) -> Receipt:
        """Write the file."""
        if not exchange.address:
            return Receipt("rejected", reason="no_address")
        if self._print is None or "sheet" not in exchange.content:
            return Receipt("rejected", reason="this message was not written as a letter")
        name = file_name(exchange)
        try:
            await asyncio.to_thread(self._write, name, exchange)
        except OSError as error:
            return Receipt("failed", reason=f"{self._folder}: {error.strerror or error}")
        return Receipt("printing", name)

    def _write(self, name: str, exchange: Exchange) -> None:
        assert self._print is not None
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A reader never finds half a letter, and none but the owner reads it.
        begun = self._folder / f".{name}.part"
        begun.touch(mode=0o600)
        begun.write_bytes(self._print((exchange,)))
        begun.replace(self._folder / name)

    async def close(self) -> None:
        """Nothing is held."""


def file_name(letter: Exchange) -> str:
    """Sorted by day, found by reference."""
    reference = re.sub(r"[^\w-]", "-", str(letter.content["sheet"]["reference"]))[:40]
    return str(Path(f"{letter.at:%Y-%m-%d}-{reference}-{letter.id[-8:]}.pdf"))
