"""Records how a real Rasa 3.6.21 server plays the contract bots: `make rasa-traces`. Runs in Rasa's own environment.

Needs the ports 5605 and 5655. For every bot: train, serve, send each conversation to the REST channel, and keep from the
tracker what was predicted, rejected, said and remembered, turn by turn, one JSON line a conversation.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
RASA, ACTIONS = 5605, 5655
ENV = {
    "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore", "SANIC_WORKERS": "1", "PYTHONHASHSEED": "0",
}  # fmt: skip
SCRIPT = ("session_config", "intents", "entities", "slots", "responses", "actions", "forms", "rules", "stories")
WALKS, WALK_LENGTH, MIDDLES = 32, (4, 9), 24


def main() -> None:
    """Record the named bots, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bots", nargs="*")
    chosen = parser.parse_args().bots or [*sorted(p.parent.name for p in HERE.glob("bots/*/bot.yml")), "own"]
    (HERE / "traces").mkdir(exist_ok=True)
    for name in chosen:
        count = record(name)
        sys.stdout.write(f"{name}: {count} conversations\n")
        sys.stdout.flush()


def record(name: str) -> int:
    """Train and serve one bot and write its traces; returns how many."""
    folder = HERE / "bots" / name
    says = yaml.safe_load((HERE / "bots" / "own.yml" if name == "own" else folder / "says.yml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        project = prepare(name, work)
        run = [sys.executable, "-m", "rasa"]
        environ = {**os.environ, **ENV, "PYTHONPATH": str(work)}
        if name == "own":
            environ["TRACE_DOMAIN"] = str(ROOT / "dialogues" / "domain.yml")
            kept = yaml.safe_dump(own_script(ROOT), sort_keys=False, allow_unicode=True, width=120)
        trained = subprocess.run([*run, "train", *project, "--fixed-model-name", "bot"], cwd=work, env=environ,
                                 capture_output=True, text=True)  # fmt: skip
        if trained.returncode:
            raise SystemExit(f"{name} cannot be trained:\n{(trained.stderr + trained.stdout)[-4000:]}")
        with serving([sys.executable, "-m", "rasa_sdk", "--actions", "bot_actions", "--port", str(ACTIONS), "--quiet"],
                     work, environ, f"http://127.0.0.1:{ACTIONS}/health"), \
             serving([*run, "run", "--enable-api", "--model", "models/bot.tar.gz", "--endpoints", "endpoints.yml",
                      "--credentials", "credentials.yml", "--port", str(RASA), "-i", "127.0.0.1"], work, environ,
                     f"http://127.0.0.1:{RASA}/status"):  # fmt: skip
            lines = [
                play(name, number, kind, said, work / "events")
                for number, (kind, said) in enumerate(conversations(name, says))
            ]
    (HERE / "traces" / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
    if name == "own":
        (HERE / "traces" / "own.script.yml").write_text(kept, "utf-8")
    return len(lines)


def own_script(root: Path) -> dict[str, Any]:
    """Our dialogues in one document, each response worded by its name, and the policies that play them."""
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((root / "dialogues").glob("*.yml"))]
    made: dict[str, Any] = {"version": "3.1"}
    for document in documents:
        made.update({key: value for key, value in document.items() if key in SCRIPT})
    names = set(made.pop("responses", ()))
    for path in sorted((root / "dialogues" / "responses").glob("*.yml")):
        names |= set(yaml.safe_load(path.read_text("utf-8")).get("responses") or ())
    made["responses"] = {response: [{"text": response}] for response in sorted(names)}
    made["policies"] = yaml.safe_load((root / "config.yml").read_text("utf-8"))["policies"]
    return made


def prepare(name: str, work: Path) -> list[str]:
    """Lay out a Rasa project in the folder; returns the arguments of `rasa train`."""
    for module in ("reader.py", "bot_actions.py"):
        shutil.copy(HERE / module, work)
    (work / "bots").mkdir()
    shutil.copy(HERE / "bots" / "own.yml", work / "bots")
    endpoints = (
        f"action_endpoint: {{url: 'http://127.0.0.1:{ACTIONS}/webhook'}}\nevent_broker: {{type: file, path: events}}\n"
    )
    (work / "endpoints.yml").write_text(endpoints, "utf-8")
    # Without any example Rasa trains no pipeline, and nothing would read the JSON messages.
    (work / "nlu.yml").write_text("nlu:\n- intent: restart\n  examples: |\n    - restart\n    - anew\n", "utf-8")
    (work / "credentials.yml").write_text("rest:\n", "utf-8")
    if name == "own":
        config = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
        config = {key: config[key] for key in ("recipe", "language", "assistant_id", "policies")}
        config["pipeline"] = [{"name": "reader.JsonReader"}]
        (work / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
        shutil.copytree(ROOT / "dialogues", work / "dialogues", ignore=shutil.ignore_patterns("nlu"))
        return ["--data", "dialogues", "nlu.yml", "--domain", "dialogues", "--config", "config.yml"]
    bot = yaml.safe_load((HERE / "bots" / name / "bot.yml").read_text("utf-8"))
    paths = {key: {"version": "3.1", key: bot.pop(key)} for key in ("rules", "stories") if key in bot}
    for key, document in {**paths, "domain": bot}.items():
        (work / f"{key}.yml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    shutil.copy(HERE / "bots" / name / "config.yml", work)
    return ["--data", *(f"{key}.yml" for key in paths), "nlu.yml", "--domain", "domain.yml", "--config", "config.yml"]


def conversations(name: str, says: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """Written conversations, the same with another message in the middle, and random walks; always the same ones."""
    rng = random.Random(f"rasa traces of {name}")
    written = [("written", list(c)) for c in says["conversations"]]
    plain = [c for c in says["conversations"] if all(isinstance(m, str) for m in c)]
    middles = []
    for _ in range(says.get("middles", MIDDLES)):
        base = list(rng.choice(plain))
        base.insert(rng.randint(1, len(base)), rng.choice(says["messages"]))
        middles.append(("middle", base))
    count = says.get("walks", WALKS)
    walks = [("walk", rng.choices(says["messages"], k=rng.randint(*WALK_LENGTH))) for _ in range(count)]
    return written + middles + walks


def play(name: str, number: int, kind: str, says: list[Any], stream: Path) -> str:
    """Send one conversation and return its trace."""
    sender = f"{name}-{number}-{time.time_ns()}"
    waits: dict[int, float] = {}
    heard = 0
    for said in says:
        if isinstance(said, dict):
            time.sleep(said["wait"])
            waits[heard] = said["wait"]
            heard += "expect" in said
            continue
        call("/webhooks/rest/webhook", {"sender": sender, "message": said})
        heard += 1
    tracker = call(f"/conversations/{sender}/tracker?include_events=ALL", None)
    # The tracker tells of the last session only; the stream of events tells all.
    events = [
        event for line in stream.read_text("utf-8").splitlines() if (event := json.loads(line))["sender_id"] == sender
    ]
    turns = turns_of(events, waits)
    if tracker["slots"] != last_slots(turns, tracker):
        turns[-1]["end"] = {k: v for k, v in tracker["slots"].items() if v is not None}
    return json.dumps({"bot": name, "kind": kind, "turns": turns}, ensure_ascii=False, separators=(",", ":"))


def turns_of(events: list[dict[str, Any]], waits: dict[int, float]) -> list[dict[str, Any]]:
    """What happened, by customer message: actions (a `!` before rejected ones), slots set, what was said."""
    turns: list[dict[str, Any]] = []
    early: list[dict[str, Any]] = []
    begun = 0
    for event in events:
        kind = event["event"]
        if kind == "user":
            turn: dict[str, Any] = {"in": event["text"], "do": [], "set": {}, "say": []}
            if event.get("metadata", {}).get("is_external"):
                turn["external"] = event["parse_data"]["intent"]["name"]
            if len(turns) in waits:
                turn["wait"] = waits[len(turns)]
            turns.append(turn)
            note(turn, early)
            early, begun = [], len(turn["do"])
        elif (
            kind == "action" and event["name"] == "action_session_start" and (not turns or ended(turns[-1], begun))
        ) or early:
            early.append(event)
        else:
            note(turns[-1], [event])
    for turn in turns:
        for key in ("set", "say"):
            if not turn[key]:
                del turn[key]
    return turns


def ended(turn: dict[str, Any], begun: int) -> bool:
    """Whether the bot has acted on the message and is listening again."""
    return len(turn["do"]) > begun and turn["do"][-1] == "action_listen"


def note(turn: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Add events to a turn."""
    for event in events:
        kind = event["event"]
        if kind == "action":
            turn["do"].append(event["name"])
        elif kind == "action_execution_rejected":
            turn["do"].append("!" + event["name"])
        elif kind == "slot":
            turn["set"][event["name"]] = event["value"]
        elif kind == "bot":
            turn["say"].append(event["metadata"].get("utter_action") or event["text"])


def last_slots(turns: list[dict[str, Any]], tracker: dict[str, Any]) -> dict[str, Any]:
    """The slots as they would be if nothing had been taken back; what differs is written down apart."""
    slots = dict.fromkeys(tracker["slots"])
    for turn in turns:
        slots.update(turn.get("set", {}))
    return slots


@contextlib.contextmanager
def serving(command: list[str], work: Path, environ: dict[str, str], ready: str) -> Any:
    """A server for as long as the block lasts."""
    with (work / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=work, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            for _ in range(240):
                with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                    urllib.request.urlopen(ready, timeout=5).read()
                    break
                if process.poll() is not None:
                    raise SystemExit((work / "log.txt").read_text("utf-8")[-3000:])
                time.sleep(0.5)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def call(path: str, body: Any) -> Any:
    """Ask the server."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{RASA}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


if __name__ == "__main__":
    main()
