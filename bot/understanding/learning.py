"""Learning in a process of its own: the one that serves keeps its memory and its event loop for the customers."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.understanding.examples import ExamplesError
from bot.understanding.model import Model
from bot.understanding.reader import Reader
from bot.understanding.training import cached, load_or_train

LOOK_EVERY = 1.0
_FAULT = "! "


def model_of(paths: Sequence[Path], cache: Path, progress: Callable[[str], None]) -> Model:
    """The model of these example files, learned apart when it is not in the cache; raises ExamplesError."""
    if not paths:
        raise ExamplesError("dialogues/nlu: no example files; add fr.yml, en.yml, ...")
    model = cached(paths, cache)
    if model is None:
        learn_apart(paths, cache, progress)
        model = cached(paths, cache)
    if model is None:
        raise ExamplesError(
            f"{cache}: the model cannot be kept there; free some space or check the rights of the folder"
        )
    return model


def learn_apart(paths: Sequence[Path], cache: Path, progress: Callable[[str], None]) -> None:
    """Learn from example files in a process of its own, which leaves its model in the cache; raises ExamplesError."""
    command = [sys.executable, "-m", "bot.understanding.learning", str(cache), *map(str, paths)]
    env = {**os.environ, "PYTHONPATH": str(Path(bot.__file__).resolve().parents[1]), "PYTHONUTF8": "1"}
    fault = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, encoding="utf-8") as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(_FAULT):
                fault = line[len(_FAULT) :].strip()
            else:
                progress(line.rstrip())
    if child.returncode:
        raise ExamplesError(fault or f"learning ended with status {child.returncode}; try `relance train` to see why")


@dataclass
class Watch:
    """Notices edited example files and teaches the reader, without a pause for anybody."""

    folder: Path
    cache: Path
    reader: Reader
    say: Callable[[str], None]

    async def run(self) -> None:
        """Look at the files again and again until cancelled."""
        learned = self.look()
        before = learned
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = self.look()
            # Two looks alike: whoever is writing has finished.
            if now == before and now != learned:
                learned = now
                await self.renew()
            before = now

    def look(self) -> tuple[tuple[str, int, int], ...]:
        """What tells an edited file from the one that was learned."""
        found = []
        for file in self._files():
            try:
                state = file.stat()
                found.append((file.name, state.st_mtime_ns, state.st_size))
            except OSError:
                continue  # being replaced
        return tuple(found)

    async def renew(self) -> bool:
        """Learn what the files say now and read with it; a mistake in them is told, and nothing changes."""
        try:
            model = await asyncio.to_thread(model_of, self._files(), self.cache, self.say)
        except (ExamplesError, OSError) as error:
            self.say(f"{error}. What was learned before stays in use.")
            return False
        if model.stamp == self.reader.model.stamp:
            return False
        self.reader.learn(model)
        self.say(f"The examples in {self.folder} are learned and in use")
        return True

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.yml"))


def _main(cache: str, *paths: str) -> int:
    def say(message: str) -> None:
        print(message, flush=True)

    try:
        load_or_train([Path(path) for path in paths], Path(cache), say)
    except ExamplesError as error:
        say(f"{_FAULT}{error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
