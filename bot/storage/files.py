"""Files that customers sent, kept beside the book under the hash of their content."""

import hashlib
import os
import re
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")


class FolderFiles:
    """One file a content: what was sent twice is kept once, and the hash on record proves it unchanged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, body: bytes) -> str:
        """Store it durably; returns its SHA-256."""
        digest = hashlib.sha256(body).hexdigest()
        path = self._folder / digest
        if not path.is_file():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            begun = self._folder / f".{digest}.part"
            begun.touch(mode=0o600)
            with begun.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            begun.replace(path)
        return digest

    def read(self, digest: str) -> bytes | None:
        """The content; None where it is not there or no longer what its hash says."""
        path = self._folder / digest
        if not _NAME.fullmatch(digest) or not path.is_file():
            return None
        body = path.read_bytes()
        return body if hashlib.sha256(body).hexdigest() == digest else None
