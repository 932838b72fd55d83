"""What the pages say when something is refused. English here; the .po files hold the rest."""

from __future__ import annotations

_JOIN_AGAIN = "Turn wifi off and on again on your phone, and this page will open by itself."
REFUSALS = {
    "bad_signatures": (
        "This wifi is not set up correctly",
        "Please tell the staff: the gateway and this page do not agree on a key.",
    ),
    "refused_targets": (
        "This way on line is not safe",
        "The link does not lead to this wifi's own gateway, so it was not opened. " + _JOIN_AGAIN,
    ),
    "forged_visits": ("This page has been altered", _JOIN_AGAIN),
    "no_gateway": ("Join the wifi first", _JOIN_AGAIN),
}
