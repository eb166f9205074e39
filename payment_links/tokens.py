"""Signed links: what stands in a message cannot be guessed, altered or used for something else."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date

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
        self._invite = hashlib.sha256(f"relance.invite:{secret}".encode()).digest()
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

    def invitation(self, customer_id: str, today: date) -> str:
        """A word for a messenger's deep link that ties a chat to a customer: at most 64 of A-Z a-z 0-9 _ -."""
        told = f"{customer_id}-{today.toordinal()}"
        return f"{told}-{self._seal(told)}"

    def invited(self, token: str, today: date, max_days: int = 60) -> str:
        """The customer behind an invitation."""
        told, _, seal = token.rpartition("-")
        customer_id, _, day = told.rpartition("-")
        if not hmac.compare_digest(seal.encode(), self._seal(told).encode()):
            raise BadToken
        if today.toordinal() - int(day) > max_days:
            raise ExpiredToken
        return customer_id

    def callback_key(self, channel: str) -> str:
        """The word in a callback address that only we and the provider of this channel know."""
        return self._seal(f"callback:{channel}")

    def unsubscription(self, customer_id: str, channel: str) -> str:
        """The word in a message that stops its channel by one click; it never grows old."""
        told = f"{customer_id}-{channel}"
        return f"{told}-{self._seal(f'unsubscribe:{told}')}"

    def unsubscribed(self, token: str) -> tuple[str, str]:
        """The customer and the channel behind an unsubscription."""
        told, _, seal = token.rpartition("-")
        if not hmac.compare_digest(seal.encode(), self._seal(f"unsubscribe:{told}").encode()):
            raise BadToken
        customer_id, _, channel = told.partition("-")
        return customer_id, channel

    def _seal(self, told: str) -> str:
        # Hexadecimal, for the seal must not hold the sign that divides the parts.
        return hmac.new(self._invite, told.encode(), hashlib.sha256).hexdigest()[:24]
