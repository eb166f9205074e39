"""A project folder that `rasa train` accepts as it is: our scripts, and the addresses of our endpoints."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings

RASA_KEYS = ("recipe", "language", "assistant_id", "pipeline", "policies")
READER = "relance_reader.RelanceReader"
_README = """Train and serve (in an environment of Python 3.10 with rasa==3.6.21):

    rasa train --data data --domain domain --config config.yml --fixed-model-name relance
    rasa run --enable-api --model models/relance.tar.gz --endpoints endpoints.yml \\
        --credentials credentials.yml -i 127.0.0.1

Then set `engine: rasa` in Relance's config.yml. `relance train --engine rasa` wrote this folder and overwrites it.
"""


def write_project(settings: Settings, folder: Path) -> Path:
    """Write the project, over an older one; returns the folder."""
    scripts = settings.dialogues
    for part in ("domain", "data"):
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir(parents=True)
    for path in sorted(scripts.rglob("*.yml")):
        kind = path.relative_to(scripts).parts[0]
        if kind in ("strategies", "policies", "helplines.yml", "tone.yml"):
            continue
        part = "domain" if kind in ("domain.yml", "domain", "responses") else "data"
        target = folder / part / "_".join(path.relative_to(scripts).parts)
        shutil.copyfile(path, target)
    config = {key: settings.raw[key] for key in RASA_KEYS if key in settings.raw}
    config["pipeline"] = [*(config.get("pipeline") or ()), {"name": READER}]
    _dump(folder / "config.yml", config)
    here = endpoints(settings.raw)["listen"]
    _dump(folder / "endpoints.yml", {
        "action_endpoint": {"url": f"http://{here}/webhook"}, "nlg": {"url": f"http://{here}/nlg"},
    })  # fmt: skip
    (folder / "credentials.yml").write_text("rest:\n", "utf-8")
    shutil.copyfile(Path(__file__).with_name("component.py.txt"), folder / "relance_reader.py")
    (folder / "README.md").write_text(_README, "utf-8")
    return folder


def endpoints(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `rasa` section with its defaults: the server, where our endpoints listen, how long a turn may take."""
    usual = {
        "url": "http://127.0.0.1:5005",
        "listen": "127.0.0.1:5055",
        "timeout_seconds": 8,
        "understanding": "embedded",
    }
    return {**usual, **(raw.get("rasa") or {})}


def _dump(path: Path, document: Any) -> None:
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
