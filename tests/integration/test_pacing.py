"""Channels take messages at their pace, and so do processes that share a Redis; who has just written does not wait."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis
from redis.exceptions import RedisError

from bot.app import build, rates_of
from bot.delivery import Delivery
from bot.domain.messages import OUT, Exchange
from bot.domain.sms import segments
from bot.importing import check
from bot.pacing import OwnPace, Rate, SharedPace
from bot.ports import Receipt, SetClock
from bot.settings import SettingsError, load
from bot.understanding.reader import Reader

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
SERVER = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(SERVER is None, reason="needs a Redis server: apt install redis-server")


class Now:
    """A clock of seconds."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 4)), max_size=60), st.integers(1, 5))
def test_no_more_than_the_rate_is_let_through(asked: list[tuple[float, int]], count: int) -> None:
    now, taken = Now(), list[tuple[float, int]]()
    pace, rate = OwnPace(now), Rate(count)

    async def ask() -> None:
        for later, cost in asked:
            now.at += later
            wait = await pace.wait("sms", rate, cost)
            if not wait:
                taken.append((now.at, cost))
            else:
                now.at += wait
                assert not await pace.wait("sms", rate, cost), "who has waited as long as told goes on"
                taken.append((now.at, cost))

    run(ask())
    for n, (start, _) in enumerate(taken):
        for end, (until, last) in enumerate(taken[n:], n):
            spent = sum(cost for _, cost in taken[n:end])
            # What goes at the end is not part of it: a long message may begin when the others are through.
            assert spent <= count * (until - start + 1) + max(last, taken[n][1]) + 1e-6


def run(work: Coroutine[Any, Any, None]) -> None:

    asyncio.run(work)


class Carrier:
    """Takes messages and keeps when."""

    name, idempotent = "sms", False

    def __init__(self, clock: SetClock) -> None:
        self.clock, self.taken = clock, list[tuple[datetime, Exchange]]()

    async def send(self, exchange: Exchange) -> Receipt:
        """Take it."""
        self.taken.append((self.clock.now(), exchange))
        return Receipt("sent", exchange.id)

    async def close(self) -> None:
        """Nothing is held."""


async def test_reminders_line_up_at_the_channel_and_an_answer_goes_at_once(tmp_path: Path) -> None:
    clock = SetClock(NOON)
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3", "RELANCE_SECRET": "s"})
    app = await build(settings, clock, reader=Reader(None))  # type: ignore[arg-type]
    rows = [
        check(n, {
            "customer": {"ref": f"C-{n}", "name": "Claire", "language": "fr", "jurisdiction": "FR",
                         "time_zone": "Europe/Paris", "identity": {"postal_code": "69003"},
                         "contacts": [{"channel": "sms", "address": f"+3361234560{n}", "consent": True}]},
            "invoice": {"number": f"F-{n}", "currency": "EUR", "amount_minor": 10000, "issued_on": "2026-09-01",
                        "due_on": "2026-10-01"},
        })
        for n in range(6)
    ]  # fmt: skip
    await app.store.import_rows(rows, False)
    await app.campaigns.run()
    carrier = Carrier(clock)
    pace = OwnPace(lambda: clock.now().timestamp())
    delivery = Delivery(app.store, {"sms": carrier}, clock, app.campaigns.governor, app.delivery.content, pace,
                        {"sms": Rate(1)})  # fmt: skip
    await delivery.drain()
    assert len(carrier.taken) == 1 and delivery.lined_up()
    waiting = next(row for row in await app.store.outbox(clock.now() + timedelta(minutes=5)))
    answer = replace(waiting, id="answer", purpose="reply", in_reply_to="x", not_before=None)
    dossier = await app.store.dossier(waiting.conversation_id)
    assert dossier is not None
    await app.store.commit(app.turns.case_for(dossier, "sms").changes(dossier.conversation.version, (answer,)))
    await delivery.deliver(answer)
    assert carrier.taken[-1][1].id == "answer"
    for _ in range(200):
        clock.at += timedelta(seconds=0.5)
        await delivery.drain()
    reminders = [(at, row) for at, row in carrier.taken if row.direction == OUT and row.id != "answer"]
    assert len({row.conversation_id for _, row in reminders}) == 6
    for (at, row), (following, _) in pairwise(reminders):
        assert (following - at).total_seconds() >= segments(row.text)
    assert not delivery.lined_up()
    await app.close()


def test_a_wrong_pace_is_named(tmp_path: Path) -> None:
    settings = load(environ={"RELANCE_DATABASE": f"sqlite:///{tmp_path}/b.sqlite3"})
    for given_, told in ((0, "above 0"), ("fast", "above 0"), (True, "above 0")):
        wrong = replace(
            settings, raw={**settings.raw, "channels": {"sms": {"adapter": "kannel", "per_second": given_}}}
        )
        with pytest.raises(SettingsError, match=rf"channels\.sms\.per_second.*{told}"):
            rates_of(wrong)
    slow = replace(settings, raw={**settings.raw, "channels": {"sms": {"adapter": "kannel", "per_second": 0.5}}})
    assert rates_of(slow) == {"sms": Rate(1, 2.0)}


@contextmanager
def redis_server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    assert SERVER is not None
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen(
        [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        client = Redis(port=port)
        for _ in range(100):
            try:
                client.ping()
                break
            except (OSError, RedisError):
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0", server
    finally:
        server.kill()
        server.wait()


@needs_redis
async def test_processes_share_the_pace_and_go_on_alone_when_redis_dies(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with redis_server(tmp_path) as (url, server):
        one, other = SharedPace(url, OwnPace()), SharedPace(url, OwnPace())
        slow = Rate(2, 3600)
        assert [await pace.wait("sms", slow) > 0 for pace in (one, other, one, other)] == [False, False, True, True]
        assert 0 < await one.wait("sms", slow) <= 1800
        assert await one.wait("email", slow) == 0
        server.kill()
        server.wait()
        assert await one.wait("sms", slow) == 0, "alone, this process has sent nothing yet"
        assert "keeps the pace by itself" in caplog.text
        await one.close()
        await other.close()
