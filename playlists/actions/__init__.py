"""The verbs of playlists. Each works in the caller's transaction, refuses with core's errors and leaves an audit line.

``by`` is who acts; every verb asks for the role it needs in the areas it touches.
"""

from playlists.actions.approval import approve, end, pause, resume, send_back, submit
from playlists.actions.campaigns import (
    add_placement,
    create_campaign,
    delete_campaign,
    remove_placement,
    update_campaign,
    update_placement,
)
from playlists.actions.channels import link_channels
from playlists.actions.creatives import change_creative, widen_code
from playlists.actions.prints import Where, order_prints
from playlists.actions.publishing import Published, ensure_links_for_location, restore
from playlists.actions.settings import remove_holiday, set_fallback, set_holiday, withdraw_creative
from playlists.actions.takeovers import end_takeover, takeover

__all__ = [
    "Published",
    "Where",
    "add_placement",
    "approve",
    "change_creative",
    "create_campaign",
    "delete_campaign",
    "end",
    "end_takeover",
    "ensure_links_for_location",
    "link_channels",
    "order_prints",
    "pause",
    "remove_holiday",
    "remove_placement",
    "restore",
    "resume",
    "send_back",
    "set_fallback",
    "set_holiday",
    "submit",
    "takeover",
    "update_campaign",
    "update_placement",
    "widen_code",
    "withdraw_creative",
]
