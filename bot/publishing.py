"""Scripts are published when they go into use: one with a mistake is refused, and the one before stays in use.

What was published last is kept beside the book, so that an edit that went wrong outlives no restart.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.checking import check_all
from bot.conversation.script import Finding, ScriptErrors
from bot.settings import Settings

PARTS = ("dialogues", "locales")
FOLDER, MARK = "published", "digest"


def published(settings: Settings, say: Callable[[str], None]) -> Settings:
    """Settings whose scripts may be used: those at hand, or those published last; raises ScriptErrors without any."""
    last = settings.beside / FOLDER
    now = digest(settings.data)
    if _read(last / MARK) == now:
        return settings
    errors = refusals(settings)
    if not errors:
        _keep(settings.data, last, now)
        return settings
    if not _read(last / MARK):
        raise ScriptErrors(errors)
    for error in errors:
        say(f"{error.file}:{error.line}: {error.message}; {error.remedy}")
    say(f"{len(errors)} errors: these scripts are not published; those of before stay in use ({last})")
    return replace(settings, data=last)


def refusals(settings: Settings) -> list[Finding]:
    """The errors of dialogues and catalogues; what is wrong with the configuration is told where it is used."""
    ours = tuple(str((settings.data / part).resolve()) for part in PARTS)
    return [one for one in check_all(settings, None) if one.severity == "error" and one.file.startswith(ours)]


def digest(data: Path) -> str:
    """What names the content of scripts and catalogues; examples are learned while the server runs, and do not count."""
    found = hashlib.sha256()
    for part in PARTS:
        for file in sorted((data / part).rglob("*.[yp]*")):
            if file.suffix in (".yml", ".yaml", ".po") and "nlu" not in file.relative_to(data).parts:
                found.update(f"{file.relative_to(data)}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()


def _keep(data: Path, last: Path, mark: str) -> None:
    """Keep these scripts as the published ones, whole or not at all."""
    new = last.with_name(f"{last.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for part in PARTS:
        shutil.copytree(data / part, new / part)
    (new / MARK).write_text(mark, "utf-8")
    shutil.rmtree(last, ignore_errors=True)
    new.rename(last)


def _read(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""
