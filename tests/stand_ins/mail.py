"""An SMTP server that keeps what it takes and refuses as real ones do."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """Takes mails; refuses as real servers do."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 The email account that you tried to reach does not exist"
        if address.startswith("full"):
            return "452 4.2.2 The email account that you tried to reach is over quota"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if b"SPAM" in envelope.content:
            return "554 5.7.1 Message rejected due to content"
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Sink, int]]:
    """A sink and its port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = Sink()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield kept, port
    finally:
        server.stop()
