"""Agents' sign-in: a signed cookie, argon2 passwords, limited attempts."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from aiohttp import web
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.ports import Agent
from bot.web.demo_book import open_to_all
from bot.web.site import site

DEMO_AGENTS = ("agent@demo.example", "admin@demo.example")
COOKIE = "relance_agent"
LASTS = 12 * 3600
ATTEMPTS, WITHIN = 5, 300.0
_hasher = PasswordHasher()
# Verified in place of a password when the address is unknown, so that both answers take as long.
_NOBODY = _hasher.hash("nobody's password")


@dataclass
class Attempts:
    """Failed sign-ins by address, in seconds of the loop's clock."""

    failed: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def blocked(self, key: str, now: float) -> bool:
        """Whether there were too many lately."""
        times = self.failed[key]
        while times and now - times[0] > WITHIN:
            times.popleft()
        return len(times) >= ATTEMPTS


ATTEMPTS_KEY: web.AppKey[Attempts] = web.AppKey("attempts", Attempts)


def hash_password(password: str) -> str:
    """An argon2id hash to keep."""
    return _hasher.hash(password)


async def check(request: web.Request, email: str, password: str) -> Agent | None:
    """The agent with this address and password; None when either is wrong or there were too many attempts."""
    attempts, now = request.app[ATTEMPTS_KEY], asyncio.get_running_loop().time()
    key = email.strip().lower()
    if attempts.blocked(key, now):
        return None
    agent = await site(request).store.agent(key)

    def verify() -> bool:
        try:
            return _hasher.verify(agent.password_hash if agent else _NOBODY, password) and agent is not None
        except VerificationError:
            return False

    # argon2 takes a fifth of a second on purpose: in a thread, or every conversation would wait.
    if await asyncio.to_thread(verify):
        attempts.failed.pop(key, None)
        return agent
    attempts.failed[key].append(now)
    return None


def sign_in(request: web.Request, response: web.StreamResponse, agent: Agent) -> None:
    """Give the browser its cookie."""
    response.set_cookie(
        COOKIE, str(_serializer(request).dumps(agent.email)), max_age=LASTS, httponly=True, samesite="Lax",
        secure=request.secure or site(request).https,
    )  # fmt: skip


def sign_out(response: web.StreamResponse) -> None:
    """Take the cookie back."""
    response.del_cookie(COOKIE)


async def signed_in(request: web.Request) -> Agent:
    """The agent of this request; sends everybody else to the sign-in page."""
    try:
        email = _serializer(request).loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
    except BadSignature:
        raise web.HTTPSeeOther("/console/sign-in") from None
    agent = await site(request).store.agent(str(email))
    # A cookie of the demo's open sign-ins must not outlive the demo, nor show real customers.
    if agent is None or (agent.email in DEMO_AGENTS and not await open_to_all(site(request))):
        raise web.HTTPSeeOther("/console/sign-in")
    return agent


def _serializer(request: web.Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site(request).secret, salt="relance.agent")
