"""The one thread that writes, and commits for many (group commit).

More than one writing connection makes SQLite slower, and a commit waits for the disk: so the works that wait
share one transaction and one fsync. If one of them fails, the transaction is undone and each half of the group
tried again by itself, until the failure stands alone: it undoes no other work. A work may therefore run more than
once before it counts, and must do nothing but read and write the session it is given.

What many bring at once (plays, from every screen) may also share its statements: :meth:`Writer.run_together`.

The thread is a native one also under gevent, so a commit never stalls the loop; and it survives every error. Who
finds nobody at it sends the thread off with all that waits, and then tells those whose work was among it, all at once:
if they came up for the turn one after the other, each would cost a round of the loop before the next group starts.

Several processes that write one SQLite file would wait for each other in its sleeps of up to 100 ms: they take turns
by a lock on a file instead, whose kernel wakes who waits. It ends with its process, and SQLite's own lock still holds.
"""

import errno
import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.errors import Busy, StorageFull
from core.threads import native_executor

T = TypeVar("T")
A = TypeVar("A")
Together = Callable[[Session, Sequence[A]], Sequence[T | Exception]]
GROUP = 256
MOST_WAITING = 4096
LOOK_AGAIN_S = 1.0  # should whoever went for the group be ended before telling


class _Job:
    __slots__ = ("done", "error", "item", "look", "result", "work")

    def __init__(self, work: Together[Any, Any], item: object) -> None:
        self.work, self.item = work, item
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        self.look = threading.Event()  # it is done, or nobody is at it

    def end(self, result: Any) -> None:
        if isinstance(result, Exception):
            self.error = result
        else:
            self.result = result


class Writer:
    """Runs works against ``engine`` one group at a time, and in turn with other processes by a lock on ``gate``."""

    def __init__(self, engine: Engine, gate: Path | None = None) -> None:
        self._engine = engine
        self._gate = gate
        self._waiting: deque[_Job] = deque()
        self._turn = threading.Lock()
        self._executor: Executor | None = None
        self._pid = 0

    def run(self, work: Callable[[Session], T]) -> T:
        """The result of ``work`` once it is committed. Raises its error, or Busy, or StorageFull."""
        return cast(T, self._hand_in(_Job(lambda s, _: [work(s)], None)))

    def run_together(self, work: Together[A, T], item: A) -> T:
        """``work`` is called once with all items that wait for it, and returns a result or an error for each.

        Returns this item's once it is committed, or raises it. An error that is returned undoes nothing: the work
        has written nothing for that item. One that is raised makes the group be tried by halves.
        """
        return cast(T, self._hand_in(_Job(work, item)))

    def close(self) -> None:
        """Waits for what is queued."""
        if self._executor is not None and self._pid == os.getpid():
            self._executor.shutdown(wait=True)
        self._executor = None

    def _hand_in(self, job: _Job) -> Any:
        if len(self._waiting) >= MOST_WAITING:
            raise Busy("The database has fallen behind", retry_after_s=5)
        self._waiting.append(job)
        while not job.done:
            if self._turn.acquire(blocking=False):
                self._lead()
            else:
                job.look.wait(LOOK_AGAIN_S)
                job.look.clear()
        if job.error is not None:
            raise job.error
        return job.result

    def _lead(self) -> None:
        """Has one group written. Whoever came meanwhile has found the turn taken: one of them is told to go on."""
        try:
            done = self._thread().submit(self._write_next).result()
        finally:
            self._turn.release()
            with suppress(IndexError):
                self._waiting[0].look.set()
        for job in done:
            job.look.set()

    def _thread(self) -> Executor:
        if self._executor is None or self._pid != os.getpid():  # threads do not outlive a fork
            self._executor, self._pid = native_executor(1), os.getpid()
        return self._executor

    def _write_next(self) -> list[_Job]:
        group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        if group:
            self._commit(group)
        return group

    def _commit(self, group: list[_Job]) -> None:
        try:
            with _alone(self._gate), self._engine.begin() as connection:
                for jobs in _by_work(group):
                    for job, result in zip(jobs, _run(connection, jobs), strict=True):
                        job.end(result)
        except BaseException as error:  # noqa: BLE001 - the writer outlives every error
            _forget(group)
            if len(group) > 1:
                half = len(group) // 2
                self._commit(group[:half])
                self._commit(group[half:])
            else:
                group[0].error = _explained(error)
        for job in group:
            job.done = True


@contextmanager
def _alone(gate: Path | None) -> Iterator[None]:
    """While no other process that asks is at it."""
    if gate is None:
        yield
        return
    with gate.open("ab") as file:  # opened each time: who shares an open file by a fork shares its lock
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _by_work(group: Iterable[_Job]) -> Iterable[list[_Job]]:
    """Those that came with the same work stand together."""
    found: dict[Any, list[_Job]] = {}
    for job in group:
        found.setdefault(job.work, []).append(job)
    return found.values()


def _run(connection: Connection, jobs: Sequence[_Job]) -> Sequence[Any]:
    with Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
        results = jobs[0].work(session, [job.item for job in jobs])
        session.flush()
        return results


def _forget(group: Iterable[_Job]) -> None:
    for job in group:
        job.result = job.error = None


def _explained(error: BaseException) -> BaseException:
    """The database's temporary troubles as refusals; everything else as it is."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # the gate could not be made
        return StorageFull("The disk is full; nothing of this was stored")
    if not isinstance(error, DBAPIError):
        return error
    text = str(error.orig)
    if "is full" in text or "No space left" in text:
        return StorageFull("The disk is full; nothing of this was stored")
    if error.connection_invalidated or "locked" in text or "busy" in text or "disk I/O" in text:
        return Busy("The database cannot take this now; try again", retry_after_s=5)
    return error
