"""The dates of a plan as a calendar file (RFC 5545)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line, RFC 5545 3.1


def calendar(plan_id: str, events: Sequence[tuple[int, date, str, str]], name: str, version: int, now: datetime) -> str:
    """One all-day event for each payment: its number, day, title and description; a day before, a reminder.

    `version` grows with each change of the plan, so that a calendar takes the new dates for the old ones.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Relance//Plan//EN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_text(name)}"]  # fmt: skip
    for number, day, title, description in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{plan_id}-{number}@relance", f"DTSTAMP:{stamp}", f"SEQUENCE:{version}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(title)}", f"DESCRIPTION:{_text(description)}", "TRANSP:TRANSPARENT", "BEGIN:VALARM",
            "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-P1D", "END:VALARM", "END:VEVENT",
        ]  # fmt: skip
    return "".join(_folded([*lines, "END:VCALENDAR"]))


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> Iterable[str]:
    """Long lines broken between characters; the next begins with a space that counts."""
    for line in lines:
        part, size = "", 0
        for character in line:
            width = len(character.encode())
            if size + width > LONGEST:
                yield f"{part}\r\n"
                part, size = " ", 1
            part, size = part + character, size + width
        yield f"{part}\r\n"
