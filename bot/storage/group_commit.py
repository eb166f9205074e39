"""One thread writes: all jobs that wait share one transaction and one fsync."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
MOST_AT_ONCE = 256
_Job = tuple[Callable[[Connection], Any], "asyncio.Future[Any]"]
_Done = tuple["asyncio.Future[Any]", Any, BaseException | None]


class NotSaved(Exception):
    """The transaction of a job failed as a whole (disk full, busy); nothing of it was kept."""


class GroupCommit:
    """Runs jobs in a thread of its own; who waits for a job is answered after COMMIT.

    A job that raises is undone alone and its error handed on; when the commit fails every job of it gets NotSaved.
    """

    def __init__(self, connection: Connection, driver: sqlite3.Connection) -> None:
        self._connection = connection
        self._run_sql = driver.execute
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._alone = False
        self._thread = threading.Thread(target=self._run, name="relance-writer", daemon=True)
        self._thread.start()

    def write(self, job: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """The job's result, once it is on disk."""
        future: asyncio.Future[T] = self._loop.create_future()
        if self._alone:
            _tell(self._commit([(job, future)]))
        else:
            self._jobs.put((job, future))
        return future

    async def alone(self) -> None:
        """End the thread and commit each job where it is asked for: faster where only one caller waits at a time."""
        await self.close()
        self._alone = True

    async def close(self) -> None:
        """Finish what waits and end the thread."""
        if not self._alone:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        going = True
        while going:
            first = self._jobs.get()
            if first is None:
                break
            batch = [first]
            while len(batch) < MOST_AT_ONCE:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    going = False
                    break
                batch.append(job)
            done = self._commit(batch)
            with suppress(RuntimeError):  # the loop may be gone when the process ends
                self._loop.call_soon_threadsafe(_tell, done)

    def _commit(self, batch: list[_Job]) -> list[_Done]:
        done: list[_Done] = []
        run = self._run_sql
        try:
            run("begin immediate")
            for job, future in batch:
                run("savepoint job")  # one bad job must not undo its neighbours
                try:
                    done.append((future, job(self._connection), None))
                except Exception as error:
                    run("rollback to job")
                    done.append((future, None, error))
                run("release job")
            run("commit")
        except Exception as error:
            with suppress(Exception):
                run("rollback")
            failure = NotSaved(str(error))
            done = [(future, None, failure) for _, future in batch]
        return done


def _tell(done: list[_Done]) -> None:
    for future, result, error in done:
        if future.done():
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
