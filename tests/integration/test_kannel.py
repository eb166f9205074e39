"""The Kannel channel against a real gateway with its own fake message centre."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from bot.channels import Setup
from bot.channels.kannel import Kannel
from bot.ports import Arrival, Callback, DeliveryReport, Inbound
from tests.stand_ins import served
from tests.unit.dossiers import message

PHONE = Path("/usr/lib/kannel/test/fakesmsc")
pytestmark = pytest.mark.skipif(
    not (shutil.which("bearerbox") and PHONE.exists()), reason="needs Kannel: apt install kannel kannel-extras"
)
CONFIG = """group = core
admin-port = {admin}
admin-password = bar
smsbox-port = {box}
log-file = "{folder}/bearerbox.log"
box-allow-ip = "127.0.0.1"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = FAKE
port = {fake}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
global-sender = 13013
log-file = "{folder}/smsbox.log"

group = sendsms-user
username = tester
password = foobar
concatenation = true
max-messages = 5

group = sms-service
keyword = default
catch-all = true
get-url = "{inbound}"
max-messages = 0
"""


@dataclass
class Line:
    """Our channel, what the gateway brought to it, and the centre's port."""

    channel: Kannel
    heard: asyncio.Queue[Arrival]
    centre: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(port: int, *command: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest_asyncio.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    heard: asyncio.Queue[Arrival] = asyncio.Queue()
    made: list[Kannel] = []

    async def hook(request: web.Request) -> web.Response:
        callback = Callback(request.method, str(request.url), request.headers, request.query, await request.read())
        for arrival in made[0].read(callback):
            heard.put_nowait(arrival)
        return web.Response(text="")

    ours = web.Application()
    ours.router.add_get("/hooks/sms", hook)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(ours))
        admin, box, send, fake = (free_port() for _ in range(4))
        setup = Setup("sms", {"url": f"http://127.0.0.1:{send}/cgi-bin/sendsms"},
                      {"user": "tester", "password": "foobar"}.__getitem__, f"{url}/hooks/sms", "key")  # fmt: skip
        made.append(Kannel(setup))
        stack.push_async_callback(made[0].close)
        config = tmp_path / "kannel.conf"
        config.write_text(CONFIG.format(admin=admin, box=box, send=send, fake=fake, folder=tmp_path,
                                        inbound=made[0].callback_address))  # fmt: skip
        stack.enter_context(running(fake, "bearerbox", str(config)))
        stack.enter_context(running(send, "smsbox", str(config)))
        yield Line(made[0], heard, fake)


def phone(centre: int, *words: str) -> "subprocess.Popen[bytes]":
    command = [str(PHONE), "-H", "127.0.0.1", "-r", str(centre), "-i", "0.2", "-m", "1" if words else "0", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def test_a_customers_text_comes_in_and_an_answer_goes_out_and_is_reported(line: Line) -> None:
    handset = phone(line.centre, "33612345678 13013 text Je paie vendredi, promis !")
    try:
        came = await asyncio.wait_for(line.heard.get(), 20)
        assert isinstance(came, Inbound) and came.address == "+33612345678"
        assert came.text == "Je paie vendredi, promis !" and came.provider_message_id
        answer = message(datetime(2026, 11, 24, 11, tzinfo=UTC), address="+33612345678", id="01answer")
        receipt = await line.channel.send(answer)
        assert receipt.state == "sent"
        report = await asyncio.wait_for(line.heard.get(), 20)
        assert report == DeliveryReport("sms", "01answer", "delivered", report.reason)
    finally:
        handset.terminate()
        handset.wait(10)
