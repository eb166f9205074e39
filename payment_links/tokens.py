"""Signed links: what stands in a message cannot be guessed, altered or used for something else."""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadSignature, SignatureExpired, Signer, URLSafeTimedSerializer


class BadToken(Exception):
    """The link was altered or is not one of ours."""


class ExpiredToken(BadToken):
    """The link was ours and is too old."""


@dataclass(frozen=True, slots=True)
class ChatTicket:
    """Who a chat page speaks for, and which visit it is: what one visit proved is not known to another."""

    customer_id: str
    visit: str


class Tokens:
    """Makes and checks the tokens of one installation; `secret` signs them all, each purpose with its own salt."""

    def __init__(self, secret: str) -> None:
        self._pay = Signer(secret, salt="relance.pay", digest_method=hashlib.sha256)
        self._chat = URLSafeTimedSerializer(secret, salt="relance.chat")

    def pay(self, link_id: str) -> str:
        """The token of a payment link; its life is the link's own."""
        return self._pay.sign(link_id).decode("ascii")

    def link_id(self, token: str) -> str:
        """The payment link behind a token."""
        try:
            return self._pay.unsign(token).decode("ascii")
        except (BadSignature, UnicodeError):
            raise BadToken from None

    def chat(self, customer_id: str, visit: str) -> str:
        """The token of one visit to a chat page."""
        return str(self._chat.dumps([customer_id, visit]))

    def ticket(self, token: str, max_age: int = 30 * 86400) -> ChatTicket:
        """Who a chat token speaks for; `max_age` in seconds."""
        try:
            customer_id, visit = self._chat.loads(token, max_age=max_age)
        except SignatureExpired:
            raise ExpiredToken from None
        except (BadSignature, ValueError, TypeError):
            raise BadToken from None
        return ChatTicket(str(customer_id), str(visit))
