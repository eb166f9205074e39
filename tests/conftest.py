import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained understanding, made once for all workers and kept until the code that learns changes."""
    code = hashlib.sha256(b"".join(file.read_bytes() for file in sorted((ROOT / "bot/understanding").glob("*.py"))))
    folder = ROOT / ".pytest_cache" / f"understanding-{code.hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "RELANCE_DATABASE": f"sqlite:///{folder}/book.sqlite3"}
    with (folder / "lock").open("w") as lock:
        # Several workers ask at once: the first one learns, the others wait and find it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-m", "bot.cli", "train"], env=env, cwd=ROOT, check=True, timeout=1800)
    return folder / "cache"
