"""gunicorn's gevent worker, which lets the kernel send files and has its settings at hand."""

import os
from typing import BinaryIO

import gevent.socket
from gunicorn.config import Config
from gunicorn.workers.ggevent import GeventWorker

_MOST_AT_ONCE = 1 << 20  # so that one fast reader leaves the others their turn


class Worker(GeventWorker):  # type: ignore[misc]
    """gevent's own sendfile reads 8 KB at a time into Python and sends them from there: twice the work, or more."""

    def patch(self) -> None:
        super().patch()
        gevent.socket.socket.sendfile = sendfile
        lay_out(self.cfg)


def lay_out(cfg: Config) -> None:
    """Makes plain attributes of gunicorn's settings, which nobody changes any more.

    It looks each up through three calls, and some dozens for each request: a quarter of what its parser takes.
    """
    vars(cfg).update({name: setting.get() for name, setting in cfg.settings.items()})


def sendfile(self: gevent.socket.socket, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
    """Sends `count` bytes of `file` from `offset` on, to its end for None; returns how many were sent."""
    count = os.fstat(file.fileno()).st_size - offset if count is None else count
    sent = 0
    while sent < count:
        try:
            now = os.sendfile(self.fileno(), file.fileno(), offset + sent, min(count - sent, _MOST_AT_ONCE))
        except BlockingIOError:
            gevent.socket.wait_write(self.fileno())
            continue
        if not now:
            break  # the file is shorter than was said
        sent += now
    return sent
