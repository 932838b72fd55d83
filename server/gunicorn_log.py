"""gunicorn's own messages, without the addresses and queries that it writes into two of them."""

import re
from typing import Any

from gunicorn.glogging import Logger

ADDRESS = re.compile(r"^Invalid request from ip=\S+: .*", re.DOTALL)


class Discreet(Logger):  # type: ignore[misc]
    """Says what went wrong, not for whom."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Warnings, those about unreadable requests shortened to that."""
        super().warning(ADDRESS.sub("Invalid request", msg), *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Errors with their traceback; "Error handling request <uri>" without the address that was asked for."""
        if msg.startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)
