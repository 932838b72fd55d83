"""The one thread that writes, and commits for many (group commit).

More than one writing connection makes SQLite slower, and a commit waits for the disk: so the works that wait
share one transaction and one fsync. If one of them fails, the transaction is undone and each half of the group
tried again by itself, until the failure stands alone: it undoes no other work. A work may therefore run more than
once before it counts, and must do nothing but read and write the session it is given.

The thread is a native one also under gevent, so a commit never stalls the loop; and it survives every error.
"""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.errors import Busy, StorageFull
from core.threads import native_executor

T = TypeVar("T")
GROUP = 256
MOST_WAITING = 4096


class _Job:
    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False


class Writer:
    """Runs works against ``engine`` one group at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[_Job] = deque()
        self._executor: Executor | None = None
        self._pid = 0

    def run(self, work: Callable[[Session], T]) -> T:
        """The result of ``work`` once it is committed. Raises its error, or Busy, or StorageFull."""
        if len(self._waiting) >= MOST_WAITING:
            raise Busy("The database has fallen behind", retry_after_s=5)
        job = _Job(work)
        self._waiting.append(job)
        self._thread().submit(self._drain, job).result()
        if job.error is not None:
            raise job.error
        return cast(T, job.result)

    def close(self) -> None:
        """Waits for what is queued."""
        if self._executor is not None and self._pid == os.getpid():
            self._executor.shutdown(wait=True)
        self._executor = None

    def _thread(self) -> Executor:
        if self._executor is None or self._pid != os.getpid():  # threads do not outlive a fork
            self._executor, self._pid = native_executor(1), os.getpid()
        return self._executor

    def _drain(self, mine: _Job) -> None:
        while not mine.done:
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            self._commit(group)

    def _commit(self, group: list[_Job]) -> None:
        try:
            with self._engine.begin() as connection:
                for job in group:
                    job.result = _run(connection, job.work)
        except BaseException as error:  # noqa: BLE001 - the writer outlives every error
            if len(group) > 1:
                half = len(group) // 2
                self._commit(group[:half])
                self._commit(group[half:])
            else:
                group[0].result, group[0].error = None, _explained(error)
        for job in group:
            job.done = True


def _run(connection: Connection, work: Callable[[Session], T]) -> T:
    with Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
        result = work(session)
        session.flush()
        return result


def _explained(error: BaseException) -> BaseException:
    """The database's temporary troubles as refusals; everything else as it is."""
    if not isinstance(error, DBAPIError):
        return error
    text = str(error.orig)
    if "is full" in text or "No space left" in text:
        return StorageFull("The disk is full; nothing of this was stored")
    if error.connection_invalidated or "locked" in text or "busy" in text or "disk I/O" in text:
        return Busy("The database cannot take this now; try again", retry_after_s=5)
    return error
