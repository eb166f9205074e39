"""Files are kept by what they are, not by what they are called."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attachments import MOST_BYTES, file_name, kind_of, refused
from bot.storage.files import FolderFiles

PDF, PNG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\nx"


@pytest.mark.parametrize(("body", "kind"), [
    (PDF, "application/pdf"), (PNG, "image/png"), (b"\xff\xd8\xffx", "image/jpeg"), (b"RIFF0000WEBPx", "image/webp"),
    (b"0000ftypheicx", "image/heic"), (b"<html>", None), (b"MZ\x90", None), (b"PK\x03\x04", None), (b"", None),
])  # fmt: skip
def test_the_content_tells_the_type(body: bytes, kind: str | None) -> None:
    assert kind_of(body) == kind


def test_what_is_too_large_empty_or_something_else_is_refused() -> None:
    assert refused(PDF) is None
    assert (refused(PDF + b"x" * MOST_BYTES), refused(b""), refused(b"<svg/>")) == ("size", "empty", "type")


@given(st.text(max_size=200))
def test_no_name_leads_out_of_its_folder_or_lies_about_the_type(name: str) -> None:
    shown = file_name(name, "image/png")
    assert shown.endswith(".png") and "/" not in shown and "\\" not in shown and "\n" not in shown
    assert not shown.startswith(".")


def test_the_same_file_is_kept_once_and_a_changed_one_is_not_shown(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "a")
    digest = files.keep(PDF)
    assert files.keep(PDF) == digest and files.read(digest) == PDF
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "a").iterdir()] == [0]
    (tmp_path / "a" / digest).write_bytes(b"%PDF-other")
    assert files.read(digest) is None and files.read("../b") is None and files.read("0" * 64) is None
