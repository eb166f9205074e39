"""Plain letters, so that words are found however they are written."""

import unicodedata


def plain(text: str) -> str:
    """Lower case, without accents, with straight apostrophes and single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())
