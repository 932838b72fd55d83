"""The verbs of this room, for the console, the management API and the player API alike."""

from signage.actions.enrol import Grant, authorize, claim, deny, exchange, forget_expired
from signage.actions.keys import bring, print_key, redeem, screen_of_key
from signage.actions.report import (
    Report,
    Result,
    answer_commands,
    ask,
    confirm_takeover,
    keep_screenshot,
    keep_seen,
    keep_statuses,
    keep_troubles,
)
from signage.actions.screens import (
    GENERATION,
    bind_key,
    close,
    create,
    give_key,
    move,
    revoke_keys,
    rotate_key,
    update,
)

__all__ = [
    "GENERATION",
    "Grant",
    "Report",
    "Result",
    "answer_commands",
    "ask",
    "authorize",
    "bind_key",
    "bring",
    "claim",
    "close",
    "confirm_takeover",
    "create",
    "deny",
    "exchange",
    "forget_expired",
    "give_key",
    "keep_screenshot",
    "keep_seen",
    "keep_statuses",
    "keep_troubles",
    "move",
    "print_key",
    "redeem",
    "revoke_keys",
    "rotate_key",
    "screen_of_key",
    "update",
]
