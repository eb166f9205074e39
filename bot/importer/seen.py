"""What stood earlier in a file, kept beside memory so that a file may be of any length."""

import sqlite3


class Seen:
    """Words of several kinds, each with whom it stood with first, in a scratch file that ends with its user."""

    def __init__(self) -> None:
        # An empty name is SQLite's own temporary file: it spills from memory when it grows, and is never found again.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-8192;"
            "create table seen (kind text, word text, owner text, primary key (kind, word)) without rowid; begin"
        )

    def first(self, kind: str, word: str, owner: str) -> str | None:
        """Who had this word first; None, and it is kept for this owner, when nobody had."""
        if self._db.execute("insert or ignore into seen values (?, ?, ?)", (kind, word, owner)).rowcount:
            return None
        found = self._db.execute("select owner from seen where kind = ? and word = ?", (kind, word)).fetchone()
        return str(found[0])

    def close(self) -> None:
        """Let the scratch file go."""
        self._db.close()
