"""A small webhook chaos; the full size is `make chaos`."""

import asyncio
from pathlib import Path

import pytest

from tests.chaos import chaos


@pytest.mark.slow
def test_doubled_and_shuffled_notices_and_a_killed_worker_leave_every_ledger_exact(tmp_path: Path) -> None:
    report = asyncio.run(chaos(tmp_path, 400, 3, 7))
    assert report["faults"] == [] and report["killed"] == 3
