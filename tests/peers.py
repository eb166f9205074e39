"""Find the real programs that tests talk to, or install them where the system's package manager can."""

import os
import shutil
import subprocess
import sys

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What a test needs, by the names that the program may have, and the Debian packages that bring it.
PEERS = {
    ("a browser", "chromium"): CHROMIUM,
    ("the SMS gateway Kannel", "kannel kannel-extras"): ("bearerbox",),
    ("the IMAP server Dovecot", "dovecot-imapd"): ("dovecot",),
    ("Redis", "redis-server"): ("redis-server",),
}


def chromium() -> str | None:
    """The path of an installed browser."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def missing() -> dict[str, str]:
    """What is not there, with the packages that would bring it."""
    return {what: packages for (what, packages), names in PEERS.items() if not any(map(shutil.which, names))}


def main() -> None:
    wanted = missing()
    if wanted and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        sys.stdout.write(f"Installing {', '.join(wanted)} for the tests (about a minute) ...\n")
        sys.stdout.flush()
        packages = [package for packages in wanted.values() for package in packages.split()]
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
            subprocess.run(command, check=False, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           timeout=900)  # fmt: skip
    for what, packages in missing().items():
        sys.stdout.write(f"{what} could not be had here ({packages}): its tests will be skipped, and say so.\n")


if __name__ == "__main__":
    main()
