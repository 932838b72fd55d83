"""What is said and heard of screens through the management API."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from api.kit import Listing
from api.shapes import Name
from signage.dialects.table import DIALECTS, OWN
from signage.liveness import STATES

Pixels = Annotated[int, Meta(ge=16, le=16_384)]
Pitch = Annotated[float, Meta(gt=0, le=100)]
Orientation = Annotated[str, Meta(pattern="^(landscape|portrait)$")]
CommandType = Annotated[str, Meta(pattern="^(reload|refresh|screenshot|identify|clear_cache|reboot)$")]

State = Annotated[str, Meta(pattern=f"^({'|'.join(STATES)})$")]
DialectName = Annotated[str, Meta(pattern=f"^({'|'.join(DIALECTS)})$")]


class Claim(Struct, kw_only=True, forbid_unknown_fields=True):
    """The code that a screen shows, and where it hangs. What is not said of its size is what the device said;
    `replaces` gives it the place, and the history, of one that broke. `testing` begins in the installers' mode."""

    user_code: Annotated[str, Meta(min_length=1, max_length=20, examples=["BCDF-GHJK"])]
    location: str
    name: Name
    width: Pixels | None = None
    height: Pixels | None = None
    orientation: Orientation | None = None
    pixel_pitch_mm: Pitch | None = None
    replaces: str | None = None
    testing: bool = False


class ScreenIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new screen. `testing` is the installers' mode: its plays are shown and not counted. `dialect` is what its
    player speaks: one of `GET /dialects`."""

    location: str
    name: Name
    width: Pixels
    height: Pixels
    orientation: Orientation | None = None
    pixel_pitch_mm: Pitch | None = None
    testing: bool = False
    dialect: DialectName = OWN


class ScreenPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; another `location` moves the screen, and what it played stays counted where it was. Another
    `dialect` keeps everything: the same screen, the same keys, the same history."""

    name: Name | UnsetType = UNSET
    location: str | UnsetType = UNSET
    width: Pixels | UnsetType = UNSET
    height: Pixels | UnsetType = UNSET
    pixel_pitch_mm: Pitch | UnsetType | None = UNSET
    testing: bool | UnsetType = UNSET
    dialect: DialectName | UnsetType = UNSET


class StatusOut(Struct, kw_only=True):
    """What the player last said of itself."""

    at: datetime
    entry: str | None
    revision: str | None
    takeover_shown: str | None
    display: str
    storage: dict[str, Any] | None
    media: dict[str, Any] | None
    player: dict[str, Any]


class LastError(Struct, kw_only=True):
    """What last went wrong at a screen, in its player's words; `at` is when it was told."""

    at: datetime
    code: str
    detail: str


class ScreenOut(Struct, kw_only=True):
    """A screen; `seen_at` is when its player was last heard of, `state` follows from it: late after 5 minutes, lost
    after an hour, never before the first word."""

    id: str
    name: str
    location: str
    area_path: str
    width: int
    height: int
    pixel_pitch_mm: float | None
    testing: bool
    dialect: str
    created_at: datetime
    closed_at: datetime | None
    seen_at: datetime | None
    state: State
    status: StatusOut | None
    last_error: LastError | None


class ScreenMade(ScreenOut, kw_only=True):
    """A fresh screen with its key, which is shown here and nowhere else; `address` is what a player of its make is
    given, null for our own."""

    screen_key: str
    address: str | None


class ScreenKey(Struct, kw_only=True):
    """A key, shown here and nowhere else, and the address made of it, null for our own player."""

    id: str
    screen_key: str
    address: str | None


class DialectOut(Struct, kw_only=True):
    """A make of players: where it is pointed (`{key}` stands for the screen's key; `/` where it takes the server's
    address and the key apart; empty for one that is claimed by its code), and what it can do. `poll_s`: how long a
    change, a takeover too, may take to reach it."""

    name: str
    title: str
    address: str
    poll_s: int
    commands: list[str]
    overlays: bool
    days_off_line: bool
    reports_plays: bool
    tells_display: bool
    confirms_takeovers: bool
    checks_signature: bool


class Ask(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the screen is to do."""

    type: CommandType
    args: dict[str, Any] = {}


class CommandOut(Struct, kw_only=True):
    """Something a screen was asked to do; `ok` is its answer, null until it has answered."""

    id: str
    type: str
    args: dict[str, Any]
    created_at: datetime
    expires_at: datetime
    done_at: datetime | None
    ok: bool | None
    detail: str | None


class Screens(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which screens: all of yours, those of an area and what lies below it, of one location, in one state."""

    area: str | None = None
    location: str | None = None
    state: State | None = None


class Standings(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which locations: all of yours, or those of an area and what lies below it."""

    area: str | None = None


class StandingOut(Struct, kw_only=True):
    """How many screens of a location are in which state, and all together."""

    location: str
    name: str
    area_path: str
    total: int
    live: int
    late: int
    lost: int
    never: int
