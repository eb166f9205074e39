"""A statement file, whatever its form."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.statements.camt import read_camt
from bot.statements.entries import BankEntry, Unreadable
from bot.statements.table import read_table

LARGEST = 64 * 1024 * 1024


def read_statement(file: Path, mapping: Mapping[str, str], currency: str) -> Iterator[BankEntry | Unreadable]:
    """The movements of a file; raises ValueError, with what is wrong with it as a whole."""
    body = file.read_bytes()
    if len(body) > LARGEST:
        raise ValueError(f"{len(body)} bytes are too much for one statement; split it")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from read_camt(io.BytesIO(body))
        return
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Many banks still write Windows' western code page.
        text = body.decode("cp1252", errors="replace")
    yield from read_table(io.StringIO(text, newline=""), mapping, currency)
