"""Ports for the servers that tests start."""

import random
import socket


def free_port() -> int:
    """A port that nobody listens on now, below those that the kernel hands to outgoing connections (from 32768 on
    Linux): between this call and the server's own bind no client of another test can be given it.
    """
    for _ in range(100):
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free between 20000 and 32000")
