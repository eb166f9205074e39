"""The words that somebody wrote in a mail, without what they quoted and signed."""

import re

# "On Tue, 24 Nov 2026, Fibrelane wrote:" in the languages of the house; long ones break over two lines.
_INTRODUCES = re.compile(
    r"^\s*(on|le|am|el|il|op)\b.{5,160}?"
    r"\b(wrote|a [ée]crit|schrieb[^:\n]*|escribi[óo]|ha scritto|schreef)\b[^\n]{0,120}?:\s*$",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_FORWARDS = re.compile(
    r"^\s*(-{2,}\s*(original message|message d.origine|message transf[ée]r[ée]|urspr[üu]ngliche nachricht|"
    r"mensaje original|forwarded message)|_{20,}\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
# Outlook puts the head of the quoted mail before it: at least two such lines in a row.
_HEADED = re.compile(
    r"^\s*\**(from|de|von|envoy[ée]|sent|gesendet|enviado( el)?|date|datum|fecha)\s?:.*\n"
    r"\s*\**(from|de|von|envoy[ée]|sent|gesendet|enviado( el)?|date|datum|fecha|to|[àa]|an|para|"
    r"subject|objet|betreff|asunto)\s?:",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"^\s*>", re.MULTILINE)
_SIGNED = re.compile(
    r"^\s*(--\s*$|sent from my |envoy[ée] (de|depuis) (mon|ma) |von meinem .{2,30} gesendet|gesendet von |"
    r"enviado desde mi |get outlook for |t[ée]l[ée]charger outlook)",
    re.IGNORECASE | re.MULTILINE,
)


def latest(text: str) -> str:
    """What is new in a mail. Words below the quote are lost only where a quote stands; an empty text stays empty."""
    text = text.replace("\r\n", "\n").replace("\u200b", "")
    ends = [found.start() for pattern in (_INTRODUCES, _FORWARDS, _HEADED, _QUOTED, _SIGNED)
            if (found := pattern.search(text))]  # fmt: skip
    own = text[: min(ends, default=len(text))].strip()
    if own:
        return own
    # Who answers below the quote: what stands outside it.
    below = "\n".join(line for line in text.split("\n") if not _QUOTED.match(line))
    below = _INTRODUCES.sub("", below)
    found = _SIGNED.search(below)
    return (below[: found.start()] if found else below).strip()
