"""What customers may send along: photos and documents, by what they are and not by what they are called."""

from bot.domain.redaction import redact

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
# The first bytes of what is kept (each format's own specification), and its name.
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
)  # fmt: skip
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp",
            "image/heic": "heic"}  # fmt: skip


def kind_of(body: bytes) -> str | None:
    """The media type by the content itself; None where it is neither a photo nor a PDF."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:8] == b"ftyp" and body[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "image/heic"
    return next((kind for sign, kind in _SIGNS if body.startswith(sign)), None)


def refused(body: bytes) -> str | None:
    """Why this cannot be kept: size, empty or type; None when it can."""
    if len(body) > MOST_BYTES:
        return "size"
    if not body:
        return "empty"
    return None if kind_of(body) else "type"


def plain_name(name: str) -> str:
    """What a sender called a file, without a path, card numbers or anything unprintable in it."""
    last = name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    printable = "".join(char for char in last if char.isprintable())
    return redact(printable).text.strip()[:120] or "file"


def file_name(name: str, kind: str) -> str:
    """A harmless name to show and keep it by, with the ending of what it really is."""
    stem = "".join(char for char in name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1] if char.isalnum() or char in " -_.")
    return f"{stem.rsplit('.', 1)[0].strip(' .')[:80] or 'file'}.{_ENDINGS[kind]}"
