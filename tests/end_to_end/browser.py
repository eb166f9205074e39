"""Find a Chromium for the browser tests, or install it where the system's package manager can."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of an installed browser."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    if chromium():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        sys.stdout.write("Installing Chromium for the browser tests (about a minute) ...\n")
        sys.stdout.flush()
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
    if not chromium():
        sys.stdout.write("No Chromium could be had here: the browser tests will be skipped, and say so.\n")


if __name__ == "__main__":
    main()
