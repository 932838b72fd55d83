"""Which screens a takeover is for, and which of them have said that they show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from playlists.models import Takeover
from playlists.reach import Reach
from playlists.snapshots import target_of
from signage import queries
from signage.board import Board, card_of


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A screen that a takeover is for; ``at`` is when it first said that it shows it, None if it has not."""

    screen_id: str
    name: str
    location: str
    location_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmations:
    """All screens of a takeover: those that are still waited for come first, then by name."""

    screens: tuple[Confirmation, ...]

    @property
    def confirmed(self) -> int:
        """How many have said that they show it."""
        return sum(one.at is not None for one in self.screens)


def confirmations(s: Session, taken: Takeover) -> Confirmations:
    """The open screens that a takeover is for. One pass over all screens: ask it of the takeovers that matter."""
    reach = Reach(((target_of(taken.targets), taken.owner_path),))
    shown = queries.takeover_shown_at(s, taken.id)
    return Confirmations(tuple(sorted(_aimed(s, reach, shown), key=lambda one: (one.at is not None, one.name))))


def _aimed(s: Session, reach: Reach, shown: dict[str, datetime]) -> Iterable[Confirmation]:
    rows = {row.id: row for row in queries.all_hung_facts(s)}
    for spot in reach.among(card_of(row).spot for row in rows.values()):
        row = rows[spot.id]
        yield Confirmation(row.id, row.name, row.location, row.location_name, shown.get(row.id))


def may_confirm(board: Board, screen_id: str, takeover_id: str, now: datetime) -> bool:
    """Whether this takeover is one for this screen, and has begun: a player's word alone proves nothing."""
    taken = next((one for one in board.world.takeovers if one.id == takeover_id), None)
    card = board.card(screen_id)
    if taken is None or card is None or now < taken.starts_at:
        return False
    return Reach(((taken.target, taken.owner_path),)).concerns(card.spot)
